import { existsSync, globSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, relative } from 'node:path';
import type { IDataObject, INodeExecutionData } from 'n8n-workflow';
import { closeSharedDatabases } from '../../core/database';
import { createPersonaVersion } from '../../core/leads';
import { inTenant, saveMember } from '../../core/tenancy';
import { fitproPersona } from '../../sandbox/demo/fitpro';
import { startLlmStandIn } from '../../sandbox/standins/llm';
import { write } from '../core/handoff/support';
import { createTestDatabase, type TestDatabase } from '../support/database';
import { databaseFor, dropDatabase, listen, makeTenant, wamid, type TestTenant } from '../support/factory';
import { executeContext } from './support/contexts';
import { actionNodes, root } from './support/manifest';
import { differences, schemaFile, schemaOf, type OutputSchema } from './support/output-schema';
import { postgresCredential } from './support/postgres-credential';

let test_: TestDatabase;
let database: ReturnType<typeof databaseFor>;
let tenant: TestTenant;
let llm: Awaited<ReturnType<typeof startLlmStandIn>>;
let graph: Awaited<ReturnType<typeof listen>>;
let credentials: Record<string, object>;

beforeAll(async () => {
	test_ = await createTestDatabase();
	database = databaseFor(test_);
	llm = await startLlmStandIn();
	graph = await listen(() => ({
		status: 200,
		body: { messaging_product: 'whatsapp', contacts: [], messages: [{ id: wamid() }] },
	}));
	credentials = {
		postgres: postgresCredential(test_),
		metaAppApi: { appSecrets: 'secret', verifyToken: 'token', graphBaseUrl: graph.url, graphVersion: 'v25.0' },
		agentFactoryVaultApi: { key: Buffer.alloc(32, 7).toString('base64') },
		anthropicApi: { apiKey: 'scripted', url: llm.url },
	};
	tenant = await makeTenant(database);
	await createPersonaVersion(database, tenant.id, fitproPersona, { activate: true, actor: 'test' });
	await saveMember(database, tenant.id, { email: 'ana@example.com', fullName: 'Ana', role: 'operator' });
});
afterAll(async () => {
	await Promise.all([llm.close(), graph.close()]);
	await closeSharedDatabases();
	await dropDatabase(database, test_);
});

const seen = new Map<string, OutputSchema>();

/** Runs an operation and keeps the shape of what its first output puts out. */
async function run(
	className: string,
	choice: { resource?: string; operation?: string },
	parameters: Record<string, unknown> = {},
	items: IDataObject[] = [{}],
): Promise<IDataObject[]> {
	const { node } = actionNodes.find((one) => one.className === className)!;
	const context = executeContext({
		description: node.description,
		items,
		parameters: { ...choice, ...parameters },
		credentials,
	});
	const [output] = (await node.execute!.call(context)) as INodeExecutionData[][];
	// As n8n stores it: a time is a text.
	const json = JSON.parse(JSON.stringify(output.map((item) => item.json))) as IDataObject[];
	if (json.length === 0) throw new Error(`${className} ${JSON.stringify(choice)} put out nothing`);
	seen.set(schemaFile(className, choice), { ...schemaOf(json), version: 1 });
	return json;
}

/** A day of a tenant, through the nodes that most workflows are made of. */
async function liveThrough(): Promise<void> {
	const own = { tenant: { mode: 'id', value: tenant.id } };
	await write(database, tenant, '5511988880001', 'Quero fazer a matrícula no plano anual hoje, como pago?');
	const claimed = await run('QueueClaim', { operation: 'claim' }, { limit: 5 });
	const resolved = await run('TenantResolver', {}, { by: 'tenantId' }, claimed);
	const read = await run('MediaReader', { operation: 'readTurn' }, {}, resolved);
	const classified = await run('LeadClassifier', { resource: 'turn', operation: 'classify' }, {}, read);
	const decided = await run('AgentReply', {}, {}, classified);
	await run('OutboxSend', { operation: 'enqueueReply' }, {}, decided);
	await run('OutboxSend', { operation: 'deliverDue' });
	await run('LeadClassifier', { resource: 'text', operation: 'classify' }, { ...own, text: 'Quanto custa o plano?' });
	const conversation = String(resolved[0].conversationId);
	await inTenant(database, tenant.id, async (db) => {
		await db.all(`update contacts set full_name = 'Ana Souza', username = 'ana' where tenant_id = $1::uuid`, [
			tenant.id,
		]);
		await db.all(`select take_over($1::uuid, $2::uuid, 'manual')`, [tenant.id, conversation]);
	});
	await run('Handoff', { operation: 'getQueue' }, own);
	await run('AskFactory', { resource: 'question', operation: 'getOverview' }, own);
	await run('AskFactory', { resource: 'question', operation: 'findPeople' }, own);
	await run('AskFactory', { resource: 'question', operation: 'getConversation' }, { ...own, search: 'ana' });
	await run('AskFactory', { resource: 'question', operation: 'getWaiting' }, own);
	const factory = async (resource: string, operation: string, parameters: object = own) =>
		await run('AgentFactory', { resource, operation }, { ...parameters });
	await factory('tenant', 'getMany', {});
	await factory('agent', 'getMany');
	await factory('agent', 'getUsage');
	await factory('agent', 'getVersions', { ...own, agent: { mode: 'id', value: tenant.agentId } });
	await factory('channelAccount', 'getMany');
	await factory('contact', 'getMany');
	await factory('lead', 'getMany');
	await factory('member', 'getMany');
	await factory('pipeline', 'getMany');
	await factory('template', 'getMany');
	await factory('conversation', 'getMany');
	await factory('conversation', 'getMessages', { ...own, conversation: { mode: 'id', value: conversation } });
}

const UPDATE = process.env.UPDATE_OUTPUT_SCHEMAS === '1';

test('what the main operations put out is what their schemas say (UPDATE_OUTPUT_SCHEMAS=1 writes them)', async () => {
	await liveThrough();
	const wrong: string[] = [];
	for (const [file, shape] of seen) {
		if (UPDATE) {
			mkdirSync(dirname(file), { recursive: true });
			writeFileSync(file, `${JSON.stringify(shape, null, '\t')}\n`);
		}
		const told = existsSync(file) ? (JSON.parse(readFileSync(file, 'utf8')) as OutputSchema) : null;
		const found = told ? differences(told, shape) : ['has no schema'];
		wrong.push(...found.map((one) => `${relative(root, file)}: ${one}`));
	}
	expect(wrong).toEqual([]);
	const files = globSync('nodes/*/__schema__/**/*.json', { cwd: root }).sort();
	expect(files).toEqual([...seen.keys()].map((file) => relative(root, file)).sort());
}, 120_000);
