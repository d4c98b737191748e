import { NodeOperationError, type INodeExecutionData } from 'n8n-workflow';
import { closeSharedDatabases } from '../../core/database';
import { createTestDatabase, type TestDatabase } from '../support/database';
import { databaseFor, dropDatabase, makeTenant, type TestTenant } from '../support/factory';
import { executeContext } from './support/contexts';
import { actionNodes } from './support/manifest';
import { operationsOf } from './support/parameters';
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

const cases = actionNodes.flatMap(({ className, node }) =>
	operationsOf(node.description.properties).map(
		(choice) => [`${className} ${Object.values(choice).join(' ')}`.trim(), node, choice] as const,
	),
);

/** Operations that look at the item alone: the schema cannot make them fail. */
const WITHOUT_DATABASE = ['AgentCompiler getJsonSchema', 'AgentCompiler validate'];

test.each(cases.filter(([name]) => !WITHOUT_DATABASE.includes(name)))(
	'%s: a first item that fails leaves the other two alone',
	async (_, node, choice) => {
		const context = (continueOnFail: boolean) =>
			executeContext({
				description: node.description,
				items: [{ tenantId: tenant.id }, { tenantId: tenant.id }, { tenantId: tenant.id }],
				parameters: (i) => ({ ...choice, options: i === 0 ? { schema: 'Not A Schema' } : {} }),
				credentials: {
					postgres: postgresCredential(test_),
					agentFactoryVaultApi: { key: Buffer.alloc(32, 7).toString('base64') },
					metaAppApi: { appSecrets: 's', verifyToken: 't', graphBaseUrl: 'http://127.0.0.1:1' },
				},
				continueOnFail,
			});
		await expect(node.execute!.call(context(false))).rejects.toMatchObject({
			context: { itemIndex: 0, code: 'SCHEMA_NAME_INVALID' },
		});

		const items = ((await node.execute!.call(context(true))) as INodeExecutionData[][]).flat();
		const of = (index: number) => items.filter(({ pairedItem }) => (pairedItem as { item: number }).item === index);
		expect(of(0)).toMatchObject([
			{ json: { error: expect.stringContaining('Not A Schema') }, error: expect.any(NodeOperationError) },
		]);
		for (const index of [1, 2]) {
			for (const { error } of of(index)) {
				// Fields were left at their defaults, so some operations refuse; what they say is about the field, not about us.
				expect([undefined, index]).toContain(error?.context.itemIndex);
				expect(error?.context.code).not.toBe('SCHEMA_NAME_INVALID');
				expect(error?.context.code).not.toBe('INTERNAL');
			}
		}
		expect(items.every(({ pairedItem }) => pairedItem !== undefined)).toBe(true);
	},
);
