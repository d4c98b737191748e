import type { IRun, ITriggerFunctions } from 'n8n-workflow';
import type { WorkKind } from '../../core/conversations';
import { EXECUTION_TIMEOUT_MS, FAILURE_PAUSE_MAX_MS, FAILURE_PAUSE_MS } from './defaults';

export interface Starter {
	/** Starts one execution; resolves when its place is free again. Never rejects. */
	start(due: number, take: number): Promise<void>;
	/** Ends every wait. */
	close(): void;
}

/** Starts executions and pauses after failed ones: a workflow that fails before it claims would start again at once, for ever. */
export function createStarter(
	context: ITriggerFunctions,
	{ work, waits }: { work: WorkKind; waits: boolean },
): Starter {
	const waiting = new Set<() => void>();
	let failures = 0;

	/** Resolves after `ms`, when `early` settles, or on close; answers what `early` said. */
	const wait = async <T>(ms: number, early?: Promise<T>): Promise<T | undefined> =>
		await new Promise((resolve) => {
			const end = (value?: T): void => {
				clearTimeout(timer);
				waiting.delete(stop);
				resolve(value);
			};
			const stop = (): void => end();
			const timer = setTimeout(stop, ms);
			waiting.add(stop);
			void early?.then(end);
		});

	const start = async (due: number, take: number): Promise<void> => {
		const data = [[{ json: { work, due, take } }]];
		if (!waits) return context.emit(data);
		const done = context.helpers.createDeferredPromise<IRun>();
		context.emit(data, undefined, done);
		const ended = done.promise.then(failed, () => true);
		const hasFailed = await wait(EXECUTION_TIMEOUT_MS, ended);
		failures = hasFailed ? failures + 1 : 0;
		if (failures > 0) await wait(Math.min(FAILURE_PAUSE_MS * 2 ** (failures - 1), FAILURE_PAUSE_MAX_MS));
	};

	return {
		start,
		close() {
			for (const stop of [...waiting]) stop();
		},
	};
}

const failed = (run: IRun | undefined): boolean => run?.status === 'error' || run?.status === 'crashed';
