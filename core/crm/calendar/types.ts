import type { RenewPorts, ConnectPorts } from '../connect';
import type { BookingRules } from './availability';
import type { Interval } from './time';

export type ProviderName = 'google' | 'cal_com';

/** A connected calendar, without its tokens. */
export interface Calendar extends BookingRules {
	id: string;
	provider: ProviderName;
	name: string;
	calendarId: string;
	eventTypeId: number | null;
	baseUrl: string | null;
	allowLocal: boolean;
	status: string;
}

/** An appointment as the database has it. Times in milliseconds since 1970. */
export interface Appointment extends Interval {
	id: string;
	calendarId: string;
	providerEventId: string | null;
	status: string;
	title: string;
	timeZone: string;
	conversationId: string | null;
	holdToken: string | null;
	/** Where it is being moved. */
	pending: Interval | null;
	reminderStatus: string | null;
}

/** Who comes, for the calendar alone: it is not stored here. */
export interface Attendee {
	name: string;
	email: string | null;
	notes: string | null;
}

export interface FoundEvent extends Interval {
	providerEventId: string;
	cancelled: boolean;
}

/** A calendar as we use it. Every call may throw SERVICE_* errors; `create` and `move` may be repeated without harm. */
export interface CalendarService {
	/** Times that are taken, or, where the service knows nothing but free ones, those. */
	look(search: Interval & { durationMinutes: number }): Promise<{ taken: Interval[] } | { free: Interval[] }>;
	create(appointment: Appointment, attendee: Attendee): Promise<FoundEvent>;
	/** What became of an appointment there; null when it never got there. */
	find(appointment: Appointment): Promise<FoundEvent | null>;
	move(appointment: Appointment, to: Interval): Promise<FoundEvent>;
	/**
	 * What changed there since `token`, or, `isAll`, everything to come as far as it is told: of ours what is missing must be
	 * looked up. `token`: where the next question goes on; null: from the beginning again.
	 */
	changes(token: string | null, now: number): Promise<{ events: FoundEvent[]; isAll: boolean; token: string | null }>;
	/** Takes it away; one that is gone is fine. */
	cancel(appointment: Appointment): Promise<void>;
}

/** What calendars need from outside. */
export type CalendarPorts = ConnectPorts & RenewPorts;
