import { z } from 'zod/v4';
import { toDatabaseError, type Database } from '../database';
import { FactoryError } from '../errors';
import { MIN_EVENT_KEY_DAYS, RETENTION, STEP_ROWS } from './defaults';

/** Days that finished things are kept; the reasons stand in `defaults`. */
export interface Retention {
	lostStatusDays: number;
	finishedQueueDays: number;
	deadLetterDays: number;
	settledSendDays: number;
	eventPayloadDays: number;
	eventKeyDays: number;
	finishedJobDays: number;
	spamTextDays: number;
	personalTextDays: number;
	ledgerDays: number;
}

export interface MaintenanceOptions {
	retention?: Partial<Retention>;
	/** Rows of one step. */
	stepRows?: number;
	/** Aborted when the time is over: the step under way ends, the rest waits for the next run. */
	signal?: AbortSignal;
}

/** What one task did. `finished` false: the time was over before it was through. */
export interface TaskResult {
	task: string;
	rows: number;
	steps: number;
	finished: boolean;
}

const days = z.int().min(1);
const retentionSchema = z.object({
	lostStatusDays: days,
	finishedQueueDays: days,
	deadLetterDays: days,
	settledSendDays: days,
	eventPayloadDays: days,
	eventKeyDays: z.int().min(MIN_EVENT_KEY_DAYS),
	finishedJobDays: days,
	spamTextDays: days,
	personalTextDays: days,
	ledgerDays: days,
}) satisfies z.ZodType<Retention>;

/** The one task with a door of its own. */
const LEAD_TEXTS = 'lead_texts';

/** In this order: what keeps the queue quick comes first, should the time run out. */
const tasks = (retention: Retention): Array<[task: string, days: number]> => [
	['finished_queue', retention.finishedQueueDays],
	['idle_send_lanes', 1],
	['lost_statuses', retention.lostStatusDays],
	['settled_sends', retention.settledSendDays],
	// Each tenant says itself how long its texts stay.
	['message_texts', 1],
	[LEAD_TEXTS, 1],
	['finished_jobs', retention.finishedJobDays],
	['spam_texts', retention.spamTextDays],
	['personal_texts', retention.personalTextDays],
	['event_payloads', retention.eventPayloadDays],
	['events', retention.eventKeyDays],
	['unclaimed_events', retention.eventPayloadDays],
	['dead_letters', retention.deadLetterDays],
	['model_calls', retention.ledgerDays],
	['turns', retention.ledgerDays],
	['audit', retention.ledgerDays],
	['unclaimed_audit', retention.ledgerDays],
];

/** Removes and empties what retention ended, in short steps, each a transaction of its own: it may be killed at any moment and run again. */
export async function endRetention(database: Database, options: MaintenanceOptions = {}): Promise<TaskResult[]> {
	const retention = retentionOf(options.retention ?? {});
	const results: TaskResult[] = [];
	for (const [task, keptDays] of tasks(retention)) {
		results.push(await runTask(database, task, keptDays, options));
	}
	return results;
}

function retentionOf(given: Partial<Retention>): Retention {
	const parsed = retentionSchema.safeParse({ ...RETENTION, ...given });
	if (parsed.success) return parsed.data;
	const { path, message } = parsed.error.issues[0];
	const field = path.join('.');
	throw new FactoryError('VALUE_REFUSED', `Retention "${field}": ${message}. Give whole days.`, { item: field });
}

async function runTask(
	database: Database,
	task: string,
	keptDays: number,
	{ stepRows = STEP_ROWS, signal }: MaintenanceOptions,
): Promise<TaskResult> {
	const result: TaskResult = { task, rows: 0, steps: 0, finished: false };
	let from: string | null = null;
	while (!signal?.aborted && !result.finished) {
		const { done, next_tenant: next } = await step(database, [task, keptDays, stepRows, from]);
		result.rows += done;
		result.steps += 1;
		result.finished = next === null;
		from = next;
	}
	return result;
}

async function step(
	database: Database,
	[task, keptDays, stepRows, from]: [string, number, number, string | null],
): Promise<{ done: number; next_tenant: string | null }> {
	const [text, values] =
		task === LEAD_TEXTS
			? [`empty_lead_texts($1::integer, $2::uuid)`, [stepRows, from]]
			: [`run_maintenance($1::text, $2::integer, $3::integer, $4::uuid)`, [task, keptDays, stepRows, from]];
	try {
		const { rows } = await database.pool.query<{ done: number; next_tenant: string | null }>(
			`select done, next_tenant from ${database.qualified}${text}`,
			values,
		);
		return rows[0];
	} catch (error) {
		throw toDatabaseError(error);
	}
}
