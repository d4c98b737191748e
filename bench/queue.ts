import { startPostgres } from '../sandbox/postgres';
import { graphileContender } from './peers/graphile-worker';
import { loadPeers } from './peers/install';
import { pgBossContender } from './peers/pg-boss';
import type { Contender } from './queue/contender';
import { lanesContender } from './queue/lanes';
import { claimsUntilQuiet, freshDatabase, fullBacklog, measureClaims, type Backlog } from './queue/latency';
import { OrderWatch, workloads, type Workload } from './queue/workloads';
import { interleave } from './support/measure';
import type { Report, Row, Target } from './support/report';
import type { BenchContext } from './index';

const MESSAGES = 20_000;
const ROUNDS = 3;
/** Milliseconds a run may take: the rate of what is done by then counts. */
const RUN_MS = 4_000;
const NOISY = 90_000;

type Figures = Record<string, number>;

/** Strict order per conversation at the speed of queues that keep less of it. */
export async function queueBench(context: BenchContext): Promise<Report> {
	const { quick, say } = context;
	const peers = await loadPeers(context);
	const postgres = await startPostgres();
	const database = (name: string) => freshDatabase(postgres.connectionString(), `bench_${name}`);
	const contenders: Contender[] = [];
	try {
		contenders.push(
			await lanesContender(await database('one'), { name: 'one by one', maxMessages: 1 }),
			await lanesContender(await database('runs'), { name: 'runs' }),
			await graphileContender(peers, await database('graphile')),
			await pgBossContender(peers, await database('pg_boss')),
		);
		const rows: Row[] = [];
		const targets: Target[] = [];
		for (const workload of workloads(quick ? MESSAGES / 10 : MESSAGES)) {
			const figures = await race(workload, contenders, quick ? 1 : ROUNDS, say);
			rows.push(rowOf(workload, figures));
			targets.push(...targetsOf(workload, figures));
		}
		const size: Backlog = quick
			? { tenants: 100, waiting: 10_000, finished: 100_000, inFlight: 150, claims: 100 }
			: fullBacklog;
		const latency = await measureClaims(await database('latency'), size, say);
		const claims = await claimsUntilQuiet(await database('noisy'), quick ? NOISY / 10 : NOISY);
		return {
			tables: [
				{
					title: 'Jobs per second, claimed and settled; a message is a job',
					columns: ['one by one', 'runs', 'graphile-worker', 'pg-boss', 'one by one / best peer', 'runs / best peer'],
					rows,
				},
				{
					title: `Claims with ${size.finished} finished and ${size.waiting} waiting messages of ${size.tenants} tenants, ${size.inFlight} in flight`,
					columns: ['p50 ms', 'p99 ms', 'p50 / select 1 p50', 'p99 / select 1 p50'],
					rows: latency.rows,
				},
			],
			targets: [
				...targets,
				...latency.targets,
				{ name: '(f) claims until a quiet tenant is served', figure: claims, atMost: 2, gate: true },
			],
			notes: [
				`One Node process, one PostgreSQL (fsync on), medians of ${quick ? 1 : ROUNDS} interleaved runs of at most ${RUN_MS / 1000} s.`,
				'Peers at the fastest settings that kept order: graphile-worker with named queues, batches and a run_at of its own for each job; pg-boss with groups and one fetcher ((a): no groups, four fetchers; (d): key_strict_fifo).',
			],
		};
	} finally {
		for (const contender of contenders) await contender.close().catch(() => undefined);
		await postgres.stop();
	}
}

async function race(
	workload: Workload,
	contenders: Contender[],
	rounds: number,
	say: (line: string) => void,
): Promise<Record<string, Figures>> {
	// One message a conversation has no runs.
	const taking = contenders.filter(({ name }) => !(workload.independent && name === 'runs'));
	let worst = 0;
	const figures = await interleave(
		Object.fromEntries(taking.map((contender) => [contender.name, async () => await run(workload, contender)])),
		rounds,
		(name, { perSecond, violations }) => {
			worst = Math.max(worst, violations);
			say(
				`(${workload.name}) ${workload.title}, ${name}: ${Math.round(perSecond)}/s${violations > 0 ? `, ${violations} VIOLATIONS` : ''}`,
			);
		},
	);
	return { ...figures, all: { violations: worst } };
}

async function run(workload: Workload, contender: Contender): Promise<Figures> {
	await contender.fill(workload);
	const watch = new OrderWatch(workload.conversations);
	const started = performance.now();
	await contender.drain(workload, watch, started + RUN_MS);
	return { perSecond: watch.handled / ((performance.now() - started) / 1_000), violations: watch.violations };
}

const bestPeer = (figures: Record<string, Figures>): number =>
	Math.max(figures['graphile-worker'].perSecond, figures['pg-boss'].perSecond);

function rowOf({ name, title }: Workload, figures: Record<string, Figures>): Row {
	const best = bestPeer(figures);
	const one = figures['one by one'].perSecond;
	const runs = figures.runs?.perSecond;
	return {
		label: `(${name}) ${title}`,
		figures: [
			one,
			runs ?? '-',
			figures['graphile-worker'].perSecond,
			figures['pg-boss'].perSecond,
			one / best,
			runs === undefined ? '-' : runs / best,
		],
	};
}

/** Jobs per second against the better peer. Where the issue is order among few conversations, one by one is what is compared. */
const LEAST: Record<string, { one: number; runs?: number; gate: boolean }> = {
	a: { one: 0.95, gate: false },
	b: { one: 1, runs: 2.5, gate: false },
	c: { one: 2, gate: true },
	d: { one: 2.5, gate: false },
};

function targetsOf({ name, title }: Workload, figures: Record<string, Figures>): Target[] {
	const best = bestPeer(figures);
	const { one, runs, gate } = LEAST[name];
	const label = `(${name}) ${title}`;
	return [
		{ name: `${label}: order violations`, figure: figures.all.violations, atMost: 0, gate: true },
		{ name: `${label}: one by one / best peer`, figure: figures['one by one'].perSecond / best, atLeast: one, gate },
		...(runs === undefined
			? []
			: [{ name: `${label}: runs / best peer`, figure: figures.runs.perSecond / best, atLeast: runs, gate: false }]),
	];
}
