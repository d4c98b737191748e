import { randomBytes } from 'node:crypto';
import {
	connectCrm,
	createCrmLink,
	disconnectCrm,
	finishCrmLink,
	listIntegrations,
	PIPEDRIVE,
	receiveWebhook,
	saveOAuthApp,
	type ConnectedCrm,
} from '../../../../core/crm';
import type { Database } from '../../../../core/database';
import { createEndpoint } from '../../../../core/notifications';
import { startPipedriveStandIn, type PipedriveStandIn } from '../../../../sandbox/standins/pipedrive';
import { startRdStationStandIn } from '../../../../sandbox/standins/rd-station';
import { createTestDatabase, type TestDatabase } from '../../../support/database';
import { databaseFor, dropDatabase, makeTenant, vault, type TestTenant } from '../../../support/factory';
import { saveLead } from '../../leads/lead-story';
import { pass, ports, work } from './support';

const HOOK = 'http://127.0.0.1:9/webhook/agent-factory/crm';
const CALLBACK = 'https://factory.example.com/webhook/agent-factory/connect/crm';

let test_: TestDatabase;
let database: Database;
let tenant: TestTenant;
let crm: PipedriveStandIn;

beforeAll(async () => {
	test_ = await createTestDatabase();
	database = databaseFor(test_);
});
afterAll(async () => await dropDatabase(database, test_));
beforeEach(async () => {
	crm = await startPipedriveStandIn();
	tenant = await makeTenant(database);
});
afterEach(async () => await crm.close());

const rows = async (sql: string): Promise<any[]> => (await test_.admin.query(sql, [tenant.id])).rows;
const hot = async (): Promise<unknown> => await saveLead(database, tenant.id, { classification: 'LEAD_HOT' });
const byToken = async (changes: object = {}): Promise<ConnectedCrm> =>
	await connectCrm(
		database,
		tenant.id,
		{ provider: 'pipedrive', token: 'pipedrive-token', baseUrl: crm.url, allowLocal: true, ...changes },
		ports,
	);

/** The app of the tenant, a link, and what Pipedrive sends back when the person follows it. */
async function followLink(settings: object = {}): Promise<{ state: string; code?: string }> {
	const { clientId, clientSecret } = crm.oauth;
	const app = { clientId, clientSecret, baseUrl: crm.url, allowLocal: true };
	await saveOAuthApp(database, tenant.id, PIPEDRIVE, app, vault);
	const request = { callbackUrl: CALLBACK, person: 'Ana', settings };
	const { url } = await createCrmLink(database, tenant.id, request, ports);
	const back = new URL((await fetch(url, { redirect: 'manual' })).headers.get('location') ?? 'about:blank');
	return { state: back.searchParams.get('state') ?? '', code: back.searchParams.get('code') ?? undefined };
}
const byLink = async (settings: object = {}): Promise<ConnectedCrm> =>
	(await finishCrmLink(database, await followLink(settings), ports)).result;

describe('a Pipedrive account that is connected by link', () => {
	test('answers at the address of its company, once a link, with sealed tokens', async () => {
		const callback = await followLink({ createOn: 'hot' });
		const both = await Promise.allSettled([
			finishCrmLink(database, callback, ports),
			finishCrmLink(database, callback, ports),
		]);
		expect(both.map(({ status }) => status).sort()).toEqual(['fulfilled', 'rejected']);
		expect(await listIntegrations(database, tenant.id)).toMatchObject([
			{ baseUrl: crm.url, accountName: 'Empresa Teste', blockedAt: null },
		]);
		const [key] = await rows(
			`select * from agent_factory.api_keys where tenant_id = $1 and service_name = 'pipedrive'`,
		);
		for (const token of [...crm.oauth.accessTokens, ...crm.oauth.refreshTokens])
			expect(JSON.stringify(key)).not.toContain(token);
		crm.tokens.clear();
		await hot();
		expect(await work(database, tenant.id)).toEqual([['crm.deal', 'completed', null]]);
		expect(crm.deals).toHaveLength(1);
	});

	test('a token that ended is renewed once, by one of many, and its successor goes on', async () => {
		await byLink();
		for (const round of [1, 2]) {
			crm.oauth.expireAccess();
			await Promise.all([hot(), hot(), hot()]);
			expect(await work(database, tenant.id)).toEqual([1, 2, 3].map(() => ['crm.deal', 'completed', null]));
			expect(crm.oauth.grants.filter((grant) => grant === 'refresh_token')).toHaveLength(round);
		}
		expect(crm.deals).toHaveLength(6);
	});

	test('permission that was taken back stops the work, is told once, and a new link wakes it', async () => {
		await createEndpoint(database, tenant.id, { url: 'https://hooks.example.com/a' }, { vault, randomBytes });
		await byLink();
		crm.oauth.revokeAll();
		await hot();
		expect(await work(database, tenant.id)).toEqual([['crm.deal', 'queued', 'CRM_BLOCKED']]);
		await pass(test_.admin, tenant.id);
		const calls = crm.requests.length;
		expect(await work(database, tenant.id)).toEqual([['crm.deal', 'queued', 'CRM_BLOCKED']]);
		expect(crm.requests).toHaveLength(calls);
		const [stands] = await listIntegrations(database, tenant.id);
		expect(stands.blockedAt).not.toBeNull();
		expect(stands.lastError).toContain('Create Connect Link');
		expect(
			await rows(
				`select payload -> 'data' as told from agent_factory.notification_deliveries where tenant_id = $1 and event_type = 'channel.trouble'`,
			),
		).toMatchObject([{ told: { subjectType: 'crm_integration', status: 'needs_reconnect' } }]);
		expect(await byLink()).toMatchObject({ woken: 1 });
		expect(await work(database, tenant.id)).toEqual([['crm.deal', 'completed', null]]);
		expect(await listIntegrations(database, tenant.id)).toMatchObject([{ blockedAt: null, lastError: null }]);
	});

	test('the address for tokens that is down costs nothing but time', async () => {
		await byLink();
		crm.oauth.expireAccess();
		crm.fault({ path: '/oauth/token', fault: 503, times: 1 });
		await hot();
		expect(await work(database, tenant.id)).toEqual([['crm.deal', 'queued', 'CRM_NOT_SENT']]);
		await pass(test_.admin, tenant.id);
		expect(await work(database, tenant.id)).toEqual([['crm.deal', 'completed', null]]);
		expect(crm.deals).toHaveLength(1);
	});
});

describe('webhooks that are registered on connecting', () => {
	const providers: Array<[string, () => Promise<{ webhooks: any[]; url: string; close(): Promise<void> }>, object]> = [
		['Pipedrive', startPipedriveStandIn, { provider: 'pipedrive', token: 'pipedrive-token' }],
		['RD Station', startRdStationStandIn, { provider: 'rd_station', token: 'rd-token' }],
	];
	test.each(providers)('%s has one, however often it is connected, and none after', async (_, start, account) => {
		const there = await start();
		const connectIt = async (changes: object = {}): Promise<ConnectedCrm> =>
			await byToken({ ...account, baseUrl: there.url, webhookUrl: HOOK, ...changes });
		const keyOf = (): string => {
			expect(there.webhooks).toHaveLength(1);
			const [{ subscription_url: one, url: other }] = there.webhooks;
			return new URL(one ?? other).searchParams.get('key')!;
		};
		try {
			const first = await connectIt();
			expect(first).toMatchObject({ webhookProblem: null, integration: { webhookUrl: HOOK } });
			expect(keyOf()).toBe(first.webhookKey);
			expect(await connectIt()).toMatchObject({ webhookKey: null, webhookProblem: null });
			expect(keyOf()).toBe(first.webhookKey);
			await expect(receiveWebhook(database, { key: keyOf(), body: {} }, ports)).resolves.toMatchObject({
				result: 'not_a_deal',
			});
			// Somebody deleted it there: its key is known to nobody, so that there is a new one.
			there.webhooks.splice(0);
			const again = await connectIt();
			expect(keyOf()).toBe(again.webhookKey);
			// A new key leaves nothing of the old one behind.
			const other = await connectIt({ newWebhookKey: true });
			expect(keyOf()).toBe(other.webhookKey);
			expect(await disconnectCrm(database, tenant.id, other.integration.id, ports)).toEqual({
				...{ disconnected: true, webhooksRemoved: 1, webhookProblem: null },
			});
			expect(there.webhooks).toEqual([]);
		} finally {
			await there.close();
		}
	});

	test('a user who may not register them is connected all the same, and told what to do', async () => {
		await crm.close();
		crm = await startPipedriveStandIn({ mayMakeWebhooks: false });
		const connected = await byToken({ webhookUrl: HOOK });
		expect(connected.webhookKey).not.toBeNull();
		expect(connected.webhookProblem).toContain('by hand');
		expect(connected.integration).toMatchObject({
			webhookUrl: null,
			webhookError: connected.webhookProblem,
			blockedAt: null,
		});
	});

	test('a CRM that is away does not keep anybody from disconnecting', async () => {
		const { integration } = await byToken({ webhookUrl: HOOK });
		crm.fault({ fault: 503, times: Infinity });
		const done = await disconnectCrm(database, tenant.id, integration.id, ports);
		expect(done).toMatchObject({ disconnected: true, webhooksRemoved: 0 });
		expect(done.webhookProblem).toContain('by hand');
		expect(await disconnectCrm(database, tenant.id, integration.id, ports)).toMatchObject({ disconnected: false });
	});

	test('an address that no CRM could call is refused before anything is saved', async () => {
		for (const webhookUrl of ['factory.example.com', 'ftp://a.example', `${HOOK}?key=1`])
			await expect(byToken({ webhookUrl })).rejects.toMatchObject({ code: 'VALUE_REFUSED', item: 'webhookUrl' });
		expect(await listIntegrations(database, tenant.id)).toEqual([]);
	});
});

test('RD Station gets the value as a product and the notes as an activity, once', async () => {
	const rd = await startRdStationStandIn();
	try {
		const account = { provider: 'rd_station', token: 'rd-token', baseUrl: rd.url, createOn: 'manual' };
		const { integration } = await byToken(account);
		const lead = await saveLead(database, tenant.id, { classification: 'LEAD_WARM' });
		const details = JSON.stringify({ title: 'Plano', value: 1500.5, notes: 'Quer começar em janeiro.' });
		await test_.admin.query('select set_config($1, $2, false)', ['agent_factory.tenant_id', tenant.id]);
		await test_.admin.query('select agent_factory.want_crm_deal($1, $2, $3, $4)', [
			...[tenant.id, integration.id, lead.leadId, details],
		]);
		rd.fault({ method: 'POST', path: '/api/v1/deals', fault: 'cut after' });
		expect(await work(database, tenant.id)).toEqual([['crm.deal', 'queued', 'CRM_AWAY']]);
		await pass(test_.admin, tenant.id);
		expect(await work(database, tenant.id)).toEqual([['crm.deal', 'completed', null]]);
		expect(rd.deals).toMatchObject([{ amount_total: 1500.5, deal_products: [{ price: 1500.5, recurrence: 'spare' }] }]);
		expect(rd.activities).toMatchObject([{ deal_id: rd.deals[0]._id, text: 'Quer começar em janeiro.' }]);
	} finally {
		await rd.close();
	}
});
