import { asNumber, asText, isRecord } from './llm-exchange';

/** What the next calls meet instead of the script. */
export interface LlmBehaviour {
	delayMs?: number;
	/** Any status from 400 on; the body is the provider's own. */
	httpStatus?: number;
	/** Header of an error, in seconds; 1 for a 429. */
	retryAfterSeconds?: number;
	/** Raw text to answer with, fitting the schema or not. */
	reply?: string;
	refusal?: boolean;
	/** A classifier that does whatever the customer's text says. */
	obedient?: boolean;
	/** The answer is cut in the middle, as by the output limit. */
	truncated?: boolean;
	/** The connection is cut without an answer. */
	dropResponse?: boolean;
	/** Calls that it applies to. */
	times: number;
}

/** Behaviours in the order in which they came, each used up before the next. */
export interface BehaviourQueue {
	add(behaviour: LlmBehaviour): void;
	take(): LlmBehaviour | null;
	clear(): void;
}

export function createBehaviourQueue(): BehaviourQueue {
	let queue: LlmBehaviour[] = [];
	return {
		add: (behaviour) => {
			if (behaviour.times > 0) queue.push({ ...behaviour });
		},
		take: () => {
			const [head] = queue;
			if (!head) return null;
			head.times -= 1;
			if (head.times <= 0) queue.shift();
			return head;
		},
		clear: () => {
			queue = [];
		},
	};
}

/** null where the body is not one. */
export function readBehaviour(body: unknown): LlmBehaviour | null {
	if (!isRecord(body)) return null;
	return {
		delayMs: asNumber(body.delayMs) ?? undefined,
		httpStatus: asNumber(body.httpStatus) ?? undefined,
		retryAfterSeconds: asNumber(body.retryAfterSeconds) ?? undefined,
		reply: asText(body.reply) ?? undefined,
		refusal: body.refusal === true,
		obedient: body.obedient === true,
		truncated: body.truncated === true,
		dropResponse: body.dropResponse === true,
		times: asNumber(body.times) ?? 1,
	};
}
