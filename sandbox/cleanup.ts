/** What must be undone, in reverse order of how it was done. */
export interface Cleanup {
	add(what: string, undo: () => Promise<unknown> | void): void;
	/** Undoes everything once, whatever fails on the way; answers what failed. */
	run(): Promise<string[]>;
}

export function createCleanup(): Cleanup {
	const entries: Array<{ what: string; undo: () => Promise<unknown> | void }> = [];
	let running: Promise<string[]> | undefined;
	const undoAll = async () => {
		const failures: string[] = [];
		for (let entry = entries.pop(); entry; entry = entries.pop()) {
			try {
				await entry.undo();
			} catch (error) {
				failures.push(`${entry.what}: ${error instanceof Error ? error.message : String(error)}`);
			}
		}
		return failures;
	};
	return {
		add: (what, undo) => void entries.push({ what, undo }),
		// A second Ctrl-C waits for the first one's cleanup instead of starting another.
		run: () => (running ??= undoAll()),
	};
}
