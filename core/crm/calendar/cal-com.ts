import { z } from 'zod/v4';
import { FactoryError } from '../../errors';
import { serviceError, type CallService, type ServiceAnswer, type ServiceCall } from '../connect';
import {
	CAL_COM_BOOKINGS_VERSION,
	CAL_COM_SLOTS_VERSION,
	FIND_AROUND_MINUTES,
	FIND_LIMIT,
	MAX_HOPS,
	NOTES_CHARACTERS,
} from './defaults';
import { MINUTE_MS } from './time';
import type { Appointment, Attendee, Calendar, CalendarService, FoundEvent } from './types';

export const CAL_COM_API = 'https://api.cal.com';

const bookingSchema = z.object({
	uid: z.string(),
	status: z.string(),
	start: z.string(),
	end: z.string(),
	metadata: z.record(z.string(), z.json()).nullish(),
	rescheduledToUid: z.string().nullish(),
});
type Booking = z.infer<typeof bookingSchema>;
const one = z.object({ data: bookingSchema });
const many = z.object({ data: z.array(bookingSchema) });
const slotsSchema = z.object({ data: z.record(z.string(), z.array(z.object({ start: z.string() }))) });

const said = (answer: ServiceAnswer): string => {
	const { message } = (answer.body.error ?? {}) as { message?: unknown };
	return typeof message === 'string' ? message : '';
};

function read<T>(schema: z.ZodType<T>, answer: ServiceAnswer): T {
	if (answer.status >= 300) {
		// The one refusal that is about the time and not about the call.
		if (answer.status === 400 && /not available|already has booking|no available/i.test(said(answer)))
			throw new FactoryError('SLOT_TAKEN', 'This time is no longer free. Offer another one.', { item: 'start' });
		throw serviceError('Cal.com', answer, said(answer));
	}
	const parsed = schema.safeParse(answer.body);
	if (parsed.success) return parsed.data;
	throw new FactoryError('SERVICE_ANSWER_INVALID', 'Cal.com answered in a shape that is not its own.', {
		item: 'Cal.com',
	});
}

const foundIn = (booking: Booking): FoundEvent => ({
	providerEventId: booking.uid,
	cancelled: booking.status === 'cancelled' || booking.status === 'rejected',
	start: Date.parse(booking.start),
	end: Date.parse(booking.end),
});

/** Under which name of its metadata a booking carries our id. */
const OURS = 'agentFactoryAppointment';

type Call = (method: ServiceCall['method'], path: string, json?: unknown, slots?: boolean) => Promise<ServiceAnswer>;

const callsOf =
	(calendar: Calendar, apiKey: string, send: CallService): Call =>
	async (method, path, json, slots = false) =>
		await send({
			method,
			url: `${(calendar.baseUrl ?? CAL_COM_API).replace(/\/+$/, '')}${path}`,
			json,
			allowLocal: calendar.allowLocal,
			headers: {
				authorization: `Bearer ${apiKey}`,
				'cal-api-version': slots ? CAL_COM_SLOTS_VERSION : CAL_COM_BOOKINGS_VERSION,
			},
		});
const iso = (instant: number): string => new Date(instant).toISOString();
const pathOf = (uid: string): string => `/v2/bookings/${encodeURIComponent(uid)}`;

/** A booking that was moved is another one, and names it. */
async function follow(call: Call, uid: string): Promise<FoundEvent | null> {
	let next: string | null | undefined = uid;
	let found: Booking | null = null;
	for (let hop = 0; next && hop < MAX_HOPS; hop++) {
		const answer = await call('GET', pathOf(next));
		if (answer.status === 404) return null;
		found = read(one, answer).data;
		next = found.status === 'cancelled' ? found.rescheduledToUid : null;
	}
	return found && foundIn(found);
}

async function findByMetadata(call: Call, calendar: Calendar, appointment: Appointment): Promise<FoundEvent | null> {
	const times = appointment.pending ?? appointment;
	const around = FIND_AROUND_MINUTES * MINUTE_MS;
	const query = new URLSearchParams({
		eventTypeId: String(calendar.eventTypeId),
		afterStart: iso(times.start - around),
		beforeEnd: iso(times.end + around),
		take: String(FIND_LIMIT),
	});
	const { data } = read(many, await call('GET', `/v2/bookings?${query.toString()}`));
	const ours = data.filter(({ metadata }) => metadata?.[OURS] === appointment.id).map(foundIn);
	return ours.find(({ cancelled }) => !cancelled) ?? ours[0] ?? null;
}

async function create(
	call: Call,
	calendar: Calendar,
	appointment: Appointment,
	attendee: Attendee,
): Promise<FoundEvent> {
	const { name, email, notes } = attendee;
	if (!email)
		throw new FactoryError('ATTENDEE_EMAIL_MISSING', 'Cal.com books only with an e-mail address. Ask for it first.', {
			item: 'email',
		});
	const asked = {
		eventTypeId: calendar.eventTypeId,
		start: iso(appointment.start),
		attendee: { name, email, timeZone: appointment.timeZone },
		metadata: { [OURS]: appointment.id },
		...(notes ? { bookingFieldsResponses: { notes: notes.slice(0, NOTES_CHARACTERS) } } : {}),
	};
	try {
		return foundIn(read(one, await call('POST', '/v2/bookings', asked)).data);
	} catch (error) {
		// The time may be taken by this very booking, sent before.
		const isTaken = error instanceof FactoryError && error.code === 'SLOT_TAKEN';
		const before = isTaken ? await findByMetadata(call, calendar, appointment) : null;
		if (before && !before.cancelled) return before;
		throw error;
	}
}

/** Cal.com gives its own ids: a booking of ours is found by the id in its metadata. */
export function calComService(calendar: Calendar, apiKey: string, send: CallService): CalendarService {
	const call = callsOf(calendar, apiKey, send);
	return {
		async look({ start, end, durationMinutes }) {
			const query = new URLSearchParams({
				eventTypeId: String(calendar.eventTypeId),
				start: iso(start),
				end: iso(end),
				timeZone: 'UTC',
			});
			const { data } = read(slotsSchema, await call('GET', `/v2/slots?${query.toString()}`, undefined, true));
			const starts = Object.values(data).flatMap((slots) => slots.map((slot) => Date.parse(slot.start)));
			return {
				free: starts.sort((a, b) => a - b).map((from) => ({ start: from, end: from + durationMinutes * MINUTE_MS })),
			};
		},
		create: async (appointment, attendee) => await create(call, calendar, appointment, attendee),
		find: async (appointment) =>
			appointment.providerEventId
				? await follow(call, appointment.providerEventId)
				: await findByMetadata(call, calendar, appointment),
		async move(appointment, to) {
			const uid = appointment.providerEventId ?? '';
			const before = await follow(call, uid);
			if (before && !before.cancelled && before.start === to.start) return before;
			return foundIn(read(one, await call('POST', `${pathOf(uid)}/reschedule`, { start: iso(to.start) })).data);
		},
		async changes(_, now) {
			const query = new URLSearchParams({
				eventTypeId: String(calendar.eventTypeId),
				afterStart: iso(now),
				take: String(FIND_LIMIT),
			});
			const { data } = read(many, await call('GET', `/v2/bookings?${query.toString()}`));
			return { events: data.map(foundIn), isAll: true, token: null };
		},
		async cancel(appointment) {
			const now = await follow(call, appointment.providerEventId ?? '');
			if (!now || now.cancelled) return;
			const asked = { cancellationReason: 'Cancelled by the customer' };
			const answer = await call('POST', `${pathOf(now.providerEventId)}/cancel`, asked);
			if (answer.status < 300 || /already/i.test(said(answer))) return;
			throw serviceError('Cal.com', answer, said(answer));
		},
	};
}
