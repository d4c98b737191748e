import { setTimeout as wait } from 'node:timers/promises';
import type { HttpReply, HttpRequest } from './http';

/** How the next `times` matching calls of a stand-in go. */
export interface Fault {
	/** `METHOD path`, or a part of it; left out means any. */
	call?: string;
	times?: number;
	status?: number;
	body?: unknown;
	retryAfterSeconds?: number;
	delayMs?: number;
	/** Cuts the connection instead of answering. */
	drop?: boolean;
	/** The call does its work before it fails: what a caller cannot tell from one that did not. */
	afterWork?: boolean;
}

export interface FoundFault {
	/** The work of the call is not done. */
	before: boolean;
	answer(): Promise<HttpReply | 'destroy'>;
}

/** The first fault that fits a call, used up once. */
export function faultOf(faults: Fault[], request: HttpRequest): FoundFault | null {
	const index = faults.findIndex(({ call }) => `${request.method} ${request.path}`.includes(call ?? ''));
	if (index < 0) return null;
	const fault = faults[index];
	fault.times = (fault.times ?? 1) - 1;
	if (fault.times <= 0) faults.splice(index, 1);
	return {
		before: !fault.afterWork,
		answer: async () => {
			if (fault.delayMs) await wait(fault.delayMs, null, { ref: false });
			if (fault.drop) return 'destroy';
			return {
				status: fault.status ?? 500,
				body: fault.body ?? { error: { code: fault.status ?? 500, message: 'as asked' } },
				...(fault.retryAfterSeconds === undefined
					? {}
					: { headers: { 'retry-after': String(fault.retryAfterSeconds) } }),
			};
		},
	};
}
