import { toDatabaseError, type Database } from '../../database';
import { keepSyncToken, readSyncToken, upcoming } from './appointments';
import { pickCalendar } from './calendars';
import { SYNC_EVERY_SECONDS, SYNC_SINGLE } from './defaults';
import { follow, refresh } from './reconcile';
import { serviceOf } from './service';
import type { Appointment, CalendarPorts, FoundEvent } from './types';

/** Brings the appointments to come of a calendar up to what people made of them there. */
export async function syncCalendar(
	database: Database,
	tenantId: string,
	calendarId: string,
	ports: CalendarPorts,
): Promise<{ compared: number; changed: number }> {
	const calendar = await pickCalendar(database, tenantId, { calendarId });
	const service = await serviceOf(database, tenantId, calendar, ports);
	const before = await readSyncToken(database, tenantId, calendarId);
	const { events, isAll, token } = await service.changes(before, ports.now());
	const there = new Map(events.map((event) => [event.providerEventId, event]));
	const ours = await upcoming(database, tenantId, calendarId, isAll ? null : [...there.keys()]);
	let [changed, looked] = [0, 0];
	const count = (was: Appointment, is: Appointment): void => {
		if (is.status !== was.status || is.start !== was.start) changed += 1;
	};
	for (const appointment of ours) {
		const event = there.get(appointment.providerEventId ?? '');
		if (event && standsAs(event, appointment)) continue;
		// A list may leave out what is gone, and a booking that was moved names another: those are looked up.
		if (event && !isAll) count(appointment, await follow(database, tenantId, appointment, event));
		else if (looked++ < SYNC_SINGLE) count(appointment, await refresh(database, tenantId, appointment, ports));
	}
	// Last: who dies before reads the same changes again.
	await keepSyncToken(database, tenantId, calendarId, token);
	return { compared: ours.length, changed };
}

const standsAs = ({ cancelled, start }: FoundEvent, appointment: Appointment): boolean =>
	!cancelled && start === appointment.start;

/** Queues the question for every calendar with appointments to come, once a period. */
export async function enqueueSyncs(database: Database): Promise<void> {
	try {
		await database.pool.query(`select ${database.qualified}enqueue_calendar_syncs($1::integer)`, [SYNC_EVERY_SECONDS]);
	} catch (error) {
		throw toDatabaseError(error);
	}
}
