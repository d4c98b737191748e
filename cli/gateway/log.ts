export type LogLevel = 'info' | 'warn' | 'error';

/** One JSON line an event of note. Never a payload, a secret, or a line a request: requests are counted in the metrics. */
export type Log = (level: LogLevel, event: string, details?: Record<string, unknown>) => void;

export const jsonLog =
	(write: (line: string) => void): Log =>
	(level, event, details = {}) =>
		write(`${JSON.stringify({ at: new Date().toISOString(), level, event, ...details })}\n`);
