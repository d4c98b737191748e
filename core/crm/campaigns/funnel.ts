import type { Database } from '../../database';
import { FactoryError } from '../../errors';
import { inTenant } from '../../tenancy';
import { FUNNEL_DAYS_MAX } from './defaults';

const COUNTS = `select to_char(day, 'YYYY-MM-DD') as day, event_type as event, events::int, leads::int from funnel_counts($1::uuid, $2::date, $3::date)`;
const DAY_MS = 86_400_000;

/** How often each step of the funnel happened, by day of the tenant's zone. */
export async function getFunnel(
	database: Database,
	tenantId: string,
	days: { from: string; to: string },
): Promise<Array<{ day: string; event: string; events: number; leads: number }>> {
	const length = (Date.parse(days.to) - Date.parse(days.from)) / DAY_MS;
	if (!(length >= 0 && length <= FUNNEL_DAYS_MAX)) {
		throw new FactoryError(
			'VALUE_REFUSED',
			`"To" must be a day after "From", by at most ${FUNNEL_DAYS_MAX} days. Correct it.`,
			{ item: 'to' },
		);
	}
	return await inTenant(
		database,
		tenantId,
		async (db) =>
			await db.all<{ day: string; event: string; events: number; leads: number }>(COUNTS, [
				tenantId,
				days.from,
				days.to,
			]),
	);
}
