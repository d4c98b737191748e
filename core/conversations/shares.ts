import type { WorkKind } from '../database';
import { CLAIM_GRACE_MS } from './defaults';

/**
 * How many lanes each of the next executions takes. A turn costs seconds, so turns are spread over the places that are free and share
 * one only when there are more than places; a send costs one request, so many share one.
 */
export function shares(
	{ kind, batchSize }: { kind: WorkKind; batchSize: number },
	open: number,
	free: number,
): number[] {
	if (open <= 0 || free <= 0) return [];
	const most = Math.max(1, batchSize);
	const executions = Math.min(free, kind === 'turns' ? open : Math.ceil(open / most));
	const takes: number[] = [];
	for (let left = executions, lanes = open; left > 0; left--) {
		const take = Math.min(most, Math.ceil(lanes / left));
		takes.push(take);
		lanes -= take;
	}
	return takes;
}

/** Lanes that executions were started for and have not claimed yet: they look due, and must not start a second one. */
export function createPromises() {
	let open: Array<{ take: number; until: number }> = [];
	return {
		add: (now: number, take: number): void => void open.push({ take, until: now + CLAIM_GRACE_MS }),
		/** One execution has claimed. */
		kept: (): void => void open.shift(),
		taken(now: number): number {
			open = open.filter(({ until }) => until > now);
			return open.reduce((sum, { take }) => sum + take, 0);
		},
	};
}
