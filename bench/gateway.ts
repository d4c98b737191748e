import { webhookPath } from '../sandbox/context';
import { acknowledgingWorkflow, ACKNOWLEDGES, STORES, storingWorkflow } from './support/core-workflows';
import { withCpu } from './support/cpu';
import { startGatewayProcess, type RunningGateway } from './support/gateway';
import { webhookLoad, type LoadFigures } from './support/load';
import { interleave, load } from './support/measure';
import { createBareTable, startBenchN8n, type BenchN8n } from './support/n8n';
import type { Report, Table } from './support/report';
import type { BenchContext } from './index';

const CONNECTIONS = 16;
const CUSTOMERS = 500;
const ROUNDS = 3;
const SECONDS = 6;
const WARM_UP_SECONDS = 2;
const PACED = { perSecond: 300, seconds: 10, rounds: 3 };
const TRIPS = 500;

const CONTENDERS = ['acknowledge', 'store', 'gateway'] as const;
type Contender = (typeof CONTENDERS)[number];
type Figures = Record<Contender, Record<string, number>>;

/** The second door, beside n8n's own nodes at their best setting. */
export async function gatewayBench(context: BenchContext): Promise<Report> {
	const { quick, say } = context;
	const n8n = await startBenchN8n(context, { n8nEnvironment: { N8N_EXPRESSION_ENGINE: 'legacy' } });
	let gateway: RunningGateway | undefined;
	try {
		await createBareTable(n8n);
		await n8n.publish(acknowledgingWorkflow(), ACKNOWLEDGES.path);
		await n8n.publish(storingWorkflow(), STORES.path);
		await n8n.setWorkers(false);
		const databaseUrl = n8n.sandbox.state.database.url;
		gateway = await startGatewayProcess({ databaseUrl, appSecret: n8n.appSecret, path: `/webhook/${webhookPath}` });
		const saturated = await saturate(n8n, gateway, context);
		const door = gateway;
		const paced = await interleave(
			{ gateway: () => pace(n8n, door, quick), trip: () => tripAndCommit(n8n, quick) },
			quick ? 1 : PACED.rounds,
			(name, figures) => say(`  at ${PACED.perSecond}/s, ${name}: ${JSON.stringify(figures)}`),
		);
		const unit = paced.trip.roundTripMs + paced.trip.commitMs;
		const gate = true;
		return {
			tables: [saturatedTable(saturated), pacedTable(paced.gateway, paced.trip)],
			targets: [
				{
					name: 'requests/s, of storing with core nodes',
					figure: saturated.gateway.perSecond / saturated.store.perSecond,
					atLeast: 20,
					gate,
				},
				{
					name: `p99 at ${PACED.perSecond}/s, of round trip + commit`,
					figure: paced.gateway.p99 / unit,
					atMost: 20,
					gate,
				},
			],
			notes: [
				`${CONNECTIONS} connections, signed bodies of ${CUSTOMERS} customers, PostgreSQL with fsync on the same machine, N8N_EXPRESSION_ENGINE=legacy, no execution kept, no worker running. The load generator takes the share of a core that stands in the table.`,
			],
		};
	} finally {
		await gateway?.stop();
		await n8n.stop();
	}
}

async function saturate(n8n: BenchN8n, gateway: RunningGateway, { quick, say }: BenchContext): Promise<Figures> {
	const targets: Record<Contender, { url: string; pid: number; maxPerSecond?: number }> = {
		acknowledge: { url: n8n.urlOf(ACKNOWLEDGES.path), pid: n8n.pid(), maxPerSecond: 500 },
		store: { url: n8n.urlOf(STORES.path), pid: n8n.pid(), maxPerSecond: 500 },
		gateway,
	};
	const run = async (name: Contender, seconds: number): Promise<LoadFigures> => {
		const { url, pid, maxPerSecond } = targets[name];
		return await withCpu(
			pid,
			({ answered }) => answered,
			async () =>
				await webhookLoad({
					...{ url, maxPerSecond, seconds },
					...{ appSecret: n8n.appSecret, phoneNumberId: n8n.phoneNumberId },
					...{ customers: CUSTOMERS, connections: CONNECTIONS },
				}),
		);
	};
	for (const name of CONTENDERS) await run(name, quick ? 1 : WARM_UP_SECONDS);
	const runs = Object.fromEntries(CONTENDERS.map((name) => [name, () => run(name, quick ? 2 : SECONDS)]));
	return await interleave(
		runs as Record<Contender, () => Promise<LoadFigures>>,
		quick ? 1 : ROUNDS,
		(name, { perSecond, p99, failed }) =>
			say(`  ${name}: ${perSecond.toFixed(1)}/s, p99 ${p99.toFixed(0)} ms${failed ? `, ${failed} failed` : ''}`),
	);
}

const pace = async (n8n: BenchN8n, { url }: RunningGateway, quick: boolean): Promise<LoadFigures> =>
	await webhookLoad({
		...{ url, appSecret: n8n.appSecret, phoneNumberId: n8n.phoneNumberId, customers: CUSTOMERS },
		...{ connections: CONNECTIONS, rate: PACED.perSecond, seconds: quick ? 3 : PACED.seconds },
	});

/** What the machine asks for a look at the database, and for one row in it. */
async function tripAndCommit(
	{ sandbox }: BenchN8n,
	quick: boolean,
): Promise<{ roundTripMs: number; commitMs: number }> {
	const trips = quick ? TRIPS / 5 : TRIPS;
	const trip = await load(1, trips, async () => void (await sandbox.pool.query('select 1')));
	const commit = await load(
		1,
		trips,
		async () => void (await sandbox.pool.query(`insert into public.${STORES.table} (payload) values ('{}')`)),
	);
	return { roundTripMs: trip.p50, commitMs: commit.p50 };
}

const saturatedTable = (figures: Figures): Table => ({
	title: 'Webhooks answered with 200 as fast as they are taken',
	columns: [
		'requests/s',
		'p50 ms',
		'p99 ms',
		'CPU ms a request',
		'gateway is x times',
		'load generator, share of a core',
	],
	rows: CONTENDERS.map((name) => {
		const { perSecond, p50, p99, cpuMs, generator } = figures[name];
		const ratio = name === 'gateway' ? '' : figures.gateway.perSecond / perSecond;
		return { label: name, figures: [perSecond, p50, p99, cpuMs, ratio, generator] };
	}),
});

const pacedTable = (gateway: Record<string, number>, trip: Record<string, number>): Table => ({
	title: `The gateway at ${PACED.perSecond} requests/s`,
	columns: ['p50 ms', 'p99 ms', 'round trip ms', 'insert + commit ms', 'not answered with 200'],
	rows: [{ label: 'gateway', figures: [gateway.p50, gateway.p99, trip.roundTripMs, trip.commitMs, gateway.failed] }],
});
