import { z } from 'zod/v4';
import { FactoryError } from '../../errors';
import { serviceError, type ServiceAnswer } from '../connect';
import { NOTES_CHARACTERS, SYNC_PAGE, SYNC_PAGES } from './defaults';
import { isoIn, type Interval } from './time';
import type { Appointment, Attendee, Calendar, CalendarService, FoundEvent } from './types';

export const GOOGLE_API = 'https://www.googleapis.com';

/** A call to the calendar's own API with a token that works. */
export type Authorised = (
	method: 'GET' | 'POST' | 'PATCH' | 'DELETE',
	path: string,
	json?: unknown,
) => Promise<ServiceAnswer>;

const eventSchema = z.object({
	id: z.string(),
	status: z.string(),
	start: z.object({ dateTime: z.string().optional(), date: z.string().optional() }),
	end: z.object({ dateTime: z.string().optional(), date: z.string().optional() }),
});
const busySchema = z.object({
	calendars: z.record(
		z.string(),
		z.object({ busy: z.array(z.object({ start: z.string(), end: z.string() })), errors: z.array(z.json()).optional() }),
	),
});
const changesSchema = z.object({
	items: z.array(eventSchema.partial({ start: true, end: true })).default([]),
	nextPageToken: z.string().optional(),
	nextSyncToken: z.string().optional(),
});
const calendarSchema = z.object({ id: z.string(), summary: z.string().default(''), timeZone: z.string() });

/** Google says with 403 too that there were too many calls. */
const TOO_MANY = new Set(['rateLimitExceeded', 'userRateLimitExceeded', 'quotaExceeded']);

function refusal(answer: ServiceAnswer): FactoryError {
	const error = answer.body.error as { message?: string; errors?: Array<{ reason?: string }> } | undefined;
	const busy = error?.errors?.some(({ reason }) => TOO_MANY.has(reason ?? ''));
	return serviceError('Google Calendar', busy ? { ...answer, status: 429 } : answer, error?.message);
}

function read<T>(schema: z.ZodType<T>, answer: ServiceAnswer): T {
	if (answer.status >= 300) throw refusal(answer);
	const parsed = schema.safeParse(answer.body);
	if (parsed.success) return parsed.data;
	throw new FactoryError('SERVICE_ANSWER_INVALID', 'Google Calendar answered in a shape that is not its own.', {
		item: 'Google Calendar',
	});
}

/** Of an event that was deleted Google may tell no times. */
const eventOf = ({ id, status, start, end }: z.infer<typeof changesSchema>['items'][number]): FoundEvent => ({
	providerEventId: id,
	cancelled: status === 'cancelled',
	start: Date.parse(start?.dateTime ?? start?.date ?? ''),
	end: Date.parse(end?.dateTime ?? end?.date ?? ''),
});

const foundIn = (answer: ServiceAnswer): FoundEvent => eventOf(read(eventSchema, answer));

const SYNC_FIELDS = 'nextPageToken,nextSyncToken,items(id,status,start,end)';

/** Page by page from the token on; one that Google no longer takes (410) means everything anew. */
async function readChanges(
	call: Authorised,
	events: string,
	token: string | null,
	now: number,
): Promise<Awaited<ReturnType<CalendarService['changes']>>> {
	const found: FoundEvent[] = [];
	let pageToken: string | undefined;
	for (let page = 0; page < SYNC_PAGES; page++) {
		const query = new URLSearchParams({
			...{ singleEvents: 'true', maxResults: String(SYNC_PAGE), fields: SYNC_FIELDS },
			...(token === null ? { timeMin: new Date(now).toISOString() } : { syncToken: token }),
			...(pageToken ? { pageToken } : {}),
		});
		const answer = await call('GET', `${events}?${query.toString()}`);
		if (answer.status === 410 && token !== null) return await readChanges(call, events, null, now);
		const { items, nextPageToken, nextSyncToken } = read(changesSchema, answer);
		found.push(...items.map(eventOf));
		if (!nextPageToken) return { events: found, isAll: token === null, token: nextSyncToken ?? null };
		pageToken = nextPageToken;
	}
	return { events: found, isAll: true, token: null };
}

/** Which calendar an account opens with: its own id, so that connecting it twice is the same calendar. */
export const readGoogleCalendar = async (
	call: Authorised,
	calendarId: string,
): Promise<{ id: string; summary: string; timeZone: string }> =>
	read(calendarSchema, await call('GET', `/calendar/v3/calendars/${encodeURIComponent(calendarId)}`));

/** Google takes the id from us, so that the same booking is the same event however often it is sent. */
export const googleEventId = (appointmentId: string): string => appointmentId.replaceAll('-', '');

export function googleService(calendar: Calendar, call: Authorised): CalendarService {
	const events = `/calendar/v3/calendars/${encodeURIComponent(calendar.calendarId)}/events`;
	const idOf = ({ id, providerEventId }: Appointment): string => providerEventId ?? googleEventId(id);
	const times = ({ start, end }: Interval, timeZone: string): object => ({
		start: { dateTime: isoIn(start, timeZone), timeZone },
		end: { dateTime: isoIn(end, timeZone), timeZone },
	});
	return {
		async look({ start, end }) {
			const [timeMin, timeMax] = [start, end].map((instant) => new Date(instant).toISOString());
			const asked = { timeMin, timeMax, items: [{ id: calendar.calendarId }] };
			const { calendars } = read(busySchema, await call('POST', '/calendar/v3/freeBusy', asked));
			const found = calendars[calendar.calendarId];
			if (!found || found.errors?.length)
				throw new FactoryError(
					'CALENDAR_GONE',
					`Google no longer shows the calendar "${calendar.name}" to this account. Connect it again.`,
					{ item: calendar.id },
				);
			return { taken: found.busy.map((busy) => ({ start: Date.parse(busy.start), end: Date.parse(busy.end) })) };
		},
		async create(appointment, attendee) {
			const event = { ...describe(appointment, attendee), ...times(appointment, appointment.timeZone) };
			const id = googleEventId(appointment.id);
			const answer = await call('POST', events, { id, ...event });
			if (answer.status !== 409) return foundIn(answer);
			// It is there already: this booking was sent before. Also one that was taken out again becomes this one.
			return foundIn(await call('PATCH', `${events}/${id}`, { ...event, status: 'confirmed' }));
		},
		async find(appointment) {
			const answer = await call('GET', `${events}/${idOf(appointment)}`);
			return answer.status === 404 || answer.status === 410 ? null : foundIn(answer);
		},
		move: async (appointment, to) =>
			foundIn(await call('PATCH', `${events}/${idOf(appointment)}`, times(to, appointment.timeZone))),
		changes: async (token, now) => await readChanges(call, events, token, now),
		async cancel(appointment) {
			const answer = await call('DELETE', `${events}/${idOf(appointment)}`);
			if (answer.status >= 300 && answer.status !== 404 && answer.status !== 410) throw refusal(answer);
		},
	};
}

/** The address of a customer is in the text, not among the guests: Google would write to them in our place. */
function describe(appointment: Appointment, { name, email, notes }: Attendee): object {
	const lines = [name, email, notes].filter((line): line is string => Boolean(line));
	return {
		summary: appointment.title,
		description: lines.join('\n').slice(0, NOTES_CHARACTERS),
		extendedProperties: { private: { agentFactoryAppointment: appointment.id } },
	};
}
