import { webhookPath } from '../sandbox/context';
import { acknowledgingWorkflow, ACKNOWLEDGES, STORES, storingWorkflow } from './support/core-workflows';
import { withCpu } from './support/cpu';
import { webhookLoad, type LoadFigures } from './support/load';
import { interleave } from './support/measure';
import { createBareTable, startBenchN8n, type BenchN8n } from './support/n8n';
import type { Report, Row, Table, Target } from './support/report';
import type { BenchContext } from './index';

const CONNECTIONS = 16;
const CUSTOMERS = 500;
/** For the engine that the targets name, and for the default one; the other settings are measured once. */
const ROUNDS: Record<string, number> = { legacy: 3, 'vm (default)': 2 };
const SECONDS = 5;
const WARM_UP_SECONDS = 2;

/** Settings of n8n's expression engine, the documented ones of 2.41. */
const ENGINES: Record<string, Record<string, string>> = {
	legacy: { N8N_EXPRESSION_ENGINE: 'legacy' },
	'vm (default)': {},
	'vm, pool of 16': { N8N_EXPRESSION_ENGINE_POOL_SIZE: '16' },
	'vm, compile cache': { N8N_EXPRESSION_ENGINE_COMPILE_CACHE: 'true' },
	'vm, lazy': { N8N_EXPRESSION_ENGINE_LAZY_ACQUIRE: 'true' },
};

/** While every model call stalls: messages a second, and for how long. */
const STALLED = { perSecond: 30, seconds: 30, modelMs: 30_000, customers: 100 };

const CONTENDERS = ['acknowledge', 'store', 'Meta Trigger'] as const;
type Contender = (typeof CONTENDERS)[number];
type Figures = Record<Contender, Record<string, number>>;

/** What it takes until Meta has its 200, beside n8n's own nodes in the same n8n. */
export async function webhookBench(context: BenchContext): Promise<Report> {
	const { quick, say } = context;
	const engines = quick ? ['legacy'] : Object.keys(ENGINES);
	const n8n = await startBenchN8n(context);
	try {
		await createBareTable(n8n);
		await n8n.publish(acknowledgingWorkflow(), ACKNOWLEDGES.path);
		await n8n.publish(storingWorkflow(), STORES.path);
		const rows: Row[] = [];
		const measured: Record<string, Figures> = {};
		for (const engine of engines) {
			say(`engine: ${engine}`);
			await n8n.restart({ environment: ENGINES[engine], workers: false });
			measured[engine] = await compare(n8n, context, ROUNDS[engine] ?? 1);
			rows.push(...rowsOf(engine, measured[engine]));
		}
		await n8n.restart({ environment: ENGINES.legacy, workers: true });
		const stalled = await whileModelsStall(n8n, context);
		return {
			tables: [comparison(rows), stalledTable(stalled)],
			targets: targets(measured.legacy, stalled),
			notes: [
				`${CONNECTIONS} connections, ${CUSTOMERS} customers who write again and again, signed bodies, PostgreSQL with fsync on the same machine. The core workflows keep no execution. Meta Trigger checks the signature, stores, dedupes, routes and queues; no worker runs in the first table, so that it measures the door alone.`,
			],
		};
	} finally {
		await n8n.stop();
	}
}

async function compare(n8n: BenchN8n, { quick, say }: BenchContext, rounds: number): Promise<Figures> {
	const urls: Record<Contender, string> = {
		acknowledge: n8n.urlOf(ACKNOWLEDGES.path),
		store: n8n.urlOf(STORES.path),
		'Meta Trigger': n8n.urlOf(webhookPath),
	};
	const run = async (name: Contender, seconds: number): Promise<LoadFigures> =>
		await withCpu(
			n8n.pid(),
			({ answered }) => answered,
			async () =>
				await webhookLoad({
					url: urls[name],
					appSecret: n8n.appSecret,
					phoneNumberId: n8n.phoneNumberId,
					customers: CUSTOMERS,
					connections: CONNECTIONS,
					seconds,
					maxPerSecond: 1_000,
				}),
		);
	for (const name of CONTENDERS) await run(name, quick ? 1 : WARM_UP_SECONDS);
	return await interleave(
		Object.fromEntries(CONTENDERS.map((name) => [name, () => run(name, quick ? 2 : SECONDS)])) as Record<
			Contender,
			() => Promise<LoadFigures>
		>,
		quick ? 1 : rounds,
		(name, { perSecond, p99, failed }) =>
			say(`  ${name}: ${perSecond.toFixed(1)}/s, p99 ${p99.toFixed(0)} ms${failed ? `, ${failed} failed` : ''}`),
	);
}

const rowsOf = (engine: string, figures: Figures): Row[] =>
	CONTENDERS.map((name) => {
		const { perSecond, p50, p95, p99, cpuMs, generator } = figures[name];
		const ratio = (other: Contender) => figures['Meta Trigger'].perSecond / figures[other].perSecond;
		return {
			label: `${engine}: ${name}`,
			figures: [perSecond, p50, p95, p99, cpuMs, name === 'Meta Trigger' ? '' : ratio(name), generator],
		};
	});

const comparison = (rows: Row[]): Table => ({
	title: 'Webhooks answered with 200, by setting of the expression engine',
	columns: [
		'requests/s',
		'p50 ms',
		'p95 ms',
		'p99 ms',
		'CPU ms of n8n a request',
		'Meta Trigger is x times',
		'load generator, share of a core',
	],
	rows,
});

/** The workers run and their executions hang in model calls: the door must not care. */
async function whileModelsStall(n8n: BenchN8n, { quick, say }: BenchContext): Promise<LoadFigures> {
	const { perSecond, seconds, modelMs, customers } = STALLED;
	const behaviour = `${n8n.sandbox.llmUrl}/_sandbox/behaviour`;
	await fetch(behaviour, {
		method: 'POST',
		headers: { 'content-type': 'application/json' },
		body: JSON.stringify({ delayMs: modelMs, times: Number.MAX_SAFE_INTEGER }),
	});
	const load = { url: n8n.urlOf(webhookPath), appSecret: n8n.appSecret, phoneNumberId: n8n.phoneNumberId };
	const run = async (length: number) =>
		await webhookLoad({ ...load, customers, connections: CONNECTIONS, seconds: length, rate: perSecond });
	await run(3);
	const figures = await run(quick ? 5 : seconds);
	const calls = (await (await fetch(`${n8n.sandbox.llmUrl}/_sandbox/calls`)).json()) as { count: number };
	say(`  models stalled (${calls.count} calls so far): p95 ${figures.p95.toFixed(0)} ms`);
	await fetch(behaviour, { method: 'DELETE' });
	return { ...figures, modelCalls: calls.count };
}

const stalledTable = (figures: LoadFigures): Table => ({
	title: `200 after the commit at ${STALLED.perSecond}/s, workers running, every model call taking ${STALLED.modelMs / 1_000} s (engine: legacy)`,
	columns: ['p50 ms', 'p95 ms', 'p99 ms', 'model calls begun', 'not answered with 200'],
	rows: [
		{
			label: 'Meta Trigger',
			figures: [figures.p50, figures.p95, figures.p99, figures.modelCalls, figures.failed],
		},
	],
});

function targets(legacy: Figures, stalled: LoadFigures): Target[] {
	const { acknowledge, store, 'Meta Trigger': ours } = legacy;
	const gate = true;
	return [
		{ name: 'requests/s, of acknowledging alone', figure: ours.perSecond / acknowledge.perSecond, atLeast: 3, gate },
		{ name: 'requests/s, of storing with core nodes', figure: ours.perSecond / store.perSecond, atLeast: 4, gate },
		{ name: 'p99, of the lower of both', figure: ours.p99 / Math.min(acknowledge.p99, store.p99), atMost: 1, gate },
		{ name: 'p95 ms while models stall', figure: stalled.p95, atMost: 300, gate },
	];
}
