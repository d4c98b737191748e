/** A signal for one attempt: fires at the time-out or when the caller gives up, and says which of the two. */
export interface Deadline {
	signal: AbortSignal;
	timedOut(): boolean;
	/** Must be called when the attempt is over. */
	clear(): void;
}

export function startDeadline(timeoutMs: number, caller?: AbortSignal): Deadline {
	const controller = new AbortController();
	let expired = false;
	const timer = setTimeout(() => {
		expired = true;
		controller.abort();
	}, timeoutMs);
	const giveUp = (): void => controller.abort();
	if (caller?.aborted) giveUp();
	caller?.addEventListener('abort', giveUp, { once: true });
	return {
		signal: controller.signal,
		timedOut: () => expired,
		clear: () => {
			clearTimeout(timer);
			caller?.removeEventListener('abort', giveUp);
		},
	};
}
