export interface WaitOptions {
	timeoutMs?: number;
	/** What was awaited, for the message when it does not come. */
	what?: string;
	pollMs?: number;
}

/** Polls until the condition holds (any truthy answer, which is returned); past the limit it throws. */
export async function waitFor<T>(
	condition: () => T | Promise<T>,
	{ timeoutMs = 30_000, what = 'the condition', pollMs = 25 }: WaitOptions = {},
): Promise<NonNullable<T>> {
	const deadline = Date.now() + timeoutMs;
	for (;;) {
		const answer = await condition();
		if (answer) return answer;
		if (Date.now() > deadline) throw new Error(`${what} did not hold within ${timeoutMs} ms`);
		await new Promise((resolve) => setTimeout(resolve, pollMs));
	}
}
