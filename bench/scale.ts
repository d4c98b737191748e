import { Pool } from 'pg';
import { applyMigrations, openDatabase, type Database } from '../core/database';
import { startPostgres, type PostgresServer } from '../sandbox/postgres';
import { fill, type FillSize } from './support/fill';
import { hotRound, type Timed } from './support/hot-queries';
import { quantile } from './support/measure';
import { watchPlans } from './support/plans';
import type { Report, Row, Target } from './support/report';
import type { BenchContext } from './index';

/** The same tenant a hundred times over: 10,000 messages and events against a million of each. */
const SMALL: FillSize = { tenants: 10, turns: 500 };
const LARGE: FillSize = { tenants: 1_000, turns: 500 };
const ROUNDS = 200;
const WARM_UP = 20;
const MOST_RATIO = 2;
/** What a customer's message waits for; the rest is opened by people, or runs at night. */
const HOT = /^(ingest|resolve|due|claim|load|complete|settle)/;

interface Side {
	size: FillSize;
	connectionString: string;
	admin: Pool;
	database: Database;
	times: Map<string, number[]>;
}

/** Each hot query at a million messages over a thousand tenants against itself at a hundredth. */
export async function scaleBench({ say, quick, signal }: BenchContext): Promise<Report> {
	const large = quick ? { ...LARGE, tenants: LARGE.tenants / 10 } : LARGE;
	const postgres = await startPostgres();
	const sides: Side[] = [];
	try {
		for (const [name, size] of [
			['small', SMALL],
			['large', large],
		] as const) {
			const started = performance.now();
			sides.push(await prepare(postgres, name, size));
			say(`${name}: ${size.tenants} tenants filled in ${Math.round((performance.now() - started) / 1_000)} s`);
		}
		const [few, many] = sides;
		const walBefore = await walBytes(few);
		for (let n = 0; n < ROUNDS + WARM_UP && !signal.aborted; n++) {
			for (const side of sides) await round(side, n);
			if (n % 50 === 0) say(`round ${n}`);
		}
		const answered = 2 * sides.length * (ROUNDS + WARM_UP);
		const wal = Math.round(((await walBytes(few)) - walBefore) / answered / 1_000);
		const complaints = await plansOf(many, sides.length * ROUNDS);
		const sizes = await tableSizes(many);
		const names = [...few.times.keys()];
		return {
			tables: [
				{
					title: `Milliseconds a call, ${SMALL.tenants} tenants (${messages(SMALL)} messages and events) against ${large.tenants} (${messages(large)})`,
					columns: ['small p50', 'large p50', 'ratio', 'small p99', 'large p99', 'ratio'],
					rows: names.map((name) => rowOf(name, few, many)),
				},
				{ title: 'Bytes a row at the large size', columns: ['rows', 'heap', 'indexes'], rows: sizes },
			],
			targets: targetsOf(few, many, complaints),
			notes: [
				`WAL: ${wal} kB a message, with its turn, its reply, half a status and a small step of maintenance.`,
				...complaints,
			],
		};
	} finally {
		for (const { admin, database } of sides) await Promise.all([admin.end(), database.pool.end()]);
		await postgres.stop();
	}
}

const targetsOf = (few: Side, many: Side, complaints: string[]): Target[] => [
	...[...few.times.keys()].map((name): Target => {
		const ratio = p(many, name, 0.99) / p(few, name, 0.99);
		return { name: `${name}: p99 against the small size`, figure: ratio, atMost: MOST_RATIO, gate: HOT.test(name) };
	}),
	{ name: 'plans that read a growing table from end to end', figure: complaints.length, atMost: 0, gate: true },
];

const messages = ({ tenants, turns }: FillSize): string => (2 * tenants * turns).toLocaleString('en');

async function prepare(postgres: PostgresServer, name: string, size: FillSize): Promise<Side> {
	const server = new Pool({ connectionString: postgres.connectionString(), max: 1 });
	await server.query(`alter system set max_wal_size = '8GB'`);
	await server.query('select pg_reload_conf()');
	await server.query(`create database ${name}`);
	await server.end();
	const connectionString = postgres.connectionString(name);
	await applyMigrations({ connectionString });
	const admin = new Pool({ connectionString, max: 2 });
	// The server may stop before a connection has said goodbye.
	admin.on('error', () => undefined);
	await fill(admin, 'agent_factory', size);
	return { size, connectionString, admin, database: openDatabase({ connectionString }), times: new Map() };
}

async function round({ database, size, times }: Side, n: number): Promise<void> {
	const timed: Timed = async (name, query) => {
		const at = performance.now();
		const result = await query();
		if (n >= WARM_UP) times.set(name, [...(times.get(name) ?? []), performance.now() - at]);
		return result;
	};
	await hotRound(database, size, n, timed);
}

const p = (side: Side, name: string, q: number): number => quantile(side.times.get(name) ?? [], q);

function rowOf(name: string, few: Side, many: Side): Row {
	const figures = [0.5, 0.99].flatMap((q) => [p(few, name, q), p(many, name, q), p(many, name, q) / p(few, name, q)]);
	return { label: name, figures };
}

async function plansOf({ connectionString, size }: Side, from: number): Promise<string[]> {
	const watched = watchPlans(connectionString);
	try {
		for (let n = from; n < from + 12; n++) await hotRound(watched.database, size, n, async (_, query) => await query());
		return watched.complaints();
	} finally {
		await watched.database.pool.end();
	}
}

const walBytes = async ({ admin }: Side): Promise<number> =>
	(await admin.query<{ bytes: number }>(`select pg_wal_lsn_diff(pg_current_wal_lsn(), '0/0')::float8 as bytes`)).rows[0]
		.bytes;

async function tableSizes({ admin }: Side): Promise<Row[]> {
	await admin.query('analyze');
	const { rows } = await admin.query<{ name: string; n: number; heap: number; indexes: number }>(
		`select relname as name, reltuples::float8 as n, (pg_table_size(oid) / reltuples)::float8 as heap, (pg_indexes_size(oid) / reltuples)::float8 as indexes
			from pg_class where relnamespace = 'agent_factory'::regnamespace and relkind = 'r' and reltuples > 5000 order by 3 desc`,
	);
	return rows.map(({ name, n, heap, indexes }) => ({ label: name, figures: [n, heap, indexes] }));
}
