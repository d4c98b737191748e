import { randomBytes } from 'node:crypto';
import type { Database } from '../../../core/database';
import {
	createEndpoint,
	deliverNotices,
	enableEndpoint,
	guardedPost,
	listEndpoints,
	MAX_NOTICE_ATTEMPTS,
	type NoticePorts,
} from '../../../core/notifications';
import { inTenant } from '../../../core/tenancy';
import { createTestDatabase, type TestDatabase } from '../../support/database';
import { databaseFor, dropDatabase, makeTenant, vault, type TestTenant } from '../../support/factory';
import { saveLead } from '../leads/lead-story';
import { signaturesOf, startReceiver } from './receiver';

let test_: TestDatabase;
let database: Database;
let tenant: TestTenant;
let hook: Awaited<ReturnType<typeof startReceiver>>;
let secret: string;
let endpointId: string;

const ports: NoticePorts = { post: guardedPost, vault, random: () => 0.5, now: () => Date.now(), allowLocal: true };

beforeAll(async () => {
	test_ = await createTestDatabase();
	database = databaseFor(test_);
});
beforeEach(async () => {
	await test_.admin.query('delete from agent_factory.notification_deliveries');
	tenant = await makeTenant(database);
	hook = await startReceiver();
	const endpoint = await createEndpoint(
		database,
		tenant.id,
		{ url: hook.url, allowLocal: true },
		{ vault, randomBytes },
	);
	[secret, endpointId] = [endpoint.secret as string, endpoint.id as string];
});
afterEach(async () => await hook.close());
afterAll(async () => await dropDatabase(database, test_));

const rows = async (sql: string) => (await test_.admin.query(sql, [tenant.id])).rows;
const notices = async () =>
	await rows(
		`select status, attempts, last_status, last_error, round(extract(epoch from available_at - now()))::int as due_in from agent_factory.notification_deliveries where tenant_id = $1 order by created_at`,
	);
const becomeDue = async () =>
	await rows(
		'update agent_factory.notification_deliveries set available_at = now() where tenant_id = $1 and settled_at is null',
	);
const deliver = async (changes: Partial<NoticePorts> = {}) => await deliverNotices(database, { ...ports, ...changes });
const becomeHot = async (contactId?: string) =>
	await saveLead(database, tenant.id, { contactId, classification: 'LEAD_HOT', icpScore: 84 });

test('a lead that turns HOT is told of at once, signed, with ids and scores and no word of the customer', async () => {
	const lead = await becomeHot();
	expect(await deliver()).toMatchObject([{ status: 'delivered', httpStatus: 204, eventType: 'lead.hot' }]);
	const [{ headers, body }] = hook.received;
	expect(signaturesOf(secret, { headers, body })).toBe(1);
	expect(Math.abs(Number(headers['webhook-timestamp']) - Date.now() / 1000)).toBeLessThan(60);
	expect(JSON.parse(body.toString())).toMatchObject({
		type: 'lead.hot',
		timestamp: expect.stringMatching(/^20\d\d-.*Z$/),
		data: {
			tenantId: tenant.id,
			leadId: lead.leadId,
			classifiedLeadId: lead.id,
			classification: 'LEAD_HOT',
			score: 84,
		},
	});
	expect(body.toString()).not.toMatch(/quanto|Pessoa|55119/);
	expect(await deliver()).toEqual([]);
	expect(hook.received).toHaveLength(1);
});

test('staying HOT, and swinging back within the day, is no second notice; the explored are told of too', async () => {
	const { contactId } = await becomeHot();
	await becomeHot(contactId);
	await saveLead(database, tenant.id, { contactId, classification: 'LEAD_WARM' });
	await becomeHot(contactId);
	await saveLead(database, tenant.id, { classification: 'LEAD_WARM' });
	await saveLead(database, tenant.id, { treatment: 'hot', explorationArm: 'explore', treatPropensity: 0.05 });
	expect(await deliver()).toHaveLength(2);
});

test('a lead that was not stored is not told of', async () => {
	await expect(
		inTenant(database, tenant.id, async (db) => {
			await db.one(`select notify_tenant($1, 'lead.hot', 'x', '{}')`, [tenant.id]);
			await db.one('select 1 / 0');
		}),
	).rejects.toBeDefined();
	expect(await notices()).toEqual([]);
});

test('a hand-over and a full plan are told of, other events of the log are not', async () => {
	await inTenant(database, tenant.id, async (db) => {
		for (const event of ['conversation.handoff', 'plan.leads_limit', 'turn.completed'])
			await db.one(`select record_audit($1, $2, 'x', 'y', '{"reason":"agent_decision"}')`, [tenant.id, event]);
	});
	await deliver();
	expect(
		hook.received
			.map(({ body }) => JSON.parse(body.toString()))
			.map(({ type }) => type)
			.sort(),
	).toEqual(['conversation.handoff', 'plan.leads_limit']);
});

test('a receiver that fails is tried again with growing waits, under the same id, and given up at the limit', async () => {
	await becomeHot();
	hook.receiver.status = 500;
	expect(await deliver()).toMatchObject([{ status: 'pending', httpStatus: 500 }]);
	expect(await notices()).toMatchObject([{ attempts: 1, last_status: 500, due_in: 5 }]);
	expect(await deliver()).toEqual([]);
	await becomeDue();
	await deliver();
	expect(await notices()).toMatchObject([{ attempts: 2, due_in: 25 }]);
	expect(new Set(hook.received.map(({ headers }) => headers['webhook-id'])).size).toBe(1);
	for (let attempt = 3; attempt <= MAX_NOTICE_ATTEMPTS; attempt++) {
		await becomeDue();
		await deliver();
	}
	expect(await notices()).toMatchObject([{ status: 'dead', attempts: MAX_NOTICE_ATTEMPTS, due_in: null }]);
	expect(
		await rows(`select details from agent_factory.audit_events where tenant_id = $1 and event_type = 'notice.dead'`),
	).toHaveLength(1);
	await becomeDue();
	expect(await deliver()).toEqual([]);
});

test('410 disables the endpoint until a person enables it', async () => {
	await becomeHot();
	hook.receiver.status = 410;
	expect(await deliver()).toMatchObject([{ status: 'dead' }]);
	expect(await listEndpoints(database, tenant.id)).toMatchObject([
		{ disabled_reason: 'the receiver answered 410', waiting: 0 },
	]);
	await becomeHot();
	expect(await notices()).toHaveLength(1);
	hook.receiver.status = 200;
	expect(await enableEndpoint(database, tenant.id, endpointId)).toBe(true);
	await becomeHot();
	expect(await deliver()).toMatchObject([{ status: 'delivered' }]);
});

test('a redirect is not followed', async () => {
	const elsewhere = await startReceiver();
	try {
		hook.receiver.status = 302;
		hook.receiver.location = elsewhere.url;
		await becomeHot();
		expect(await deliver()).toMatchObject([{ status: 'pending', httpStatus: 302 }]);
		expect(elsewhere.received).toEqual([]);
	} finally {
		await elsewhere.close();
	}
});

test('a local address needs the word of the operator and of the endpoint', async () => {
	await becomeHot();
	expect(await deliver({ allowLocal: false })).toMatchObject([
		{ status: 'pending', error: 'refused: it is not https' },
	]);
	expect(hook.received).toEqual([]);
	await test_.admin.query('update agent_factory.notification_endpoints set allow_local = false where tenant_id = $1', [
		tenant.id,
	]);
	await becomeDue();
	expect(await deliver()).toMatchObject([{ error: 'refused: it is not https' }]);
	await expect(
		createEndpoint(database, tenant.id, { url: 'https://169.254.169.254/' }, { vault, randomBytes }),
	).rejects.toMatchObject({ code: 'ENDPOINT_REFUSED' });
});

test('four workers at once send each of forty notices once', async () => {
	await Promise.all(Array.from({ length: 40 }, async () => await becomeHot()));
	const sent = (
		await Promise.all(Array.from({ length: 4 }, async () => await deliverNotices(database, ports, { limit: 40 })))
	).flat();
	expect(sent).toHaveLength(40);
	expect(hook.received).toHaveLength(40);
	expect(new Set(hook.received.map(({ headers }) => headers['webhook-id'])).size).toBe(40);
});

test('a worker that dies leaves its notice to the next; when it comes back it writes nothing', async () => {
	await becomeHot();
	const claimed = async () =>
		(
			await database.pool.query<{ id: string; attempts: number }>(
				`select id, attempts from ${database.qualified}claim_notices(5, 60)`,
			)
		).rows;
	const [dead] = await claimed();
	expect(await deliver()).toEqual([]);
	await becomeDue();
	expect(await deliver()).toMatchObject([{ status: 'delivered' }]);
	await expect(
		inTenant(
			database,
			tenant.id,
			async (db) =>
				await db.one(`select settle_notice($1, $2, $3, '{"outcome":"retry"}')`, [tenant.id, dead.id, dead.attempts]),
		),
	).rejects.toMatchObject({ code: 'LEASE_LOST' });
});

test('what was settled a month ago is gone after the next claim', async () => {
	await becomeHot();
	await deliver();
	await rows(
		`update agent_factory.notification_deliveries set settled_at = now() - interval '31 days' where tenant_id = $1`,
	);
	await deliver();
	expect(await notices()).toEqual([]);
});

test('the secret of an endpoint is stored sealed and opens for no other', async () => {
	const [{ secret_encrypted }] = await rows(
		'select secret_encrypted from agent_factory.notification_endpoints where tenant_id = $1',
	);
	expect(secret_encrypted).not.toContain(secret);
	expect(() => vault.decrypt(secret_encrypted, 'notification_endpoints/other/other')).toThrow();
});
