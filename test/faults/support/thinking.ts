import {
	answerTurn,
	claimTurns,
	completeTurn,
	type AnswerPorts,
	type ClaimedTurn,
	type TurnAnswer,
} from '../../../core/conversations';
import type { Database } from '../../../core/database';
import { ingest } from '../../../core/ingest';
import { createLlmPort, type LlmPort, type PortParts } from '../../../core/llm';
import { signBody } from '../../../core/meta';
import { startLlmStandIn, type LlmStandIn, type LoggedCall } from '../../../sandbox/standins/llm';
import { createTestDatabase, type TestDatabase } from '../../support/database';
import { databaseFor, dropDatabase, makeTenant, textBody, type TestTenant } from '../../support/factory';

export type Api = 'anthropic' | 'responses' | 'chat_completions';

const MODELS = {
	anthropic: { provider: 'anthropic', model: 'claude-haiku-4-5' },
	responses: { provider: 'openai', api: 'responses', model: 'gpt-4.1-mini' },
	chat_completions: { provider: 'openai', api: 'chat_completions', model: 'gpt-4o-mini' },
} as const;
/** Milliseconds for one attempt, in place of the agent's seconds. */
const TIMEOUT_MS = 400;

export interface Step {
	answer: TurnAnswer;
	/** Milliseconds of the waits between attempts of this call: they are asked for, not waited. */
	waits: number[];
}

/** Turns of a real database, answered by the stand-in of a model over HTTP. */
export class Thinking {
	private serial = 0;

	private constructor(
		private readonly test: TestDatabase,
		readonly database: Database,
		private readonly standIn: LlmStandIn,
	) {}

	static async start(): Promise<Thinking> {
		const test = await createTestDatabase();
		return new Thinking(test, databaseFor(test), await startLlmStandIn());
	}

	async stop(): Promise<void> {
		await this.standIn.close();
		await dropDatabase(this.database, this.test);
	}

	/** A tenant whose agent asks this API, with one message waiting. */
	async ask(api: Api): Promise<TestTenant> {
		const tenant = await makeTenant(this.database, { model: MODELS[api] });
		const from = `55118${String(10_000_000 + (this.serial += 1))}`;
		const rawBody = Buffer.from(JSON.stringify(textBody(tenant.phoneNumberId, [{ from, text: 'Qual o preço?' }])));
		await ingest(this.database, { rawBody, signature: signBody(rawBody, 's'), secrets: ['s'] });
		return tenant;
	}

	async behave(behaviour: Record<string, unknown>): Promise<void> {
		const body = JSON.stringify(behaviour);
		await fetch(`${this.standIn.url}/_sandbox/behaviour`, { method: 'POST', body });
	}

	async healthyAgain(): Promise<void> {
		await fetch(`${this.standIn.url}/_sandbox/behaviour`, { method: 'DELETE' });
		await fetch(`${this.standIn.url}/_sandbox/calls`, { method: 'DELETE' });
	}

	async calls(): Promise<LoggedCall[]> {
		const answer = await fetch(`${this.standIn.url}/_sandbox/calls`);
		return ((await answer.json()) as { calls: LoggedCall[] }).calls;
	}

	/** What a worker gets of this tenant; whatever waits in backoff is due. */
	async claim(tenant: TestTenant, leaseSeconds?: number, workerId = 'w'): Promise<ClaimedTurn | undefined> {
		await this.sql(
			`update agent_factory.conversation_locks set available_at = now() where tenant_id = $1 and worker_id is null`,
			[tenant.id],
		);
		return await this.take(tenant, leaseSeconds, workerId);
	}

	/** What another worker would get of this tenant now. */
	async take(tenant: TestTenant, leaseSeconds?: number, workerId = 'other'): Promise<ClaimedTurn | undefined> {
		const turns = await claimTurns(this.database, { workerId, limit: 50, leaseSeconds });
		return turns.find(({ tenantId }) => tenantId === tenant.id);
	}

	/** One attempt at a turn, settled if it was decided. */
	async answer(
		turn: ClaimedTurn,
		options: { timeoutMs?: number; leaseSeconds?: number; settle?: boolean } = {},
	): Promise<Step> {
		const waits: number[] = [];
		const parts: PortParts = { random: () => 0.5, sleep: async (ms) => void waits.push(ms) };
		const ports: AnswerPorts = {
			llm: async (model) => this.port(model as { provider: string; api: Api }, parts, options.timeoutMs ?? TIMEOUT_MS),
			now: () => new Date(),
			random: () => 0.5,
		};
		const answer = await answerTurn(this.database, turn, ports, { leaseSeconds: options.leaseSeconds });
		if (options.settle !== false) await this.settle(turn, answer);
		return { answer, waits };
	}

	async settle(turn: ClaimedTurn, answer: TurnAnswer): Promise<void> {
		if (answer.result === 'decided') await completeTurn(this.database, turn, answer.decision);
	}

	private port(model: { provider: string; api: Api }, parts: PortParts, timeoutMs: number): LlmPort {
		const shared = { apiKey: 'scripted', ...parts };
		const port =
			model.provider === 'anthropic'
				? createLlmPort({ provider: 'anthropic', baseUrl: this.standIn.url, ...shared })
				: createLlmPort({
						provider: 'openai',
						api: model.api === 'chat_completions' ? 'chat_completions' : 'responses',
						baseUrl: `${this.standIn.url}/v1`,
						...shared,
					});
		return { ...port, generate: async (request) => await port.generate({ ...request, timeoutMs }) };
	}

	/** What the customer is told, in order. */
	async replies(tenant: TestTenant): Promise<Array<{ kind: string; body: string }>> {
		return await this.sql(
			`select o.kind, m.body from agent_factory.outbox_messages o join agent_factory.messages m on m.tenant_id = o.tenant_id and m.outbox_id = o.id
				where o.tenant_id = $1 order by o.seq`,
			[tenant.id],
		);
	}

	/** One line a call of the model: how it ended, and how many attempts it took. */
	async usage(tenant: TestTenant): Promise<Array<{ outcome: string; attempts: number; paid: boolean }>> {
		return await this.sql(
			`select outcome, attempts, output_tokens > 0 as paid from agent_factory.llm_usage where tenant_id = $1 order by id`,
			[tenant.id],
		);
	}

	async conversation(tenant: TestTenant): Promise<{ status: string; handoff_reason: string | null }> {
		const [row] = await this.sql<{ status: string; handoff_reason: string | null }>(
			`select status, handoff_reason from agent_factory.conversations where tenant_id = $1`,
			[tenant.id],
		);
		return row;
	}

	/** Seconds until the lane of this tenant is due, or its lease ends. */
	async laneSeconds(tenant: TestTenant): Promise<number> {
		const [row] = await this.sql<{ seconds: number }>(
			`select extract(epoch from available_at - now())::float8 as seconds from agent_factory.conversation_locks where tenant_id = $1`,
			[tenant.id],
		);
		return row.seconds;
	}

	async sql<T extends object>(text: string, values: unknown[] = []): Promise<T[]> {
		return (await this.test.admin.query<T>(text, values)).rows;
	}
}
