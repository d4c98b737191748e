import { GRAPH_DEFAULTS } from './graph-defaults';
import { statusError } from './graph-errors';
import { bsuidOf, digitsOf, metaJson, postSigned, unixSeconds } from './graph-wire';

/** An accepted WhatsApp message, as far as its statuses are concerned. */
export interface StatusSource {
	id: string;
	phoneNumberId: string;
	displayPhone: string;
	wabaId: string;
	/** Phone number or business-scoped user id. */
	to: string;
	category: 'service' | 'utility';
	callbackData: string | null;
}

export interface WebhookTarget {
	url: string;
	appSecret: string;
}

export interface StatusPlan {
	statuses: string[];
	errorCode?: number;
	/** Post each status a second time, in a body of its own. */
	duplicate?: boolean;
}

export interface StatusSender {
	/** Sends the statuses one after the other, `statusDelayMs` apart. */
	schedule(source: StatusSource, plan: StatusPlan): void;
	/** Sends them at once, each in its own body, and waits for the first answers. */
	sendNow(source: StatusSource, plan: StatusPlan): Promise<void>;
	/** Bodies that got their 200, wait for a repetition, or were given up. */
	counts(): { delivered: number; pending: number; gaveUp: number };
	close(): void;
}

export interface StatusSenderOptions {
	target: () => WebhookTarget | null;
	statusDelayMs: number;
	now: () => Date;
}

interface Item {
	source: StatusSource;
	status: Record<string, unknown>;
	withContact: boolean;
}

/** Posts signed status webhooks. Statuses that fall due together share a body; a body that gets no 200 is repeated with growing delay. */
export function createStatusSender(options: StatusSenderOptions): StatusSender {
	const stop = new AbortController();
	const timers = new Set<NodeJS.Timeout>();
	const serviceCount = new Map<string, number>();
	const totals = { delivered: 0, pending: 0, gaveUp: 0 };
	let due: Item[] = [];

	const later = (ms: number, run: () => void): void => {
		if (stop.signal.aborted) return;
		const timer = setTimeout(() => {
			timers.delete(timer);
			run();
		}, ms);
		timers.add(timer);
	};
	const makeItem = (source: StatusSource, name: string, errorCode?: number): Item =>
		buildItem(source, name, options.now(), serviceCount, errorCode);
	const flush = (): void => {
		const items = due;
		due = [];
		for (let start = 0; start < items.length; start += GRAPH_DEFAULTS.batchMax) {
			void post(items.slice(start, start + GRAPH_DEFAULTS.batchMax));
		}
	};
	const enqueue = (item: Item): void => {
		due.push(item);
		if (due.length === 1) later(GRAPH_DEFAULTS.batchWindowMs, flush);
	};
	const post = async (items: Item[]): Promise<void> => {
		if (items.length === 0 || !options.target()) return;
		totals.pending += 1;
		await attempt(metaJson(buildBody(items)), 1);
	};
	/** Resolves after the first try; repetitions go on in the background. */
	const attempt = async (body: Buffer, number: number): Promise<void> => {
		const target = options.target();
		const answered = target && (await answers200(target, body, stop.signal));
		if (stop.signal.aborted) return;
		if (answered) totals.delivered += 1;
		else if (number < GRAPH_DEFAULTS.retryAttempts) {
			later(waitBefore(number), () => void attempt(body, number + 1));
			return;
		} else totals.gaveUp += 1;
		totals.pending -= 1;
	};

	return {
		schedule(source, plan) {
			plan.statuses.forEach((name, index) => {
				later(options.statusDelayMs * (index + 1), () => {
					const item = makeItem(source, name, plan.errorCode);
					enqueue(item);
					if (plan.duplicate) void post([item]);
				});
			});
		},
		async sendNow(source, plan) {
			for (const name of plan.statuses) {
				const item = makeItem(source, name, plan.errorCode);
				await post([item]);
				if (plan.duplicate) await post([item]);
			}
		},
		counts: () => ({ ...totals }),
		close() {
			stop.abort();
			for (const timer of timers) clearTimeout(timer);
			timers.clear();
		},
	};
}

const waitBefore = (attempt: number): number =>
	Math.min(GRAPH_DEFAULTS.retryMaxMs, GRAPH_DEFAULTS.retryFirstMs * GRAPH_DEFAULTS.retryFactor ** (attempt - 1));

async function answers200(target: WebhookTarget, body: Buffer, signal: AbortSignal): Promise<boolean> {
	try {
		return (await postSigned({ ...target, body, timeoutMs: GRAPH_DEFAULTS.webhookTimeoutMs, signal })) === 200;
	} catch {
		// A receiver that is away or silent is repeated like one that answers 503.
		return false;
	}
}

function buildItem(
	source: StatusSource,
	name: string,
	at: Date,
	serviceCount: Map<string, number>,
	errorCode?: number,
): Item {
	const failed = name === 'failed';
	const phone = isBsuid(source.to) ? null : digitsOf(source.to);
	const priced = name === 'sent' || name === 'delivered' || name === 'read';
	return {
		source,
		// Failed statuses come without contacts.
		withContact: !failed,
		status: {
			id: source.id,
			status: name,
			timestamp: unixSeconds(at),
			...(phone ? { recipient_id: phone } : {}),
			recipient_user_id: phone ? bsuidOf(source.phoneNumberId, phone) : source.to,
			...(priced ? { pricing: pricingOf(source, name, serviceCount) } : {}),
			...(source.callbackData === null ? {} : { biz_opaque_callback_data: source.callbackData }),
			...(failed ? { errors: [statusError(errorCode ?? 131026)] } : {}),
		},
	};
}

/** Since 2026-10-01: 1,000 delivered service messages a number and month are free, the next ones and every template cost. */
function pricingOf(source: StatusSource, name: string, serviceCount: Map<string, number>): Record<string, unknown> {
	const used = serviceCount.get(source.phoneNumberId) ?? 0;
	const free = source.category === 'service' && used < GRAPH_DEFAULTS.freeServiceMessages;
	if (source.category === 'service' && name === 'delivered') serviceCount.set(source.phoneNumberId, used + 1);
	return {
		billable: !free,
		pricing_model: 'PMP',
		type: free ? 'free_customer_service' : 'regular',
		category: source.category,
	};
}

/** One entry a business account, one change a number, as Meta groups a batch. */
function buildBody(items: Item[]): Record<string, unknown> {
	const byNumber = new Map<string, Item[]>();
	for (const item of items)
		byNumber.set(item.source.phoneNumberId, [...(byNumber.get(item.source.phoneNumberId) ?? []), item]);
	const entry = [...byNumber.values()].map((group) => {
		const { source } = group[0];
		const contacts = new Map(
			group.filter((item) => item.withContact).map((item) => [item.source.to, contactOf(item.source)]),
		);
		const value = {
			messaging_product: 'whatsapp',
			metadata: { display_phone_number: source.displayPhone, phone_number_id: source.phoneNumberId },
			...(contacts.size > 0 ? { contacts: [...contacts.values()] } : {}),
			statuses: group.map((item) => item.status),
		};
		return { id: source.wabaId, changes: [{ value, field: 'messages' }] };
	});
	return { object: 'whatsapp_business_account', entry };
}

function contactOf(source: StatusSource): Record<string, unknown> {
	if (isBsuid(source.to)) return { user_id: source.to };
	const phone = digitsOf(source.to);
	return { wa_id: phone, user_id: bsuidOf(source.phoneNumberId, phone) };
}

const isBsuid = (to: string): boolean => /^[A-Z]{2}\./.test(to);
