import type { Database } from '../../database';
import { FactoryError, isFactoryError } from '../../errors';
import { maybeTaken } from '../connect';
import {
	appointmentOfKey,
	holdMove,
	holdSlot,
	markCancelled,
	readAppointment,
	settle,
	told,
	type Held,
} from './appointments';
import { bookable, isWithinHours, meets } from './availability';
import { pickCalendar, type CalendarChoice } from './calendars';
import { HOLD_TRIES, MAX_DURATION_MINUTES, TITLE_CHARACTERS } from './defaults';
import { reconcile } from './reconcile';
import { serviceOf } from './service';
import { checkTimeZone, isoIn, MINUTE_MS, readInstant, type Interval } from './time';
import type { Appointment, Attendee, Calendar, CalendarPorts, CalendarService, FoundEvent } from './types';

export interface Booking extends CalendarChoice {
	/** The same key is the same booking, however often it is asked for. */
	key: string;
	start: string;
	durationMinutes?: number | null;
	/** Of `start` where it names none, and of the answer; the calendar's when absent. */
	timeZone?: string | null;
	title?: string | null;
	attendee?: Partial<Attendee>;
	contactId?: string | null;
	conversationId?: string | null;
	actor?: string;
}

const taken = (): FactoryError =>
	new FactoryError('SLOT_TAKEN', 'This time is no longer free. Offer another one.', { item: 'start' });

/** Refuses a time that nobody may book, each with its own reason. */
export function checkTime(time: Interval, calendar: Calendar, now: number): void {
	const limits = bookable(now, calendar);
	if (time.start <= now)
		throw new FactoryError(
			'APPOINTMENT_IN_PAST',
			`An appointment cannot begin in the past: it is now ${isoIn(now, calendar.timeZone)}. Offer a time to come.`,
			{ item: 'start' },
		);
	if (time.start < limits.start || time.start > limits.end)
		throw new FactoryError(
			'SLOT_OUTSIDE_HOURS',
			`Appointments are made between ${calendar.minNoticeMinutes} minutes and ${calendar.maxDaysAhead} days ahead. Offer a time in between.`,
			{ item: 'start' },
		);
	// Cal.com keeps opening hours of its own.
	if (calendar.provider === 'google' && !isWithinHours(time, calendar))
		throw new FactoryError(
			'SLOT_OUTSIDE_HOURS',
			`${isoIn(time.start, calendar.timeZone)} is outside the opening hours. Check the availability first.`,
			{ item: 'start' },
		);
}

export function durationOf(calendar: Calendar, given?: number | null): number {
	const minutes = given ?? calendar.slotMinutes;
	if (Number.isInteger(minutes) && minutes >= 5 && minutes <= MAX_DURATION_MINUTES) return minutes;
	throw new FactoryError('VALUE_REFUSED', `An appointment takes 5 to ${MAX_DURATION_MINUTES} minutes.`, {
		item: 'durationMinutes',
	});
}

/** Books a time: held here first, then made in the calendar, once whatever is repeated. */
export async function book(
	database: Database,
	tenantId: string,
	request: Booking,
	ports: CalendarPorts,
): Promise<Record<string, unknown>> {
	const calendar = await pickCalendar(database, tenantId, request);
	const timeZone = checkTimeZone(request.timeZone || calendar.timeZone);
	const start = readInstant(request.start, timeZone, 'start');
	const time = { start, end: start + durationOf(calendar, request.durationMinutes) * MINUTE_MS };
	const before = await appointmentOfKey(database, tenantId, request.key);
	if (before?.status === 'confirmed' || before?.status === 'cancelled') return told(before);
	checkTime(time, calendar, ports.now());
	const attendee: Attendee = {
		name: request.attendee?.name?.trim() || 'Cliente',
		email: request.attendee?.email?.trim() || null,
		notes: request.attendee?.notes?.trim() || null,
	};
	const title = (request.title?.trim() || attendee.name).slice(0, TITLE_CHARACTERS);
	const facts = { title, timeZone, contactId: request.contactId, conversationId: request.conversationId };
	const held = await holdFirmly(
		database,
		tenantId,
		ports,
		async () => await holdSlot(database, tenantId, calendar.id, request.key, time, facts, request.actor),
	);
	if (held.outcome === 'known') return told(held.appointment);
	return told(
		await ask(database, tenantId, held.appointment, request.actor, async () => {
			const service = await serviceOf(database, tenantId, calendar, ports);
			await requireFree(service, time, calendar.bufferMinutes, null);
			return await service.create(held.appointment, attendee);
		}),
	);
}

export interface Move {
	appointmentId: string;
	key: string;
	start: string;
	timeZone?: string | null;
	/** Whoever asks in a conversation moves what was booked in it, and nothing else. */
	conversationId?: string | null;
	actor?: string;
}

export async function reschedule(
	database: Database,
	tenantId: string,
	request: Move,
	ports: CalendarPorts,
): Promise<Record<string, unknown>> {
	const appointment = await ofConversation(database, tenantId, request);
	const calendar = await pickCalendar(database, tenantId, { calendarId: appointment.calendarId });
	const timeZone = checkTimeZone(request.timeZone || appointment.timeZone);
	const start = readInstant(request.start, timeZone, 'start');
	const time = { start, end: start + (appointment.end - appointment.start) };
	if (appointment.status === 'confirmed' && appointment.start === time.start && !appointment.holdToken)
		return told(appointment);
	checkTime(time, calendar, ports.now());
	const held = await holdFirmly(
		database,
		tenantId,
		ports,
		async () => await holdMove(database, tenantId, appointment.id, request.key, time, request.actor),
	);
	if (held.outcome === 'known') return told(held.appointment);
	return told(
		await ask(database, tenantId, held.appointment, request.actor, async () => {
			const service = await serviceOf(database, tenantId, calendar, ports);
			await requireFree(service, time, calendar.bufferMinutes, held.appointment);
			return await service.move(held.appointment, time);
		}),
	);
}

/** Takes an appointment out of the calendar and frees its time. Once more is fine. */
export async function cancel(
	database: Database,
	tenantId: string,
	request: { appointmentId: string; by: 'customer' | 'person'; conversationId?: string | null; actor?: string },
	ports: CalendarPorts,
): Promise<Record<string, unknown>> {
	const before = await ofConversation(database, tenantId, request);
	if (before.status === 'cancelled') return told(before);
	if (before.status === 'unknown' || before.holdToken) await reconcile(database, tenantId, before.id, ports);
	const appointment = await readAppointment(database, tenantId, before.id);
	if (appointment.holdToken) throw inWork(appointment);
	if (appointment.status === 'confirmed') {
		const calendar = await pickCalendar(database, tenantId, { calendarId: appointment.calendarId });
		await (await serviceOf(database, tenantId, calendar, ports)).cancel(appointment);
	}
	return told(await markCancelled(database, tenantId, appointment.id, request.by, request.actor));
}

async function ofConversation(
	database: Database,
	tenantId: string,
	{ appointmentId, conversationId }: { appointmentId: string; conversationId?: string | null },
): Promise<Appointment> {
	const appointment = await readAppointment(database, tenantId, appointmentId);
	if (!conversationId || appointment.conversationId === conversationId) return appointment;
	throw new FactoryError('NOT_FOUND', `The tenant has no appointment ${appointmentId}. Pick one from the list.`, {
		item: appointmentId,
	});
}

const inWork = ({ id }: Appointment): FactoryError =>
	new FactoryError(
		'APPOINTMENT_IN_WORK',
		'This appointment is being booked or moved right now. Try again in a moment.',
		{
			retryable: true,
			item: id,
		},
	);

/** Holds a time; what stands in the way only because its worker died is looked up first. */
async function holdFirmly(
	database: Database,
	tenantId: string,
	ports: CalendarPorts,
	hold: () => Promise<Held>,
): Promise<Held> {
	for (let tries = 1; ; tries++) {
		const held = await hold();
		const inTheDark = held.outcome === 'unsettled' || (held.outcome === 'taken' && held.unsettled);
		if (inTheDark && tries < HOLD_TRIES) await reconcile(database, tenantId, held.appointment.id, ports);
		else if (held.outcome === 'taken') throw taken();
		else if (held.outcome === 'in_work' || inTheDark) throw inWork(held.appointment);
		else return held;
	}
}

/** People book in the calendar itself too: it has the last word on what is free. */
async function requireFree(
	service: CalendarService,
	time: Interval,
	bufferMinutes: number,
	moving: Appointment | null,
): Promise<void> {
	const margin = bufferMinutes * MINUTE_MS;
	const found = await service.look({
		start: time.start - margin,
		end: time.end + margin,
		durationMinutes: (time.end - time.start) / MINUTE_MS,
	});
	// Where a service tells only free times it refuses by itself what is not: a move may use its own old time.
	if (!('taken' in found)) return;
	const others = found.taken.filter((busy) => !moving || busy.start !== moving.start || busy.end !== moving.end);
	if (meets(time, others, bufferMinutes)) throw taken();
}

/** Asks the calendar and writes down what it said. Without an answer nobody knows: somebody looks before anything is sent again. */
async function ask(
	database: Database,
	tenantId: string,
	appointment: Appointment,
	actor: string | undefined,
	work: () => Promise<FoundEvent>,
): Promise<Appointment> {
	let found: FoundEvent;
	try {
		found = await work();
	} catch (error) {
		const known = isFactoryError(error) ? error : null;
		await settle(
			database,
			tenantId,
			appointment,
			{
				outcome: known && !maybeTaken(known) ? 'failed' : 'unknown',
				error: known?.message ?? 'the pack itself failed',
				code: known?.code ?? 'INTERNAL',
			},
			actor,
		);
		throw error;
	}
	const outcome = { outcome: 'confirmed', providerEventId: found.providerEventId } as const;
	return await settle(database, tenantId, appointment, outcome, actor);
}
