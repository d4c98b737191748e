// eslint-disable-next-line no-restricted-syntax -- how long a fault lasts and a customer thinks is no condition to wait for
import { setTimeout } from 'node:timers/promises';

/** Some milliseconds of the story that a test tells; never a wait for something to become true. */
export const timePasses = async (ms: number, signal?: AbortSignal): Promise<void> =>
	await setTimeout(ms, undefined, { signal }).catch(() => undefined);
