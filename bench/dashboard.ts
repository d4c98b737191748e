import { Pool } from 'pg';
import { applyMigrations, openDatabase, type Database } from '../core/database';
import { dashboard, explainReply, operatorDashboard, rollUpDays } from '../core/reports';
import { startPostgres } from '../sandbox/postgres';
import { fillLeads, TENANT, type LeadFill } from './support/fill-leads';
import { quantile } from './support/measure';
import type { Report, Row } from './support/report';
import type { BenchContext } from './index';

const FULL: LeadFill = { leads: 1_000_000, days: 90 };
const ROUNDS = 20;
const PAGE_MS = 1_000;
/** A worker counts today and yesterday every ten minutes: a twentieth of that is what it may take. */
const FRESH_MS = 30_000;

/** What a dashboard of a million leads costs to read and to count, beside the smallest query and a plain count of the same leads. */
export async function dashboardBench({ say, quick, signal }: BenchContext): Promise<Report> {
	const size = quick ? { ...FULL, leads: FULL.leads / 10 } : FULL;
	const postgres = await startPostgres();
	const admin = new Pool({ connectionString: postgres.connectionString(), max: 2 });
	admin.on('error', () => undefined);
	const database = openDatabase({ connectionString: postgres.connectionString() });
	try {
		await applyMigrations({ connectionString: postgres.connectionString() });
		await admin.query(`alter system set max_wal_size = '8GB'`);
		await admin.query('select pg_reload_conf()');
		const filled = await timed(async () => await fillLeads(admin, size, say));
		say(`${size.leads} leads filled in ${Math.round(filled / 1_000)} s`);

		const counted = await timed(async () => {
			const { days } = await rollUpDays(database, { stepDays: 1, signal });
			say(`${days} days counted`);
		});
		await admin.query('analyze agent_factory.daily_counts');
		await admin.query(`update agent_factory.rolled_days set rolled_at = rolled_at - interval '1 hour'`);
		await admin.query(`update agent_factory.roll_up_progress set looked_at = looked_at - interval '1 hour'`);
		const fresh = await timed(async () => void (await rollUpDays(database, { signal })));
		const reads = await readsOf(database, admin, signal);
		return {
			tables: [
				{
					title: `Milliseconds, ${size.leads.toLocaleString('en')} leads over ${size.days} days`,
					columns: ['p50', 'worst', 'times select 1'],
					rows: rowsOf(reads),
				},
				{
					title: 'Counting, seconds',
					columns: ['seconds', 'a day'],
					rows: [
						{ label: `all ${size.days} days anew`, figures: [counted / 1_000, counted / 1_000 / size.days] },
						{ label: 'today and yesterday again', figures: [fresh / 1_000, fresh / 2_000] },
					],
				},
			],
			targets: [
				{
					name: 'the page of 30 days, worst of the rounds, ms',
					figure: Math.max(...reads.get('dashboard, 30 days')!),
					atMost: PAGE_MS,
					gate: !quick,
				},
				{ name: 'today and yesterday again, ms', figure: fresh, atMost: FRESH_MS, gate: !quick },
				{
					name: 'the page of 30 days against a plain count of its leads',
					figure: p50(reads, 'dashboard, 30 days') / p50(reads, 'select count(*) of the leads'),
					atMost: 1,
					gate: false,
				},
			],
		};
	} finally {
		await Promise.all([admin.end(), database.pool.end()]);
		await postgres.stop();
	}
}

type Reads = Map<string, number[]>;

async function readsOf(database: Database, admin: Pool, signal: AbortSignal): Promise<Reads> {
	const outbox = await admin.query<{ id: string }>(
		`select id from agent_factory.outbox_messages order by seq desc limit 1`,
	);
	const reads: Record<string, () => Promise<unknown>> = {
		'select 1': async () => await admin.query('select 1'),
		'select count(*) of the leads': async () =>
			await admin.query(`select count(*) from agent_factory.leads where tenant_id = $1 and lead_score > 50`, [TENANT]),
		'dashboard, 30 days': async () => await dashboard(database, TENANT, { days: 30 }),
		'dashboard, 90 days': async () => await dashboard(database, TENANT, { days: 90 }),
		'operator, 7 days': async () => await operatorDashboard(database),
		'why did it say that': async () => await explainReply(database, TENANT, { outboxId: outbox.rows[0].id }),
	};
	const times: Reads = new Map();
	for (let round = 0; round < ROUNDS && !signal.aborted; round++)
		for (const [name, read] of Object.entries(reads))
			times.set(name, [...(times.get(name) ?? []), await timed(async () => void (await read()))]);
	return times;
}

const p50 = (reads: Reads, name: string): number => quantile(reads.get(name) ?? [], 0.5);
const rowsOf = (reads: Reads): Row[] =>
	[...reads].map(([label, times]) => ({
		label,
		figures: [p50(reads, label), Math.max(...times), p50(reads, label) / p50(reads, 'select 1')],
	}));

async function timed(work: () => Promise<void>): Promise<number> {
	const started = performance.now();
	await work();
	return performance.now() - started;
}
