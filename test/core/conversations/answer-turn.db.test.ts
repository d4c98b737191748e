import { answerTurn, claimTurns, completeTurn, type AnswerPorts, type ClaimedTurn } from '../../../core/conversations';
import { createLlmPort } from '../../../core/llm';
import type { Database } from '../../../core/database';
import { ingest } from '../../../core/ingest';
import { signBody } from '../../../core/meta';
import { startLlmStandIn } from '../../../sandbox/standins/llm';
import { createTestDatabase, type TestDatabase } from '../../support/database';
import { databaseFor, dropDatabase, makeTenant, textBody, type TestTenant } from '../../support/factory';

let test_: TestDatabase;
let database: Database;
let llm: Awaited<ReturnType<typeof startLlmStandIn>>;
let ports: AnswerPorts;

beforeAll(async () => {
	test_ = await createTestDatabase();
	database = databaseFor(test_);
	llm = await startLlmStandIn();
	ports = {
		llm: async () =>
			createLlmPort({ provider: 'anthropic', apiKey: 'scripted', baseUrl: llm.url, sleep: async () => undefined }),
		now: () => new Date(),
		random: () => 0.5,
	};
});
afterAll(async () => {
	await llm.close();
	await dropDatabase(database, test_);
});

async function turnFor(tenant: TestTenant, from: string, text: string): Promise<ClaimedTurn> {
	const rawBody = Buffer.from(JSON.stringify(textBody(tenant.phoneNumberId, [{ from, text }])));
	await ingest(database, { rawBody, signature: signBody(rawBody, 's'), secrets: ['s'] });
	return await claim(tenant);
}

async function claim(tenant: TestTenant): Promise<ClaimedTurn> {
	await test_.admin.query(
		'update agent_factory.conversation_locks set available_at = now() where tenant_id = $1 and worker_id is null',
		[tenant.id],
	);
	return (await claimTurns(database, { workerId: 'w', limit: 50 })).filter(({ tenantId }) => tenantId === tenant.id)[0];
}

const behave = async (behaviour: Record<string, unknown>) =>
	void (await fetch(`${llm.url}/_sandbox/behaviour`, {
		method: 'POST',
		headers: { 'content-type': 'application/json' },
		body: JSON.stringify(behaviour),
	}));

test('a turn is answered from the documents, with usage and a verdict of every check', async () => {
	const tenant = await makeTenant(database);
	const turn = await turnFor(tenant, '5511955550001', 'Oi, qual o preço do plano?');
	const answer = await answerTurn(database, turn, ports);
	if (answer.result !== 'decided') throw new Error(answer.result);
	expect(answer.decision.action).toBe('reply');
	expect(answer.decision.messages.join(' ')).toContain('R$ 100');
	expect(answer.decision.usage[0]).toMatchObject({ provider: 'anthropic', outcome: 'ok' });
	expect(answer.decision.checks.length).toBeGreaterThan(10);
	await completeTurn(database, turn, answer.decision);
	const { rows } = await test_.admin.query(
		'select agent_version, checks_hit, input_tokens > 0 as counted from agent_factory.vw_reply_log where tenant_id = $1',
		[tenant.id],
	);
	expect(rows[0]).toEqual({ agent_version: 'v1.0.0', checks_hit: [], counted: true });
});

test('who asks for a person gets one, and no token is spent', async () => {
	const tenant = await makeTenant(database);
	const turn = await turnFor(tenant, '5511955550002', 'Quero falar com um atendente');
	const answer = await answerTurn(database, turn, ports);
	expect(answer).toMatchObject({
		result: 'decided',
		decision: { action: 'handoff', handoffReason: 'asked_for_person', usage: [] },
	});
});

test('a model that is away parks the turn with backoff, and at the limit a person gets it with an apology', async () => {
	const tenant = await makeTenant(database);
	let turn = await turnFor(tenant, '5511955550003', 'Oi');
	for (let attempt = 1; attempt < 5; attempt++) {
		await behave({ httpStatus: 529, times: 10 });
		const answer = await answerTurn(database, turn, ports);
		expect(answer).toMatchObject({ result: 'put_back' });
		await fetch(`${llm.url}/_sandbox/behaviour`, { method: 'DELETE' });
		turn = await claim(tenant);
		expect(turn.attempts).toBe(attempt + 1);
	}
	await behave({ httpStatus: 529, times: 10 });
	const last = await answerTurn(database, turn, ports);
	await fetch(`${llm.url}/_sandbox/behaviour`, { method: 'DELETE' });
	if (last.result !== 'decided') throw new Error(last.result);
	expect(last.decision).toMatchObject({ action: 'handoff', handoffReason: 'model_unavailable' });
	expect(last.decision.messages[0]).toBeTruthy();
	await completeTurn(database, turn, last.decision);
	const { rows } = await test_.admin.query(
		'select status, handoff_reason from agent_factory.conversations where tenant_id = $1',
		[tenant.id],
	);
	expect(rows).toEqual([{ status: 'handoff', handoff_reason: 'model_unavailable' }]);
});

test('rubbish from the model is never sent', async () => {
	const tenant = await makeTenant(database);
	const turn = await turnFor(tenant, '5511955550004', 'Oi');
	await behave({ reply: '{"action": "reply", "messages": ["meia', times: 10 });
	expect(await answerTurn(database, turn, ports)).toMatchObject({ result: 'put_back', reason: 'LLM_INVALID_OUTPUT' });
	await fetch(`${llm.url}/_sandbox/behaviour`, { method: 'DELETE' });
});

test('a tenant without an active version hands over instead of inventing an answer', async () => {
	const tenant = await makeTenant(database);
	await test_.admin.query('update agent_factory.agent_versions set is_active = false where tenant_id = $1', [
		tenant.id,
	]);
	const turn = await turnFor(tenant, '5511955550005', 'Oi');
	expect(await answerTurn(database, turn, ports)).toMatchObject({
		result: 'decided',
		decision: { action: 'handoff', messages: [] },
	});
});
