import { toDatabaseError, type Database } from '../database';
import { endRetention, type MaintenanceOptions, type TaskResult } from './run';
import { analyseTables, bloatWarnings, tableSizes, type TableSize } from './tables';

export interface MaintenanceReport {
	/** False: the time was over; what is left is done by the next run. */
	finished: boolean;
	tasks: TaskResult[];
	warnings: string[];
	/** Tables with fresh statistics; none when the login does not own them. */
	analysed: string[];
	tables: TableSize[];
}

/** The nightly run: ends retention, renews statistics, says what an operator should look at. */
export async function runMaintenance(database: Database, options: MaintenanceOptions = {}): Promise<MaintenanceReport> {
	const tasks = await endRetention(database, options);
	const analysed = options.signal?.aborted ? [] : await analyseTables(database);
	await leaveReceipt(database, tasks);
	const tables = await tableSizes(database);
	return {
		finished: tasks.every(({ finished }) => finished),
		tasks,
		warnings: await bloatWarnings(database, tables),
		analysed,
		tables,
	};
}

/** Which task removed how much, in the audit log. */
async function leaveReceipt(database: Database, tasks: TaskResult[]): Promise<void> {
	const report = { tasks: tasks.map(({ task, rows, finished }) => ({ task, rows, finished })) };
	try {
		await database.pool.query(`select ${database.qualified}note_maintenance($1::jsonb)`, [JSON.stringify(report)]);
	} catch (error) {
		throw toDatabaseError(error);
	}
}
