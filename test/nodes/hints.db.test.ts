import type { INodeExecutionData } from 'n8n-workflow';
import { closeSharedDatabases } from '../../core/database';
import { createPersonaVersion, updateLeadSettings } from '../../core/leads';
import { fitproPersona } from '../../sandbox/demo/fitpro';
import { write } from '../core/handoff/support';
import { createTestDatabase, type TestDatabase } from '../support/database';
import { databaseFor, dropDatabase, makeTenant, type TestTenant } from '../support/factory';
import { executeContext } from './support/contexts';
import { actionNodes } from './support/manifest';
import { postgresCredential } from './support/postgres-credential';

let test_: TestDatabase;
let database: ReturnType<typeof databaseFor>;
let tenant: TestTenant;
beforeAll(async () => {
	test_ = await createTestDatabase();
	database = databaseFor(test_);
	tenant = await makeTenant(database);
});
afterAll(async () => {
	await closeSharedDatabases();
	await dropDatabase(database, test_);
});

async function run(className: string, parameters: object, items: Array<INodeExecutionData['json']> = [{}]) {
	const { node } = actionNodes.find((one) => one.className === className)!;
	const hints: string[] = [];
	const credentials = { postgres: postgresCredential(test_) };
	const context = executeContext({
		...{ description: node.description, items, credentials, hints },
		parameters: { ...parameters },
	});
	const [output] = (await node.execute!.call(context)) as INodeExecutionData[][];
	return { hints, json: output.map((item) => item.json) };
}

test('an empty output says what to do, one with items says nothing', async () => {
	const own = { tenant: { mode: 'id', value: tenant.id } };
	const members = await run('AgentFactory', { resource: 'member', operation: 'getMany', ...own });
	expect(members).toEqual({ json: [], hints: [expect.stringContaining('Member > Save')] });
	expect((await run('QueueClaim', { operation: 'claim' })).hints).toEqual([expect.stringContaining('No turn is due')]);
	expect((await run('AgentFactory', { resource: 'agent', operation: 'getMany', ...own })).hints).toEqual([]);
});

test('a model without its credential is told of where the rules stand in for it', async () => {
	await createPersonaVersion(database, tenant.id, fitproPersona, { activate: true, actor: 'test' });
	await updateLeadSettings(database, tenant.id, { unsureBelow: 1 });
	await write(database, tenant, '5511988880001', 'o sol nasceu bonito aqui na serra');
	const { json } = await run('QueueClaim', { operation: 'claim' });
	const { hints } = await run('LeadClassifier', { resource: 'turn', operation: 'classify' }, json);
	expect(hints).toEqual([expect.stringMatching(/stood in for the model in 1 of 1 turns \(CREDENTIAL_MISSING\)/)]);
});
