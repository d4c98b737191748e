import { toDatabaseError, type Database } from '../database';
import { FactoryError } from '../errors';
import { inTenant } from '../tenancy';
import { camelKeys } from './camel';
import { dashboardSchema, operatorDashboardSchema, type Dashboard, type OperatorDashboard } from './dashboard-schema';
import { DASHBOARD_DAYS, MOST_DASHBOARD_DAYS, MOST_OPERATOR_DAYS, OPERATOR_DAYS, OPERATOR_TENANTS } from './defaults';

/** Everything a tenant's page shows, in one round trip. */
export async function dashboard(
	database: Database,
	tenantId: string,
	{ days = DASHBOARD_DAYS }: { days?: number } = {},
): Promise<Dashboard> {
	const bounded = daysWithin(days, MOST_DASHBOARD_DAYS);
	const row = await inTenant(
		database,
		tenantId,
		async (db) =>
			await db.one<{ figures: unknown }>('select dashboard($1::uuid, $2::integer) as figures', [tenantId, bounded]),
	);
	if (!row?.figures) {
		throw new FactoryError('NOT_FOUND', 'This tenant does not exist (any more). Pick another.', { item: tenantId });
	}
	return dashboardSchema.parse(camelKeys(row.figures));
}

/** Every tenant's figures, for the operator alone: whoever calls this must have made sure who asks. */
export async function operatorDashboard(
	database: Database,
	{ days = OPERATOR_DAYS, tenants = OPERATOR_TENANTS }: { days?: number; tenants?: number } = {},
): Promise<OperatorDashboard> {
	const values = [daysWithin(days, MOST_OPERATOR_DAYS), Math.min(tenants, OPERATOR_TENANTS)];
	return operatorDashboardSchema.parse(camelKeys(await readAll(database, values)));
}

async function readAll(database: Database, values: number[]): Promise<unknown> {
	try {
		const { rows } = await database.pool.query<{ figures: unknown }>(
			`select ${database.qualified}operator_dashboard($1::integer, $2::integer) as figures`,
			values,
		);
		return rows[0].figures;
	} catch (error) {
		throw toDatabaseError(error);
	}
}

function daysWithin(days: number, most: number): number {
	if (Number.isInteger(days) && days >= 1 && days <= most) return days;
	throw new FactoryError('VALUE_REFUSED', `"Days" must be a whole number from 1 to ${most}. Correct it.`, {
		item: 'days',
	});
}
