import type { Database } from '../../../../core/database';
import { inTenant } from '../../../../core/tenancy';
import { createTestDatabase, type TestDatabase } from '../../../support/database';
import { databaseFor, dropDatabase, makeTenant, type TestTenant } from '../../../support/factory';
import { addCalendar, hold, inMinutes, settle, type HeldSlot } from './calendar-story';

let test_: TestDatabase;
let database: Database;
let tenant: TestTenant;
let calendarId: string;

beforeAll(async () => {
	test_ = await createTestDatabase();
	database = databaseFor(test_);
});
beforeEach(async () => {
	tenant = await makeTenant(database);
	calendarId = await addCalendar(database, tenant.id);
});
afterAll(async () => await dropDatabase(database, test_));

const take = async (key: string, from: number, to: number, more: object = {}): Promise<HeldSlot> =>
	await hold(database, tenant.id, calendarId, { key, from, to, ...more });
const move = async (eventId: string, from: number, to: number, key = 'move'): Promise<HeldSlot> =>
	(await inTenant(
		database,
		tenant.id,
		async (db) =>
			await db.one<{ held: HeldSlot }>('select hold_move($1, $2, $3, $4, $5, 120) as held', [
				tenant.id,
				eventId,
				key,
				inMinutes(from),
				inMinutes(to),
			]),
	))!.held;
const rows = async (sql: string): Promise<any[]> => (await test_.admin.query(sql, [tenant.id])).rows;
const lapse = async (): Promise<void> =>
	void (await rows(
		`update agent_factory.calendar_events set hold_expires_at = now() - interval '1 second' where tenant_id = $1 and hold_token is not null`,
	));

test('of two who want the same time at once one gets it, twenty times over', async () => {
	for (let round = 0; round < 20; round++) {
		const from = 60 + round * 60;
		const outcomes = await Promise.all([
			take(`a${round}`, from, from + 30),
			take(`b${round}`, from + (round % 3) * 10, from + 30 + (round % 3) * 10),
		]);
		expect(outcomes.map(({ outcome }) => outcome).sort()).toEqual(['held', 'taken']);
	}
});

test('times that only touch do not collide, unless the calendar wants a pause between', async () => {
	expect((await take('a', 60, 90)).outcome).toBe('held');
	expect((await take('b', 90, 120)).outcome).toBe('held');
	expect((await take('c', 30, 60)).outcome).toBe('held');
	calendarId = await addCalendar(database, tenant.id, { calendarId: 'with-pause', bufferMinutes: 15 });
	expect((await take('d', 60, 90)).outcome).toBe('held');
	expect((await take('e', 90, 120)).outcome).toBe('taken');
	expect((await take('f', 105, 135)).outcome).toBe('held');
});

test('a key is one appointment: known when booked, in work while held, looked up when its worker died', async () => {
	const held = await take('k', 60, 90);
	expect((await take('k', 60, 90)).outcome).toBe('in_work');
	await lapse();
	expect(await take('k', 60, 90)).toMatchObject({ outcome: 'unsettled', event: { id: held.event.id } });
	expect(await take('other', 60, 90)).toMatchObject({ outcome: 'taken', unsettled: true });
	await settle(database, tenant.id, held.event, { outcome: 'confirmed', providerEventId: 'p1' });
	expect(await take('k', 60, 90)).toMatchObject({
		outcome: 'known',
		event: { id: held.event.id, status: 'confirmed' },
	});
	expect(await take('other', 60, 90)).toMatchObject({ outcome: 'taken', unsettled: false });
});

test('a booking that failed frees its time, and its key may try again', async () => {
	const held = await take('k', 60, 90);
	await settle(database, tenant.id, held.event, { outcome: 'failed', error: 'no', code: 'X' });
	expect((await take('other', 60, 90)).outcome).toBe('held');
	expect((await take('k', 60, 90)).outcome).toBe('taken');
	expect(await take('k', 120, 150)).toMatchObject({ outcome: 'held', event: { id: held.event.id } });
});

test('a booking of unknown outcome keeps its time until somebody has looked', async () => {
	const held = await take('k', 60, 90);
	await settle(database, tenant.id, held.event, { outcome: 'unknown', error: 'time-out' });
	expect(await take('other', 60, 90)).toMatchObject({ outcome: 'taken', unsettled: true });
	const looks = async (): Promise<any> =>
		(await inTenant(
			database,
			tenant.id,
			async (db) => await db.one<any>('select take_unsettled($1, $2, 60) as event', [tenant.id, held.event.id]),
		))!.event;
	const [first, second] = await Promise.all([looks(), looks()]);
	expect([first, second].filter(Boolean)).toHaveLength(1);
	await expect(settle(database, tenant.id, held.event, { outcome: 'confirmed' })).rejects.toMatchObject({
		code: 'LEASE_LOST',
	});
	await settle(database, tenant.id, first ?? second, { outcome: 'failed', error: 'never there' });
	expect((await take('other', 60, 90)).outcome).toBe('held');
});

test('a move holds both times, and in the end stands at one', async () => {
	const held = await take('k', 60, 90);
	await settle(database, tenant.id, held.event, { outcome: 'confirmed', providerEventId: 'p1' });
	const moving = await move(held.event.id, 180, 210);
	expect(moving.outcome).toBe('held');
	expect((await take('old', 60, 90)).outcome).toBe('taken');
	expect((await take('new', 180, 210)).outcome).toBe('taken');
	expect((await move(held.event.id, 240, 270)).outcome).toBe('in_work');
	const moved = await settle(database, tenant.id, moving.event, { outcome: 'confirmed' });
	expect(new Date(moved.starts_at as string)).toEqual(inMinutes(180));
	expect((await move(held.event.id, 180, 210)).outcome).toBe('known');
	expect((await take('old', 60, 90)).outcome).toBe('held');
	expect((await move(held.event.id, 75, 105)).outcome).toBe('taken');
	const refused = await move(held.event.id, 300, 330);
	await settle(database, tenant.id, refused.event, { outcome: 'failed', error: 'no' });
	expect(
		await rows(
			'select status, pending_starts_at, hold_token from agent_factory.calendar_events where tenant_id = $1 order by created_at limit 1',
		),
	).toEqual([{ status: 'confirmed', pending_starts_at: null, hold_token: null }]);
});

test('cancelling frees the time once and tells the funnel once', async () => {
	const held = await take('k', 60, 90);
	await settle(database, tenant.id, held.event, { outcome: 'confirmed', providerEventId: 'p1' });
	for (let again = 0; again < 2; again++)
		await inTenant(
			database,
			tenant.id,
			async (db) => await db.one(`select cancel_appointment($1, $2, 'customer')`, [tenant.id, held.event.id]),
		);
	expect((await take('other', 60, 90)).outcome).toBe('held');
	expect(
		await rows(
			`select event_type, count(*)::int as n from agent_factory.analytics_events where tenant_id = $1 group by 1 order by 1`,
		),
	).toEqual([
		{ event_type: 'appointment.booked', n: 1 },
		{ event_type: 'appointment.cancelled', n: 1 },
	]);
});

test('every hold leaves a job that looks after it, every booking one reminder at the earliest time ahead', async () => {
	const held = await take('k', 30 * 60, 30 * 60 + 30);
	await settle(database, tenant.id, held.event, { outcome: 'confirmed', providerEventId: 'p1' });
	const soon = await take('soon', 5 * 60, 5 * 60 + 30);
	await settle(database, tenant.id, soon.event, { outcome: 'confirmed', providerEventId: 'p2' });
	const jobs = await rows(
		`select job_type, payload ->> 'eventId' as event, available_at from agent_factory.background_jobs where tenant_id = $1 and job_type = 'calendar.remind' order by available_at`,
	);
	expect(jobs.map(({ event, available_at }) => [event, available_at])).toEqual([
		[soon.event.id, inMinutes(3 * 60)],
		[held.event.id, inMinutes(6 * 60)],
	]);
	expect(
		await rows(
			`select count(*)::int as n from agent_factory.background_jobs where tenant_id = $1 and job_type = 'calendar.reconcile'`,
		),
	).toEqual([{ n: 2 }]);
});

test('the past, another calendar and one that is switched off are refused', async () => {
	await expect(take('past', -180, -120)).rejects.toMatchObject({ code: 'WRONG_STATE' });
	await take('k', 60, 90);
	const other = await addCalendar(database, tenant.id, { calendarId: 'other' });
	await expect(hold(database, tenant.id, other, { key: 'k', from: 60, to: 90 })).rejects.toMatchObject({
		code: 'WRONG_STATE',
	});
	await rows('update agent_factory.calendar_integrations set is_active = false where tenant_id = $1');
	await expect(take('off', 120, 150)).rejects.toMatchObject({ code: 'WRONG_STATE' });
	await rows('delete from agent_factory.calendar_integrations where tenant_id = $1');
	await expect(take('gone', 120, 150)).rejects.toMatchObject({ code: 'NOT_FOUND' });
});

test('a connection that breaks is told of once; of two who would renew it one may', async () => {
	const twice = async (sql: string): Promise<any[]> =>
		await Promise.all(
			[0, 1].map(async () => await inTenant(database, tenant.id, async (db) => await db.one<any>(sql, [tenant.id]))),
		);
	await twice(`select mark_calendar($1, id, 'needs_reconnect', 'revoked') from calendar_integrations`);
	expect(
		await rows(
			`select count(*)::int as n from agent_factory.audit_events where tenant_id = $1 and event_type = 'calendar.trouble'`,
		),
	).toEqual([{ n: 1 }]);
	const tokens = (await twice(`select take_connect_lease($1, 'calendar/x', 60)::text as token`)).map(
		({ token }) => token,
	);
	expect(tokens.filter(Boolean)).toHaveLength(1);
	await inTenant(database, tenant.id, async (db) => {
		await db.one('select end_connect_lease($1, $2, $3)', [tenant.id, 'calendar/x', tokens.find(Boolean)]);
		expect(
			await db.one('select take_connect_lease($1, $2, 60) is not null as free', [tenant.id, 'calendar/x']),
		).toEqual({
			free: true,
		});
	});
});
