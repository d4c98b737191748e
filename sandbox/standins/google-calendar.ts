import { randomBytes } from 'node:crypto';
import { createHttpServer, type HttpHandler, type HttpReply, type HttpRequest } from './http';
import { createOAuthStandIn, type OAuthStandIn } from './oauth';
import { faultOf, type Fault } from './service-faults';

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
	/** People delete or move an event in the calendar. */
	change(id: string, changes: Partial<GoogleEvent>): void;
	/** Ends every sync token that was given out. */
	forgetSyncs(): void;
	/** `METHOD path` of every call to the calendar, in order. */
	calls: string[];
	/** How the next matching calls go; everything else goes as usual. */
	faults: Fault[];
	close(): Promise<void>;
}

const CALENDAR_ID = 'agenda@example.com';
const CALENDAR = { kind: 'calendar#calendar', id: CALENDAR_ID, summary: 'Agenda', timeZone: 'America/Sao_Paulo' };
const isOurs = (id: string): boolean => id === 'primary' || id === CALENDAR_ID;

const problem = (code: number, reason: string, message: string): HttpReply => ({
	status: code,
	body: { error: { code, message, errors: [{ domain: 'global', reason, message }] } },
});

/** Google's calendar, version 3, and its OAuth addresses: what our connector uses, in the documented shapes. */
export async function startGoogleCalendar(port = 0): Promise<GoogleCalendarStandIn> {
	const oauth = createOAuthStandIn({ authorizePath: '/o/oauth2/v2/auth', tokenPath: '/token', expiresIn: 3_599 });
	const changes = createChanges();
	const standIn = { oauth, events: changes.events, calls: [] as string[], faults: [] as Fault[] };
	const behind =
		(work: (request: HttpRequest, events: Map<string, GoogleEvent>) => HttpReply): HttpHandler =>
		async (request) => {
			standIn.calls.push(`${request.method} ${request.path}`);
			const refused = oauth.refusalOf(request);
			if (refused) return refused;
			const fault = faultOf(standIn.faults, request);
			if (fault?.before) return await fault.answer();
			const reply = work(request, standIn.events);
			return fault ? await fault.answer() : reply;
		};
	const calendar = Object.entries({ ...CALLS, [`GET ${EVENTS}`]: changes.list }).map(
		([route, work]) => [route, behind(work)] as const,
	);
	const server = createHttpServer({ ...oauth.routes, ...Object.fromEntries<HttpHandler>(calendar) });
	const { url } = await server.listen(port);
	const change = (id: string, to: Partial<GoogleEvent>): void =>
		void standIn.events.set(id, { ...standIn.events.get(id)!, ...to });
	return { ...standIn, change, forgetSyncs: changes.forget, url, close: async () => await server.close() };
}

/** A map that counts its changes, and the list that tells them by sync token. */
function createChanges() {
	let version = 0;
	let oldest = 0;
	const changed = new Map<string, number>();
	class Events extends Map<string, GoogleEvent> {
		override set(id: string, event: GoogleEvent): this {
			changed.set(id, ++version);
			return super.set(id, event);
		}
	}
	const events: Map<string, GoogleEvent> = new Events();
	const list = ({ params, query }: HttpRequest): HttpReply => {
		if (!isOurs(params.calendar)) return notFound;
		const token = query.get('syncToken');
		if (token !== null && query.has('timeMin'))
			return problem(400, 'invalid', 'Sync token cannot be used with timeMin.');
		const since = Number(token?.slice('sync-'.length) ?? 0);
		if (token !== null && since < oldest) return problem(410, 'fullSyncRequired', 'Sync token is no longer valid.');
		const timeMin = Date.parse(query.get('timeMin') ?? '') || 0;
		const items = [...events.values()]
			.filter(({ id }) => changed.get(id)! > since)
			.filter(({ status, end }) => token !== null || (status !== 'cancelled' && Date.parse(end.dateTime) > timeMin))
			.map(({ id, status, start, end }) => (status === 'cancelled' ? { id, status } : { id, status, start, end }));
		const start = Number(query.get('pageToken') ?? 0);
		const next = start + Number(query.get('maxResults') ?? 250);
		const page = next < items.length ? { nextPageToken: String(next) } : { nextSyncToken: `sync-${version}` };
		return { status: 200, body: { kind: 'calendar#events', items: items.slice(start, next), ...page } };
	};
	return { events, list, forget: (): void => void (oldest = version + 1) };
}

const found = (request: HttpRequest, events: Map<string, GoogleEvent>): GoogleEvent | null =>
	isOurs(request.params.calendar) ? (events.get(request.params.event) ?? null) : null;
const notFound = problem(404, 'notFound', 'Not Found');

const badTimes = ({ start, end }: Partial<GoogleEvent>): HttpReply | null =>
	Date.parse(start?.dateTime ?? '') < Date.parse(end?.dateTime ?? '')
		? null
		: problem(400, 'timeRangeEmpty', 'The specified time range is empty.');

const EVENTS = '/calendar/v3/calendars/:calendar/events';
const CALLS: Record<string, (request: HttpRequest, events: Map<string, GoogleEvent>) => HttpReply> = {
	'GET /calendar/v3/calendars/:calendar': ({ params }) =>
		isOurs(params.calendar) ? { status: 200, body: CALENDAR } : notFound,
	'POST /calendar/v3/freeBusy': (request, events) => {
		const asked = request.json() as { timeMin: string; timeMax: string; items: Array<{ id: string }> };
		const [from, to] = [Date.parse(asked.timeMin), Date.parse(asked.timeMax)];
		if (!(from < to)) return problem(400, 'timeRangeEmpty', 'The specified time range is empty.');
		const busy = [...events.values()]
			.filter(({ status, transparency }) => status === 'confirmed' && transparency !== 'transparent')
			.map(({ start, end }) => ({ start: start.dateTime, end: end.dateTime }))
			.filter(({ start, end }) => Date.parse(start) < to && Date.parse(end) > from);
		const answer = (id: string): object =>
			isOurs(id) ? { busy } : { errors: [{ domain: 'global', reason: 'notFound' }], busy: [] };
		const calendars = Object.fromEntries(asked.items.map(({ id }) => [id, answer(id)]));
		return {
			status: 200,
			body: { kind: 'calendar#freeBusy', timeMin: asked.timeMin, timeMax: asked.timeMax, calendars },
		};
	},
	[`POST ${EVENTS}`]: (request, events) => {
		const event = request.json() as GoogleEvent;
		const refused = isOurs(request.params.calendar) ? badTimes(event) : notFound;
		if (refused) return refused;
		if (event.id !== undefined && !/^[a-v0-9]{5,1024}$/.test(event.id))
			return problem(400, 'invalid', 'Invalid resource id value.');
		const id = event.id ?? randomBytes(13).toString('hex');
		if (events.has(id)) return problem(409, 'duplicate', 'The requested identifier already exists.');
		const made = { kind: 'calendar#event', ...event, id, status: 'confirmed' as const };
		events.set(id, made);
		return { status: 200, body: made };
	},
	[`GET ${EVENTS}/:event`]: (request, events) => {
		const event = found(request, events);
		return event ? { status: 200, body: event } : notFound;
	},
	[`PATCH ${EVENTS}/:event`]: (request, events) => {
		const event = found(request, events);
		if (!event) return notFound;
		const changed = { ...event, ...(request.json() as Partial<GoogleEvent>) };
		const refused = badTimes(changed);
		if (refused) return refused;
		events.set(event.id, changed);
		return { status: 200, body: changed };
	},
	[`DELETE ${EVENTS}/:event`]: (request, events) => {
		const event = found(request, events);
		if (!event) return notFound;
		if (event.status === 'cancelled') return problem(410, 'deleted', 'Resource has been deleted');
		events.set(event.id, { ...event, status: 'cancelled' });
		return { status: 204 };
	},
};
