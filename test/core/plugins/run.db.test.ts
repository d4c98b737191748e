import { randomBytes } from 'node:crypto';
import { canonicalJson } from '../../../core/agents';
import { answerTurn, claimTurns, completeTurn, type AnswerPorts, type ClaimedTurn } from '../../../core/conversations';
import type { Database } from '../../../core/database';
import { createLlmPort } from '../../../core/llm';
import { createToolRunner, listToolCalls, receiveCall, toolSecrets, type ToolStep } from '../../../core/plugins';
import { createVault } from '../../../core/tenancy';
import { startLlmStandIn } from '../../../sandbox/standins/llm';
import { createTestDatabase, type TestDatabase } from '../../support/database';
import { databaseFor, dropDatabase, makeTenant, textBody, vault, type TestTenant } from '../../support/factory';
import { person, receive } from '../leads/turns';
import { startToolServer, type ToolServer } from './tool-server';

let test_: TestDatabase;
let database: Database;
let tenant: TestTenant;
let tool: ToolServer;
let llm: Awaited<ReturnType<typeof startLlmStandIn>>;

const stock = {
	name: 'consultar',
	description: 'Consulta o estoque.',
	parameters: { type: 'object', properties: { produto: { type: 'string' } }, required: ['produto'] },
	result: { type: 'object', properties: { texto: { type: 'string' } }, required: ['texto'] },
	timeoutSeconds: 3,
};
const plugins = { estoque: { enabled: true, config: { loja: 'centro' }, tools: [stock] } };
const done = { body: { ok: true, result: { texto: '7 pares' } } };
const ASK = 'usa a ferramenta estoque.consultar {"produto":"tênis"}';

beforeAll(async () => {
	test_ = await createTestDatabase();
	database = databaseFor(test_);
	tool = await startToolServer();
	llm = await startLlmStandIn();
	tenant = await makeTenant(database, { plugins });
});
afterAll(async () => {
	await llm.close();
	await tool.close();
	await dropDatabase(database, test_);
});

async function takeTurn(text = ASK): Promise<ClaimedTurn> {
	await receive(database, textBody(tenant.phoneNumberId, [{ from: person(), text }]));
	return (await claimTurns(database, { workerId: 'w', limit: 50 })).filter(({ tenantId }) => tenantId === tenant.id)[0];
}
/** The lease of a killed worker has run out: the next one takes the turn. */
async function takeAgain(turn: ClaimedTurn): Promise<ClaimedTurn> {
	await test_.admin.query(
		'update agent_factory.conversation_locks set available_at = now() where conversation_id = $1',
		[turn.conversationId],
	);
	return (await claimTurns(database, { workerId: 'next', limit: 50 })).filter(
		({ turnId }) => turnId === turn.turnId,
	)[0];
}
const connection = async () => await Promise.resolve({ baseUrl: `${tool.url}/webhook/`, secrets: toolSecrets(vault) });
const ports = (): AnswerPorts => ({
	llm: async () =>
		await Promise.resolve(
			createLlmPort({ provider: 'anthropic', apiKey: 'scripted', baseUrl: llm.url, sleep: async () => undefined }),
		),
	tools: connection,
	now: () => new Date(),
	random: () => 0.5,
});
const runnerOf = (turn: ClaimedTurn, done: readonly ToolStep[] = []) =>
	createToolRunner(database, {
		turn: { ...turn, agentVersionId: null },
		tools: [{ ...stock, plugin: 'estoque' }],
		configs: { estoque: { loja: 'centro' } },
		...{ done, connection, now: () => new Date(), canonical: canonicalJson },
	});
const callIt = async (given: string | null = '{"produto":"tênis"}') =>
	await runnerOf(await takeTurn()).call('estoque.consultar', given);
const callsOf = async ({ conversationId }: ClaimedTurn) =>
	await listToolCalls(database, tenant.id, { conversationId, limit: 10 });
const keysAsked = () => new Set(tool.asked.map(({ headers }) => headers['webhook-id']));

test('a turn calls the tool once, signed, with its config, and the reply tells the result', async () => {
	tool.behave(done);
	const turn = await takeTurn();
	const answer = await answerTurn(database, turn, ports());
	if (answer.result !== 'decided') throw new Error(answer.result);
	expect(answer.decision).toMatchObject({ action: 'reply', messages: [expect.stringContaining('7 pares')] });
	expect(answer.decision.usage).toHaveLength(2);
	expect(tool.asked.map(({ url }) => url)).toEqual(['/webhook/agent-tools/estoque']);
	const [{ headers, rawBody }] = tool.asked;
	expect(receiveCall({ headers, rawBody }, { vault, now: Date.now })).toMatchObject({
		refused: false,
		call: {
			...{ tool: 'consultar', plugin: 'estoque', tenantId: tenant.id, agentId: tenant.agentId, turnId: turn.turnId },
			...{ arguments: { produto: 'tênis' }, config: { loja: 'centro' }, conversationId: turn.conversationId },
		},
	});
	expect(await callsOf(turn)).toMatchObject([{ status: 'ok', attempts: 1, result: { texto: '7 pares' } }]);
	await completeTurn(database, turn, answer.decision);
	const { rows } = await test_.admin.query(
		'select count(*)::int as n from agent_factory.llm_usage where turn_id = $1',
		[turn.turnId],
	);
	expect(rows).toEqual([{ n: 2 }]);
});

test('a call is refused when signed by another key, for another body, or too late; an older key still opens', async () => {
	tool.behave(done);
	await callIt();
	const [{ headers, rawBody }] = tool.asked;
	const other = createVault([randomBytes(32).toString('base64')], randomBytes);
	const rotated = createVault(
		[randomBytes(32).toString('base64'), Buffer.alloc(32, 7).toString('base64')],
		randomBytes,
	);
	const at = (seconds: number) => () => Date.now() + seconds * 1000;
	const refusal = { refused: true, httpStatus: 401 };
	expect(receiveCall({ headers, rawBody }, { vault: other, now: at(0) })).toMatchObject(refusal);
	expect(receiveCall({ headers, rawBody: Buffer.from('{}') }, { vault, now: at(0) })).toMatchObject(refusal);
	expect(receiveCall({ headers, rawBody }, { vault, now: at(3600) })).toMatchObject({ ...refusal, reason: 'too_old' });
	expect(receiveCall({ headers, rawBody }, { vault: rotated, now: at(0) })).toMatchObject({ refused: false });
});

describe('a worker that is killed', () => {
	test('after the tool answered: the next one finds the result and does not ask again', async () => {
		tool.behave(done);
		const turn = await takeTurn();
		await runnerOf(turn).call('estoque.consultar', '{"produto":"tênis"}');
		const answer = await answerTurn(database, await takeAgain(turn), ports());
		expect(answer).toMatchObject({ decision: { messages: [expect.stringContaining('7 pares')] } });
		expect(tool.asked).toHaveLength(1);
	});

	test('while the tool was at it: the next one asks with the same key', async () => {
		tool.behave('cut', 'cut', done);
		const turn = await takeTurn();
		expect(await runnerOf(turn).call('estoque.consultar', '{"produto":"tênis"}')).toMatchObject({ status: 'unknown' });
		const answer = await answerTurn(database, await takeAgain(turn), ports());
		expect(answer).toMatchObject({ decision: { messages: [expect.stringContaining('7 pares')] } });
		expect([tool.asked.length, keysAsked().size]).toEqual([3, 1]);
		expect(await callsOf(turn)).toMatchObject([{ status: 'ok', attempts: 2 }]);
	});

	test('and comes back late: it may not call any more', async () => {
		tool.behave(done);
		const turn = await takeTurn();
		await takeAgain(turn);
		await expect(runnerOf(turn).call('estoque.consultar', '{}')).rejects.toMatchObject({ code: 'LEASE_LOST' });
		expect(await answerTurn(database, turn, ports())).toMatchObject({ result: 'gone' });
		expect(tool.asked).toHaveLength(0);
	});
});

test('the same call twice in a turn is one call, in whatever order its arguments stand', async () => {
	tool.behave(done);
	const runner = runnerOf(await takeTurn());
	await runner.call('estoque.consultar', '{"produto":"a","cor":"b"}');
	expect(await runner.call('estoque.consultar', '{"cor":"b","produto":"a"}')).toMatchObject({ status: 'ok' });
	expect(tool.asked).toHaveLength(1);
});

test('a turn makes so many calls and no more; those of an earlier attempt count', async () => {
	tool.behave(done);
	const step: ToolStep = { tool: 'x', arguments: {}, status: 'ok', result: 1, error: null };
	const runner = runnerOf(await takeTurn(), [step, step, step]);
	expect(runner.mayCall()).toBe(true);
	await runner.call('estoque.consultar', '{"produto":"a"}');
	expect(runner.mayCall()).toBe(false);
});

describe('what is no success is never told as one', () => {
	test.each([
		['arguments that are no JSON', 'produto', { status: 'refused', error: { code: 'TOOL_ARGUMENTS_INVALID' } }],
		['arguments that do not fit', '{"produto":7}', { status: 'refused', error: { code: 'TOOL_ARGUMENTS_INVALID' } }],
		['arguments that are missing', null, { status: 'refused', error: { code: 'TOOL_ARGUMENTS_INVALID' } }],
	])('%s are refused before anybody is asked', async (_, given, expected) => {
		tool.behave(done);
		expect(await callIt(given)).toMatchObject(expected);
		expect(tool.asked).toHaveLength(0);
	});

	const failed = (code: string) => ({ status: 'failed', error: { code } });
	test.each([
		[
			'a refusal of the tool',
			{ body: { ok: false, error: { code: 'SLOT_TAKEN', message: 'ocupado' } } },
			{ status: 'failed', error: { code: 'SLOT_TAKEN', message: 'ocupado' } },
		],
		['a tool that is not connected', { status: 404, body: {} }, failed('TOOL_NOT_FOUND')],
		['a signature that is refused', { status: 401, body: {} }, failed('TOOL_REFUSED')],
		['an answer that is no JSON', { body: '<html>' }, failed('TOOL_RESULT_INVALID')],
		['an answer without a verdict', { body: { texto: 'x' } }, failed('TOOL_RESULT_INVALID')],
		['a result that does not fit', { body: { ok: true, result: { texto: 7 } } }, failed('TOOL_RESULT_INVALID')],
		[
			'a result without end',
			{ body: { ok: true, result: { texto: 'x'.repeat(100_000) } } },
			failed('TOOL_RESULT_INVALID'),
		],
		['an error of the tool', { status: 500, body: {} }, { status: 'unknown', error: { code: 'TOOL_HTTP_ERROR' } }],
		['a connection that breaks twice', 'cut' as const, { status: 'unknown', error: { code: 'TOOL_LOST' } }],
	])('%s', async (_, behaviour, expected) => {
		tool.behave(behaviour);
		expect(await callIt()).toMatchObject({ ...expected, result: null });
	});

	test('a tool that does not answer is asked once and given up in its time', async () => {
		tool.behave('silent');
		const from = performance.now();
		expect(await callIt()).toMatchObject({ status: 'unknown', error: { code: 'TOOL_TIMEOUT' } });
		expect(performance.now() - from).toBeLessThan(10_000);
		expect(tool.asked).toHaveLength(1);
	});

	test('nobody there: the agent says that it could not', async () => {
		const gone = await startToolServer();
		await gone.close();
		const turn = await takeTurn();
		const nobody = { ...ports(), tools: async () => ({ ...(await connection()), baseUrl: gone.url }) };
		const answer = await answerTurn(database, turn, nobody);
		expect(answer).toMatchObject({
			decision: { action: 'reply', messages: [expect.stringContaining('Não consegui')] },
		});
		expect(await callsOf(turn)).toMatchObject([{ status: 'failed', error_code: 'TOOL_UNREACHABLE' }]);
	});
});

test('a node that does not know where tools listen says so, and calls nobody', async () => {
	const turn = await takeTurn();
	await expect(answerTurn(database, turn, { ...ports(), tools: undefined })).rejects.toMatchObject({
		code: 'TOOLS_NOT_CONNECTED',
	});
	expect(await callsOf(turn)).toEqual([]);
});
