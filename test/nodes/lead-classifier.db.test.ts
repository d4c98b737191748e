import type { IDataObject, INodeExecutionData } from 'n8n-workflow';
import { closeSharedDatabases } from '../../core/database';
import { AgentReply } from '../../nodes/AgentReply/AgentReply.node';
import { LeadClassifier } from '../../nodes/LeadClassifier/LeadClassifier.node';
import { startLlmStandIn } from '../../sandbox/standins/llm';
import { person, turnsFor, turnsFrom } from '../core/leads/turns';
import { createTestDatabase, type TestDatabase } from '../support/database';
import { databaseFor, dropDatabase, makeTenant, type TestTenant } from '../support/factory';
import { executeContext } from './support/contexts';
import { postgresCredential } from './support/postgres-credential';

let test_: TestDatabase;
let database: ReturnType<typeof databaseFor>;
let tenant: TestTenant;
let llm: Awaited<ReturnType<typeof startLlmStandIn>>;
let credentials: Record<string, object>;

beforeAll(async () => {
	test_ = await createTestDatabase();
	database = databaseFor(test_);
	llm = await startLlmStandIn();
	credentials = { postgres: postgresCredential(test_), anthropicApi: { apiKey: 'scripted', url: llm.url } };
});
afterAll(async () => {
	await llm.close();
	await closeSharedDatabases();
	await dropDatabase(database, test_);
});
beforeEach(async () => {
	tenant = await makeTenant(database);
});

type Node = { description: LeadClassifier['description']; execute: LeadClassifier['execute'] };

async function run(
	node: Node,
	items: IDataObject[],
	parameters: Record<string, unknown> = {},
	continueOnFail = false,
): Promise<INodeExecutionData[][]> {
	const context = executeContext({ description: node.description, items, parameters, credentials, continueOnFail });
	return await node.execute.call(context);
}
const classifier = new LeadClassifier();
const ask = async (resource: string, operation: string, parameters: Record<string, unknown> = {}) => {
	const [answered] = await run(classifier, [{}], { resource, operation, tenant: tenant.id, ...parameters });
	return answered.map(({ json }) => json);
};
const jsons = (output: INodeExecutionData[]): IDataObject[] => output.map(({ json }) => json);

test('turns of one execution are classified together and go on to the reply, which follows their route', async () => {
	await ask('persona', 'create', { personaFields: { positiveKeywords: 'loja, plano', productService: 'planos' } });
	const client = person();
	await ask('knownContact', 'add', { platform: 'whatsapp', username: `+${client}`, contactType: 'cliente' });
	const strangers = await turnsFor(
		database,
		tenant,
		'Quero contratar o plano hoje, como faço o pagamento?',
		'Oi mãe, hoje vou almoçar aí com você, te amo',
		'PROMOÇÃO IMPERDÍVEL!!! Ganhe dinheiro em casa, clique no link https://x.example e lucre',
	);
	const known = await turnsFrom(database, tenant, [{ from: client, text: 'e o meu pedido, já saiu?' }]);
	const [classified, putBack] = await run(classifier, [...strangers, ...known] as never);
	expect(putBack).toEqual([]);
	expect(classified.map(({ pairedItem }) => pairedItem)).toEqual([0, 1, 2, 3].map((item) => ({ item })));
	const leads = jsons(classified).map(({ lead }) => lead as { classification: string; route: IDataObject });
	expect(leads.map(({ classification, route }) => [classification, route.action])).toEqual([
		['LEAD_HOT', 'answer'],
		['PESSOAL', 'silence'],
		['SPAM', 'silence'],
		['PESSOAL', 'person'],
	]);
	const [decided] = await run(new AgentReply(), jsons(classified));
	expect(jsons(decided).map(({ decision }) => (decision as { action: string }).action)).toEqual([
		'reply',
		'silence',
		'silence',
		'handoff',
	]);
});

test('a turn without its lease fields leaves by "Put Back" with its error, a settled one with the reason', async () => {
	const [turn] = await turnsFor(database, tenant, 'oi');
	const items = [{ ...turn, turnId: undefined }, turn, { ...turn, turnId: 999_999_999 }];
	const [classified, putBack] = await run(classifier, items as never, {}, true);
	expect(classified.map(({ pairedItem }) => pairedItem)).toEqual([{ item: 1 }]);
	expect(putBack).toMatchObject([
		{ pairedItem: { item: 0 }, json: { error: expect.stringContaining('turnId') } },
		{ pairedItem: { item: 2 }, json: { reason: 'LEASE_LOST' } },
	]);
});

test('a text is tried with every point and nothing of it is stored', async () => {
	await ask('persona', 'create', { personaFields: { positiveKeywords: 'plano' } });
	const [tried] = await ask('text', 'classify', { text: 'Quero contratar o plano hoje, como pago?' });
	expect(tried).toMatchObject({ classification: 'LEAD_HOT', route: { action: 'answer' }, personaVersion: 1 });
	expect((tried.points as unknown[]).length).toBeGreaterThan(0);
	const { rows } = await test_.admin.query('select 1 from agent_factory.classified_leads where tenant_id = $1', [
		tenant.id,
	]);
	expect(rows).toEqual([]);
	await expect(ask('text', 'classify', { text: 'oi', profile: '[]' })).rejects.toThrow('"profile"');
});

test('personas are made, listed, read and rolled back', async () => {
	await ask('persona', 'create', { personaFields: { positiveKeywords: ['a', 'b'], minFollowers: 10 } });
	const [second] = await ask('persona', 'create', { basedOn: 1, personaFields: { brandVoice: 'leve' } });
	expect(second).toMatchObject({ version: 2, positiveKeywords: ['a', 'b'], brandVoice: 'leve', isActive: true });
	expect(await ask('persona', 'activate', { version: 1 })).toMatchObject([{ from: 2, to: 1 }]);
	expect(await ask('persona', 'get')).toMatchObject([{ version: 1, minFollowers: 10 }]);
	expect((await ask('persona', 'getMany', { limit: 5 })).map(({ version }) => version)).toEqual([2, 1]);
	await expect(ask('persona', 'get', { version: 9 })).rejects.toMatchObject({ context: { code: 'PERSONA_NOT_FOUND' } });
});

test('known contacts are added, found and removed; settings are read and changed', async () => {
	await ask('knownContact', 'add', {
		username: '11 98888-7777',
		additionalFields: { tags: 'vip, 2026', autoRespond: true },
	});
	expect(await ask('knownContact', 'getMany', { search: '8888', limit: 5 })).toMatchObject([
		{ contactType: 'cliente', tags: ['vip', '2026'], autoRespond: true, skipAiAnalysis: true },
	]);
	expect(await ask('knownContact', 'remove', { username: '+5511988887777' })).toHaveLength(1);
	await expect(ask('knownContact', 'remove', { username: '+5511988887777' })).rejects.toMatchObject({
		context: { code: 'NOT_FOUND' },
	});
	const change = { updateFields: { hot: 80, answeredClasses: ['LEAD_HOT'] } };
	expect(await ask('settings', 'update', change)).toMatchObject([{ hot: 80, answeredClasses: ['LEAD_HOT'] }]);
	expect(await ask('settings', 'get')).toMatchObject([{ hot: 80, warm: 45 }]);
	await expect(ask('settings', 'update', {})).rejects.toThrow('is empty');
});

test('labelled messages are measured by the tenant’s persona, and a wrong line is named', async () => {
	const cases = [
		{ text: 'Quero contratar o plano hoje, como pago?', label: 'LEAD_HOT' },
		{ text: 'Oi mãe, vou almoçar aí hoje, te amo', label: 'PESSOAL' },
		{ text: 'x', label: 'FRIEND' },
	];
	const [figures] = await ask('text', 'evaluate', { cases });
	expect(figures).toMatchObject({ n: 2, macroF1: 1, tokens: 0, bad: [{ line: 3 }], personaVersion: null });
	await expect(ask('text', 'evaluate', { cases: [] })).rejects.toThrow('No message could be read');
	await expect(ask('text', 'evaluate', { cases: '{}' })).rejects.toThrow('"cases"');
});
