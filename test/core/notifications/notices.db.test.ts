import { randomBytes, randomUUID } from 'node:crypto';
import type { Database } from '../../../core/database';
import {
	createEndpoint,
	deliverNotices,
	EVENT_TYPES,
	guardedPost,
	listEndpoints,
	MAX_NOTICE_ATTEMPTS,
	replayNotices,
	rotateEndpointSecret,
	verifyWebhook,
	type NoticePorts,
} from '../../../core/notifications';
import { ingest } from '../../../core/ingest';
import { createGraphClient, signBody } from '../../../core/meta';
import { deliverDue, sendDirect } from '../../../core/outbox';
import { inTenant, pauseChannelAccount } from '../../../core/tenancy';
import { createTestDatabase, type TestDatabase } from '../../support/database';
import { databaseFor, dropDatabase, listen, makeTenant, textBody, vault, type TestTenant } from '../../support/factory';
import { improveOnce } from '../tenancy/isolation-loop';
import { eventOf, signaturesOf, startReceiver } from './receiver';

let test_: TestDatabase;
let database: Database;
let tenant: TestTenant;
let hook: Awaited<ReturnType<typeof startReceiver>>;
let secret: string;
let endpointId: string;

const ports: NoticePorts = { post: guardedPost, vault, random: () => 0.5, now: () => Date.now(), allowLocal: true };
const sealing = { vault, randomBytes };

beforeAll(async () => {
	test_ = await createTestDatabase();
	database = databaseFor(test_);
});
beforeEach(async () => {
	await test_.admin.query('delete from agent_factory.notification_endpoints');
	tenant = await makeTenant(database);
	hook = await startReceiver();
	({ secret, id: endpointId } = await endpointAt(hook.url));
});
afterEach(async () => await hook.close());
afterAll(async () => await dropDatabase(database, test_));

const endpointAt = async (url: string): Promise<{ id: string; secret: string }> =>
	(await createEndpoint(database, tenant.id, { url, allowLocal: true }, sealing)) as { id: string; secret: string };
const rows = async (sql: string, ...values: unknown[]) => (await test_.admin.query(sql, [tenant.id, ...values])).rows;
const tell = async (type: string, key: string = randomUUID()) =>
	await inTenant(
		database,
		tenant.id,
		async (db) => await db.one(`select notify_tenant($1, $2, $3, '{}')`, [tenant.id, type, key]),
	);
const deliver = async () => await deliverNotices(database, ports, { limit: 100 });
const becomeDue = async () =>
	await rows(
		'update agent_factory.notification_deliveries set available_at = now() where tenant_id = $1 and settled_at is null',
	);
/** Tries all that waits until it is given up. */
const giveUp = async () => {
	for (let attempt = 1; attempt <= MAX_NOTICE_ATTEMPTS; attempt++) {
		await deliver();
		await becomeDue();
	}
};
const told = (from = hook) => from.received.map((received) => eventOf(received).type);
const auditsOf = async (type: string) =>
	await rows('select details from agent_factory.audit_events where tenant_id = $1 and event_type = $2', type);

test('a new endpoint hears every event there is, by whichever way it was made', async () => {
	const [{ known, usual }] = await rows(
		`select $1::uuid, pg_get_constraintdef(c.oid) as known, pg_get_expr(d.adbin, d.adrelid) as usual from pg_constraint c
			join pg_attribute a on a.attrelid = c.conrelid and a.attname = 'event_types' join pg_attrdef d on d.adrelid = a.attrelid and d.adnum = a.attnum
			where c.conname = 'notification_endpoints_events_known'`,
	);
	const events = (text: string) => [...new Set(text.match(/\b[a-z]+\.[a-z_]+\b/g))].sort();
	expect(events(known)).toEqual([...EVENT_TYPES].sort());
	expect(events(usual)).toEqual([...EVENT_TYPES].sort());
	for (const type of EVENT_TYPES) await tell(type);
	await deliver();
	expect(told().sort()).toEqual([...EVENT_TYPES].sort());
});

test('the steps of a roll-out reach the endpoint with ids and reasons', async () => {
	await rows(
		`insert into agent_factory.tenant_personas (tenant_id, version, is_active, brand_voice) values ($1, 1, true, 'x')`,
	);
	await improveOnce(test_.admin, tenant.id, tenant.slug);
	await rows(`insert into agent_factory.rollout_events (tenant_id, rollout_id, target, agent_id, kind, actor, is_person, reason)
		select tenant_id, id, target, agent_id, 'rolled_back', 'system', false, 'guardrail' from agent_factory.rollouts where tenant_id = $1 and target = 'persona'`);
	await deliver();
	expect(told().sort()).toEqual(['rollout.rolled_back', 'suggestion.applied', 'suggestion.applied']);
	expect(eventOf(hook.received.find((one) => eventOf(one).type === 'rollout.rolled_back')!).data).toMatchObject({
		tenantId: tenant.id,
		target: 'persona',
		reason: 'guardrail',
		byPerson: false,
	});
});

describe('a channel that stops', () => {
	test('by an expired token is told of once, with account and reason and no token', async () => {
		const rawBody = Buffer.from(
			JSON.stringify(textBody(tenant.phoneNumberId, [{ from: '5511900001111', text: 'oi' }])),
		);
		await ingest(database, { rawBody, signature: signBody(rawBody, 'secret'), secrets: ['secret'] });
		const [{ id: conversationId }] = await rows('select id from agent_factory.conversations where tenant_id = $1');
		for (const key of ['a', 'b'])
			await sendDirect(database, tenant.id, { conversationId, key, content: { text: 'palavra do atendente' } });
		const meta = await listen(() => ({
			status: 401,
			body: { error: { message: 'no', type: 'OAuthException', code: 190 } },
		}));
		try {
			const graph = createGraphClient({ fetch, baseUrl: meta.url, version: 'v25.0' });
			for (let run = 0; run < 2; run++)
				await deliverDue(database, { graph, vault, random: () => 0.5 }, { workerId: 'test' });
		} finally {
			await meta.close();
		}
		await deliver();
		expect(told()).toEqual(['channel.trouble']);
		expect(eventOf(hook.received[0]).data).toMatchObject({
			subjectType: 'channel_account',
			subjectId: tenant.channelAccountId,
			reason: expect.stringMatching(/./),
			accounts: 1,
		});
		expect(hook.received[0].body.toString()).not.toMatch(/palavra|"token"/);
	});

	test('by the hand of a person is no news', async () => {
		expect(await pauseChannelAccount(database, tenant.id, tenant.channelAccountId, 'férias', 'n8n:desk')).toBe(true);
		await deliver();
		expect(told()).toEqual([]);
		expect(await auditsOf('channel_account.paused')).toHaveLength(1);
	});
});

describe('a secret that rotates', () => {
	test('signs beside the old one for a day; then alone', async () => {
		const { secret: next, previous_secret_until: until } = await rotateEndpointSecret(
			database,
			tenant.id,
			endpointId,
			sealing,
			'n8n:desk',
		);
		expect(next).not.toBe(secret);
		expect((until as Date).getTime() - Date.now()).toBeGreaterThan(23.9 * 3_600_000);
		expect((until as Date).getTime() - Date.now()).toBeLessThan(24.1 * 3_600_000);
		await tell('breaker.opened');
		await deliver();
		const [during] = hook.received;
		expect([signaturesOf(next as string, during), signaturesOf(secret, during)]).toEqual([1, 1]);
		expect(String(during.headers['webhook-signature']).split(' ')).toHaveLength(2);
		for (const known of [next as string, secret])
			expect(verifyWebhook([known], during.headers, during.body, Date.now()).ok).toBe(true);

		await rows(
			`update agent_factory.notification_endpoints set previous_secret_until = now() - interval '1 second' where tenant_id = $1`,
		);
		await tell('breaker.opened');
		await deliver();
		const after = hook.received[1];
		expect([signaturesOf(next as string, after), signaturesOf(secret, after)]).toEqual([1, 0]);
		expect(await auditsOf('notification_endpoint.secret_rotated')).toHaveLength(1);
	});

	test('a second time within the day ends the first at once', async () => {
		const secrets = [secret];
		for (let turn = 0; turn < 2; turn++)
			secrets.push((await rotateEndpointSecret(database, tenant.id, endpointId, sealing)).secret as string);
		await tell('breaker.opened');
		await deliver();
		expect(secrets.map((known) => signaturesOf(known, hook.received[0]))).toEqual([0, 1, 1]);
	});

	test('is stored sealed, the old one too; a secret of one’s own is taken, a weak one refused', async () => {
		const own = `whsec_${Buffer.alloc(24, 3).toString('base64')}`;
		expect(await rotateEndpointSecret(database, tenant.id, endpointId, { ...sealing, secret: own })).toMatchObject({
			secret: own,
		});
		const [row] = await rows('select * from agent_factory.notification_endpoints where tenant_id = $1');
		expect(JSON.stringify(row)).not.toContain(own);
		expect(JSON.stringify(row)).not.toContain(secret);
		expect(JSON.stringify(await listEndpoints(database, tenant.id))).not.toMatch(/secret_encrypted|whsec/);
		await expect(
			rotateEndpointSecret(database, tenant.id, endpointId, { ...sealing, secret: 'whsec_AAAA' }),
		).rejects.toMatchObject({ code: 'WEBHOOK_SECRET_INVALID' });
	});
});

describe('a replay', () => {
	const replay = async (limit?: number, since = '2026-01-01T00:00:00Z') =>
		await replayNotices(database, tenant.id, endpointId, { since, limit }, 'n8n:desk');
	const ids = () => hook.received.map(({ headers }) => headers['webhook-id']);

	test('sends again what arrived and what was given up, under the same ids, with tries of its own', async () => {
		await tell('lead.hot');
		await deliver();
		await tell('breaker.opened');
		hook.receiver.status = 500;
		await giveUp();
		const seen = [...new Set(ids())];
		expect(seen).toHaveLength(2);
		hook.received.length = 0;

		expect(await replay()).toMatchObject({ id: endpointId, replayed: 2, until: expect.any(Date) });
		expect((await deliver()).map(({ status }) => status)).toEqual(['pending', 'pending']);
		hook.receiver.status = 200;
		await becomeDue();
		expect((await deliver()).map(({ status }) => status)).toEqual(['delivered', 'delivered']);
		expect([...new Set(ids())].sort()).toEqual(seen.sort());
		expect(hook.received.every((received) => signaturesOf(secret, received) === 1)).toBe(true);
		expect(await auditsOf('notices.replayed')).toMatchObject([{ details: { notices: 2 } }]);
	});

	test('goes no further back than it is asked and than 30 days, and no further than its limit', async () => {
		for (const type of ['lead.hot', 'breaker.opened', 'channel.trouble']) await tell(type);
		await deliver();
		const age = async (type: string, days: number) =>
			await rows(
				`update agent_factory.notification_deliveries set created_at = now() - make_interval(days => $3::int) where tenant_id = $1 and event_type = $2`,
				type,
				days,
			);
		await age('lead.hot', 31);
		await age('breaker.opened', 3);
		hook.received.length = 0;
		expect(await replay(undefined, new Date(Date.now() - 86_400_000).toISOString())).toMatchObject({ replayed: 1 });
		await deliver();
		expect(told()).toEqual(['channel.trouble']);
		expect(await replay(1)).toMatchObject({ replayed: 1 });
		await deliver();
		expect(told()).toEqual(['channel.trouble', 'breaker.opened']);
		expect(await replay()).toMatchObject({ replayed: 2 });
	});

	test('puts back at most 500 a call, whatever is asked; what still waits is not touched', async () => {
		await rows(
			`insert into agent_factory.notification_deliveries (tenant_id, endpoint_id, event_type, event_key, payload, status, available_at, settled_at)
				select $1, $2, 'lead.hot', n::text, '{"type":"lead.hot"}', 'delivered', null, now() from generate_series(1, 620) n`,
			endpointId,
		);
		expect(await replay(10_000)).toMatchObject({ replayed: 500 });
		expect(await replay()).toMatchObject({ replayed: 120 });
		expect(await replay()).toMatchObject({ replayed: 0, until: null });
	});

	test('of another tenant, or of no endpoint, is refused', async () => {
		const other = await makeTenant(database);
		const since = '2026-01-01T00:00:00Z';
		await tell('lead.hot');
		await deliver();
		for (const [owner, id] of [
			[other.id, endpointId],
			[tenant.id, randomUUID()],
		]) {
			await expect(replayNotices(database, owner, id, { since })).rejects.toMatchObject({ code: 'ENDPOINT_NOT_FOUND' });
			await expect(rotateEndpointSecret(database, owner, id, sealing)).rejects.toMatchObject({
				code: 'ENDPOINT_NOT_FOUND',
			});
		}
		expect(await deliver()).toEqual([]);
	});

	test('a worker from before the replay settles nothing of it', async () => {
		await tell('lead.hot');
		const claim = async () =>
			(await database.pool.query(`select id, attempts from ${database.qualified}claim_notices(5, 60)`)).rows;
		const [late] = await claim();
		await becomeDue();
		await deliver();
		await replay();
		expect(await claim()).toMatchObject([{ id: late.id, attempts: 3 }]);
		const settle = inTenant(
			database,
			tenant.id,
			async (db) =>
				await db.one(`select settle_notice($1, $2, $3, '{"outcome":"delivered"}')`, [
					tenant.id,
					late.id,
					late.attempts,
				]),
		);
		await expect(settle).rejects.toMatchObject({ code: 'LEASE_LOST' });
	});
});

describe('an endpoint that is disabled', () => {
	let neighbour: Awaited<ReturnType<typeof startReceiver>>;
	beforeEach(async () => {
		neighbour = await startReceiver();
		await endpointAt(neighbour.url);
	});
	afterEach(async () => await neighbour.close());

	test('by 410 is audited, and the tenant’s other endpoints are told, not the one itself', async () => {
		await tell('lead.hot');
		hook.receiver.status = 410;
		await deliver();
		await deliver();
		expect(told(neighbour).sort()).toEqual(['endpoint.disabled', 'lead.hot']);
		expect(eventOf(neighbour.received.find((one) => eventOf(one).type === 'endpoint.disabled')!).data).toMatchObject({
			subjectId: endpointId,
			reason: 'the receiver answered 410',
		});
		expect(told()).toEqual(['lead.hot']);
		expect(await auditsOf('notification_endpoint.disabled')).toHaveLength(1);
	});

	test('by taking nothing for a day too', async () => {
		await tell('lead.hot');
		hook.receiver.status = 500;
		await giveUp();
		expect((await listEndpoints(database, tenant.id)).map((row) => row.disabled_reason)).toEqual([
			'a notice was given up and none had arrived for a day',
			null,
		]);
		await deliver();
		expect(told(neighbour).sort()).toEqual(['endpoint.disabled', 'lead.hot']);
	});

	test('not by one notice that it cannot digest', async () => {
		await tell('lead.hot');
		await deliver();
		await tell('breaker.opened');
		hook.receiver.status = 500;
		await giveUp();
		expect(await auditsOf('notice.dead')).toHaveLength(1);
		expect((await listEndpoints(database, tenant.id)).map((row) => row.disabled_at)).toEqual([null, null]);
	});
});
