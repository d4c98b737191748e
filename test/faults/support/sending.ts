import type { Pool } from 'pg';
import { claimTurns, completeTurn, type SettledDecision } from '../../../core/conversations';
import type { Database } from '../../../core/database';
import { ingest } from '../../../core/ingest';
import { createGraphClient, signBody } from '../../../core/meta';
import { deliverDue, type Delivery } from '../../../core/outbox';
import { createChannelAccount } from '../../../core/tenancy';
import { startGraphStandIn, type GraphStandIn, type SentMessage } from '../../../sandbox/standins/graph';
import { createHttpServer, type HttpServer } from '../../../sandbox/standins/http';
import { createTestDatabase, type TestDatabase } from '../../support/database';
import { databaseFor, dropDatabase, makeTenant, textBody, vault, type TestTenant } from '../../support/factory';

const SECRET = 'sending-secret';
/** Long enough for an answer on a busy machine, short enough for a table of faults. */
const TIMEOUT_MS = 1_000;
const STATUS_DELAY_MS = 20;

const reply = (messages: string[]): SettledDecision => ({
	action: 'reply',
	messages,
	handoffReason: null,
	deferUntil: null,
	optOut: false,
	checks: [],
	usage: [],
	agentVersionId: null,
	systemPromptId: null,
	personaId: null,
});

/** A tenant with three numbers: two of one business account, one of another. */
export interface Business {
	tenant: TestTenant;
	numbers: { first: string; sameAccount: string; otherAccount: string };
}

export interface OutboxRow extends Record<string, unknown> {
	id: string;
	status: string;
	attempts: number;
	error_code: number | null;
	error_message: string | null;
	settled_by: string | null;
	body: string;
}

/** The outbox between a real database and the stand-in of Graph, whose statuses may come back through a real webhook. */
export class Sending {
	private serial = 0;

	private constructor(
		private readonly test: TestDatabase,
		readonly database: Database,
		private readonly graph: GraphStandIn,
		private readonly door: HttpServer,
		private readonly webhookUrl: string,
	) {}

	static async start(): Promise<Sending> {
		const test = await createTestDatabase();
		const database = databaseFor(test);
		const door = createHttpServer({
			'POST /webhook': async ({ rawBody, headers }) => {
				const signature = headers['x-hub-signature-256'] as string | undefined;
				return { status: (await ingest(database, { rawBody, signature, secrets: [SECRET] })).httpStatus };
			},
		});
		const { url } = await door.listen();
		const graph = await startGraphStandIn({ statusDelayMs: STATUS_DELAY_MS });
		return new Sending(test, database, graph, door, `${url}/webhook`);
	}

	/** Until then the stand-in sends none: what a test shows must not depend on which came first. */
	statusesCome(): void {
		this.graph.setWebhook(this.webhookUrl, SECRET);
	}

	get admin(): Pool {
		return this.test.admin;
	}

	/** What the stand-in is told to answer comes from here. */
	get graphUrl(): string {
		return this.graph.url;
	}

	async stop(): Promise<void> {
		await this.graph.close();
		await this.door.close();
		await dropDatabase(this.database, this.test);
	}

	async business(): Promise<Business> {
		const tenant = await makeTenant(this.database);
		const account = async (parentId: string): Promise<string> => {
			const externalId = `7${tenant.phoneNumberId}${(this.serial += 1)}`;
			const { agentId } = tenant;
			await createChannelAccount(
				this.database,
				tenant.id,
				{ kind: 'whatsapp', externalId, parentId, agentId, accessToken: 'token' },
				vault,
			);
			return externalId;
		};
		const sameAccount = await account(tenant.wabaId);
		return {
			tenant,
			numbers: { first: tenant.phoneNumberId, sameAccount, otherAccount: await account(`9${tenant.wabaId}`) },
		};
	}

	/** Somebody writes to this number and a reply stands in the outbox. */
	async replyTo(
		business: Business,
		number: string,
		texts: string[],
		at?: Date,
	): Promise<{ person: string; outboxIds: string[] }> {
		const person = `55119${String(10_000_000 + (this.serial += 1))}`;
		await this.receive(textBody(number, [{ from: person, text: 'oi', at }]));
		const turns = await claimTurns(this.database, { workerId: 'w', limit: 50 });
		const [{ id }] = await this.sql<{ id: string }>(
			`select id from agent_factory.contacts where tenant_id = $1 and phone = $2`,
			[business.tenant.id, person],
		);
		const turn = turns.find(({ contactId }) => contactId === id)!;
		return { person, outboxIds: (await completeTurn(this.database, turn, reply(texts))).outboxIds };
	}

	async receive(body: unknown): Promise<number> {
		const rawBody = Buffer.from(JSON.stringify(body));
		return (await ingest(this.database, { rawBody, signature: signBody(rawBody, SECRET), secrets: [SECRET] }))
			.httpStatus;
	}

	/** How Graph treats what comes next for this person. */
	async behave(person: string, behaviour: Record<string, unknown>): Promise<void> {
		const body = JSON.stringify({ to: person, ...behaviour });
		const answer = await fetch(`${this.graph.url}/_sandbox/behaviour`, { method: 'POST', body });
		if (answer.status !== 200) throw new Error(`The stand-in refused the behaviour: ${await answer.text()}`);
	}

	async deliver(baseUrl = this.graph.url): Promise<Delivery[]> {
		const graph = createGraphClient({ fetch, baseUrl, version: 'v25.0', timeoutMs: TIMEOUT_MS });
		return await deliverDue(this.database, { graph, vault, random: () => 0.5 }, { workerId: 'sender' });
	}

	/** Every wait of the outbox lasts a few minutes more, so that a short one can be looked at. */
	async waitsGrow(): Promise<void> {
		await this.sql(
			`update agent_factory.channel_accounts set hold_until = now() + interval '5 minutes' where hold_until is not null`,
		);
		await this.sql(
			`update agent_factory.outbox_lanes set available_at = now() + interval '5 minutes' where available_at < 'infinity'`,
		);
	}

	/** Every wait of the outbox ends now; the grace of an unknown send counts as over where that is asked for. */
	async timePasses(options: { grace?: boolean } = {}): Promise<void> {
		await this.sql(`update agent_factory.channel_accounts set hold_until = now() where hold_until is not null`);
		await this.sql(`update agent_factory.outbox_lanes set available_at = now() where available_at < 'infinity'`);
		if (options.grace)
			await this.sql(
				`update agent_factory.outbox_messages set unknown_since = now() - interval '1 hour' where status = 'unknown'`,
			);
	}

	/** What the stand-in saw for this person, oldest first. */
	async seenBy(person: string): Promise<SentMessage[]> {
		const all = (await (await fetch(`${this.graph.url}/_sandbox/sent`)).json()) as SentMessage[];
		return all.filter(({ to }) => to.replace(/\D/g, '') === person);
	}

	/** What this person got, in order: texts, or the names of templates. */
	async gotBy(person: string): Promise<string[]> {
		return (await this.seenBy(person))
			.filter(({ accepted }) => accepted)
			.map(({ text, template }) => text ?? (template as { name: string }).name);
	}

	async rows(outboxIds: string[]): Promise<OutboxRow[]> {
		return await this.sql<OutboxRow>(
			`select o.*, m.body from agent_factory.outbox_messages o join agent_factory.messages m on m.tenant_id = o.tenant_id and m.outbox_id = o.id
				where o.id = any ($1) order by o.seq`,
			[outboxIds],
		);
	}

	async audits({ tenant }: Business, type: string): Promise<number> {
		const [row] = await this.sql<{ n: number }>(
			`select count(*)::int as n from agent_factory.audit_events where tenant_id = $1 and event_type = $2`,
			[tenant.id, type],
		);
		return row.n;
	}

	async sql<T extends object>(text: string, values: unknown[] = []): Promise<T[]> {
		return (await this.test.admin.query<T>(text, values)).rows;
	}
}
