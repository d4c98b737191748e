import type { Database } from '../../../core/database';
import { createPersonaVersion } from '../../../core/leads';
import { createLlmPort } from '../../../core/llm';
import {
	readFindings,
	replayReflection,
	runReflection,
	type ReflectionPorts,
	type Window,
} from '../../../core/reflection';
import { startLlmStandIn, type LlmStandIn } from '../../../sandbox/standins/llm';
import { read } from '../../house/files';
import { createTestDatabase, type TestDatabase } from '../../support/database';
import { databaseFor, dropDatabase, makeTenant, type TestTenant } from '../../support/factory';
import { crowd, versionOf } from './world';

let test_: TestDatabase;
let database: Database;
let llm: LlmStandIn;

beforeAll(async () => {
	test_ = await createTestDatabase();
	database = databaseFor(test_);
	llm = await startLlmStandIn();
});
afterAll(async () => {
	await llm.close();
	await dropDatabase(database, test_);
});
afterEach(async () => {
	await fetch(`${llm.url}/_sandbox/behaviour`, { method: 'DELETE' });
	await fetch(`${llm.url}/_sandbox/calls`, { method: 'DELETE' });
});

const behave = async (behaviour: object): Promise<unknown> =>
	await fetch(`${llm.url}/_sandbox/behaviour`, {
		method: 'POST',
		headers: { 'content-type': 'application/json' },
		body: JSON.stringify({ times: 100_000, ...behaviour }),
	});
const calls = async (): Promise<number> =>
	((await (await fetch(`${llm.url}/_sandbox/calls`)).json()) as { count: number }).count;

let fences = 0;
const ports: ReflectionPorts = {
	llm: async () => createLlmPort({ provider: 'anthropic', apiKey: 'scripted', baseUrl: llm.url }),
	fence: () => `fence${(fences += 1)}`,
	now: () => new Date(),
};
const DAY = 86_400_000;
const window = (days = 30): Window => ({ start: new Date(Date.now() - days * DAY), end: new Date(Date.now() - 1_000) });

async function tenantWith(reply: 'good' | 'poor' | 'mixed', people = 50): Promise<TestTenant & { version: string }> {
	const tenant = await makeTenant(database);
	await crowd(test_.admin, tenant, { people, reply });
	return { ...tenant, version: await versionOf(test_.admin, tenant) };
}
const judge = async (tenant: { id: string; version: string }, over = window()) =>
	await runReflection(database, tenant.id, { target: 'prompt', agentVersionId: tenant.version }, over, ports);
const logs = async (tenant: { id: string }) =>
	(
		await test_.admin.query<Record<string, unknown>>(
			'select * from agent_factory.reflection_logs where tenant_id = $1 order by created_at',
			[tenant.id],
		)
	).rows;

test('a prompt is judged: scores, bounds, decision, cost in its log, and the same row again at 0 tokens', async () => {
	const tenant = await tenantWith('poor');
	const result = await judge(tenant);
	expect(result).toMatchObject({ ran: true, status: 'completed' });
	if (!result.ran) return;
	const [log] = await logs(tenant);
	expect(log).toMatchObject({ status: 'completed', conversations_analyzed: 50, evaluator_model: 'claude-sonnet-5-5' });
	expect(log.weaknesses).toEqual(expect.arrayContaining(['asks_back', 'commitment_offered', 'explains']));
	expect(Number(log.overall_score)).toBeLessThan(4);
	expect(Number(log.input_tokens)).toBe(result.spent.inputTokens);
	expect(Number(log.cost_usd)).toBeGreaterThan(0);
	const { rows } = await test_.admin.query<{ cost: string }>(
		`select sum(cost_usd) as cost from agent_factory.llm_usage where tenant_id = $1 and purpose = 'judge'`,
		[tenant.id],
	);
	expect(Number(rows[0].cost)).toBeCloseTo(Number(log.cost_usd), 4);
	const paid = await calls();
	const again = await replayReflection(
		database,
		tenant.id,
		{ target: 'prompt', reflectionId: result.reflectionId },
		ports,
	);
	expect(again).toMatchObject({
		identical: true,
		differs: [],
		spent: { calls: 0, inputTokens: 0, outputTokens: 0, costUsd: 0 },
	});
	expect(await calls()).toBe(paid);
	expect(await readFindings(database, tenant.id, 'prompt', result.reflectionId)).toEqual(result.findings);
	expect(await judge(tenant)).toMatchObject({ ran: false, reasons: expect.arrayContaining(['interval']) });
});

test('everybody alike is no judgement: nothing is done on it', async () => {
	const result = await judge(await tenantWith('good'));
	expect(result).toMatchObject({ status: 'completed', row: { action_taken: 'none', action_reason: 'judge_uniform' } });
});

test('too few conversations: said, no log, no token', async () => {
	const tenant = await tenantWith('poor', 1);
	expect(await judge(tenant)).toMatchObject({ ran: false, reasons: ['too_few'], may: { have: 1, needed: 40 } });
	expect(await logs(tenant)).toEqual([]);
	expect(await calls()).toBe(0);
});

test.each([
	['in the future', { start: new Date(Date.now() - DAY), end: new Date(Date.now() + DAY) }],
	['backwards', { start: new Date(), end: new Date(Date.now() - DAY) }],
	['without a time', { start: new Date('x'), end: new Date() }],
	['of years', { start: new Date(0), end: new Date() }],
])('a window %s is refused', async (_, over) => {
	const tenant = await makeTenant(database);
	await expect(judge({ ...tenant, version: await versionOf(test_.admin, tenant) }, over)).rejects.toMatchObject({
		code: 'REFLECTION_WINDOW_INVALID',
	});
});

test('a judge that is away ends the cycle as failed, and the next one goes on with what was judged', async () => {
	const tenant = await tenantWith('mixed');
	await behave({ times: 12 });
	await behave({ httpStatus: 529 });
	expect(await judge(tenant)).toMatchObject({
		ran: true,
		status: 'failed',
		error: 'REFLECTION_JUDGE_AWAY: LLM_OVERLOADED',
	});
	expect(await logs(tenant)).toMatchObject([
		{ status: 'failed', error_message: 'REFLECTION_JUDGE_AWAY: LLM_OVERLOADED' },
	]);
	const { rows } = await test_.admin.query<{ n: number }>(
		'select count(*)::integer as n from agent_factory.judge_verdicts where tenant_id = $1',
		[tenant.id],
	);
	expect(rows[0].n).toBe(12);
	await fetch(`${llm.url}/_sandbox/behaviour`, { method: 'DELETE' });
	const next = await judge(tenant);
	expect(next).toMatchObject({ ran: true, status: 'completed' });
	const log = (await logs(tenant))[1];
	if (next.ran) expect(next.spent.inputTokens).toBeLessThan(Number(log.input_tokens));
});

test('a judge off the schema gives no score', async () => {
	const tenant = await tenantWith('mixed');
	await behave({ reply: '{"verdict":"perfect","confidence":1}' });
	expect(await judge(tenant)).toMatchObject({ ran: true, status: 'failed', error: 'REFLECTION_JUDGE_UNUSABLE' });
});

test('two at once: one runs, the other says so', async () => {
	const tenant = await tenantWith('mixed');
	const results = await Promise.all([judge(tenant), judge(tenant)]);
	expect(results.filter(({ ran }) => ran)).toHaveLength(1);
	expect(results.filter((result) => !result.ran && result.reasons[0] === 'already_running')).toHaveLength(1);
	expect(await logs(tenant)).toHaveLength(1);
});

test('a persona is judged by matured outcomes and by its replies; without matured outcomes it is not judged at all', async () => {
	const tenant = await makeTenant(database);
	await createPersonaVersion(
		database,
		tenant.id,
		{ productService: 'redes', positiveKeywords: ['post'] },
		{ activate: true },
	);
	const persona = async () => await runReflection(database, tenant.id, { target: 'persona' }, window(120), ports);
	expect(await persona()).toMatchObject({ ran: false, reasons: ['too_few'] });
	await crowd(test_.admin, tenant, { people: 60, reply: 'mixed', hot: 30, wonEvery: 3, daysAgo: 45 });
	const result = await persona();
	expect(result).toMatchObject({
		ran: true,
		status: 'completed',
		row: { total_leads_classified: 60, hot_leads_count: 30, false_positives: 20, false_negatives: 0 },
		findings: { target: 'persona', metrics: { precision: { value: 0.3333, n: 30 } } },
	});
	if (!result.ran) return;
	const again = await replayReflection(
		database,
		tenant.id,
		{ target: 'persona', reflectionId: result.reflectionId },
		ports,
	);
	expect(again).toMatchObject({ identical: true, spent: { calls: 0 } });
});

test('with an obedient judge, conversations that speak to it leave the sample and no five words of theirs reach the findings', async () => {
	const attacks = read('eval/reflection/injections.jsonl')
		.trim()
		.split('\n')
		.map((line) => (JSON.parse(line) as { attack: string }).attack);
	const tenant = await tenantWith('mixed', 45);
	for (const says of attacks) await crowd(test_.admin, tenant, { people: 1, says, reply: 'poor' });
	await behave({ obedient: true });
	const result = await judge(tenant);
	expect(result).toMatchObject({ ran: true, status: 'completed' });
	if (!result.ran) return;
	const { judged, tainted } = result.row!.metrics as { judged: number; tainted: number };
	expect(judged + tainted).toBe(60);
	expect(tainted).toBeGreaterThan(20);
	const sent = (await (await fetch(`${llm.url}/_sandbox/calls`)).json()) as { calls: Array<{ request: unknown }> };
	const asked = sent.calls.map(({ request }) => JSON.stringify(request)).join('\n');
	expect(attacks.filter((attack) => asked.includes(JSON.stringify(attack).slice(1, -1).slice(0, 30)))).toEqual([]);
	const found = fold(JSON.stringify(result.findings));
	expect(attacks.flatMap(grams).filter((gram) => found.includes(gram))).toEqual([]);
});

const fold = (text: string): string =>
	` ${(
		text
			.normalize('NFKD')
			.replace(/\p{M}/gu, '')
			.toLowerCase()
			.match(/[\p{L}\p{N}]+/gu) ?? []
	).join(' ')} `;
const grams = (text: string): string[] => {
	const words = fold(text).trim().split(' ');
	return words.slice(4).map((_, i) => ` ${words.slice(i, i + 5).join(' ')} `);
};
