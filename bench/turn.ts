import { webhookPath } from '../sandbox/context';
import { Conversations, type Route, type TurnFigures } from './support/conversations';
import { ANSWERS, answeringWorkflow } from './support/core-workflows';
import { interleave } from './support/measure';
import { startBenchN8n, type BenchN8n } from './support/n8n';
import type { Report, Row, Table } from './support/report';
import type { BenchContext } from './index';

const CONTENDERS = ['core nodes', 'the pack'] as const;
type Contender = (typeof CONTENDERS)[number];
type Routes = Record<Contender, Route>;

const PACED = { perSecond: 10, seconds: 12, rounds: 3 };
const AT_ONCE = [1, 10, 50, 200];
const MODEL_MS = [0, 800];
/** Seconds of a run: enough for several rounds of the most conversations at once, each of which waits for its answer. */
const SATURATED = { seconds: 8, secondsOfMany: 24, many: 100, warmUpSeconds: 4, rounds: 2 };

/** From the webhook to the Graph API, beside the workflow that people build of n8n's own nodes. */
export async function turnBench(context: BenchContext): Promise<Report> {
	const { quick } = context;
	const conversations = new Conversations();
	const n8n = await startBenchN8n(context, {
		n8nEnvironment: { N8N_EXPRESSION_ENGINE: 'legacy' },
		onSent: conversations.onSent,
	});
	try {
		const { graphUrl, llmUrl } = n8n.sandbox;
		await n8n.publish(answeringWorkflow(llmUrl, graphUrl, n8n.phoneNumberId), ANSWERS.path);
		await prepare(n8n);
		const routes = routesOf(n8n);
		for (const name of CONTENDERS) await conversations.saturate(routes[name], 10, SATURATED.warmUpSeconds);
		const paced = await overhead(conversations, routes, context);
		const levels = quick ? [50] : AT_ONCE;
		const rows: Row[] = [];
		const best: Record<Contender, number> = { 'core nodes': 0, 'the pack': 0 };
		for (const modelMs of quick ? [0] : MODEL_MS) {
			await behave(llmUrl, { delayMs: modelMs });
			for (const atOnce of levels) {
				const measured = await saturation(conversations, routes, atOnce, modelMs, context);
				rows.push(rowOf(modelMs, atOnce, measured));
				if (modelMs > 0) continue;
				for (const name of CONTENDERS) best[name] = Math.max(best[name], measured[name].perSecond);
			}
		}
		const gate = true;
		return {
			tables: [pacedTable(paced), saturationTable(rows)],
			targets: [
				{
					name: 'overhead p50, of core nodes',
					figure: paced['the pack'].p50 / paced['core nodes'].p50,
					atMost: 0.5,
					gate,
				},
				{
					name: 'messages/s at saturation, of core nodes',
					figure: best['the pack'] / best['core nodes'],
					atLeast: 3,
					gate,
				},
			],
			notes: [
				'Core nodes: Webhook, HTTP Request to the model, HTTP Request to the Graph API; nothing stored, no order, no second try, no execution kept. The pack: workflows 10, 20 and 30 as shipped, debounce off. N8N_EXPRESSION_ENGINE=legacy. Customers change after ten messages, because Meta paces what one person gets; the number sends without its limit of 80 a second, and no status webhooks come back for either.',
			],
		};
	} finally {
		conversations.close();
		await n8n.stop();
	}
}

/** Debounce off, and no limit of Meta or of a plan in the way of the measurement. */
async function prepare({ factory, sandbox }: BenchN8n): Promise<void> {
	await factory.query('update agents set debounce_seconds = 0, debounce_max_seconds = 0');
	await factory.query('update tenants set max_auto_responses_per_day = null');
	await factory.query('update channel_accounts set max_messages_per_second = 1000');
	await behave(sandbox.graphUrl, { statuses: [] });
}

/** How a stand-in answers from now on. */
async function behave(url: string, behaviour: object): Promise<void> {
	await fetch(`${url}/_sandbox/behaviour`, { method: 'DELETE' });
	const response = await fetch(`${url}/_sandbox/behaviour`, {
		method: 'POST',
		headers: { 'content-type': 'application/json' },
		body: JSON.stringify({ ...behaviour, times: Number.MAX_SAFE_INTEGER }),
	});
	if (!response.ok) throw new Error(`The stand-in refused: ${await response.text()}`);
}

function routesOf(n8n: BenchN8n): Routes {
	const { appSecret, phoneNumberId } = n8n;
	return {
		'core nodes': { url: n8n.urlOf(ANSWERS.path), appSecret, phoneNumberId, prefix: '5511800' },
		'the pack': { url: n8n.urlOf(webhookPath), appSecret, phoneNumberId, prefix: '5511900' },
	};
}

async function overhead(
	conversations: Conversations,
	routes: Routes,
	{ quick, say }: BenchContext,
): Promise<Record<Contender, Record<string, number>>> {
	const run = (name: Contender) => async () =>
		await conversations.pace(routes[name], PACED.perSecond, quick ? 5 : PACED.seconds);
	return await interleave(
		{ 'core nodes': run('core nodes'), 'the pack': run('the pack') },
		quick ? 1 : PACED.rounds,
		(name, { p50, p95, lost }) =>
			say(`  ${PACED.perSecond}/s, ${name}: p50 ${p50.toFixed(0)} ms, p95 ${p95.toFixed(0)} ms, lost ${lost}`),
	);
}

const secondsFor = (atOnce: number): number => (atOnce >= SATURATED.many ? SATURATED.secondsOfMany : SATURATED.seconds);

async function saturation(
	conversations: Conversations,
	routes: Routes,
	atOnce: number,
	modelMs: number,
	{ quick, say }: BenchContext,
): Promise<Record<Contender, Record<string, number>>> {
	const run = (name: Contender) => async (): Promise<TurnFigures> =>
		await conversations.saturate(routes[name], atOnce, quick ? 4 : secondsFor(atOnce));
	return await interleave(
		{ 'core nodes': run('core nodes'), 'the pack': run('the pack') },
		quick || modelMs > 0 ? 1 : SATURATED.rounds,
		(name, { perSecond, p50, lost }) =>
			say(
				`  ${atOnce} at once, model ${modelMs} ms, ${name}: ${perSecond.toFixed(1)}/s, p50 ${p50.toFixed(0)} ms, lost ${lost}`,
			),
	);
}

const pacedTable = (paced: Record<Contender, Record<string, number>>): Table => ({
	title: `Overhead: from the webhook to the Graph API at ${PACED.perSecond} messages/s, the model answering at once`,
	columns: ['p50 ms', 'p95 ms', 'lost'],
	rows: CONTENDERS.map((label) => ({ label, figures: [paced[label].p50, paced[label].p95, paced[label].lost] })),
});

function rowOf(modelMs: number, atOnce: number, measured: Record<Contender, Record<string, number>>): Row {
	const core = measured['core nodes'];
	const pack = measured['the pack'];
	return {
		label: `model ${modelMs} ms, ${atOnce} at once`,
		figures: [core.perSecond, pack.perSecond, pack.perSecond / core.perSecond, core.p50, pack.p50, core.p95, pack.p95],
	};
}

const saturationTable = (rows: Row[]): Table => ({
	title: 'Conversations that write again as soon as they are answered',
	columns: ['core nodes msg/s', 'the pack msg/s', 'ratio', 'core p50 ms', 'pack p50 ms', 'core p95 ms', 'pack p95 ms'],
	rows,
});
