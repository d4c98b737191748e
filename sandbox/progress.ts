/** Tells a person what is going on; a step that takes long says so every few seconds. */
export interface Progress {
	/** Runs one step; `detail` replaces what the periodic line shows. */
	step<T>(title: string, work: (detail: (text: string) => void) => Promise<T>): Promise<T>;
	note(line: string): void;
}

/** Shorter than a person's patience with a silent terminal. */
const reminderMs = 5_000;

/** Plain lines, no cursor movement: the same text reads well in a terminal, a log and CI. */
export function lineProgress(write: (line: string) => void, now: () => number = () => Date.now()): Progress {
	const seconds = (since: number) => `${((now() - since) / 1000).toFixed(1)} s`;
	return {
		note: write,
		async step(title, work) {
			const startedAt = now();
			let latest = '';
			write(`• ${title} ...`);
			const timer = setInterval(() => {
				write(`  ${seconds(startedAt)}${latest ? `: ${latest}` : ', still at it'}`);
			}, reminderMs);
			try {
				const result = await work((text) => (latest = text));
				write(`  done in ${seconds(startedAt)}${latest ? ` (${latest})` : ''}`);
				return result;
			} catch (error) {
				write(`  failed after ${seconds(startedAt)}`);
				throw error;
			} finally {
				clearInterval(timer);
			}
		},
	};
}

/** For tests and callers that only want the result. */
export const silentProgress: Progress = {
	step: (_title, work) => work(() => undefined),
	note: () => undefined,
};
