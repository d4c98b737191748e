import { toDatabaseError, type Database } from '../database';
import { FRESH_MINUTES, ROLL_UP_DAYS, ROLL_UP_SECONDS } from './defaults';

export interface RollUpOptions {
	/** Days of tenants one transaction counts. */
	stepDays?: number;
	/** Minutes after which today and yesterday are counted again. */
	freshMinutes?: number;
	/** Aborted when the time is over (without it after ROLL_UP_SECONDS): the step under way ends, the rest waits for the next run. */
	signal?: AbortSignal;
}

export interface RollUpReport {
	/** Days counted; one that became due again meanwhile counts twice. */
	days: number;
	tenants: number;
	/** False: the time was over; what is left is counted by the next run. */
	finished: boolean;
}

/** Counts every day that is due, in short transactions: may be killed at any moment, and run twice at once. */
export async function rollUpDays(database: Database, options: RollUpOptions = {}): Promise<RollUpReport> {
	const { stepDays = ROLL_UP_DAYS, freshMinutes = FRESH_MINUTES } = options;
	// Where a pass takes longer than figures stay fresh, there would always be something due.
	const signal = options.signal ?? AbortSignal.timeout(ROLL_UP_SECONDS * 1_000);
	const tenants = new Set<string>();
	let days = 0;
	while (!signal.aborted) {
		const counted = await step(database, stepDays, freshMinutes);
		days += counted.length;
		for (const id of counted) tenants.add(id);
		if (counted.length === 0) return { days, tenants: tenants.size, finished: true };
	}
	return { days, tenants: tenants.size, finished: false };
}

async function step(database: Database, days: number, freshMinutes: number): Promise<string[]> {
	try {
		const { rows } = await database.pool.query<{ tenant_id: string }>(
			`select tenant_id from ${database.qualified}roll_up_days($1::integer, $2::integer)`,
			[days, freshMinutes],
		);
		return rows.map(({ tenant_id: id }) => id);
	} catch (error) {
		throw toDatabaseError(error);
	}
}
