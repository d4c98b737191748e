import { signBody } from '../../../core/meta';
import { textBody, wamid } from '../../support/factory';
import { between } from './random';
import { timePasses } from './time-passes';

export interface LoadTarget {
	/** Where Meta posts. */
	webhookUrl: string;
	appSecret: string;
	/** One WhatsApp number a tenant. */
	phoneNumberIds: string[];
}

export interface LoadOptions {
	random: () => number;
	customersPerNumber?: number;
	/** Milliseconds between two bursts of a customer: at least and at most. */
	pauseMs?: [number, number];
	/** Messages of a burst at most. */
	burstMax?: number;
	/** Milliseconds after which a webhook that hangs counts as unanswered. */
	answerTimeoutMs?: number;
}

export interface CustomerMessage {
	phoneNumberId: string;
	from: string;
	/** Counts up a customer; stands in the text as "#n". */
	n: number;
	wamid: string;
	/** The webhook that carried it got a 200 of our door at least once. */
	acknowledged: boolean;
}

export interface LoadRecord {
	/** In the order in which each customer wrote. */
	messages: CustomerMessage[];
	/** Answers to all deliveries, by kind: "200", "503", "none" (cut or hanging), "foreign 200" (somebody else's). */
	answers: Record<string, number>;
	/** Milliseconds until the slowest of them. */
	slowestMs: number;
}

export interface Load {
	record: LoadRecord;
	/** No new messages; what has no 200 yet is delivered until it has one. */
	stop(timeoutMs?: number): Promise<LoadRecord>;
}

const DUPLICATE_SHARE = 0.15;
const BATCH_SHARE = 0.5;
const RETRY_MS = [150, 1_000] as const;

/** Each load has customers of its own. */
let loads = 0;

/** Customers who write bursts and Meta, which delivers each body until it gets a 200, and some of them again after it. */
export function startLoad(target: LoadTarget, options: LoadOptions): Load {
	const { random, customersPerNumber = 4, pauseMs = [200, 1_500], burstMax = 3, answerTimeoutMs = 10_000 } = options;
	const record: LoadRecord = { messages: [], answers: {}, slowestMs: 0 };
	const stopping = new AbortController();
	const gaveUp = new AbortController();
	const late: Array<Promise<unknown>> = [];
	const area = String(10 + (loads++ % 90));

	const deliver = async (body: string): Promise<boolean> => {
		const started = performance.now();
		const answer = await post(target, body, answerTimeoutMs);
		record.slowestMs = Math.max(record.slowestMs, Math.round(performance.now() - started));
		record.answers[answer] = (record.answers[answer] ?? 0) + 1;
		return answer === '200';
	};
	const deliverUntilAcknowledged = async (messages: CustomerMessage[]): Promise<void> => {
		const { phoneNumberId } = messages[0];
		const texts = messages.map(({ from, n, wamid: id }) => ({ from, id, text: `Qual o preço do plano? pedido #${n}` }));
		const body = JSON.stringify(textBody(phoneNumberId, texts));
		for (let pause = RETRY_MS[0] as number; !(await deliver(body)); pause = Math.min(pause * 1.5, RETRY_MS[1])) {
			if (gaveUp.signal.aborted) return;
			await timePasses(pause);
		}
		for (const message of messages) message.acknowledged = true;
		if (random() < DUPLICATE_SHARE) late.push(deliver(body));
	};
	const customer = async (phoneNumberId: string, from: string): Promise<void> => {
		for (let n = 1; !stopping.signal.aborted;) {
			const size = 1 + Math.floor(random() * burstMax);
			const burst = Array.from({ length: size }, () => ({
				...{ phoneNumberId, from, n: n++, wamid: wamid(), acknowledged: false },
			}));
			record.messages.push(...burst);
			if (random() < BATCH_SHARE) await deliverUntilAcknowledged(burst);
			else for (const message of burst) await deliverUntilAcknowledged([message]);
			await timePasses(between(random, ...pauseMs), stopping.signal);
		}
	};
	const running = target.phoneNumberIds.flatMap((phoneNumberId, number) =>
		Array.from({ length: customersPerNumber }, (_, i) =>
			customer(phoneNumberId, `55${area}9${number}8800${String(i).padStart(4, '0')}`),
		),
	);
	return {
		record,
		async stop(timeoutMs = 120_000) {
			stopping.abort();
			const timer = setTimeout(() => gaveUp.abort(), timeoutMs);
			await Promise.all(running);
			clearTimeout(timer);
			await Promise.all(late);
			return record;
		},
	};
}

/** One delivery. A 200 counts only in our door's own words: a starting n8n says 200 to everything. */
export async function post(
	target: Pick<LoadTarget, 'webhookUrl' | 'appSecret'>,
	body: string,
	timeoutMs: number,
): Promise<string> {
	try {
		const response = await fetch(target.webhookUrl, {
			method: 'POST',
			headers: {
				'content-type': 'application/json',
				'x-hub-signature-256': signBody(Buffer.from(body), target.appSecret),
			},
			body,
			signal: AbortSignal.timeout(timeoutMs),
		});
		const text = await response.text();
		if (response.status !== 200) return String(response.status);
		return isOurs(text) ? '200' : 'foreign 200';
	} catch {
		return 'none';
	}
}

function isOurs(text: string): boolean {
	try {
		return (JSON.parse(text) as { ok?: unknown }).ok === true;
	} catch {
		return false;
	}
}
