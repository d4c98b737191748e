import type { Pool } from 'pg';
import { claimTurns, completeTurn, type SettledDecision } from '../../core/conversations';
import type { Database } from '../../core/database';
import { endRetention } from '../../core/maintenance';
import type { FillSize } from './fill';
import { median } from './measure';
import type { Table } from './report';

interface Queue {
	size: FillSize;
	admin: Pool;
	database: Database;
}

const TURNS = 1_000;
const ROUNDS = 3;
/** Really claimed and settled between the two measurements, so that dead rows are there and autovacuum has its work. */
const PROCESSED = 10_000;
const FINISHED = 1_000_000;
/** Enough for the queue, which comes first; what else the night would empty matters less here. */
const NIGHT_MS = 90_000;

const SILENCE: SettledDecision = {
	action: 'silence',
	messages: [],
	handoffReason: null,
	deferUntil: null,
	optOut: false,
	checks: [],
	usage: [],
	agentVersionId: null,
	systemPromptId: null,
	personaId: null,
};

/** Claim + settle of turns without a reply: fresh, with a million finished rows in the queue, and after the night's maintenance. */
export async function soak(
	few: Queue,
	many: Queue,
	{ say, quick }: { say(line: string): void; quick: boolean },
): Promise<{ table: Table; ratio: number }> {
	const turns = quick ? TURNS / 10 : TURNS;
	const rate = async (queue: Queue): Promise<number> => {
		const runs: number[] = [];
		for (let i = 0; i < ROUNDS; i++) runs.push(await drain(queue, turns));
		return median(runs);
	};
	await few.admin.query(`delete from agent_factory.message_queue where status = 'completed'`);
	await few.admin.query('vacuum analyze agent_factory.message_queue');
	await drain(few, turns);
	const fresh = await rate(few);
	say(`fresh: ${Math.round(fresh)} turns/s`);
	await finishedRows(many, quick ? FINISHED / 10 : FINISHED);
	await drain(many, quick ? PROCESSED / 10 : PROCESSED);
	const full = await rate(many);
	say(`with finished rows: ${Math.round(full)} turns/s`);
	const started = performance.now();
	const done = await endRetention(many.database, { signal: AbortSignal.timeout(NIGHT_MS) });
	const seconds = (performance.now() - started) / 1_000;
	const removed = done.reduce((sum, { rows }) => sum + rows, 0);
	say(`maintenance: ${removed} rows in ${Math.round(seconds)} s`);
	const after = await rate(many);
	const again = await rate(few);
	const row = (label: string, value: number) => ({ label, figures: [value, value / fresh] });
	return {
		// The mean of before and after: the machine's own drift is no merit of the queue.
		ratio: (2 * after) / (fresh + again),
		table: {
			title: `Turns claimed and settled a second, one worker, ten a claim; maintenance removed or emptied ${removed} rows in ${Math.round(seconds)} s`,
			columns: ['turns/s', 'ratio'],
			rows: [
				row('fresh: 10 tenants, nothing finished', fresh),
				row('1,000 tenants, 1.5 M answered rows in the queue', full),
				row('the same after the maintenance', after),
				row('fresh again', again),
			],
		},
	};
}

/** Makes `turns` waiting messages, one a lane of the first ten tenants, and times claim + settle of them all. */
async function drain({ admin, database, size }: Queue, turns: number): Promise<number> {
	let seconds = 0;
	const lanes = Math.floor(size.turns / 8 / 2) * 10;
	for (let left = turns; left > 0; left -= lanes) {
		const { rowCount } = await admin.query(
			`with lanes as (
				select c.tenant_id, c.id, (select m.id from agent_factory.messages m where m.tenant_id = c.tenant_id and m.conversation_id = c.id order by m.id limit 1) as message_id
				from agent_factory.conversations c
				where c.tenant_id in (select md5('tenant' || t)::uuid from generate_series(1, 10) t) and c.status = 'open'
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

/** As many answered queue rows more, two days old. */
async function finishedRows({ admin }: Queue, rows: number): Promise<void> {
	const client = await admin.connect();
	try {
		await client.query('set session_replication_role = replica');
		await client.query(
			`insert into agent_factory.message_queue (tenant_id, conversation_id, message_id, status, turn_id, attempts, finished_at, created_at)
				select tenant_id, conversation_id, message_id, 'completed', id, 1, now() - interval '2 days', now() - interval '2 days'
				from agent_factory.message_queue cross join generate_series(1, 100) where status = 'completed' limit $1`,
			[rows],
		);
		await client.query('reset session_replication_role');
	} finally {
		client.release();
	}
	await admin.query('analyze agent_factory.message_queue');
}
