import { z } from 'zod/v4';
import type { Database } from '../../database';
import { FactoryError } from '../../errors';
import { inTenant, type TenantConnection } from '../../tenancy';
import type { OAuthTokens } from '../connect';
import type { WorkingHours } from './availability';
import { LIST_LIMIT } from './defaults';
import { checkTimeZone } from './time';
import type { Calendar, ProviderName } from './types';

const COLUMNS = `id, provider, name, calendar_id, event_type_id, base_url, allow_local, agent_id, time_zone, working_hours, slot_minutes, buffer_minutes,
	min_notice_minutes, max_days_ahead, reminder_minutes, reschedule_goes_to, is_active, status, last_error, last_sync_at, created_at`;

interface CalendarRow {
	id: string;
	provider: ProviderName;
	name: string;
	calendar_id: string;
	event_type_id: number | string | null;
	base_url: string | null;
	allow_local: boolean;
	time_zone: string;
	working_hours: WorkingHours;
	slot_minutes: number;
	buffer_minutes: number;
	min_notice_minutes: number;
	max_days_ahead: number;
	status: string;
	[column: string]: unknown;
}

const calendarOf = (row: CalendarRow): Calendar => ({
	id: row.id,
	provider: row.provider,
	name: row.name,
	calendarId: row.calendar_id,
	eventTypeId: row.event_type_id === null ? null : Number(row.event_type_id),
	baseUrl: row.base_url,
	allowLocal: row.allow_local,
	timeZone: row.time_zone,
	workingHours: row.working_hours,
	slotMinutes: row.slot_minutes,
	bufferMinutes: row.buffer_minutes,
	minNoticeMinutes: row.min_notice_minutes,
	maxDaysAhead: row.max_days_ahead,
	status: row.status,
});

const LIST = `select ${COLUMNS} from calendar_integrations where tenant_id = $1::uuid and ($2::text is null or provider = $2::text) order by created_at limit $3::integer`;
// An agent's own calendar before one that is everybody's; one that works before one that does not.
const PICK = `select ${COLUMNS} from calendar_integrations
	where tenant_id = $1::uuid and is_active and ($2::uuid is null or id = $2::uuid) and ($3::text is null or provider = $3::text)
		and ($2::uuid is not null or agent_id is null or agent_id = $4::uuid)
	order by status = 'connected' desc, agent_id nulls last, created_at limit 1`;

export const listCalendars = async (
	database: Database,
	tenantId: string,
	provider?: ProviderName,
): Promise<Array<Record<string, unknown>>> =>
	await inTenant(database, tenantId, async (db) => await db.all(LIST, [tenantId, provider ?? null, LIST_LIMIT]));

/** Which calendar is meant: by id, or the one of this provider and agent. */
export interface CalendarChoice {
	calendarId?: string | null;
	provider?: ProviderName | null;
	agentId?: string | null;
}

export async function pickCalendar(database: Database, tenantId: string, choice: CalendarChoice): Promise<Calendar> {
	const row = await inTenant(
		database,
		tenantId,
		async (db) =>
			await db.one<CalendarRow>(PICK, [
				tenantId,
				choice.calendarId ?? null,
				choice.provider ?? null,
				choice.agentId ?? null,
			]),
	);
	if (!row)
		throw new FactoryError(
			'CALENDAR_MISSING',
			'The tenant has no active calendar for this. Make a link with Create Connect Link, or connect Cal.com with its key.',
			{ item: choice.calendarId ?? choice.provider ?? 'calendar' },
		);
	return calendarOf(row);
}

const hours = z.tuple([
	z.string().regex(/^([01]\d|2[0-3]):[0-5]\d$/),
	z.string().regex(/^(([01]\d|2[0-3]):[0-5]\d|24:00)$/),
]);
const settingsSchema = z.strictObject({
	name: z.string().trim().min(1).max(200).optional(),
	agentId: z.uuid().nullish(),
	userId: z.uuid().nullish(),
	timeZone: z.string().optional(),
	workingHours: z
		.partialRecord(z.enum(['mon', 'tue', 'wed', 'thu', 'fri', 'sat', 'sun']), z.array(hours).max(6))
		.optional(),
	slotMinutes: z.int().min(5).max(480).optional(),
	bufferMinutes: z.int().min(0).max(240).optional(),
	minNoticeMinutes: z.int().min(0).max(43_200).optional(),
	maxDaysAhead: z.int().min(1).max(365).optional(),
	reminderMinutes: z.array(z.int().min(5).max(43_200)).max(5).optional(),
	rescheduleGoesTo: z.enum(['agent', 'person']).optional(),
	isActive: z.boolean().optional(),
});
/** How people may book and are reminded; what is left out stays as it is. */
export type CalendarSettings = z.input<typeof settingsSchema>;

export function readSettings(given: unknown): CalendarSettings {
	const parsed = settingsSchema.safeParse(given);
	if (!parsed.success) {
		const [issue] = parsed.error.issues;
		throw new FactoryError(
			'VALUE_REFUSED',
			`The setting "${issue.path.join('.')}" is refused: ${issue.message}. Working hours are written like {"mon": [["09:00", "18:00"]]}.`,
			{ item: issue.path.join('.') },
		);
	}
	if (parsed.data.timeZone) checkTimeZone(parsed.data.timeZone);
	return parsed.data;
}

const UPDATE = `update calendar_integrations set name = coalesce($3::text, name), agent_id = case when $4::boolean then $5::uuid else agent_id end,
	user_id = case when $6::boolean then $7::uuid else user_id end, time_zone = coalesce($8::text, time_zone), working_hours = coalesce($9::jsonb, working_hours),
	slot_minutes = coalesce($10::integer, slot_minutes), buffer_minutes = coalesce($11::integer, buffer_minutes), min_notice_minutes = coalesce($12::integer, min_notice_minutes),
	max_days_ahead = coalesce($13::integer, max_days_ahead), reminder_minutes = coalesce($14::integer[], reminder_minutes),
	reschedule_goes_to = coalesce($15::text, reschedule_goes_to), is_active = coalesce($16::boolean, is_active)
	where tenant_id = $1::uuid and id = $2::uuid returning ${COLUMNS}`;

export async function applySettings(
	db: TenantConnection,
	calendarId: string,
	settings: CalendarSettings,
): Promise<Record<string, unknown>> {
	const row = await db.one(UPDATE, [
		...[db.tenantId, calendarId, settings.name ?? null, settings.agentId !== undefined, settings.agentId ?? null],
		...[settings.userId !== undefined, settings.userId ?? null, settings.timeZone ?? null],
		settings.workingHours ? JSON.stringify(settings.workingHours) : null,
		...[settings.slotMinutes ?? null, settings.bufferMinutes ?? null, settings.minNoticeMinutes ?? null],
		...[settings.maxDaysAhead ?? null, settings.reminderMinutes ?? null, settings.rescheduleGoesTo ?? null],
		settings.isActive ?? null,
	]);
	if (row) return row;
	throw new FactoryError('NOT_FOUND', `The tenant has no calendar ${calendarId}. Pick one from the list.`, {
		item: calendarId,
	});
}

export const updateCalendar = async (
	database: Database,
	tenantId: string,
	calendarId: string,
	settings: unknown,
	actor?: string,
): Promise<Record<string, unknown>> => {
	const read = readSettings(settings);
	return await inTenant(database, tenantId, async (db) => await applySettings(db, calendarId, read), { actor });
};

const SAVE = `insert into calendar_integrations (tenant_id, id, provider, name, calendar_id, event_type_id, base_url, allow_local, time_zone, access_token, refresh_token, token_expires_at)
	values ($1::uuid, $2::uuid, $3::text, $4::text, $5::text, $6::bigint, $7::text, $8::boolean, $9::text, $10::text, $11::text, $12::timestamptz)
	on conflict (tenant_id, id) do update set base_url = excluded.base_url, allow_local = excluded.allow_local, access_token = excluded.access_token,
		refresh_token = coalesce(excluded.refresh_token, calendar_integrations.refresh_token), token_expires_at = excluded.token_expires_at,
		is_active = true, status = 'connected', last_error = null
	returning ${COLUMNS}`;
const KNOWN = `select id from calendar_integrations where tenant_id = $1::uuid and provider = $2::text and calendar_id = $3::text for update`;
const AUDIT = `select record_audit($1::uuid, 'calendar.connected', 'calendar_integration', $2::text, jsonb_build_object('provider', $3::text))`;

/** What seals a calendar's token: moved to another row it does not open. */
export const tokenBoundTo = (tenantId: string, calendarId: string, which: 'access' | 'refresh'): string =>
	`calendar_integrations/${tenantId}/${calendarId}/${which}`;

export interface NewCalendar {
	/** Of a calendar that nobody knows yet. */
	id: string;
	provider: ProviderName;
	name: string;
	calendarId: string;
	eventTypeId: number | null;
	baseUrl: string | null;
	allowLocal: boolean;
	timeZone: string;
	tokens: Pick<OAuthTokens, 'accessToken' | 'refreshToken' | 'expiresAt'>;
}

/** Keeps a connection; the same calendar again is the same row with new tokens. */
export async function saveCalendar(
	db: TenantConnection,
	calendar: NewCalendar,
	seal: (secret: string, boundTo: string) => string,
): Promise<{ id: string; [column: string]: unknown }> {
	const known = await db.one<{ id: string }>(KNOWN, [db.tenantId, calendar.provider, calendar.calendarId]);
	const id = known?.id ?? calendar.id;
	const { accessToken, refreshToken, expiresAt } = calendar.tokens;
	const row = (await db.one<{ id: string }>(SAVE, [
		...[db.tenantId, id, calendar.provider, calendar.name, calendar.calendarId, calendar.eventTypeId],
		...[calendar.baseUrl, calendar.allowLocal, checkTimeZone(calendar.timeZone)],
		seal(accessToken, tokenBoundTo(db.tenantId, id, 'access')),
		refreshToken === null ? null : seal(refreshToken, tokenBoundTo(db.tenantId, id, 'refresh')),
		expiresAt,
	]))!;
	await db.one(AUDIT, [db.tenantId, id, calendar.provider]);
	return row;
}
