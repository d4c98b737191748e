import { randomBytes } from 'node:crypto';
import { createHttpServer, type HttpHandler, type HttpReply, type HttpRequest } from './http';
import { faultOf, type Fault } from './service-faults';

export interface CalComBooking {
	uid: string;
	status: 'accepted' | 'cancelled';
	start: string;
	end: string;
	duration: number;
	eventTypeId: number;
	metadata: Record<string, string>;
	attendees: Array<{ name: string; email: string; timeZone: string }>;
	rescheduledFromUid?: string;
	rescheduledToUid?: string;
}

export interface CalComStandIn {
	url: string;
	apiKey: string;
	eventTypeId: number;
	/** Minutes of every booking of the event type. */
	length: number;
	bookings: Map<string, CalComBooking>;
	calls: string[];
	faults: Fault[];
	close(): Promise<void>;
}

const HOUR_MS = 3_600_000;
const problem = (status: number, code: string, message: string): HttpReply => ({
	status,
	body: { status: 'error', timestamp: new Date().toISOString(), error: { code, message, details: { message } } },
});
const success = (data: unknown, status = 200): HttpReply => ({ status, body: { status: 'success', data } });

/** Cal.com's API, version 2: slots and bookings of one event type, open from 9 to 18 UTC every day. */
export async function startCalCom(port = 0): Promise<CalComStandIn> {
	const standIn = {
		apiKey: 'cal_live_standin',
		eventTypeId: 4711,
		length: 30,
		bookings: new Map<string, CalComBooking>(),
		calls: [] as string[],
		faults: [] as Fault[],
	};
	const behind =
		(work: (request: HttpRequest, standIn: State) => HttpReply, version: string): HttpHandler =>
		async (request) => {
			standIn.calls.push(`${request.method} ${request.path}`);
			if (request.headers.authorization !== `Bearer ${standIn.apiKey}`)
				return problem(401, 'UnauthorizedException', 'Invalid API Key');
			// Without it an older shape would be spoken.
			if (request.headers['cal-api-version'] !== version)
				return problem(404, 'NotFoundException', `Cannot ${request.method} ${request.path}`);
			const fault = faultOf(standIn.faults, request);
			if (fault?.before) return await fault.answer();
			const reply = work(request, standIn);
			return fault ? await fault.answer() : reply;
		};
	const calls = Object.entries(CALLS).map(
		([route, work]) => [route, behind(work, route.endsWith('/slots') ? '2024-09-04' : '2024-08-13')] as const,
	);
	const server = createHttpServer(Object.fromEntries<HttpHandler>(calls));
	const { url } = await server.listen(port);
	return { ...standIn, url, close: async () => await server.close() };
}

type State = Pick<CalComStandIn, 'bookings' | 'eventTypeId' | 'length'>;

const isFree = ({ bookings }: State, start: number, end: number, except?: string): boolean =>
	![...bookings.values()].some(
		(booking) =>
			booking.status === 'accepted' &&
			booking.uid !== except &&
			Date.parse(booking.start) < end &&
			Date.parse(booking.end) > start,
	);
const isOpen = (start: number, end: number): boolean =>
	new Date(start).getUTCHours() >= 9 && (end - 1) % (24 * HOUR_MS) < 18 * HOUR_MS;

function book(state: State, start: string, more: Partial<CalComBooking>, except?: string): HttpReply | CalComBooking {
	const from = Date.parse(start);
	const to = from + state.length * 60_000;
	if (!Number.isFinite(from) || from < Date.now())
		return problem(400, 'BadRequestException', 'Attempting to book a meeting in the past.');
	if (!isOpen(from, to) || !isFree(state, from, to, except))
		return problem(400, 'BadRequestException', 'User either already has booking at this time or is not available');
	const booking: CalComBooking = {
		uid: randomBytes(11).toString('base64url'),
		status: 'accepted',
		start: new Date(from).toISOString(),
		end: new Date(to).toISOString(),
		duration: state.length,
		eventTypeId: state.eventTypeId,
		metadata: {},
		attendees: [],
		...more,
	};
	state.bookings.set(booking.uid, booking);
	return booking;
}

const CALLS: Record<string, (request: HttpRequest, state: State) => HttpReply> = {
	'GET /v2/slots': ({ query }, state) => {
		if (Number(query.get('eventTypeId')) !== state.eventTypeId)
			return problem(404, 'NotFoundException', 'Event Type not found');
		const days: Record<string, Array<{ start: string }>> = {};
		const last = Date.parse(query.get('end') ?? '');
		for (let from = Date.parse(query.get('start') ?? ''); from < last; from += state.length * 60_000) {
			const to = from + state.length * 60_000;
			const start = new Date(from).toISOString();
			if (from > Date.now() && isOpen(from, to) && isFree(state, from, to))
				(days[start.slice(0, 10)] ??= []).push({ start });
		}
		return success(days);
	},
	'POST /v2/bookings': (request, state) => {
		const asked = request.json() as {
			eventTypeId: number;
			start: string;
			attendee?: { name: string; email: string; timeZone: string };
			metadata?: Record<string, string>;
		};
		if (asked.eventTypeId !== state.eventTypeId) return problem(404, 'NotFoundException', 'Event type not found');
		if (!asked.attendee?.name || !asked.attendee?.timeZone || !/@/.test(asked.attendee?.email ?? ''))
			return problem(400, 'BadRequestException', 'attendee.email must be an email');
		const booked = book(state, asked.start, { metadata: asked.metadata ?? {}, attendees: [asked.attendee] });
		return 'uid' in booked ? success(booked, 201) : booked;
	},
	'GET /v2/bookings': ({ query }, { bookings }) => {
		const after = Date.parse(query.get('afterStart') ?? '') || 0;
		const before = Date.parse(query.get('beforeEnd') ?? '') || Infinity;
		const found = [...bookings.values()].filter(
			({ start, end }) => Date.parse(start) >= after && Date.parse(end) <= before,
		);
		return success(found.slice(0, Number(query.get('take') ?? 100)));
	},
	'GET /v2/bookings/:uid': ({ params }, { bookings }) => {
		const booking = bookings.get(params.uid);
		return booking
			? success(booking)
			: problem(404, 'NotFoundException', `Booking with uid=${params.uid} was not found`);
	},
	'POST /v2/bookings/:uid/cancel': ({ params }, { bookings }) => {
		const booking = bookings.get(params.uid);
		if (!booking) return problem(404, 'NotFoundException', `Booking with uid=${params.uid} was not found`);
		if (booking.status === 'cancelled')
			return problem(400, 'BadRequestException', 'This booking has already been cancelled.');
		booking.status = 'cancelled';
		return success(booking);
	},
	'POST /v2/bookings/:uid/reschedule': (request, state) => {
		const old = state.bookings.get(request.params.uid);
		if (!old) return problem(404, 'NotFoundException', 'Booking was not found');
		if (old.status === 'cancelled') return problem(400, 'BadRequestException', "Can't reschedule a cancelled booking.");
		const { start } = request.json() as { start: string };
		const moved = book(
			state,
			start,
			{ metadata: old.metadata, attendees: old.attendees, rescheduledFromUid: old.uid },
			old.uid,
		);
		if (!('uid' in moved)) return moved;
		Object.assign(old, { status: 'cancelled', rescheduledToUid: moved.uid });
		return success(moved, 201);
	},
};
