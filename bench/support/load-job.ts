/** What a load thread is told to do. Times in milliseconds, measured from the moment it was planned (open loop) or sent. */
export interface LoadJob {
	url: string;
	/** Signs the bodies; without it they go out unsigned. */
	appSecret: string;
	phoneNumberId: string;
	/** Customers who write again and again. */
	customers: number;
	connections: number;
	seconds: number;
	/** Requests a second, sent whether the ones before were answered or not; without it each connection sends as fast as it is answered. */
	rate?: number;
	/** Bodies are made and signed before the clock starts: as many as could be needed. */
	bodies: number;
}

export interface LoadResult {
	/** Milliseconds of each request that got a 200. */
	times: number[];
	failures: Record<string, number>;
	seconds: number;
	/** Share of one core that the load generator used: near 1 it is the bottleneck. */
	generatorShare: number;
}
