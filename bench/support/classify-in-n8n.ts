import { Agent, request } from 'node:http';
import { signBody } from '../../core/meta';
import { webhookPath } from '../../sandbox/context';
import { textWebhook } from '../../sandbox/phone/webhook';
import { metaJson } from '../../sandbox/standins/graph-wire';
import type { BenchContext } from '../index';
import {
	leadClassifierPath,
	leadClassifierWorkflow,
	textClassifierPath,
	textClassifierWorkflow,
	type Share,
} from './classifying-workflows';
import { cpuMs } from './cpu';
import { leadMessages } from './lead-messages';
import { interleave } from './measure';
import { startBenchN8n, type BenchN8n } from './n8n';

const SHARES: readonly Share[] = [20, 1];
const ROUNDS = 3;
/** Messages of a run: some seconds of the slower contender. */
const MESSAGES: Record<Share, number> = { 20: 300, 1: 100 };
const WARM_UP = 60;
/** Executions side by side: as many as the shipped worker has. */
const AT_ONCE = 5;
/** A queue whose last turns no execution was given is a failure, not a wait. */
const IDLE_EXECUTIONS = 20;

export interface ClassifyFigures extends Record<string, number> {
	perSecond: number;
	/** Processor time of n8n a message. */
	cpuMs: number;
	/** Calls to the model a message. */
	modelCalls: number;
	/** With the time that the door took for the same messages; of the Text Classifier, whose door is its webhook, the same again. */
	withDoor: number;
}

export const NODE_CONTENDERS = [
	'Text Classifier, 1',
	'Lead Classifier, 1',
	'Text Classifier, 20',
	'Lead Classifier, 20',
] as const;
/** The node and the messages of an execution. */
export type NodeContender = (typeof NODE_CONTENDERS)[number];
export type InN8n = Record<NodeContender, Record<string, number>>;

/** Our node and n8n's, on the same messages in the same n8n, a model that answers at once behind both. */
export async function classifyInN8n(context: BenchContext): Promise<InN8n> {
	const { quick, say } = context;
	const n8n = await startBenchN8n(context, { n8nEnvironment: { N8N_EXPRESSION_ENGINE: 'legacy' } });
	const contenders = new Contenders(n8n);
	try {
		for (const share of SHARES) {
			await n8n.publish(textClassifierWorkflow(share), textClassifierPath(share));
			await n8n.publish(leadClassifierWorkflow(share), leadClassifierPath(share));
		}
		await n8n.setWorkers(false);
		await n8n.factory.query('update agents set debounce_seconds = 0, debounce_max_seconds = 0');
		await n8n.factory.query('update tenants set max_leads_per_month = null');
		for (const share of SHARES) {
			await contenders.textClassifier(share, WARM_UP);
			await contenders.leadClassifier(share, WARM_UP);
		}
		const text = (share: Share) => async () => await contenders.textClassifier(share, messagesOf(share, quick));
		const lead = (share: Share) => async () => await contenders.leadClassifier(share, messagesOf(share, quick));
		const run: Record<NodeContender, () => Promise<ClassifyFigures>> = {
			'Text Classifier, 1': text(1),
			'Lead Classifier, 1': lead(1),
			'Text Classifier, 20': text(20),
			'Lead Classifier, 20': lead(20),
		};
		return await interleave(run, quick ? 1 : ROUNDS, (name, { perSecond, cpuMs: cpu, modelCalls }) =>
			say(
				`  ${name} an execution: ${perSecond.toFixed(1)}/s, ${cpu.toFixed(1)} ms of n8n, ${modelCalls.toFixed(2)} model calls a message`,
			),
		);
	} finally {
		contenders.close();
		await n8n.stop();
	}
}

const messagesOf = (share: Share, quick: boolean): number => (quick ? MESSAGES[share] / 5 : MESSAGES[share]);

class Contenders {
	private readonly agent = new Agent({ keepAlive: true });
	private readonly texts = leadMessages();
	private written = 0;

	constructor(private readonly n8n: BenchN8n) {}

	async textClassifier(share: Share, count: number): Promise<ClassifyFigures> {
		const texts = this.take(count);
		const bodies = Array.from({ length: count / share }, (_, n) =>
			Buffer.from(JSON.stringify({ messages: texts.slice(n * share, (n + 1) * share).map(({ text }) => ({ text })) })),
		);
		const url = this.n8n.urlOf(textClassifierPath(share));
		return await this.measured(count, 0, async () => {
			await this.side(bodies, async (body) => await this.post(url, body));
		});
	}

	/** The messages come through the shipped door first, each from another person; then executions run until all are classified. */
	async leadClassifier(share: Share, count: number): Promise<ClassifyFigures> {
		const { factory, phoneNumberId, appSecret } = this.n8n;
		const door = this.n8n.urlOf(webhookPath);
		const letters = this.take(count).map(({ from, text }) =>
			metaJson(textWebhook({ phoneNumberId, from, name: 'Cliente', text, at: new Date() }).body),
		);
		const from = performance.now();
		await this.side(
			letters,
			async (body) => await this.post(door, body, { 'x-hub-signature-256': signBody(body, appSecret) }),
		);
		const doorMs = performance.now() - from;
		const stored = async (): Promise<number> =>
			Number((await factory.query<{ n: string }>('select count(*) as n from classified_leads')).rows[0].n);
		const before = await stored();
		// Fresh tables have no statistics yet; the server makes them within the minute.
		await this.n8n.sandbox.pool.query('analyze');
		const url = this.n8n.urlOf(leadClassifierPath(share));
		const figures = await this.measured(count, doorMs, async () => {
			await this.side(
				Array.from({ length: count / share }, () => Buffer.from('{}')),
				async (body) => await this.post(url, body),
			);
			for (let more = 0; (await stored()) - before < count; more++) {
				if (more === IDLE_EXECUTIONS)
					throw new Error(`Only ${(await stored()) - before} of ${count} messages were classified`);
				await this.post(url, Buffer.from('{}'));
			}
		});
		await this.settle();
		return figures;
	}

	close(): void {
		this.agent.destroy();
	}

	/** Ends the turns, whose leases would bring them back into a later run. */
	private async settle(): Promise<void> {
		const { factory } = this.n8n;
		await factory.query(
			`update message_queue set status = 'completed', finished_at = now(), locked_at = null where finished_at is null`,
		);
		await factory.query('delete from conversation_locks');
	}

	private take(count: number): Array<{ text: string; from: string }> {
		return Array.from({ length: count }, () => {
			const n = this.written++;
			return { text: this.texts[n % this.texts.length], from: `5511800${String(n).padStart(6, '0')}` };
		});
	}

	private async measured(count: number, doorMs: number, work: () => Promise<void>): Promise<ClassifyFigures> {
		const pid = this.n8n.pid();
		const calls = `${this.n8n.sandbox.llmUrl}/_sandbox/calls`;
		await fetch(calls, { method: 'DELETE' });
		const cpu = cpuMs(pid);
		const from = performance.now();
		await work();
		const took = performance.now() - from;
		const used = cpuMs(pid) - cpu;
		const { count: made } = (await (await fetch(calls)).json()) as { count: number };
		return {
			perSecond: (count * 1_000) / took,
			cpuMs: used / count,
			modelCalls: made / count,
			withDoor: (count * 1_000) / (took + doorMs),
		};
	}

	private async side<T>(items: readonly T[], work: (item: T) => Promise<void>): Promise<void> {
		const waiting = items.values();
		const lane = async (): Promise<void> => {
			for (const item of waiting) await work(item);
		};
		await Promise.all(Array.from({ length: AT_ONCE }, lane));
	}

	private async post(url: string, body: Buffer, headers: Record<string, string> = {}): Promise<void> {
		await new Promise<void>((resolve, reject) => {
			const outgoing = request(
				url,
				{
					method: 'POST',
					agent: this.agent,
					headers: { 'content-type': 'application/json', 'content-length': body.length, ...headers },
				},
				(incoming) => {
					incoming.resume();
					incoming.on('end', () => {
						if (incoming.statusCode === 200) resolve();
						else reject(new Error(`${url} answered ${incoming.statusCode}`));
					});
				},
			);
			outgoing.on('error', reject);
			outgoing.end(body);
		});
	}
}
