import type { Database } from '../../../core/database';
import { inTenant } from '../../../core/tenancy';

/** What a reminder of the story is about: its function asks for the exact time. */
export const BOOKED_FOR = new Date('2099-01-01T12:00:00Z');
/** When the functions are asked to hold a time: two of the story stand there. */
export const holdTime = (): { from: Date; to: Date } => {
	const from = Date.now() + 2 * 86_400_000;
	return { from: new Date(from), to: new Date(from + 1_800_000) };
};

/** A calendar with a booked appointment, one that is being booked, one of which nobody knows, and a lease of its token. */
export async function keepACalendar(database: Database, tenantId: string, mark: string): Promise<void> {
	await inTenant(database, tenantId, async (db) => {
		const calendar = await db.one<{ id: string }>(
			`insert into calendar_integrations (tenant_id, name, calendar_id, time_zone, access_token, last_error) values ($1, $2::text, $2::text, 'UTC', $2::text, $2::text) returning id`,
			[tenantId, mark],
		);
		const { from, to } = holdTime();
		for (const [key, status, start, end, token] of [
			['booked', 'confirmed', BOOKED_FOR, new Date(BOOKED_FOR.getTime() + 1_800_000), false],
			['booking', 'tentative', from, to, true],
			['dark', 'unknown', new Date(from.getTime() + 60_000), to, false],
		] as const)
			await db.one(
				`insert into calendar_events (tenant_id, integration_id, idempotency_key, title, starts_at, ends_at, time_zone, status, hold_token, hold_expires_at)
					values ($1, $2, $3, $4, $5, $6, 'UTC', $7, case when $8 then gen_random_uuid() end, case when $8 then now() - interval '1 second' end)`,
				[tenantId, calendar!.id, `${mark} ${key}`, mark, start, end, status, token],
			);
		await db.one(`select take_connect_lease($1, 'x', 0)`, [tenantId]);
	});
}
