import type { Pool } from 'pg';
import { openDatabase } from '../../../core/database';
import { settleUnknown } from '../../../core/outbox';
import type { SentMessage } from '../../../sandbox/standins/graph';
import { waitFor } from '../../support/wait-for';
import type { LoadRecord } from './load';

/** What a run left behind, to be judged. `pool` must see all tenants. */
export interface Books {
	pool: Pool;
	/** Where the Graph stand-in answers. */
	graphUrl: string;
	record: LoadRecord;
}

interface Row {
	[column: string]: unknown;
}

const LISTED = 5;

/** Throws with every broken promise, its invariant first. */
export async function assertInvariants(books: Books): Promise<void> {
	const broken = await violations(books);
	if (broken.length > 0) throw new Error(`${broken.length} promises are broken:\n${broken.join('\n')}`);
}

/** Judge after `untilQuiet`: I1 what got a 200 is stored, I2 once, I3 in order, I4 answered exactly once. */
export async function violations(books: Books): Promise<string[]> {
	const accepted = await acceptedSends(books);
	const wamids = books.record.messages.map((message) => message.wamid);
	const acknowledged = books.record.messages.filter((message) => message.acknowledged).map((message) => message.wamid);
	const orders = books.record.messages.map(({ wamid, n, from }) => ({ wamid, n, from }));
	const sends = accepted.map(({ callbackData }, at) => ({ id: callbackData, at }));
	const again = await sentAgainByPerson(books);
	const byMachine = accepted.filter(({ callbackData }) => !again.has(callbackData ?? ''));
	const found = await Promise.all([
		check(books, 'I1: got a 200 and is not stored', STORED, [acknowledged]),
		check(books, 'I2: stored or queued more than once', ONCE, [wamids]),
		check(books, 'I3: turns overlap or swap', TURNS_IN_ORDER),
		check(books, 'I3: a message is in two turns, or in none', MESSAGES_IN_TURNS, [acknowledged]),
		check(books, 'I3: messages are filed in another order than they were written', FILED_IN_ORDER, [
			JSON.stringify(orders),
		]),
		check(books, 'I3: replies left in another order than their turns', SENT_IN_ORDER, [
			JSON.stringify(sends.filter(({ id }) => !again.has(id ?? ''))),
		]),
		check(books, 'I4: sent more than once, or not as the outbox says', SENT_ONCE, [JSON.stringify(sends)]),
		check(books, 'I4: a turn without an answer', ANSWERED),
		check(books, 'a lease or a lane is left over', LEFT_OVER),
	]);
	return [...found.flat(), ...(await phoneViolations(books, accepted, byMachine))];
}

const STORED = `select w as wamid from unnest($1::text[]) w
	where not exists (select 1 from agent_factory.webhook_events e where e.kind = 'message' and e.meta_message_id = w)
		or not exists (select 1 from agent_factory.messages m where m.direction = 'inbound' and m.provider_message_id = w)`;
const ONCE = `select w as wamid, e.n as events, m.n as messages, q.n as queued from unnest($1::text[]) w
	cross join lateral (select count(*)::int as n from agent_factory.webhook_events e where e.kind = 'message' and e.meta_message_id = w) e
	cross join lateral (select count(*)::int as n from agent_factory.messages m where m.direction = 'inbound' and m.provider_message_id = w) m
	cross join lateral (select count(*)::int as n from agent_factory.messages m join agent_factory.message_queue q on q.tenant_id = m.tenant_id and q.message_id = m.id
		where m.direction = 'inbound' and m.provider_message_id = w) q
	where e.n > 1 or e.n <> m.n or e.n <> q.n`;
const TURNS_IN_ORDER = `select * from (
		select t.conversation_id, t.id, t.claimed_at, lag(t.id) over w as before, lag(t.finished_at) over w as before_finished,
			t.message_ids[1] as first_message, lag(t.message_ids[cardinality(t.message_ids)]) over w as before_message
		from agent_factory.turns t window w as (partition by t.tenant_id, t.conversation_id order by t.id)) t
	where t.claimed_at < t.before_finished or t.first_message <= t.before_message`;
const MESSAGES_IN_TURNS = `select m.id, count(t.id)::int as turns from agent_factory.messages m
	left join agent_factory.turns t on t.tenant_id = m.tenant_id and t.conversation_id = m.conversation_id and m.id = any (t.message_ids)
	where m.direction = 'inbound' and m.provider_message_id = any ($1::text[])
		and not exists (select 1 from agent_factory.message_queue q where q.tenant_id = m.tenant_id and q.message_id = m.id and q.dead_at is not null)
	group by m.tenant_id, m.id having count(t.id) <> 1`;
const FILED_IN_ORDER = `select * from (
		select m.conversation_id, m.id, o.n, lag(o.n) over (partition by m.tenant_id, m.conversation_id order by m.id) as before
		from jsonb_to_recordset($1::jsonb) as o(wamid text, n int)
		join agent_factory.messages m on m.direction = 'inbound' and m.provider_message_id = o.wamid) f
	where f.n <= f.before`;
const SENT_IN_ORDER = `select * from (
		select o.conversation_id, o.seq, lag(o.seq) over w as before, o.turn_id, lag(o.turn_id) over w as before_turn
		from jsonb_to_recordset($1::jsonb) as s(id uuid, at int) join agent_factory.outbox_messages o on o.id = s.id
		window w as (partition by o.tenant_id, o.conversation_id order by s.at)) s
	where s.seq < s.before or s.turn_id < s.before_turn`;
// Unknown and accepted cannot stay so: the status that carries the row's id settles it.
const SENT_ONCE = `select o.id, o.status, o.turn_id, count(s.id)::int as accepted from agent_factory.outbox_messages o
	left join jsonb_to_recordset($1::jsonb) as s(id uuid, at int) on s.id = o.id
	group by o.tenant_id, o.id having count(s.id) <> case when o.status in ('sent', 'delivered', 'read') then 1 else 0 end`;
const ANSWERED = `select t.id, t.outcome, count(o.id)::int as rows from agent_factory.turns t
	left join agent_factory.outbox_messages o on o.tenant_id = t.tenant_id and o.turn_id = t.id
	group by t.tenant_id, t.id having count(o.id) <> 1 and t.outcome <> 'silence'`;
const LEFT_OVER = `select 'conversation_locks' as kind, l.conversation_id::text as id, l.available_at::text as until from agent_factory.conversation_locks l
	union all select 'sending', o.id::text, o.locked_until::text from agent_factory.outbox_messages o where o.status in ('sending', 'pending')
	union all select 'message_queue', q.id::text, q.status from agent_factory.message_queue q where q.finished_at is null`;

const UNDER_WAY = `select kind, id, until from (${LEFT_OVER} union all
	select o.status, o.id::text, null from agent_factory.outbox_messages o where o.status in ('unknown', 'sent')) l order by kind, id`;

async function check(books: Books, what: string, sql: string, values: unknown[] = []): Promise<string[]> {
	const { rows } = await books.pool.query<Row>(sql, values);
	return listed(what, rows);
}

const listed = (what: string, rows: Row[]): string[] => [
	...rows.slice(0, LISTED).map((row) => `${what}: ${JSON.stringify(row)}`),
	...(rows.length > LISTED ? [`${what}: and ${rows.length - LISTED} more`] : []),
];

/** Sends that Meta took, oldest first. */
export async function acceptedSends({ graphUrl }: Pick<Books, 'graphUrl'>): Promise<SentMessage[]> {
	const sent = (await (await fetch(`${graphUrl}/_sandbox/sent`)).json()) as SentMessage[];
	return sent.filter(({ accepted }) => accepted);
}

const keyOf = (phoneNumberId: string | undefined, phone: string): string =>
	`${phoneNumberId} ${phone.replace(/\D/g, '')}`;
const numbersIn = (text: string | null): number[] => [
	...new Set([...(text ?? '').matchAll(/#(\d+)/g)].map(([, n]) => Number(n))),
];

/** The numbers each customer got answered, in the order in which the replies left. */
function answersOf(sends: readonly SentMessage[]): Map<string, number[]> {
	const answers = new Map<string, number[]>();
	for (const { phoneNumberId, to, text } of sends) {
		const key = keyOf(phoneNumberId, to);
		answers.set(key, [...(answers.get(key) ?? []), ...numbersIn(text)]);
	}
	return answers;
}

/** Sends of unknown outcome that a person had repeated: the conversation has gone on since, so they come late. */
async function sentAgainByPerson({ pool }: Books): Promise<Set<string>> {
	const { rows } = await pool.query<{ id: string }>(
		`select subject_id as id from agent_factory.audit_events where event_type = 'outbox.settled' and details ->> 'verdict' = 'send_again'`,
	);
	return new Set(rows.map(({ id }) => id));
}

/** What the customers see: every message is answered in one reply, and replies come in the order of the questions. */
async function phoneViolations(books: Books, accepted: SentMessage[], byMachine: SentMessage[]): Promise<string[]> {
	const excused = await excusedNumbers(books);
	const answers = answersOf(accepted);
	const rows: Row[] = [];
	for (const { phoneNumberId, from, n, wamid, acknowledged } of books.record.messages) {
		const times = (answers.get(keyOf(phoneNumberId, from)) ?? []).filter((answered) => answered === n).length;
		if (times > 1 || (times === 0 && acknowledged && !excused.has(wamid))) rows.push({ from, n, wamid, times });
	}
	const swapped = [...answersOf(byMachine)].filter(([, numbers]) =>
		numbers.some((n, at) => at > 0 && n <= numbers[at - 1]),
	);
	return [
		...listed('I4: a message was answered in none or in several replies', rows),
		...listed(
			'I3: a customer got replies out of order',
			swapped.map(([customer, numbers]) => ({ customer, numbers })),
		),
	];
}

/** Messages that a rule answers for: a person has them (dead letter, handover), or nobody knows whether the reply left. */
async function excusedNumbers({ pool }: Books): Promise<Set<string>> {
	const { rows } = await pool.query<{ wamid: string }>(
		`select m.provider_message_id as wamid from agent_factory.messages m
			join agent_factory.conversations c on c.tenant_id = m.tenant_id and c.id = m.conversation_id
			where m.direction = 'inbound' and (c.status = 'handoff' or exists (select 1 from agent_factory.outbox_messages o
				where o.tenant_id = m.tenant_id and o.turn_id = m.turn_id and o.status = 'unknown'))`,
	);
	return new Set(rows.map((row) => row.wamid));
}

export interface QuietOptions {
	timeoutMs: number;
	/** The factory's database as the pack opens it: for the word of a person on sends of unknown outcome. */
	connectionString: string;
	/** Milliseconds without any progress after which the leases are let run out, where nobody can hold one any more. */
	hurryAfterMs?: number;
}

/**
 * Waits until nothing is under way. A send that a killed worker had claimed and Meta never saw stays `unknown`, and its
 * conversation waits for it: here a person looks at Meta's side and has it sent again. Answers how many of those there were.
 */
export async function untilQuiet(books: Books, options: QuietOptions): Promise<number> {
	const database = openDatabase({ connectionString: options.connectionString });
	let byPerson = 0;
	let before = '';
	let changed = performance.now();
	try {
		await waitFor(
			async () => {
				byPerson += await settleWhatNeverLeft(books, database);
				const { rows } = await books.pool.query<Row>(UNDER_WAY);
				const now = JSON.stringify(rows);
				if (now !== before) changed = performance.now();
				before = now;
				if (options.hurryAfterMs && performance.now() - changed > options.hurryAfterMs) await leasesRunOut(books.pool);
				return rows.length === 0;
			},
			{ timeoutMs: options.timeoutMs, pollMs: 250 },
		).catch(async (error: Error) => {
			throw new Error(`Not quiet: ${error.message}\n${(await whatWaits(books.pool)).join('\n')}`);
		});
		return byPerson;
	} finally {
		await database.pool.end();
	}
}

/** Ends every lease, as the passing of LEASE_SECONDS does. For when whoever held one is gone. */
export async function leasesRunOut(pool: Pool): Promise<void> {
	await pool.query('update agent_factory.conversation_locks set available_at = now() where worker_id is not null');
	await pool.query(
		`with stale as (update agent_factory.outbox_messages set locked_until = now() where status = 'sending' returning tenant_id, conversation_id)
			update agent_factory.outbox_lanes l set available_at = now() from stale s where l.tenant_id = s.tenant_id and l.conversation_id = s.conversation_id`,
	);
}

async function settleWhatNeverLeft(books: Books, database: ReturnType<typeof openDatabase>): Promise<number> {
	const { rows } = await books.pool.query<{ id: string; tenant_id: string }>(
		`select id, tenant_id from agent_factory.outbox_messages where status = 'unknown'`,
	);
	if (rows.length === 0) return 0;
	const taken = new Set((await acceptedSends(books)).map(({ callbackData }) => callbackData));
	const never = rows.filter(({ id }) => !taken.has(id));
	for (const { id, tenant_id } of never)
		await settleUnknown(database, tenant_id, id, 'send_again', 'test').catch(() => undefined);
	return never.length;
}

/** For whoever reads a red run. */
async function whatWaits(pool: Pool): Promise<string[]> {
	const { rows } = await pool.query<Row>(
		`select c.id, c.status, l.worker_id, l.available_at - now() as lane_due_in,
			(select jsonb_agg(jsonb_build_object('id', q.id, 'status', q.status, 'attempts', q.attempts, 'error', q.last_error)) from agent_factory.message_queue q
				where q.conversation_id = c.id and q.finished_at is null) as queue,
			(select jsonb_agg(jsonb_build_object('seq', o.seq, 'status', o.status, 'until', o.locked_until, 'error', o.error_message)) from agent_factory.outbox_messages o
				where o.conversation_id = c.id and o.status in ('pending', 'sending', 'unknown', 'sent')) as outbox,
			(select s.available_at - now() from agent_factory.outbox_lanes s where s.conversation_id = c.id and s.available_at < 'infinity') as send_lane_due_in
		from agent_factory.conversations c left join agent_factory.conversation_locks l on l.conversation_id = c.id`,
	);
	return rows.filter((row) => row.queue ?? row.outbox ?? row.worker_id).map((row) => JSON.stringify(row));
}

/** How the run went, for the report of the test. */
export async function figures({ pool, record }: Books): Promise<Row> {
	const { rows } = await pool.query<Row>(
		`select (select count(*)::int from agent_factory.turns) as turns,
			(select count(*)::int from agent_factory.turns where attempts > 1) as turns_taken_again,
			(select count(*)::int from agent_factory.outbox_messages where status in ('sent', 'delivered', 'read')) as replies,
			(select count(*)::int from agent_factory.outbox_messages where status = 'superseded') as superseded,
			(select count(*)::int from agent_factory.outbox_messages where settled_by = 'status') as settled_by_status,
			(select count(*)::int from agent_factory.audit_events where event_type = 'outbox.unknown') as unknown,
			(select count(*)::int from agent_factory.message_queue where dead_at is not null) as dead_letters`,
	);
	const { length: messages } = record.messages;
	return { messages, answers: record.answers, ...rows[0] };
}
