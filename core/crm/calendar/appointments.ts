import type { Database } from '../../database';
import { FactoryError } from '../../errors';
import { inTenant, type TenantConnection } from '../../tenancy';
import { HOLD_SECONDS, LIST_LIMIT, SYNC_LIMIT } from './defaults';
import { isoIn, type Interval } from './time';
import type { Appointment } from './types';

/** A row of calendar_events as `to_jsonb` gives it: times are texts. */
interface EventJson {
	id: string;
	integration_id: string;
	provider_event_id: string | null;
	status: string;
	title: string;
	time_zone: string;
	conversation_id: string | null;
	hold_token: string | null;
	starts_at: string;
	ends_at: string;
	pending_starts_at: string | null;
	pending_ends_at: string | null;
	reminder_status: string | null;
}

export const appointmentOf = (row: EventJson): Appointment => ({
	id: row.id,
	calendarId: row.integration_id,
	providerEventId: row.provider_event_id,
	status: row.status,
	title: row.title,
	timeZone: row.time_zone,
	conversationId: row.conversation_id,
	holdToken: row.hold_token,
	start: Date.parse(row.starts_at),
	end: Date.parse(row.ends_at),
	pending:
		row.pending_starts_at && row.pending_ends_at
			? { start: Date.parse(row.pending_starts_at), end: Date.parse(row.pending_ends_at) }
			: null,
	reminderStatus: row.reminder_status,
});

export interface Held {
	outcome: 'held' | 'known' | 'in_work' | 'unsettled' | 'taken';
	/** Of `taken`: what stands in the way may be nothing. */
	unsettled: boolean;
	appointment: Appointment;
}

const HOLD = `select hold_slot($1::uuid, $2::uuid, $3::text, $4::timestamptz, $5::timestamptz, $6::jsonb) as result`;
const MOVE = `select hold_move($1::uuid, $2::uuid, $3::text, $4::timestamptz, $5::timestamptz, $6::integer) as result`;
const TAKE = `select take_unsettled($1::uuid, $2::uuid, $3::integer) as result`;
const SETTLE = `select settle_slot($1::uuid, $2::uuid, $3::uuid, $4::jsonb) as result`;
const CANCEL = `select cancel_appointment($1::uuid, $2::uuid, $3::text) as result`;
const READ = `select to_jsonb(e) as result from calendar_events e where e.tenant_id = $1::uuid and e.id = $2::uuid`;
const OF_KEY = `select to_jsonb(e) as result from calendar_events e where e.tenant_id = $1::uuid and e.idempotency_key = $2::text`;
const FOLLOW = `select follow_appointment($1::uuid, $2::uuid, $3::timestamptz, $4::timestamptz) as result`;
const SYNCED = `update calendar_integrations set last_sync_at = now() where tenant_id = $1::uuid and id = $2::uuid`;
const UPCOMING = `select coalesce(jsonb_agg(to_jsonb(e) order by e.starts_at), '[]') as result from upcoming_appointments($1::uuid, $2::uuid, $3::text[], $4::integer) e`;
const SYNC_TOKEN = `select sync_token as result from calendar_integrations where tenant_id = $1::uuid and id = $2::uuid`;
const KEEP_TOKEN = `update calendar_integrations set last_sync_at = now(), sync_token = $3::text where tenant_id = $1::uuid and id = $2::uuid`;
const LIST = `select e.id, e.integration_id, i.name as calendar, e.contact_id, k.full_name as contact_name, e.conversation_id, e.title, e.starts_at, e.ends_at, e.time_zone, e.status,
		e.confirmed_at, e.reminder_status, e.reminder_sent_at, e.answered_at, e.last_error, e.cancelled_by
	from calendar_events e join calendar_integrations i on i.tenant_id = e.tenant_id and i.id = e.integration_id
	left join contacts k on k.tenant_id = e.tenant_id and k.id = e.contact_id
	where e.tenant_id = $1::uuid and ($2::uuid is null or e.conversation_id = $2::uuid) and ($3::text is null or e.status = $3::text) and e.starts_at >= $4::timestamptz
	order by e.starts_at limit $5::integer`;

const ask = async <T>(
	database: Database,
	tenantId: string,
	sql: string,
	values: unknown[],
	actor?: string,
): Promise<T> =>
	await inTenant(
		database,
		tenantId,
		async (db: TenantConnection) => (await db.one<{ result: T }>(sql, [tenantId, ...values]))?.result as T,
		{ actor },
	);
const at = (instant: number): Date => new Date(instant);

export async function holdSlot(
	database: Database,
	tenantId: string,
	calendarId: string,
	key: string,
	time: Interval,
	facts: { title: string; timeZone: string; contactId?: string | null; conversationId?: string | null },
	actor?: string,
): Promise<Held> {
	const slot = JSON.stringify({ ...facts, holdSeconds: HOLD_SECONDS });
	const values = [calendarId, key, at(time.start), at(time.end), slot];
	return heldOf(await ask<HeldJson>(database, tenantId, HOLD, values, actor));
}
export const holdMove = async (
	database: Database,
	tenantId: string,
	appointmentId: string,
	key: string,
	time: Interval,
	actor?: string,
): Promise<Held> =>
	heldOf(
		await ask<HeldJson>(
			database,
			tenantId,
			MOVE,
			[appointmentId, key, at(time.start), at(time.end), HOLD_SECONDS],
			actor,
		),
	);

interface HeldJson {
	outcome: Held['outcome'];
	unsettled?: boolean;
	event: EventJson;
}
const heldOf = ({ outcome, unsettled, event }: HeldJson): Held => ({
	outcome,
	unsettled: unsettled ?? false,
	appointment: appointmentOf(event),
});

/** Takes an appointment that ended in the dark, to look it up; null: it is settled, or somebody is at it. */
export async function takeUnsettled(database: Database, tenantId: string, id: string): Promise<Appointment | null> {
	const row = await ask<EventJson | null>(database, tenantId, TAKE, [id, HOLD_SECONDS]);
	return row ? appointmentOf(row) : null;
}

export type Settled =
	{ outcome: 'confirmed'; providerEventId: string } | { outcome: 'failed' | 'unknown'; error: string; code: string };

export const settle = async (
	database: Database,
	tenantId: string,
	{ id, holdToken }: Appointment,
	outcome: Settled,
	actor?: string,
): Promise<Appointment> =>
	appointmentOf(await ask<EventJson>(database, tenantId, SETTLE, [id, holdToken, JSON.stringify(outcome)], actor));

export const markCancelled = async (
	database: Database,
	tenantId: string,
	id: string,
	by: 'customer' | 'person' | 'provider',
	actor?: string,
): Promise<Appointment> => appointmentOf(await ask<EventJson>(database, tenantId, CANCEL, [id, by], actor));

export const followAppointment = async (
	database: Database,
	tenantId: string,
	id: string,
	time: Interval,
): Promise<boolean> => await ask<boolean>(database, tenantId, FOLLOW, [id, at(time.start), at(time.end)]);

export const noteSync = async (database: Database, tenantId: string, calendarId: string): Promise<void> =>
	await ask<void>(database, tenantId, SYNCED, [calendarId]);

/** Booked appointments to come, all or those that the calendar names so. */
export const upcoming = async (
	database: Database,
	tenantId: string,
	calendarId: string,
	providerEventIds: string[] | null,
): Promise<Appointment[]> =>
	(await ask<EventJson[]>(database, tenantId, UPCOMING, [calendarId, providerEventIds, SYNC_LIMIT])).map(appointmentOf);

export const readSyncToken = async (database: Database, tenantId: string, calendarId: string): Promise<string | null> =>
	await ask<string | null>(database, tenantId, SYNC_TOKEN, [calendarId]);
export const keepSyncToken = async (
	database: Database,
	tenantId: string,
	calendarId: string,
	token: string | null,
): Promise<void> => await ask<void>(database, tenantId, KEEP_TOKEN, [calendarId, token]);

export async function readAppointment(database: Database, tenantId: string, id: string): Promise<Appointment> {
	const row = await ask<EventJson | undefined>(database, tenantId, READ, [id]);
	if (row) return appointmentOf(row);
	throw new FactoryError('NOT_FOUND', `The tenant has no appointment ${id}. Pick one from the list.`, { item: id });
}

/** What a key has led to; null when nothing yet. */
export async function appointmentOfKey(database: Database, tenantId: string, key: string): Promise<Appointment | null> {
	const row = await ask<EventJson | undefined>(database, tenantId, OF_KEY, [key]);
	return row ? appointmentOf(row) : null;
}

export const listAppointments = async (
	database: Database,
	tenantId: string,
	filter: { conversationId?: string | null; status?: string | null; from: Date; limit?: number },
): Promise<Array<Record<string, unknown>>> =>
	await inTenant(
		database,
		tenantId,
		async (db) =>
			await db.all(LIST, [
				tenantId,
				filter.conversationId ?? null,
				filter.status ?? null,
				filter.from,
				Math.min(filter.limit ?? LIST_LIMIT, LIST_LIMIT),
			]),
	);

/** An appointment as an agent's tool and a node tell it. */
export const told = ({ id, start, end, timeZone, status }: Appointment): Record<string, unknown> => ({
	bookingId: id,
	start: isoIn(start, timeZone),
	end: isoIn(end, timeZone),
	timezone: timeZone,
	status,
});
