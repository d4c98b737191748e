import { claimTurns, completeTurn, type SettledDecision } from '../../../core/conversations';
import type { Database } from '../../../core/database';
import { ingest } from '../../../core/ingest';
import { createGraphClient, signBody } from '../../../core/meta';
import { deliverDue } from '../../../core/outbox';
import { createTestDatabase, type TestDatabase } from '../../support/database';
import {
	databaseFor,
	dropDatabase,
	listen,
	makeTenant,
	textBody,
	vault,
	wamid,
	type TestTenant,
} from '../../support/factory';

type Answer = { status: number; body: unknown };

export const accepted = (): Answer => ({ status: 200, body: { messages: [{ id: wamid() }] } });
export const refused = (code: number): Answer => ({
	status: 400,
	body: { error: { message: 'no', type: 'OAuthException', code, fbtrace_id: 'x' } },
});

const decision = (messages: string[], changes: Partial<SettledDecision>): SettledDecision => ({
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
	...changes,
});

/** A tenant of its own in a database of its own, and what the tests of sending do with it. */
export class Sending {
	tenant!: TestTenant;
	private constructor(
		private readonly test_: TestDatabase,
		readonly database: Database,
	) {}

	static async open(): Promise<Sending> {
		const test_ = await createTestDatabase();
		return new Sending(test_, databaseFor(test_));
	}
	/** For a node's credential. */
	connectionString = (): string => this.test_.connectionString;
	close = async (): Promise<void> => await dropDatabase(this.database, this.test_);

	/** What one test leaves waiting must not become due in another. */
	async fresh(changes: Parameters<typeof makeTenant>[1] = {}): Promise<void> {
		await this.sql(`update agent_factory.outbox_lanes set available_at = 'infinity'`);
		this.tenant = await makeTenant(this.database, changes);
	}
	sql = async <T = Record<string, any>>(text: string, values: unknown[] = []): Promise<T[]> =>
		(await this.test_.admin.query(text, values)).rows as T[];

	/** Makes `$1` of a statement the tenant. */
	mine = async <T = Record<string, any>>(text: string, ...values: unknown[]): Promise<T[]> =>
		await this.sql<T>(text, [this.tenant.id, ...values]);

	async post(body: unknown): Promise<void> {
		const rawBody = Buffer.from(JSON.stringify(body));
		const { error } = await ingest(this.database, {
			rawBody,
			signature: signBody(rawBody, 'secret'),
			secrets: ['secret'],
		});
		if (error) throw error;
	}

	/** A customer writes; `change` may alter the message as Meta would send it. Returns the conversation. */
	async write(from: string, at = new Date(), change: Record<string, unknown> = {}): Promise<string> {
		const body = textBody(this.tenant.phoneNumberId, [{ from, text: 'oi', at }]) as any;
		Object.assign(body.entry[0].changes[0].value.messages[0], change);
		await this.post(body);
		const [conversation] = await this.mine<{ id: string }>(
			`select c.id from agent_factory.conversations c join agent_factory.contact_identities i on i.contact_id = c.contact_id
				where c.tenant_id = $1 and i.kind = 'phone' and i.value = $2`,
			from,
		);
		return conversation.id;
	}

	/** The agent answers what waits. */
	async answer(texts: string[], changes: Partial<SettledDecision> = {}): Promise<string[]> {
		const turns = await claimTurns(this.database, { workerId: 'w', limit: 50 });
		const turn = turns.find(({ tenantId }) => tenantId === this.tenant.id)!;
		return (await completeTurn(this.database, turn, decision(texts, changes))).outboxIds;
	}

	/** Delivers what is due through a real HTTP call that `answer` serves; returns the bodies that arrived. */
	async deliver(answer: () => Answer = accepted): Promise<Array<Record<string, any>>> {
		const bodies: Array<Record<string, any>> = [];
		const server = await listen((body) => {
			bodies.push(JSON.parse(body));
			return answer();
		});
		try {
			const graph = createGraphClient({ fetch, baseUrl: server.url, version: 'v25.0', timeoutMs: 2_000 });
			const ports = { graph, vault, random: () => 0.5 };
			// A row that is refused before it is sent leaves its lane due: the next call goes on.
			for (let calls = 0; calls < 12 && (await this.isDue()); calls++)
				await deliverDue(this.database, ports, { workerId: 'sender', limit: 50 });
			return bodies;
		} finally {
			await server.close();
		}
	}

	private isDue = async (): Promise<boolean> =>
		(await this.sql('select 1 from agent_factory.outbox_lanes where available_at <= now()')).length > 0;

	outbox = async (): Promise<Array<Record<string, any>>> =>
		await this.mine('select * from agent_factory.outbox_messages where tenant_id = $1 order by seq');

	/** An approved template, or whatever `changes` make of it. */
	async template(changes: Record<string, unknown> = {}): Promise<string> {
		const row: Record<string, unknown> = {
			name: 'retomar',
			category: 'window',
			content: 'Oi',
			meta_name: 'retomar',
			meta_status: 'APPROVED',
			meta_category: 'UTILITY',
			...changes,
		};
		const names = Object.keys(row);
		const [{ id }] = await this.mine<{ id: string }>(
			`insert into agent_factory.message_templates (tenant_id, ${names.join(', ')}) values ($1, ${names.map((_, i) => `$${i + 2}`).join(', ')}) returning id`,
			...Object.values(row),
		);
		return id;
	}

	/** Moves the clock of a conversation: everything in it happened that many hours earlier. */
	async earlier(conversationId: string, hours: number): Promise<void> {
		await this.sql(
			`update agent_factory.conversations set last_customer_message_at = last_customer_message_at - make_interval(hours => $2), ad_entry_at = ad_entry_at - make_interval(hours => $2),
				ad_window_until = ad_window_until - make_interval(hours => $2), template_sent_at = template_sent_at - make_interval(hours => $2) where id = $1`,
			[conversationId, hours],
		);
		await this.sql(
			'update agent_factory.template_usage_stats set used_at = used_at - make_interval(hours => $2) where conversation_id = $1',
			[conversationId, hours],
		);
	}
}
