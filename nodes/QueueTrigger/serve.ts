import type { ITriggerFunctions, ITriggerResponse } from 'n8n-workflow';
import { startDispatcher, type DispatcherOptions, type WorkKind } from '../../core/conversations';
import type { Database } from '../../core/database';
import { openNodeDatabase, toNodeError } from '../shared';
import { MANUAL_WAIT_MS, POLL_SECONDS_MIN } from './defaults';
import { createStarter } from './start-execution';
import { stateLog } from './state-log';

interface QueueParameters {
	work: WorkKind;
	maxConcurrent: number;
	batchSize: number;
	pollMs: number;
	waits: boolean;
	schema: string | undefined;
}

const MS_PER_SECOND = 1_000;

function readParameters(context: ITriggerFunctions): QueueParameters {
	return {
		work: context.getNodeParameter('work') as WorkKind,
		maxConcurrent: context.getNodeParameter('executionsAtOnce') as number,
		batchSize: context.getNodeParameter('lanesPerExecution') as number,
		pollMs: Math.max(POLL_SECONDS_MIN, context.getNodeParameter('pollInterval') as number) * MS_PER_SECOND,
		waits: context.getNodeParameter('waitForExecutions') as boolean,
		schema: (context.getNodeParameter('options', {}) as { schema?: string }).schema,
	};
}

/** Watches the queue until n8n closes the trigger. A schema that does not fit refuses to start, and says so. */
export async function serveQueue(context: ITriggerFunctions): Promise<ITriggerResponse> {
	const parameters = readParameters(context);
	let database: Database;
	try {
		database = await openNodeDatabase(context, parameters.schema);
	} catch (error) {
		throw toNodeError(context.getNode(), error);
	}
	return context.getMode() === 'manual'
		? runOnce(context, database, parameters)
		: keepRunning(context, database, parameters);
}

function keepRunning(context: ITriggerFunctions, database: Database, parameters: QueueParameters): ITriggerResponse {
	const { work, maxConcurrent, batchSize, pollMs, waits } = parameters;
	const log = stateLog(context.logger, context.getNode().name);
	const starter = createStarter(context, { work, waits });
	const dispatcher = startDispatcher(database, {
		kind: work,
		maxConcurrent,
		batchSize,
		pollMs,
		waits,
		start: async (due, take) => {
			log.working();
			await starter.start(due, take);
		},
		onError: (error) => log.failing(error),
		onListening: (listening, reason) => log.listening(listening, reason),
	});
	return {
		closeFunction: async () => {
			starter.close();
			await dispatcher.close();
		},
	};
}

/** A test run in the editor: one item, with what is due now. */
function runOnce(context: ITriggerFunctions, database: Database, { work }: QueueParameters): ITriggerResponse {
	return {
		manualTriggerFunction: async () => {
			const due = await firstDue(database, work);
			context.emit([[{ json: { work, due } }]]);
		},
		closeFunction: async () => undefined,
	};
}

async function firstDue(database: Database, work: WorkKind): Promise<number> {
	let dispatcher: { close(): Promise<void> } | undefined;
	let timer: NodeJS.Timeout | undefined;
	try {
		return await new Promise<number>((resolve, reject) => {
			timer = setTimeout(() => resolve(0), MANUAL_WAIT_MS);
			const options: DispatcherOptions = {
				kind: work,
				maxConcurrent: 1,
				batchSize: Number.MAX_SAFE_INTEGER,
				waits: true,
				start: async (due) => resolve(due),
				onError: reject,
			};
			dispatcher = startDispatcher(database, options);
		});
	} finally {
		clearTimeout(timer);
		await dispatcher?.close();
	}
}
