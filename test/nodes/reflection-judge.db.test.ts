import type { IDataObject } from 'n8n-workflow';
import { closeSharedDatabases } from '../../core/database';
import { ReflectionJudge } from '../../nodes/ReflectionJudge/ReflectionJudge.node';
import { startLlmStandIn } from '../../sandbox/standins/llm';
import { crowd, versionOf } from '../core/reflection/world';
import { createTestDatabase, type TestDatabase } from '../support/database';
import { databaseFor, dropDatabase, makeTenant, type TestTenant } from '../support/factory';
import { executeContext } from './support/contexts';
import { postgresCredential } from './support/postgres-credential';

let test_: TestDatabase;
let database: ReturnType<typeof databaseFor>;
let llm: Awaited<ReturnType<typeof startLlmStandIn>>;
let tenant: TestTenant;
let common: Record<string, unknown>;

beforeAll(async () => {
	test_ = await createTestDatabase();
	database = databaseFor(test_);
	llm = await startLlmStandIn();
	tenant = await makeTenant(database);
	await crowd(test_.admin, tenant, { people: 50, reply: 'mixed' });
	common = { tenant: tenant.id, target: 'prompt', agentVersion: await versionOf(test_.admin, tenant) };
});
afterAll(async () => {
	await llm.close();
	await closeSharedDatabases();
	await dropDatabase(database, test_);
});

const node = new ReflectionJudge();
async function ask(parameters: Record<string, unknown>): Promise<IDataObject> {
	const credentials = { postgres: postgresCredential(test_), anthropicApi: { apiKey: 'scripted', url: llm.url } };
	const context = executeContext({
		description: node.description,
		items: [{}],
		parameters: { ...common, ...parameters },
		credentials,
	});
	const [[{ json }]] = await node.execute.call(context);
	return json;
}
const conversation = async (): Promise<string> =>
	(
		await test_.admin.query<{ id: string }>(
			'select id from agent_factory.conversations where tenant_id = $1 order by id limit 1',
			[tenant.id],
		)
	).rows[0].id;

test('says that it can run, runs, and says that it cannot run again', async () => {
	expect(await ask({ operation: 'canRun' })).toMatchObject({ can_run: true, reason: 'ok' });
	expect(await ask({ operation: 'judge', days: 30 })).toMatchObject({
		ran: true,
		status: 'completed',
		row: { conversations_analyzed: 50 },
	});
	expect(await ask({ operation: 'judge', days: 30 })).toMatchObject({
		ran: false,
		reasons: expect.arrayContaining(['interval']),
	});
});

test('judges one conversation, with the checks that failed and their turns', async () => {
	const conversationId = await conversation();
	const judged = await ask({ operation: 'judgeConversation', conversation: conversationId });
	expect(judged).toMatchObject({ conversationId, tainted: false, verdict: { overall: expect.any(Number) } });
});

test('compares two replies: a judge with one answer for everything prefers nobody', async () => {
	const pairs = [
		{ conversationId: await conversation(), incumbent: 'Custa R$ 100.', candidate: 'Custa R$ 100. Quer fechar?' },
	];
	expect(await ask({ operation: 'compare', pairs: JSON.stringify(pairs) })).toMatchObject({ pairs: 1, ties: 1 });
	await expect(ask({ operation: 'compare', pairs: '[{"a":1}]' })).rejects.toThrow(/pairs/);
});

test('a judge that nobody has held against people is not trusted', async () => {
	expect(await ask({ operation: 'calibrate' })).toMatchObject({
		items: 0,
		trusted: false,
		reasons: expect.arrayContaining(['too_few_items']),
	});
});
