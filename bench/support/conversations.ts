import { Agent, request } from 'node:http';
import { signBody } from '../../core/meta';
import { textWebhook } from '../../sandbox/phone/webhook';
import { digitsOf, metaJson } from '../../sandbox/standins/graph-wire';
import { quantile } from './measure';

export interface Route {
	url: string;
	appSecret: string;
	phoneNumberId: string;
	/** First digits of the customers of this contender, so that answers are told apart. */
	prefix: string;
}

/** Milliseconds until an answer that has not come counts as lost. */
const ANSWER_TIMEOUT_MS = 60_000;
/** Messages of one customer: Meta's pace for one person (a burst of 45, then one in 6 s) must not be what is measured. */
const MESSAGES_PER_CUSTOMER = 10;

export interface TurnFigures extends Record<string, number> {
	perSecond: number;
	p50: number;
	p95: number;
	answered: number;
	lost: number;
}

/** Customers who write and wait for the answer, on one clock: from the webhook sent to the Graph API's receipt of the reply. */
export class Conversations {
	private readonly waiting = new Map<string, (at: number) => void>();
	private readonly agent = new Agent({ keepAlive: true, maxSockets: 256 });
	private written = 0;

	/** Give this to the Graph stand-in. */
	readonly onSent = (message: { to: string }): void => this.waiting.get(digitsOf(message.to))?.(performance.now());

	/** `atOnce` conversations, each writing again as soon as it was answered. */
	async saturate(route: Route, atOnce: number, seconds: number): Promise<TurnFigures> {
		const times: number[] = [];
		let lost = 0;
		let answeredInTime = 0;
		const startedAt = performance.now();
		const endsAt = startedAt + seconds * 1_000;
		const conversation = async (): Promise<void> => {
			let customer = '';
			for (let n = 0; performance.now() < endsAt; n++) {
				if (n % MESSAGES_PER_CUSTOMER === 0) customer = this.nextCustomer(route);
				const took = await this.exchange(route, customer);
				if (took === null) lost++;
				else times.push(took);
				if (performance.now() <= endsAt && took !== null) answeredInTime++;
			}
		};
		await Promise.all(Array.from({ length: atOnce }, conversation));
		return figures(times, lost, answeredInTime / seconds);
	}

	/** `rate` messages a second, each of another customer; the same ones in each run, so that they are known after the first. */
	async pace(route: Route, rate: number, seconds: number): Promise<TurnFigures> {
		const startedAt = performance.now();
		const sent: Array<Promise<number | null>> = [];
		for (let n = 0; n < rate * seconds; n++) {
			const early = startedAt + (n * 1_000) / rate - performance.now();
			if (early > 0) await new Promise((resolve) => setTimeout(resolve, early));
			sent.push(this.exchange(route, `${route.prefix}9${String(n).padStart(5, '0')}`));
		}
		const outcomes = await Promise.all(sent);
		const times = outcomes.filter((took) => took !== null);
		return figures(times, outcomes.length - times.length, times.length / seconds);
	}

	close(): void {
		this.agent.destroy();
	}

	private nextCustomer({ prefix }: Route): string {
		return `${prefix}${String(this.written++).padStart(6, '0')}`;
	}

	/** Milliseconds until the reply was with the Graph API; null when none came. */
	private async exchange(route: Route, from: string): Promise<number | null> {
		const text = { phoneNumberId: route.phoneNumberId, name: 'Cliente', text: 'Oi, tudo bem?', at: new Date() };
		const body = metaJson(textWebhook({ ...text, from }).body);
		const sentAt = performance.now();
		const answered = new Promise<number | null>((resolve) => {
			const timer = setTimeout(() => resolve(null), ANSWER_TIMEOUT_MS);
			this.waiting.set(from, (at) => {
				clearTimeout(timer);
				resolve(at - sentAt);
			});
		});
		this.post(route, body);
		const took = await answered;
		this.waiting.delete(from);
		return took;
	}

	private post({ url, appSecret }: Route, body: Buffer): void {
		const headers = {
			'content-type': 'application/json',
			'content-length': body.length,
			'x-hub-signature-256': signBody(body, appSecret),
		};
		const outgoing = request(url, { method: 'POST', agent: this.agent, headers }, (incoming) => void incoming.resume());
		// What does not get through shows as an answer that never came.
		outgoing.on('error', () => undefined);
		outgoing.end(body);
	}
}

const figures = (times: number[], lost: number, perSecond: number): TurnFigures => ({
	perSecond,
	p50: quantile(times, 0.5),
	p95: quantile(times, 0.95),
	answered: times.length,
	lost,
});
