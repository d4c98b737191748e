import { callService, finishGoogle, GOOGLE, saveOAuthApp, book } from '../../../core/crm';
import type { Database } from '../../../core/database';
import { startGoogleCalendar, type GoogleCalendarStandIn } from '../../../sandbox/standins/google-calendar';
import { createTestDatabase, type TestDatabase } from '../../support/database';
import { databaseFor, dropDatabase, makeTenant, vault, type TestTenant } from '../../support/factory';
import { connectGoogle, openGoogleLink, ports } from './calendar/connected';

let test_: TestDatabase;
let database: Database;
let tenant: TestTenant;
let google: GoogleCalendarStandIn;

beforeAll(async () => {
	test_ = await createTestDatabase();
	database = databaseFor(test_);
});
afterAll(async () => await dropDatabase(database, test_));
beforeEach(async () => {
	google = await startGoogleCalendar();
	tenant = await makeTenant(database);
});
afterEach(async () => await google.close());

const calendars = async (): Promise<any[]> =>
	(await test_.admin.query('select * from agent_factory.calendar_integrations where tenant_id = $1', [tenant.id])).rows;
const books = async (minutes: number): Promise<Record<string, unknown>> => {
	const start = new Date(Math.floor(Date.now() / 86_400_000 + 2) * 86_400_000 + minutes * 60_000).toISOString();
	return await book(database, tenant.id, { key: `k${minutes}`, start }, ports);
};

test('a link connects a calendar once, and seals its tokens', async () => {
	const callback = await openGoogleLink(database, tenant.id, google);
	const both = await Promise.allSettled([
		finishGoogle(database, callback, ports),
		finishGoogle(database, callback, ports),
	]);
	expect(both.map(({ status }) => status).sort()).toEqual(['fulfilled', 'rejected']);
	await expect(finishGoogle(database, callback, ports)).rejects.toMatchObject({ code: 'CONNECT_LINK_USED' });
	const [calendar, ...more] = await calendars();
	expect(more).toEqual([]);
	expect(calendar).toMatchObject({
		calendar_id: 'agenda@example.com',
		time_zone: 'America/Sao_Paulo',
		status: 'connected',
	});
	for (const token of [...google.oauth.accessTokens, ...google.oauth.refreshTokens, google.oauth.clientSecret]) {
		expect(JSON.stringify(calendar)).not.toContain(token);
	}
	await connectGoogle(database, tenant.id, google);
	expect(await calendars()).toHaveLength(1);
});

test('no permission, a forged state, an app that Google does not know: nothing is kept, each says what to do', async () => {
	google.oauth.deny = true;
	const denied = await openGoogleLink(database, tenant.id, google);
	expect(denied.error).toBe('access_denied');
	await expect(finishGoogle(database, denied, ports)).rejects.toMatchObject({ code: 'CONNECT_DENIED' });
	google.oauth.deny = false;
	const callback = await openGoogleLink(database, tenant.id, google);
	await expect(finishGoogle(database, { ...callback, state: `${callback.state}x` }, ports)).rejects.toMatchObject({
		code: 'PAGE_LINK_INVALID',
	});
	const later = { ...ports, now: () => Date.now() + 100 * 3_600_000 };
	await expect(finishGoogle(database, callback, later)).rejects.toMatchObject({ code: 'PAGE_LINK_EXPIRED' });
	const app = { clientId: 'client-id', clientSecret: 'other', baseUrl: google.url, allowLocal: true };
	await saveOAuthApp(database, tenant.id, GOOGLE, app, vault);
	await expect(finishGoogle(database, callback, ports)).rejects.toMatchObject({ code: 'OAUTH_APP_REFUSED' });
	expect(await calendars()).toEqual([]);
});

test('a code is worth nothing without the verifier of its link', async () => {
	const first = await openGoogleLink(database, tenant.id, google);
	const second = await openGoogleLink(database, tenant.id, google);
	await expect(finishGoogle(database, { ...first, code: second.code }, ports)).rejects.toMatchObject({
		code: 'SERVICE_UNAUTHORIZED',
	});
});

test('of five who find the token ended at once, one renews it', async () => {
	await connectGoogle(database, tenant.id, google);
	google.oauth.expireAccess();
	google.oauth.grants.length = 0;
	const booked = await Promise.all([0, 30, 60, 90, 120].map(books));
	expect(booked.map(({ status }) => status)).toEqual(Array(5).fill('confirmed'));
	expect(google.oauth.grants).toEqual(['refresh_token']);
});

test('a token whose end is near is renewed before it is used', async () => {
	await connectGoogle(database, tenant.id, google);
	google.oauth.grants.length = 0;
	await test_.admin.query(
		`update agent_factory.calendar_integrations set token_expires_at = now() + interval '30 seconds'`,
	);
	await books(0);
	expect(google.oauth.grants).toEqual(['refresh_token']);
	expect(google.calls.filter((call) => call.includes('freeBusy'))).toHaveLength(1);
});

test('a revoked account is asked once, marked, told of, and works again when it is connected again', async () => {
	await connectGoogle(database, tenant.id, google);
	google.oauth.revokeAll();
	google.oauth.grants.length = 0;
	await expect(books(0)).rejects.toMatchObject({ code: 'SERVICE_UNAUTHORIZED', retryable: false });
	expect(google.oauth.grants).toEqual(['refresh_token']);
	expect(await calendars()).toMatchObject([
		{ status: 'needs_reconnect', last_error: expect.stringContaining('Connect') },
	]);
	await connectGoogle(database, tenant.id, google);
	expect(await calendars()).toMatchObject([{ status: 'connected', last_error: null }]);
	expect(await books(0)).toMatchObject({ status: 'confirmed' });
});

test.each(['http://169.254.169.254/latest', 'https://localhost/', 'https://10.0.0.1/', 'ftp://example.com/', 'no url'])(
	'the address %s of a service is not called',
	async (url) => {
		await expect(callService({ method: 'GET', url })).rejects.toMatchObject({ code: 'SERVICE_ADDRESS_REFUSED' });
	},
);
