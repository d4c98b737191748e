import { z } from 'zod/v4';

import { digitsOf } from './graph-wire';

const statusName = z.enum(['sent', 'delivered', 'read', 'played', 'failed', 'deleted', 'warning']);

/** Body of `POST /_sandbox/behaviour`: how the next `times` matching sends go. Everything left out goes as usual. */
export const behaviourSchema = z.strictObject({
	/** Phone number or user id of the recipient; left out means anybody. */
	to: z.string().optional(),
	httpStatus: z.number().int().min(200).max(599).optional(),
	errorCode: z.number().int().optional(),
	/** Milliseconds before the answer; the message counts as accepted at once. */
	delayMs: z.number().int().min(0).max(600_000).optional(),
	/** Cuts the connection instead of answering; what was accepted stays accepted and its statuses follow. */
	dropResponse: z.boolean().optional(),
	/** Cuts the connection before anything was taken. */
	dropRequest: z.boolean().optional(),
	/** The message is taken although the answer is an error. */
	takenAnyway: z.boolean().optional(),
	/** This text instead of the JSON of the answer, e.g. a page of a proxy; with an `httpStatus` of 400 on nothing is taken. */
	rawAnswer: z.string().optional(),
	/** Milliseconds over which the bytes of the answer come, one by one. */
	dripMs: z.number().int().min(0).max(600_000).optional(),
	times: z.number().int().min(1).default(1),
	/** Statuses to send back, in this order; an empty list sends none. */
	statuses: z.array(statusName).optional(),
	/** Error code inside a `failed` status. */
	statusErrorCode: z.number().int().optional(),
	/** The statuses arrive before the answer to the send. */
	statusBeforeAnswer: z.boolean().optional(),
	/** Each status is posted twice, in two bodies. */
	duplicateStatuses: z.boolean().optional(),
});

export type GraphBehaviour = z.infer<typeof behaviourSchema>;

export interface BehaviourList {
	add(behaviour: GraphBehaviour): void;
	/** The first behaviour that fits this recipient; uses up one of its times. */
	take(recipient: string): GraphBehaviour | undefined;
	list(): GraphBehaviour[];
	clear(): void;
}

export function createBehaviourList(): BehaviourList {
	let waiting: GraphBehaviour[] = [];
	return {
		add: (behaviour) => void waiting.push({ ...behaviour }),
		take(recipient) {
			const found = waiting.find((behaviour) => behaviour.to === undefined || sameRecipient(behaviour.to, recipient));
			if (!found) return undefined;
			found.times -= 1;
			waiting = waiting.filter((behaviour) => behaviour.times > 0);
			return found;
		},
		list: () => waiting.map((behaviour) => ({ ...behaviour })),
		clear: () => void (waiting = []),
	};
}

/** Phone numbers are compared by their digits, so that "+55 11 ..." and "5511..." are one; other ids as they are. */
function sameRecipient(wanted: string, actual: string): boolean {
	if (wanted === actual) return true;
	const phoneLike = /^[+\d\s()-]+$/;
	return phoneLike.test(wanted) && phoneLike.test(actual) && digitsOf(wanted) === digitsOf(actual);
}
