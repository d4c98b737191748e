import { randomBytes } from 'node:crypto';
import type { Database, Finding } from '../../../core/database';
import { createGraphClient } from '../../../core/meta';
import {
	checkAccounts,
	createVault,
	pauseChannelAccount,
	resumeChannelAccount,
	setAccessToken,
	updateTenant,
} from '../../../core/tenancy';
import { startGraphStandIn, type GraphStandIn } from '../../../sandbox/standins/graph';
import { createTestDatabase, type TestDatabase } from '../../support/database';
import { databaseFor, dropDatabase, makeTenant, vault, type TestTenant } from '../../support/factory';

let test_: TestDatabase;
let database: Database;
let graph: GraphStandIn;
let tenant: TestTenant;

beforeAll(async () => {
	test_ = await createTestDatabase();
	database = databaseFor(test_);
	graph = await startGraphStandIn();
});
afterAll(async () => {
	await graph.close();
	await dropDatabase(database, test_);
});
beforeEach(async () => {
	await test_.admin.query('delete from agent_factory.tenants');
	tenant = await makeTenant(database);
});

const client = () => createGraphClient({ fetch, baseUrl: graph.url, version: 'v25.0' });
const look = async (asking = vault): Promise<Finding[]> =>
	await checkAccounts(database, { graph: client(), vault: asking });
const change = async (assignment: string): Promise<void> =>
	void (await test_.admin.query(`update agent_factory.channel_accounts set ${assignment} where tenant_id = $1`, [
		tenant.id,
	]));
const only = (check: string, level: Finding['level'], text: string): unknown[] => [
	{ check, level, message: expect.stringContaining(text), repair: expect.any(String) },
];

test('an account that can send is nothing to report, with and without asking Meta', async () => {
	expect(await look()).toEqual([
		{ check: 'channel_accounts', level: 'ok', message: expect.stringContaining('1 channel account'), repair: null },
	]);
	expect((await checkAccounts(database)).map(({ level }) => level)).toEqual(['ok']);
});

test('a paused account is named with its reason, until it is resumed', async () => {
	await pauseChannelAccount(database, tenant.id, tenant.channelAccountId, 'token refused');
	expect(await look()).toEqual(only('account_paused', 'problem', 'token refused'));
	expect((await look())[0].message).toContain(`${tenant.slug}, whatsapp ${tenant.phoneNumberId}`);
	await resumeChannelAccount(database, tenant.id, tenant.channelAccountId);
	expect((await look()).map(({ level }) => level)).toEqual(['ok']);
});

test('an account without a token is a problem', async () => {
	await change('access_token_encrypted = null');
	expect(await look()).toEqual(only('account_token', 'problem', 'has no access token'));
});

test.each([
	['has expired', `now() - interval '1 minute'`, 'problem'],
	['expires in 1 day', `now() + interval '12 hours'`, 'warning'],
	['expires in 7 day', `now() + interval '6 days 12 hours'`, 'warning'],
] as const)('a token that %s is told ahead', async (text, at, level) => {
	await change(`token_expires_at = ${at}`);
	expect(await look()).toEqual(only('account_token', level, text));
});

test('a token that ends later than a week from now is nothing to report', async () => {
	await change(`token_expires_at = now() + interval '8 days'`);
	expect((await look()).map(({ level }) => level)).toEqual(['ok']);
});

test('an account without an agent, or whose agent has no active version, goes to a person: told', async () => {
	await test_.admin.query('update agent_factory.agent_versions set is_active = false where tenant_id = $1', [
		tenant.id,
	]);
	expect(await look()).toEqual(only('account_agent', 'warning', 'no agent with an active version'));
	await change('agent_id = null');
	expect(await look()).toEqual(only('account_agent', 'warning', 'no agent with an active version'));
});

test('an app that is not subscribed to the business account is told with the call that mends it', async () => {
	const subscription = `${graph.url}/v25.0/${tenant.wabaId}/subscribed_apps`;
	const headers = { authorization: 'Bearer token' };
	await fetch(subscription, { method: 'DELETE', headers });
	const found = await look();
	expect(found).toEqual(only('account_subscription', 'problem', tenant.wabaId));
	expect(found[0].repair).toContain(`POST /${tenant.wabaId}/subscribed_apps`);
	await fetch(subscription, { method: 'POST', headers });
	expect((await look()).map(({ level }) => level)).toEqual(['ok']);
});

test('a token that Meta refuses, and one that the vault cannot open, are told without showing them', async () => {
	await setAccessToken(database, tenant.id, tenant.channelAccountId, { accessToken: 'EXPIRED-token' }, vault);
	const refused = await look();
	expect(refused).toEqual(only('account_token', 'problem', 'Meta refuses the token'));
	const locked = await look(createVault([Buffer.alloc(32, 9).toString('base64')], randomBytes));
	expect(locked).toEqual(only('account_token', 'problem', 'key that this Vault credential does not hold'));
	expect(JSON.stringify([refused, locked])).not.toContain('EXPIRED-token');
});

test('a Graph API that does not answer is told and does not stop the doctor', async () => {
	const gone = createGraphClient({ fetch, baseUrl: 'http://127.0.0.1:9', version: 'v25.0', timeoutMs: 1_000 });
	const found = await checkAccounts(database, { graph: gone, vault });
	expect(found).toHaveLength(1);
	expect(found[0].level).not.toBe('ok');
	expect(found[0].message).toContain(tenant.phoneNumberId);
});

test('accounts of a paused tenant are left out', async () => {
	await change('access_token_encrypted = null');
	await updateTenant(database, tenant.id, { status: 'paused' });
	expect((await look()).map(({ level }) => level)).toEqual(['ok']);
});
