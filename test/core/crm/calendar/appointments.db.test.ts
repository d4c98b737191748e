import { randomUUID } from 'node:crypto';
import {
	book,
	cancel,
	checkAvailability,
	reconcile,
	reschedule,
	type Booking,
	type CalendarPorts,
} from '../../../../core/crm';
import type { Database } from '../../../../core/database';
import { startCalCom, type CalComStandIn } from '../../../../sandbox/standins/cal-com';
import { startGoogleCalendar, type GoogleCalendarStandIn } from '../../../../sandbox/standins/google-calendar';
import { createTestDatabase, type TestDatabase } from '../../../support/database';
import { databaseFor, dropDatabase, makeTenant, type TestTenant } from '../../../support/factory';
import { connectCal, connectGoogle, ports } from './connected';

let test_: TestDatabase;
let database: Database;
let tenant: TestTenant;
let google: GoogleCalendarStandIn;
let calCom: CalComStandIn;
let calendarId: string;

beforeAll(async () => {
	test_ = await createTestDatabase();
	database = databaseFor(test_);
});
afterAll(async () => await dropDatabase(database, test_));
beforeEach(async () => {
	[google, calCom] = [await startGoogleCalendar(), await startCalCom()];
	tenant = await makeTenant(database);
});
afterEach(async () => {
	await google.close();
	await calCom.close();
});

/** Noon UTC of the day after tomorrow, and minutes after it: open everywhere. */
const time = (minutes = 0): string =>
	new Date(Math.floor(Date.now() / 86_400_000 + 2) * 86_400_000 + 12 * 3_600_000 + minutes * 60_000).toISOString();
const asks = async (changes: Partial<Booking> = {}, with_: CalendarPorts = ports, through: Database = database) =>
	await book(
		through,
		tenant.id,
		{ key: randomUUID(), calendarId, start: time(), attendee: { name: 'Bia', email: 'bia@example.com' }, ...changes },
		with_,
	);
const stored = async (): Promise<any[]> =>
	(
		await test_.admin.query(
			'select status, starts_at, provider_event_id, last_error from agent_factory.calendar_events where tenant_id = $1 order by created_at',
			[tenant.id],
		)
	).rows;
/** As if the worker that holds something had died long ago. */
const lapse = async (): Promise<void> =>
	void (await test_.admin.query(
		`update agent_factory.calendar_events set hold_expires_at = now() - interval '1 second' where tenant_id = $1 and hold_token is not null`,
		[tenant.id],
	));
/** Does work in a worker of its own that is gone the moment the service has answered this call: it writes down nothing more. */
async function killedAfter(
	method: string,
	part: string,
	work: (database: Database, ports: CalendarPorts) => Promise<unknown>,
): Promise<void> {
	const own = databaseFor(test_);
	const call: CalendarPorts['call'] = async (asked) => {
		const answer = await ports.call(asked);
		if (asked.method === method && asked.url.includes(part)) await own.pool.end();
		return answer;
	};
	await expect(work(own, { ...ports, call })).rejects.toMatchObject({ code: 'DATABASE_AWAY' });
	expect(own.pool.ended).toBe(true);
}

describe.each(['google', 'cal_com'] as const)('%s', (provider) => {
	const events = (): Array<{ status: string; start: unknown }> =>
		provider === 'google' ? [...google.events.values()] : [...calCom.bookings.values()];
	const live = (): Array<{ status: string }> => events().filter(({ status }) => status !== 'cancelled');
	const service = (): { faults: GoogleCalendarStandIn['faults']; calls: string[] } =>
		provider === 'google' ? google : calCom;
	const MADE = provider === 'google' ? '/events' : '/v2/bookings';
	beforeEach(async () => {
		calendarId =
			provider === 'google'
				? await connectGoogle(database, tenant.id, google)
				: await connectCal(database, tenant.id, calCom);
	});

	test('a time is found, booked, moved and given back', async () => {
		const look = async (): Promise<string[]> =>
			(
				await checkAvailability(
					database,
					tenant.id,
					{ calendarId, from: time(), to: time(120), timeZone: 'UTC' },
					ports,
				)
			).slots.map(({ start }) => start.slice(11, 16));
		expect(await look()).toEqual(['12:00', '12:30', '13:00', '13:30']);
		const booked = await asks();
		expect(booked).toMatchObject({ status: 'confirmed', timezone: 'America/Sao_Paulo' });
		expect(booked.start).toMatch(/T09:00:00-03:00$/);
		expect(await look()).toEqual(['12:30', '13:00', '13:30']);
		const moved = await reschedule(
			database,
			tenant.id,
			{ appointmentId: booked.bookingId as string, key: 'm', start: time(60) },
			ports,
		);
		expect(moved).toMatchObject({ bookingId: booked.bookingId, status: 'confirmed' });
		expect(await look()).toEqual(['12:00', '12:30', '13:30']);
		expect(live()).toHaveLength(1);
		for (let again = 0; again < 2; again++)
			expect(
				await cancel(database, tenant.id, { appointmentId: booked.bookingId as string, by: 'customer' }, ports),
			).toMatchObject({ status: 'cancelled' });
		expect(live()).toHaveLength(0);
		expect(await look()).toEqual(['12:00', '12:30', '13:00', '13:30']);
	});

	test('the same key is one booking; of two keys at once for one time one is booked', async () => {
		const key = randomUUID();
		const first = await asks({ key });
		expect(await asks({ key })).toEqual(first);
		const race = await Promise.allSettled([asks({ start: time(60) }), asks({ start: time(75) })]);
		expect(race.map(({ status }) => status).sort()).toEqual(['fulfilled', 'rejected']);
		expect(race.find(({ status }) => status === 'rejected')).toMatchObject({ reason: { code: 'SLOT_TAKEN' } });
		expect(live()).toHaveLength(2);
	});

	test('a worker that dies when the calendar has taken the booking leaves exactly one', async () => {
		const key = randomUUID();
		await killedAfter('POST', MADE, async (own, mortal) => await asks({ key }, mortal, own));
		expect(await stored()).toMatchObject([{ status: 'tentative', provider_event_id: null }]);
		expect(live()).toHaveLength(1);
		await expect(asks({ start: time(15) })).rejects.toMatchObject({ code: 'SLOT_TAKEN' });
		await expect(asks({ key })).rejects.toMatchObject({ code: 'APPOINTMENT_IN_WORK', retryable: true });
		await lapse();
		const again = await asks({ key });
		expect(again).toMatchObject({ status: 'confirmed' });
		expect(live()).toHaveLength(1);
		expect(await stored()).toMatchObject([{ status: 'confirmed' }]);
	});

	test('what such a worker left is settled by the job that looks after it, once', async () => {
		await killedAfter('POST', MADE, async (own, mortal) => await asks({}, mortal, own));
		const { rows } = await test_.admin.query<{ id: string }>(
			`select payload ->> 'eventId' as id from agent_factory.background_jobs where tenant_id = $1 and job_type = 'calendar.reconcile'`,
			[tenant.id],
		);
		await lapse();
		for (let again = 0; again < 2; again++)
			expect(await reconcile(database, tenant.id, rows[0].id, ports)).toBe('confirmed');
		expect(live()).toHaveLength(1);
	});

	test('an answer that is lost on the way is looked up, never sent again', async () => {
		const key = randomUUID();
		service().faults.push({
			call: `POST ${provider === 'google' ? '/calendar/v3/calendars' : MADE}`,
			drop: true,
			afterWork: true,
		});
		await expect(asks({ key })).rejects.toMatchObject({ code: 'SERVICE_AWAY', retryable: true });
		expect(await stored()).toMatchObject([{ status: 'unknown' }]);
		const posts = service().calls.filter((call) => call.startsWith('POST') && call.includes(MADE)).length;
		expect(await asks({ key })).toMatchObject({ status: 'confirmed' });
		expect(service().calls.filter((call) => call.startsWith('POST') && call.includes(MADE))).toHaveLength(posts);
		expect(live()).toHaveLength(1);
	});

	test('a service that is away is retryable, and its time is free again once somebody looked', async () => {
		const key = randomUUID();
		service().faults.push({ call: `POST ${provider === 'google' ? '/calendar/v3/calendars' : MADE}`, status: 503 });
		await expect(asks({ key })).rejects.toMatchObject({ code: 'SERVICE_AWAY', retryable: true });
		expect(await asks({ key })).toMatchObject({ status: 'confirmed' });
		expect(live()).toHaveLength(1);
	});

	test('too many calls say when to come back', async () => {
		service().faults.push({ call: MADE, status: 429, retryAfterSeconds: 7 });
		await expect(asks()).rejects.toMatchObject({ code: 'SERVICE_BUSY', retryable: true, retryAfterMs: 7_000 });
	});

	test('an account without permission is marked, and works again when it has it', async () => {
		service().faults.push({
			call: MADE,
			status: 403,
			body: { error: { code: 403, message: 'Forbidden', errors: [] } },
		});
		await expect(asks()).rejects.toMatchObject({ code: 'SERVICE_FORBIDDEN', retryable: false });
		const state = async (): Promise<string> =>
			(await test_.admin.query('select status from agent_factory.calendar_integrations where id = $1', [calendarId]))
				.rows[0].status;
		expect(await state()).toBe('no_permission');
		await asks();
		expect(await state()).toBe('connected');
	});

	test('a move whose worker dies when the calendar has moved it ends at the new time, once', async () => {
		const { bookingId } = await asks();
		const request = { appointmentId: bookingId as string, key: 'm', start: time(90) };
		const [method, part] = provider === 'google' ? ['PATCH', '/events'] : ['POST', '/reschedule'];
		await killedAfter(method, part, async (own, mortal) => await reschedule(own, tenant.id, request, mortal));
		await lapse();
		expect(await reschedule(database, tenant.id, request, ports)).toMatchObject({ status: 'confirmed', bookingId });
		expect(live()).toHaveLength(1);
		expect((await stored()).map(({ starts_at }) => starts_at.toISOString())).toEqual([time(90)]);
	});
});

describe('what may not be booked', () => {
	beforeEach(async () => void (calendarId = await connectGoogle(database, tenant.id, google)));

	test.each([
		['the past', { start: '2020-01-01T10:00:00Z' }, 'APPOINTMENT_IN_PAST'],
		['too far ahead', { start: '2099-01-01T10:00:00Z' }, 'SLOT_OUTSIDE_HOURS'],
		['an unknown time zone', { timeZone: 'America/Sao_Paolo' }, 'TIME_ZONE_UNKNOWN'],
		['no time', { start: 'amanhã às 10' }, 'VALUE_REFUSED'],
		['a day that does not exist', { start: '2027-02-30T10:00' }, 'VALUE_REFUSED'],
		['an appointment of ten hours', { durationMinutes: 600 }, 'VALUE_REFUSED'],
		['a calendar of nobody', { calendarId: randomUUID() }, 'CALENDAR_MISSING'],
	])('%s', async (_, changes, code) => {
		await expect(asks(changes)).rejects.toMatchObject({ code });
		expect(google.events.size).toBe(0);
	});

	test('outside the opening hours, and while somebody’s own appointment stands in the calendar', async () => {
		const closed = { mon: [], tue: [], wed: [], thu: [], fri: [], sat: [], sun: [] };
		google.events.set('own', {
			...{ id: 'own', status: 'confirmed', summary: 'Dentista' },
			...{ start: { dateTime: time(10) }, end: { dateTime: time(20) } },
		});
		await expect(asks()).rejects.toMatchObject({ code: 'SLOT_TAKEN' });
		calendarId = await connectGoogle(database, tenant.id, google, { workingHours: closed });
		await expect(asks({ start: time(60) })).rejects.toMatchObject({ code: 'SLOT_OUTSIDE_HOURS' });
	});

	test('a look over more than 31 days', async () => {
		const look = checkAvailability(database, tenant.id, { calendarId, from: '2026-12-01', to: '2027-02-01' }, ports);
		await expect(look).rejects.toMatchObject({ code: 'CALENDAR_RANGE_REFUSED' });
	});

	test('an appointment of another conversation is not found', async () => {
		const { bookingId } = await asks();
		const other = { appointmentId: bookingId as string, by: 'customer' as const, conversationId: randomUUID() };
		await expect(cancel(database, tenant.id, other, ports)).rejects.toMatchObject({ code: 'NOT_FOUND' });
	});
});
