import { Pool } from 'pg';
import { claimTurns, completeTurn, SILENCE } from '../core/conversations';
import { applyMigrations, openDatabase, type Database } from '../core/database';
import { endRetention } from '../core/maintenance';
import { startPostgres, type PostgresServer } from '../sandbox/postgres';
import { fill, type FillSize } from './support/fill';
import { interleave } from './support/measure';
import type { Report } from './support/report';
import type { BenchContext } from './index';

interface Queue {
	admin: Pool;
	database: Database;
}

const SIZE: FillSize = { tenants: 100, turns: 80 };
const TURNS = 1_000;
const ROUNDS = 3;
/** Really claimed and settled between the two measurements, so that dead rows are there and autovacuum has its work. */
const PROCESSED = 10_000;
const ANSWERED = 1_000_000;
const LEAST_FLAT = 0.9;

/** Claim + settle of turns without a reply, fresh against a queue that a million turns went through, before and after the night's maintenance. */
export async function soakBench({ say, quick }: BenchContext): Promise<Report> {
	const scale = quick ? 10 : 1;
	const postgres = await startPostgres();
	const queues: Queue[] = [];
	try {
		for (const name of ['fresh', 'aged']) queues.push(await prepare(postgres, name));
		const [fresh, aged] = queues;
		const compare = async (label: string): Promise<Record<'fresh' | 'aged', number>> => {
			const contenders = {
				fresh: async () => ({ perSecond: await cleanThenDrain(fresh, TURNS / scale) }),
				aged: async () => ({ perSecond: await drain(aged, TURNS / scale) }),
			};
			const { fresh: a, aged: b } = await interleave(contenders, ROUNDS);
			say(`${label}: fresh ${Math.round(a.perSecond)}/s, aged ${Math.round(b.perSecond)}/s`);
			return { fresh: a.perSecond, aged: b.perSecond };
		};
		await compare('warm-up');
		await answeredRows(aged, ANSWERED / scale);
		await drain(aged, PROCESSED / scale);
		const full = await compare('after a million turns');
		const started = performance.now();
		const removed = (await endRetention(aged.database)).find(({ task }) => task === 'finished_queue')?.rows ?? 0;
		const seconds = (performance.now() - started) / 1_000;
		const after = await compare('after the maintenance');
		const row = (label: string, figures: Record<'fresh' | 'aged', number>) => ({
			label,
			figures: [figures.fresh, figures.aged, figures.aged / figures.fresh],
		});
		const rows = [row('a million answered rows in the queue', full), row('after the maintenance', after)];
		return {
			tables: [
				{
					title: `Turns claimed and settled a second, one worker, ten a claim, ${SIZE.tenants} tenants, fresh and aged in turn`,
					columns: ['fresh', 'aged', 'ratio'],
					rows,
				},
			],
			targets: rows.map(({ label, figures }) => ({
				name: `${label}, against fresh`,
				figure: figures[2],
				atLeast: LEAST_FLAT,
				gate: true,
			})),
			notes: [
				`The maintenance removed ${removed} queue rows and ended all other retention in ${Math.round(seconds)} s.`,
			],
		};
	} finally {
		for (const { admin, database } of queues) await Promise.all([admin.end(), database.pool.end()]);
		await postgres.stop();
	}
}

async function prepare(postgres: PostgresServer, name: string): Promise<Queue> {
	const server = new Pool({ connectionString: postgres.connectionString(), max: 1 });
	await server.query(`create database ${name}`);
	await server.end();
	const connectionString = postgres.connectionString(name);
	await applyMigrations({ connectionString });
	const admin = new Pool({ connectionString, max: 2 });
	// The server may stop before a connection has said goodbye.
	admin.on('error', () => undefined);
	await fill(admin, 'agent_factory', SIZE);
	return { admin, database: openDatabase({ connectionString }) };
}

/** A queue through which nothing went; the other tables age like the aged one's. */
async function cleanThenDrain(queue: Queue, turns: number): Promise<number> {
	await queue.admin.query(`delete from agent_factory.message_queue where status = 'completed'`);
	await queue.admin.query('vacuum agent_factory.message_queue');
	return await drain(queue, turns);
}

/** Makes `turns` waiting messages, one a lane, and times claim + settle of them all. */
async function drain({ admin, database }: Queue, turns: number): Promise<number> {
	let seconds = 0;
	const lanes = 500;
	for (let left = turns; left > 0; left -= lanes) {
		const { rowCount } = await admin.query(
			`with lanes as (
				select c.tenant_id, c.id, (select m.id from agent_factory.messages m where m.tenant_id = c.tenant_id and m.conversation_id = c.id order by m.id limit 1) as message_id
				from agent_factory.conversations c
				where c.status = 'open'
					and not exists (select from agent_factory.conversation_locks l where l.tenant_id = c.tenant_id and l.conversation_id = c.id)
				limit $1
			), queued as (
				insert into agent_factory.message_queue (tenant_id, conversation_id, message_id) select tenant_id, id, message_id from lanes where message_id is not null
				returning tenant_id, conversation_id
			)
			insert into agent_factory.conversation_locks (tenant_id, conversation_id, available_at) select tenant_id, conversation_id, now() from queued`,
			[Math.min(left, lanes)],
		);
		const started = performance.now();
		for (let settled = 0; settled < (rowCount ?? 0);) {
			const claimed = await claimTurns(database, { workerId: 'soak', limit: 10 });
			await Promise.all(claimed.map(async (turn) => await completeTurn(database, turn, SILENCE)));
			settled += claimed.length;
			if (claimed.length === 0) throw new Error('The queue gave out nothing while lanes were due.');
		}
		seconds += (performance.now() - started) / 1_000;
		if (!rowCount) throw new Error('No conversation was free to queue a message for.');
		left += lanes - rowCount;
	}
	return turns / seconds;
}

/** As many answered queue rows and turns more, two days old. */
async function answeredRows({ admin }: Queue, rows: number): Promise<void> {
	const client = await admin.connect();
	try {
		await client.query('set session_replication_role = replica');
		await client.query(
			`with answered as (
				insert into agent_factory.message_queue (tenant_id, conversation_id, message_id, status, turn_id, attempts, finished_at, created_at)
					select tenant_id, conversation_id, message_id, 'completed', id, 1, now() - interval '2 days', now() - interval '2 days'
					from agent_factory.message_queue cross join generate_series(1, 200) where status = 'completed' limit $1
					returning tenant_id, id, conversation_id, message_id
			)
			insert into agent_factory.turns (tenant_id, id, conversation_id, outcome, attempts, message_ids, received_at, claimed_at, finished_at)
				select tenant_id, id, conversation_id, 'silence', 1, array[message_id], now() - interval '2 days', now() - interval '2 days', now() - interval '2 days' from answered`,
			[rows],
		);
		await client.query('reset session_replication_role');
	} finally {
		client.release();
	}
	await admin.query('analyze');
}
