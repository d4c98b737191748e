import type { Database } from '../../../../core/database';
import { inTenant } from '../../../../core/tenancy';

/** A calendar as a connection stores it, without tokens: for tests of what the database holds. */
export async function addCalendar(
	database: Database,
	tenantId: string,
	changes: { calendarId?: string; bufferMinutes?: number; timeZone?: string } = {},
): Promise<string> {
	const row = await inTenant(
		database,
		tenantId,
		async (db) =>
			await db.one<{ id: string }>(
				`insert into calendar_integrations (tenant_id, name, calendar_id, time_zone, buffer_minutes) values ($1, 'Agenda', $2, $3, $4) returning id`,
				[
					tenantId,
					changes.calendarId ?? 'agenda@example.com',
					changes.timeZone ?? 'America/Sao_Paulo',
					changes.bufferMinutes ?? 0,
				],
			),
	);
	return row!.id;
}

export interface HeldSlot {
	outcome: 'held' | 'known' | 'in_work' | 'unsettled' | 'taken';
	unsettled?: boolean;
	event: { id: string; status: string; hold_token: string; starts_at: string; [column: string]: unknown };
}

/** Minutes from the next full hour, as a time: what a test books. */
export const inMinutes = (minutes: number): Date =>
	new Date(Math.ceil(Date.now() / 3_600_000) * 3_600_000 + minutes * 60_000);

export async function hold(
	database: Database,
	tenantId: string,
	calendarId: string,
	slot: { key: string; from: number; to: number; holdSeconds?: number; [more: string]: unknown },
): Promise<HeldSlot> {
	const row = await inTenant(
		database,
		tenantId,
		async (db) =>
			await db.one<{ held: HeldSlot }>('select hold_slot($1, $2, $3, $4, $5, $6) as held', [
				tenantId,
				calendarId,
				slot.key,
				inMinutes(slot.from),
				inMinutes(slot.to),
				JSON.stringify({ holdSeconds: 120, ...slot }),
			]),
	);
	return row!.held;
}

export async function settle(
	database: Database,
	tenantId: string,
	event: { id: string; hold_token: string },
	outcome: object,
): Promise<Record<string, unknown>> {
	const row = await inTenant(
		database,
		tenantId,
		async (db) =>
			await db.one<{ event: Record<string, unknown> }>('select settle_slot($1, $2, $3, $4) as event', [
				tenantId,
				event.id,
				event.hold_token,
				JSON.stringify(outcome),
			]),
	);
	return row!.event;
}
