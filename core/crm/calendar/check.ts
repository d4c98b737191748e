import type { Database } from '../../database';
import { FactoryError } from '../../errors';
import { bookable, freeSlots, meets } from './availability';
import { durationOf } from './book';
import { pickCalendar, type CalendarChoice } from './calendars';
import { DEFAULT_RANGE_DAYS, MAX_RANGE_DAYS, MAX_SLOTS } from './defaults';
import { serviceOf } from './service';
import { inTenant } from '../../tenancy';
import { checkTimeZone, DAY_MS, isoIn, readInstant, type Interval } from './time';
import type { CalendarPorts } from './types';

const HELD = `select starts_at as start, ends_at as "end", pending_starts_at as "pendingStart", pending_ends_at as "pendingEnd" from calendar_events
	where tenant_id = $1::uuid and integration_id = $2::uuid and status in ('tentative', 'confirmed', 'unknown')
		and ((starts_at > $3::timestamptz - interval '1 day' and starts_at < $4::timestamptz) or pending_starts_at is not null)`;

export interface Availability extends CalendarChoice {
	/** From now on when absent. */
	from?: string | null;
	to?: string | null;
	durationMinutes?: number | null;
	timeZone?: string | null;
}

/** What is held or booked here and the calendar may not show yet. */
async function heldHere(
	database: Database,
	tenantId: string,
	calendarId: string,
	range: Interval,
): Promise<Interval[]> {
	const rows = await inTenant(
		database,
		tenantId,
		async (db) =>
			await db.all<{ start: Date; end: Date; pendingStart: Date | null; pendingEnd: Date | null }>(HELD, [
				tenantId,
				calendarId,
				new Date(range.start),
				new Date(range.end),
			]),
	);
	return rows.flatMap(({ start, end, pendingStart, pendingEnd }) => [
		{ start: start.getTime(), end: end.getTime() },
		...(pendingStart && pendingEnd ? [{ start: pendingStart.getTime(), end: pendingEnd.getTime() }] : []),
	]);
}

/** The free times of a calendar, in the time zone that was asked for. */
export async function checkAvailability(
	database: Database,
	tenantId: string,
	request: Availability,
	ports: CalendarPorts,
): Promise<{ slots: Array<{ start: string; end: string }>; timezone: string; calendarId: string }> {
	const calendar = await pickCalendar(database, tenantId, request);
	const timeZone = checkTimeZone(request.timeZone || calendar.timeZone);
	const durationMinutes = durationOf(calendar, request.durationMinutes);
	const now = ports.now();
	const from = request.from ? readInstant(request.from, timeZone, 'from') : now;
	// A bare date as the end means all of that day.
	const lastDay =
		request.to && /^\d{4}-\d{2}-\d{2}$/.test(request.to.trim()) ? `${request.to.trim()}T24:00` : request.to;
	const to = lastDay ? readInstant(lastDay, timeZone, 'to') : Math.max(from, now) + DEFAULT_RANGE_DAYS * DAY_MS;
	if (to > from && to <= now)
		throw new FactoryError(
			'APPOINTMENT_IN_PAST',
			`These times lie in the past: it is now ${isoIn(now, timeZone)}. Ask for times to come.`,
			{ item: 'to' },
		);
	if (to <= from || to - from > MAX_RANGE_DAYS * DAY_MS)
		throw new FactoryError(
			'CALENDAR_RANGE_REFUSED',
			to <= from
				? `"to" (${isoIn(to, timeZone)}) is not after "from" (${isoIn(from, timeZone)}). Correct one of them.`
				: `Times are looked for in ${MAX_RANGE_DAYS} days at most. Ask for a shorter time.`,
			{ item: 'to' },
		);
	const limits = bookable(now, calendar);
	const range = { start: Math.max(from, limits.start), end: Math.min(to, limits.end) };
	let free: Interval[] = [];
	if (range.start < range.end) {
		const service = await serviceOf(database, tenantId, calendar, ports);
		const [found, held] = [
			await service.look({ ...range, durationMinutes }),
			await heldHere(database, tenantId, calendar.id, range),
		];
		free =
			'free' in found
				? found.free.filter((slot) => slot.start >= range.start && slot.end <= range.end && !meets(slot, held, 0))
				: freeSlots({ from, to, durationMinutes, now }, calendar, [...found.taken, ...held]);
	}
	const slots = free
		.slice(0, MAX_SLOTS)
		.map(({ start, end }) => ({ start: isoIn(start, timeZone), end: isoIn(end, timeZone) }));
	return { slots, timezone: timeZone, calendarId: calendar.id };
}
