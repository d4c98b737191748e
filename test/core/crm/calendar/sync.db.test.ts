import { book, checkAvailability, runCalendarJobs, syncCalendar } from '../../../../core/crm';
import type { Database } from '../../../../core/database';
import { startCalCom } from '../../../../sandbox/standins/cal-com';
import { startGoogleCalendar, type GoogleCalendarStandIn } from '../../../../sandbox/standins/google-calendar';
import { createTestDatabase, type TestDatabase } from '../../../support/database';
import { databaseFor, dropDatabase, makeTenant, type TestTenant } from '../../../support/factory';
import { connectCal, connectGoogle, ports } from './connected';

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

const DAY_MS = 86_400_000;
/** An hour of the day after tomorrow, UTC. */
const at = (hour: number): string =>
	new Date((Math.floor(Date.now() / DAY_MS) + 2) * DAY_MS + hour * 3_600_000).toISOString();
const rows = async (sql: string): Promise<any[]> => (await test_.admin.query(sql, [tenant.id])).rows;
const books = async (hour: number): Promise<string> => {
	const request = { key: `k${hour}`, start: at(hour), attendee: { name: 'Bia', email: 'bia@example.com' } };
	return (await book(database, tenant.id, request, ports)).bookingId as string;
};
const appointments = async (): Promise<any[]> =>
	(
		await rows(
			`select starts_at, status, cancelled_by from agent_factory.calendar_events where tenant_id = $1 order by booked_at`,
		)
	).map(({ starts_at: start, status, cancelled_by: by }) => [new Date(start).toISOString(), status, by]);
const moveTo = (id: string, hour: number): void =>
	google.change(id.replaceAll('-', ''), {
		start: { dateTime: at(hour) },
		end: { dateTime: new Date(Date.parse(at(hour)) + 1_800_000).toISOString() },
	});
const lists = (): number => google.calls.filter((call) => /GET .*events$/.test(call)).length;

test('what people delete and move in Google is followed from one question to the next, asking only what changed', async () => {
	const calendarId = await connectGoogle(database, tenant.id, google);
	const [first, second] = [await books(12), await books(14)];
	expect(await syncCalendar(database, tenant.id, calendarId, ports)).toEqual({ compared: 2, changed: 0 });
	google.change(first.replaceAll('-', ''), { status: 'cancelled' });
	moveTo(second, 16);
	google.calls.length = 0;
	expect(await syncCalendar(database, tenant.id, calendarId, ports)).toEqual({ compared: 2, changed: 2 });
	expect(google.calls).toHaveLength(1);
	expect(await appointments()).toEqual([
		[at(12), 'cancelled', 'provider'],
		[at(16), 'confirmed', null],
	]);
	expect(await syncCalendar(database, tenant.id, calendarId, ports)).toEqual({ compared: 0, changed: 0 });
	// The times that became free are offered again, the one that is taken is not.
	const { slots } = await checkAvailability(database, tenant.id, { from: at(12), to: at(17), timeZone: 'UTC' }, ports);
	const starts = slots.map(({ start }) => Date.parse(start));
	expect(starts).toEqual(expect.arrayContaining([Date.parse(at(12)), Date.parse(at(14))]));
	expect(starts).not.toContain(Date.parse(at(16)));
});

test('a sync token that Google no longer takes means everything anew, and finds what is gone', async () => {
	const calendarId = await connectGoogle(database, tenant.id, google);
	const first = await books(12);
	await syncCalendar(database, tenant.id, calendarId, ports);
	google.change(first.replaceAll('-', ''), { status: 'cancelled' });
	google.forgetSyncs();
	google.calls.length = 0;
	expect(await syncCalendar(database, tenant.id, calendarId, ports)).toEqual({ compared: 1, changed: 1 });
	expect(lists()).toBe(2);
	expect(await appointments()).toEqual([[at(12), 'cancelled', 'provider']]);
});

test('the job asks each calendar once a period, again later if it is away; people may put two at one time', async () => {
	await connectGoogle(database, tenant.id, google);
	const first = await books(12);
	await books(14);
	moveTo(first, 14);
	google.faults.push({ call: 'GET /calendar/v3/calendars/agenda%40example.com/events', status: 503, times: 1 });
	const run = async (): Promise<unknown[]> =>
		(await runCalendarJobs(database, { workerId: 'w', random: () => 0 }, ports))
			.filter(({ tenantId, type }) => tenantId === tenant.id && type === 'calendar.sync')
			.map(({ status, error, result }) => result?.changed ?? `${status} ${error?.split(':')[0]}`);
	expect(await run()).toEqual(['queued SERVICE_AWAY']);
	expect(await run()).toEqual([]);
	await rows(
		`update agent_factory.background_jobs set available_at = now() where tenant_id = $1 and job_type = 'calendar.sync'`,
	);
	expect(await run()).toEqual([1]);
	expect(await run()).toEqual([]);
	expect(await appointments()).toEqual([
		[at(14), 'confirmed', null],
		[at(14), 'confirmed', null],
	]);
});

test('a booking that was moved or cancelled at Cal.com is followed too', async () => {
	const calCom = await startCalCom();
	try {
		const calendarId = await connectCal(database, tenant.id, calCom);
		await books(12);
		await books(14);
		const [first, second] = [...calCom.bookings.values()];
		first.status = 'cancelled';
		const moved = {
			...second,
			uid: 'moved',
			start: at(16),
			end: new Date(Date.parse(at(16)) + 1_800_000).toISOString(),
		};
		Object.assign(second, { status: 'cancelled', rescheduledToUid: 'moved' });
		calCom.bookings.set('moved', moved);
		expect(await syncCalendar(database, tenant.id, calendarId, ports)).toEqual({ compared: 2, changed: 2 });
		expect(await appointments()).toEqual([
			[at(12), 'cancelled', 'provider'],
			[at(16), 'confirmed', null],
		]);
	} finally {
		await calCom.close();
	}
});

test('times in the past and ends before their beginning are refused with the time that it is', async () => {
	await connectGoogle(database, tenant.id, google);
	const look = async (from: string, to: string): Promise<unknown> =>
		await checkAvailability(database, tenant.id, { from, to, timeZone: 'UTC' }, ports);
	await expect(look('2020-01-01', '2020-01-02')).rejects.toMatchObject({
		...{ code: 'APPOINTMENT_IN_PAST', message: expect.stringContaining(new Date().toISOString().slice(0, 10)) },
	});
	await expect(look(at(14), at(12))).rejects.toMatchObject({
		...{ code: 'CALENDAR_RANGE_REFUSED', message: expect.stringContaining('is not after "from"') },
	});
	await expect(look(at(14), at(14 + 24 * 40))).rejects.toMatchObject({
		...{ code: 'CALENDAR_RANGE_REFUSED', message: expect.stringContaining('31 days') },
	});
});
