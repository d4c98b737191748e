import { compileAgent, createAgent, saveVersion, setTransfers, agentUsage } from '../../../core/agents';
import { answerTurn, claimTurns, completeTurn, saveMenu, type AnswerPorts } from '../../../core/conversations';
import type { Database } from '../../../core/database';
import { createLlmPort } from '../../../core/llm';
import { startLlmStandIn } from '../../../sandbox/standins/llm';
import { createTestDatabase, type TestDatabase } from '../../support/database';
import { databaseFor, dropDatabase, makeTenant, textBody, type TestTenant } from '../../support/factory';
import { person, receive } from '../leads/turns';

let test_: TestDatabase;
let database: Database;
let llm: Awaited<ReturnType<typeof startLlmStandIn>>;
let tenant: TestTenant;
let sales: string;

beforeAll(async () => {
	test_ = await createTestDatabase();
	database = databaseFor(test_);
	llm = await startLlmStandIn();
});
afterAll(async () => {
	await llm.close();
	await dropDatabase(database, test_);
});
beforeEach(async () => {
	tenant = await makeTenant(database);
	sales = await secondAgent('vendas');
});

async function secondAgent(slug: string): Promise<string> {
	const { id } = (await createAgent(database, tenant.id, { slug, name: slug })) as { id: string };
	const spec = {
		identity: { name: 'Leo' },
		business: { name: `Loja ${slug}`, type: 'loja', description: 'Loja de teste.' },
		limits: { debounceSeconds: 0, debounceMaxSeconds: 0 },
	};
	await saveVersion(database, tenant.id, id, compileAgent({ spec, canary: `cnry-${id}` }), { activate: true });
	return id;
}
const ports: AnswerPorts = {
	llm: async () =>
		await Promise.resolve(
			createLlmPort({ provider: 'anthropic', apiKey: 'scripted', baseUrl: llm.url, sleep: async () => undefined }),
		),
	now: () => new Date(),
	random: () => 0.5,
};

/** Writes, is answered, and the answer is settled. */
async function say(from: string, text: string) {
	await receive(database, textBody(tenant.phoneNumberId, [{ from, text }]));
	const [turn] = (await claimTurns(database, { workerId: 'w', limit: 50 })).filter((t) => t.tenantId === tenant.id);
	const answer = await answerTurn(database, turn, ports);
	if (answer.result !== 'decided') throw new Error(answer.result);
	await completeTurn(database, turn, answer.decision);
	const { rows } = await test_.admin.query<{ agent: string | null; by: string | null; status: string }>(
		'select agent_id as agent, routed_by as by, status from agent_factory.conversations where id = $1',
		[turn.conversationId],
	);
	return { ...answer.decision, ...rows[0] };
}

describe('an opening menu', () => {
	beforeEach(async () => {
		const routes = [
			{ key: '1', label: 'Vendas', words: ['comprar'], agentId: sales },
			{ key: '2', label: 'Atendimento', agentId: tenant.agentId },
		];
		await saveMenu(database, tenant.id, tenant.channelAccountId, { greeting: 'Escolha:', routes });
	});

	test('is asked once, costs no model call, and its answer chooses the agent for good', async () => {
		const from = person();
		expect(await say(from, 'oi')).toMatchObject({
			...{ messages: ['Escolha:\n1 - Vendas\n2 - Atendimento'], usage: [], agent: null },
		});
		const chosen = await say(from, '1');
		expect(chosen).toMatchObject({ agent: sales, by: 'menu', messages: [expect.stringContaining('Loja vendas')] });
		expect(await say(from, '2')).toMatchObject({ agent: sales });
	});

	test('is left out where the first words are clear, and by whoever opts out', async () => {
		expect(await say(person(), 'quero comprar')).toMatchObject({ agent: sales, by: 'words' });
		expect(await say(person(), 'PARAR')).toMatchObject({ optOut: true, agent: null });
	});

	test('after two unclear answers the agent of the number answers', async () => {
		const from = person();
		for (const text of ['oi', 'hã?']) expect(await say(from, text)).toMatchObject({ menuAsked: true });
		expect(await say(from, 'sei lá')).toMatchObject({ messages: [expect.stringContaining(tenant.slug)], agent: null });
	});

	test('is refused with two options of one key, or an option without a name', async () => {
		const save = async (...routes: Array<{ key: string; label: string; agentId: string }>) =>
			await saveMenu(database, tenant.id, tenant.channelAccountId, { greeting: 'x', routes });
		const option = { key: '1', label: 'a', agentId: sales };
		await expect(save(option, option)).rejects.toMatchObject({ code: 'VALUE_REFUSED' });
		await expect(save({ ...option, label: '' })).rejects.toMatchObject({ code: 'VALUE_REFUSED' });
		await expect(save({ ...option, agentId: tenant.id })).rejects.toMatchObject({ code: 'NOT_FOUND' });
	});
});

test('an agent hands over in the same turn, with the conversation; after two an hour a person takes it', async () => {
	await setTransfers(database, tenant.id, sales, { accepts: true, purpose: 'Vende' });
	await setTransfers(database, tenant.id, tenant.agentId, { accepts: true });
	const from = person();
	await say(from, 'oi');
	const handed = await say(from, 'quero falar com o vendas');
	expect(handed).toMatchObject({
		action: 'reply',
		agent: sales,
		by: 'transfer',
		messages: [expect.stringContaining('Loja vendas')],
	});
	// The first agent's call is paid for too.
	expect(handed.usage).toHaveLength(2);
	expect(await say(from, 'quero falar com o main')).toMatchObject({ agent: tenant.agentId });
	expect(await say(from, 'quero falar com o vendas')).toMatchObject({
		handoffReason: 'transfer_limit',
		status: 'handoff',
	});
});

test('nobody is handed to an agent that does not take transfers, is stopped or is only tested', async () => {
	const from = person();
	expect(await say(from, 'quero falar com o vendas')).toMatchObject({ agent: null, action: 'reply' });
	await setTransfers(database, tenant.id, sales, { accepts: true });
	await test_.admin.query(`update agent_factory.agents set mode = 'test' where id = $1`, [sales]);
	expect(await say(from, 'quero falar com o vendas')).toMatchObject({ agent: null, action: 'reply' });
});

test('a tenant is charged by the agents of a month, with what they did', async () => {
	await say(person(), 'oi');
	const [month] = await agentUsage(database, tenant.id, 12);
	expect(month).toMatchObject({ active_agents: 2, turns: 1, replies: 1 });
	expect(Number(month.tokens)).toBeGreaterThan(0);
});

test.each([
	['stopped', `update agent_factory.tenants set automation_stopped_at = now() where id = $1`, 'automation_stopped'],
	['in test mode', `update agent_factory.agents set mode = 'test' where tenant_id = $1`, 'test_mode'],
])(
	'%s: a person gets the conversation without a word and without a model; an opt-out counts',
	async (_, change, reason) => {
		await test_.admin.query(change, [tenant.id]);
		expect(await say(person(), 'oi')).toMatchObject({
			messages: [],
			usage: [],
			handoffReason: reason,
			status: 'handoff',
		});
		expect(await say(person(), 'PARAR')).toMatchObject({ messages: [], optOut: true });
	},
);
