import type { Database } from '../../../../core/database';
import { ingest } from '../../../../core/ingest';
import { createGraphClient, signBody } from '../../../../core/meta';
import { deliverDue, saveTemplate } from '../../../../core/outbox';
import { importLeads, startRun, type NewRun, type RunReport } from '../../../../core/leads';
import type { TestDatabase } from '../../../support/database';
import { listen, vault } from '../../../support/factory';
import { makeInstagramTenant, messagingBody, mid, type InstagramTenant } from '../../../support/instagram';

export interface GraphAnswer {
	status: number;
	body: unknown;
}
export const accepted = (): GraphAnswer => ({ status: 200, body: { recipient_id: '1', message_id: mid() } });
/** Meta took nothing: the person cannot be messaged. */
export const unavailable = (): GraphAnswer => ({
	status: 400,
	body: { error: { message: 'no', type: 'OAuthException', code: 551, fbtrace_id: 'x' } },
});

/** A tenant with people who wrote to its Instagram account, and everything a test does to them. */
export class Campaign {
	private constructor(
		readonly test: TestDatabase,
		readonly database: Database,
		readonly tenant: InstagramTenant,
	) {}

	static async begin(
		test: TestDatabase,
		database: Database,
		content = 'Oi {{first_name|tudo bem}}?',
	): Promise<Campaign> {
		const tenant = await makeInstagramTenant(database);
		await saveTemplate(database, tenant.id, { name: 'convite', category: 'greeting', content });
		return new Campaign(test, database, tenant);
	}

	async sql<T = Record<string, unknown>>(text: string, ...values: unknown[]): Promise<T[]> {
		return (await this.test.admin.query(text, [this.tenant.id, ...values])).rows as T[];
	}

	async post(body: unknown): Promise<void> {
		const rawBody = Buffer.from(JSON.stringify(body));
		const { error } = await ingest(this.database, {
			rawBody,
			signature: signBody(rawBody, 'secret'),
			secrets: ['secret'],
		});
		if (error) throw error;
	}

	/** Leads of these usernames, who wrote `minutesAgo`; null: never. */
	async leads(usernames: string[], minutesAgo: number | null = 60): Promise<void> {
		await importLeads(
			this.database,
			this.tenant.id,
			usernames.map((username) => ({ username, name: username })),
		);
		if (minutesAgo === null) return;
		for (const username of usernames) await this.wrote(username, minutesAgo);
	}

	async wrote(username: string, minutesAgo: number): Promise<void> {
		const at = new Date(Date.now() - minutesAgo * 60_000);
		const event = { message: { mid: mid(), text: 'oi' } };
		await this.post(messagingBody(this.tenant.instagramId, { id: `id-${username}`, username }, event, at));
	}

	/** Without quiet hours, so that it does not matter when the test runs. */
	async start(run: Partial<NewRun> = {}): Promise<RunReport> {
		const settings = { campaign: 'c1', templates: ['convite'], quietFrom: '00:00', quietTo: '00:00', ...run };
		return await startRun(this.database, this.tenant.id, settings);
	}

	/** What became of each lead, the last run counts. */
	async fates(): Promise<Record<string, string>> {
		const rows = await this.sql<{ username: string; fate: string }>(
			`select username, coalesce(skip_reason, status) as fate from agent_factory.agentic_instagram_dm_sent where tenant_id = $1 order by id`,
		);
		return Object.fromEntries(rows.map(({ username, fate }) => [username, fate]));
	}

	/** Delivers what is due through a real HTTP call; what Graph got. */
	async deliver(answer: () => GraphAnswer = accepted): Promise<Array<{ to: string; text: string }>> {
		const got: Array<{ to: string; text: string }> = [];
		const server = await listen((body) => {
			const { recipient, message } = JSON.parse(body) as { recipient: { id: string }; message: { text: string } };
			got.push({ to: recipient.id, text: message.text });
			return answer();
		});
		try {
			const graph = createGraphClient({ fetch, baseUrl: server.url, version: 'v25.0', timeoutMs: 2_000 });
			await deliverDue(this.database, { graph, vault, random: () => 0.5 }, { workerId: 'sender', limit: 50 });
			return got;
		} finally {
			await server.close();
		}
	}
}

/** The counts of a run, and whether its rows say the same. */
export const counts = ({ total, sent, failed, skipped, pending }: RunReport): Record<string, number> => ({
	total,
	sent,
	failed,
	skipped,
	pending,
});
