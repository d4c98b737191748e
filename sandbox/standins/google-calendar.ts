import { randomBytes } from 'node:crypto';
import { createHttpServer, type HttpHandler, type HttpReply, type HttpRequest } from './http';
import { faultOf, type Fault } from './service-faults';
import { createOAuthStandIn, type OAuthStandIn } from './oauth';

export interface GoogleEvent {
	id: string;
	status: 'confirmed' | 'cancelled';
	summary: string;
	start: { dateTime: string; timeZone?: string };
	end: { dateTime: string; timeZone?: string };
	[more: string]: unknown;
}

export interface GoogleCalendarStandIn {
	url: string;
	oauth: OAuthStandIn;
	events: Map<string, GoogleEvent>;
	/** `METHOD path` of every call to the calendar, in order. */
	calls: string[];
	/** How the next matching calls go; everything else goes as usual. */
	faults: Fault[];
	close(): Promise<void>;
}

const CALENDAR_ID = 'agenda@example.com';
const problem = (code: number, reason: string, message: string): HttpReply => ({
	status: code,
	body: { error: { code, message, errors: [{ domain: 'global', reason, message }] } },
});

/** Google's calendar, version 3, and its OAuth addresses: what our connector uses, in the documented shapes. */
export async function startGoogleCalendar(port = 0): Promise<GoogleCalendarStandIn> {
	const oauth = createOAuthStandIn({ authorizePath: '/o/oauth2/v2/auth', tokenPath: '/token', expiresIn: 3_599 });
	const events = new Map<string, GoogleEvent>();
	const calls: string[] = [];
	const faults: Fault[] = [];

	const behind =
		(work: (request: HttpRequest) => HttpReply): HttpHandler =>
		async (request) => {
			calls.push(`${request.method} ${request.path}`);
			const refused = oauth.refusalOf(request);
			if (refused) return refused;
			const fault = faultOf(faults, request);
			if (fault?.before) return await fault.answer();
			const reply = work(request);
			return fault ? await fault.answer() : reply;
		};
	const ofCalendar = (request: HttpRequest): HttpReply | null =>
		['primary', CALENDAR_ID].includes(request.params.calendar) ? null : problem(404, 'notFound', 'Not Found');
	const found = (request: HttpRequest): GoogleEvent | HttpReply =>
		ofCalendar(request) ?? events.get(request.params.event) ?? problem(404, 'notFound', 'Not Found');
	const isEvent = (value: GoogleEvent | HttpReply): value is GoogleEvent => 'summary' in value;
	const badTimes = ({ start, end }: Partial<GoogleEvent>): HttpReply | null =>
		Date.parse(start?.dateTime ?? '') < Date.parse(end?.dateTime ?? '')
			? null
			: problem(400, 'timeRangeEmpty', 'The specified time range is empty.');

	const server = createHttpServer({
		...oauth.routes,
		'GET /calendar/v3/calendars/:calendar': behind(
			(request) =>
				ofCalendar(request) ?? {
					status: 200,
					body: {
						kind: 'calendar#calendar',
						id: CALENDAR_ID,
						summary: 'Agenda da clínica',
						timeZone: 'America/Sao_Paulo',
					},
				},
		),
		'POST /calendar/v3/freeBusy': behind((request) => {
			const asked = request.json() as { timeMin: string; timeMax: string; items: Array<{ id: string }> };
			const [from, to] = [Date.parse(asked.timeMin), Date.parse(asked.timeMax)];
			if (!(from < to)) return problem(400, 'timeRangeEmpty', 'The specified time range is empty.');
			const busy = [...events.values()]
				.filter(({ status, transparency }) => status === 'confirmed' && transparency !== 'transparent')
				.map(({ start, end }) => ({ start: start.dateTime, end: end.dateTime }))
				.filter(({ start, end }) => Date.parse(start) < to && Date.parse(end) > from);
			const calendars = Object.fromEntries(
				asked.items.map(({ id }) => [
					id,
					['primary', CALENDAR_ID].includes(id)
						? { busy }
						: { errors: [{ domain: 'global', reason: 'notFound' }], busy: [] },
				]),
			);
			return {
				status: 200,
				body: { kind: 'calendar#freeBusy', timeMin: asked.timeMin, timeMax: asked.timeMax, calendars },
			};
		}),
		'POST /calendar/v3/calendars/:calendar/events': behind((request) => {
			const event = request.json() as GoogleEvent;
			const refused = ofCalendar(request) ?? badTimes(event);
			if (refused) return refused;
			if (event.id !== undefined && !/^[a-v0-9]{5,1024}$/.test(event.id))
				return problem(400, 'invalid', 'Invalid resource id value.');
			const id = event.id ?? randomBytes(13).toString('hex');
			if (events.has(id)) return problem(409, 'duplicate', 'The requested identifier already exists.');
			const made = { kind: 'calendar#event', ...event, id, status: 'confirmed' as const };
			events.set(id, made);
			return { status: 200, body: made };
		}),
		'GET /calendar/v3/calendars/:calendar/events/:event': behind((request) => {
			const event = found(request);
			return isEvent(event) ? { status: 200, body: event } : event;
		}),
		'PATCH /calendar/v3/calendars/:calendar/events/:event': behind((request) => {
			const event = found(request);
			if (!isEvent(event)) return event;
			const changed = { ...event, ...(request.json() as Partial<GoogleEvent>) };
			const refused = badTimes(changed);
			if (refused) return refused;
			events.set(event.id, changed);
			return { status: 200, body: changed };
		}),
		'DELETE /calendar/v3/calendars/:calendar/events/:event': behind((request) => {
			const event = found(request);
			if (!isEvent(event)) return event;
			if (event.status === 'cancelled') return problem(410, 'deleted', 'Resource has been deleted');
			events.set(event.id, { ...event, status: 'cancelled' });
			return { status: 204 };
		}),
	});
	const { url } = await server.listen(port);
	return { url, oauth, events, calls, faults, close: async () => await server.close() };
}
