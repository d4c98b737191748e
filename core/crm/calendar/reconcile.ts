import type { Database } from '../../database';
import { followAppointment, markCancelled, noteSync, readAppointment, settle, takeUnsettled } from './appointments';
import { pickCalendar } from './calendars';
import { serviceOf } from './service';
import type { Appointment, CalendarPorts, FoundEvent } from './types';

/** Looks up what became of a booking or move that ended in the dark, and writes it down. Never sends it again. */
export async function reconcile(
	database: Database,
	tenantId: string,
	appointmentId: string,
	ports: CalendarPorts,
): Promise<string> {
	const appointment = await takeUnsettled(database, tenantId, appointmentId);
	if (!appointment) return (await readAppointment(database, tenantId, appointmentId)).status;
	const calendar = await pickCalendar(database, tenantId, { calendarId: appointment.calendarId });
	const service = await serviceOf(database, tenantId, calendar, ports);
	const found = await service.find(appointment);
	if (found && !found.cancelled && (!appointment.pending || found.start === appointment.pending.start)) {
		const outcome = { outcome: 'confirmed', providerEventId: found.providerEventId } as const;
		return (await settle(database, tenantId, appointment, outcome)).status;
	}
	const error = found ? 'the calendar has it elsewhere' : 'the calendar never took it';
	const settled = await settle(database, tenantId, appointment, { outcome: 'failed', error, code: 'NOT_TAKEN' });
	// A move that failed on an appointment that people took out themselves.
	if (found?.cancelled && settled.status === 'confirmed')
		return (await markCancelled(database, tenantId, appointmentId, 'provider')).status;
	return settled.status;
}

/** Brings a booked appointment up to what the calendar has: people move and delete there. */
export async function refresh(
	database: Database,
	tenantId: string,
	appointment: Appointment,
	ports: CalendarPorts,
): Promise<Appointment> {
	const calendar = await pickCalendar(database, tenantId, { calendarId: appointment.calendarId });
	const service = await serviceOf(database, tenantId, calendar, ports);
	const found = await service.find(appointment);
	await noteSync(database, tenantId, calendar.id);
	return await follow(database, tenantId, appointment, found);
}

/** Takes over what the calendar says of an appointment. */
export async function follow(
	database: Database,
	tenantId: string,
	appointment: Appointment,
	found: FoundEvent | null,
): Promise<Appointment> {
	if (!found || found.cancelled) return await markCancelled(database, tenantId, appointment.id, 'provider');
	if (found.start === appointment.start) return appointment;
	await followAppointment(database, tenantId, appointment.id, found);
	return await readAppointment(database, tenantId, appointment.id);
}
