import type { Logger } from 'n8n-workflow';
import { isFactoryError } from '../../core/errors';

type State = 'working' | 'failing';

/** Says each change of state once: a database that is away for an hour is one line, not one a second. */
export function stateLog(logger: Pick<Logger, 'info' | 'warn' | 'error'>, nodeName: string) {
	let state: State = 'working';
	let heard: boolean | null = null;
	return {
		working(): void {
			if (state === 'working') return;
			state = 'working';
			logger.info('Queue Trigger: the database answers again.', { nodeName });
		},
		failing(error: Error): void {
			if (state === 'failing') return;
			state = 'failing';
			logger.error(`Queue Trigger: ${error.message} It goes on trying.`, {
				nodeName,
				code: isFactoryError(error) ? error.code : 'INTERNAL',
			});
		},
		listening(listening: boolean, reason?: string): void {
			if (heard === listening) return;
			const first = heard === null;
			heard = listening;
			if (!listening)
				logger.warn(`Queue Trigger hears no notifications (${reason ?? 'unknown reason'}); polling goes on.`, {
					nodeName,
				});
			else if (!first) logger.info('Queue Trigger hears notifications again.', { nodeName });
			if (listening) this.working();
		},
	};
}
