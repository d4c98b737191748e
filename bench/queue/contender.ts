import type { OrderWatch, Workload } from './workloads';

/** A queue in a database of its own: filled, then drained as fast as it can. */
export interface Contender {
	name: string;
	/** Empties what an earlier run left and stores the messages; not measured. */
	fill(workload: Workload): Promise<void>;
	/** Hands out and settles until nothing is left or `deadline` (milliseconds of `performance.now`) has come. */
	drain(workload: Workload, watch: OrderWatch, deadline: number): Promise<void>;
	close(): Promise<void>;
}
