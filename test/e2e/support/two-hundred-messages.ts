import type { Pool } from 'pg';
import type { SandboxState } from '../../../sandbox/state';
import { sentMessagesOf, type SentMessage } from './running';
import { textBody, wamid } from '../../support/factory';
import { waitFor } from '../../support/wait-for';

const BURSTS = [3, 2, 4, 1];
const CUSTOMERS = 10;
/** Longer than a slow machine needs between two messages of a burst. */
const DEBOUNCE_SECONDS = 8;
const READ_TIMEOUT_MS = 60_000;

/** A running factory, and a way to hand it a webhook. */
export interface Layout {
	state: SandboxState;
	pool: Pool;
	post(body: string): Promise<{ status: number }>;
	/** Milliseconds in which a round of bursts must be answered. */
	roundTimeoutMs: number;
	/** Called when the bursts of a round are sent and not yet answered. */
	onSent?(round: number): Promise<void>;
}

interface Customer {
	slug: string;
	phoneNumberId: string;
	from: string;
	next: number;
	bursts: number[][];
}

const customersOf = (state: SandboxState): Customer[] =>
	state.tenants.flatMap((tenant, t) => {
		const channel = tenant.channels.find(({ kind }) => kind === 'whatsapp');
		return Array.from({ length: CUSTOMERS }, (_, i) => ({
			slug: tenant.slug,
			phoneNumberId: channel!.externalId,
			from: `55119${t}7700${String(i).padStart(4, '0')}`,
			next: 1,
			bursts: [] as number[][],
		}));
	});

/** The next burst of a customer: as one batch or message by message, every third message delivered twice. */
async function sendBurst(post: Layout['post'], customer: Customer, size: number, asBatch: boolean): Promise<void> {
	const numbers = Array.from({ length: size }, () => customer.next++);
	customer.bursts.push(numbers);
	const messages = numbers.map((n) => ({
		from: customer.from,
		text: `Qual o preço do plano? pedido #${n}`,
		id: wamid(),
		name: `Cliente ${customer.from}`,
	}));
	const bodies = asBatch
		? [textBody(customer.phoneNumberId, messages)]
		: messages.map((message) => textBody(customer.phoneNumberId, [message]));
	for (const [index, body] of bodies.entries()) {
		const text = JSON.stringify(body);
		await deliver(post, text);
		if (index % 3 === 0) await deliver(post, text);
	}
}

/** As Meta does: what was not answered with 200 is sent again, some times. */
async function deliver(post: Layout['post'], text: string): Promise<void> {
	const statuses: number[] = [];
	while (statuses.at(-1) !== 200 && statuses.length < 5) statuses.push((await post(text)).status);
	expect(statuses.at(-1)).toBe(200);
	expect(statuses.slice(0, -1).filter((status) => status < 500)).toEqual([]);
}

const numbersIn = (text: string): number[] => [...text.matchAll(/#(\d+)/g)].map(([, n]) => Number(n));

/** What a customer's phone shows, in the order it arrived. */
const repliesTo = (sent: SentMessage[], customer: Customer): string[] =>
	sent
		.filter(
			({ to, phoneNumberId }) => to?.replace('+', '') === customer.from && phoneNumberId === customer.phoneNumberId,
		)
		.map(({ text }) => text ?? '');

async function inParallel<T>(items: T[], limit: number, work: (item: T) => Promise<unknown>): Promise<void> {
	const queue = [...items];
	await Promise.all(
		Array.from({ length: limit }, async () => {
			for (let item = queue.shift(); item !== undefined; item = queue.shift()) await work(item);
		}),
	);
}

const one = async <T>(pool: Pool, sql: string, values: unknown[] = []): Promise<T> =>
	(await pool.query(sql, values)).rows[0] as T;

/**
 * 200 messages of 20 customers in bursts and batches: one reply a burst, in order, none twice, and the books agree. A burst that a slow
 * door tears apart takes two turns, and the first one's reply is withdrawn.
 */
export async function twoHundredMessages(layout: Layout): Promise<void> {
	const { state, pool, post } = layout;
	const all = customersOf(state);
	const sentSoFar = async (): Promise<SentMessage[]> => await sentMessagesOf(state);
	await pool.query('update agent_factory.agents set debounce_seconds = $1, debounce_max_seconds = 60', [
		DEBOUNCE_SECONDS,
	]);
	for (const [round, size] of BURSTS.entries()) {
		await inParallel(
			all,
			4,
			async (customer) => await sendBurst(post, customer, size, (all.indexOf(customer) + round) % 2 === 0),
		);
		await layout.onSent?.(round);
		await waitFor(
			async () => {
				const sent = await sentSoFar();
				return all.every((customer) => {
					const answered = new Set(repliesTo(sent, customer).flatMap(numbersIn));
					return customer.bursts.flat().every((n) => answered.has(n));
				});
			},
			{ timeoutMs: layout.roundTimeoutMs },
		).catch(async (error: Error) => {
			throw new Error(
				`Round ${round + 1}: ${error.message}\n${await whatWaits(
					pool,
					all.map(({ from }) => from),
				)}`,
			);
		});
	}
	expect(all.flatMap(({ bursts }) => bursts.flat())).toHaveLength(200);

	const sent = await sentSoFar();
	for (const customer of all) {
		expect(repliesTo(sent, customer).map((text) => [...new Set(numbersIn(text))])).toEqual(customer.bursts);
	}

	const phones = all.map(({ from }) => from);
	const ours = `from agent_factory.outbox_messages o join agent_factory.contacts k on k.tenant_id = o.tenant_id and k.id = o.contact_id where k.phone = any ($1)`;
	await waitFor(
		async () =>
			(
				await one<{ n: number }>(pool, `select count(*)::int as n ${ours} and o.status not in ('read', 'superseded')`, [
					phones,
				])
			).n === 0,
		{ timeoutMs: READ_TIMEOUT_MS },
	).catch(async (error: Error) => {
		throw new Error(`Every reply read: ${error.message}\n${await whatWaits(pool, phones)}`);
	});
	await expectBooksToAgree(
		pool,
		phones,
		sent.filter(({ to }) => phones.includes(to?.replace('+', '') ?? '')),
	);
}

/** Where the messages of unanswered customers are, for whoever reads a red run. */
async function whatWaits(pool: Pool, phones: string[]): Promise<string> {
	const { rows } = await pool.query(
		`select k.phone, c.status, c.handoff_reason, l.available_at - now() as lane_due_in, l.worker_id is not null as leased,
			(select jsonb_agg(jsonb_build_object('status', q.status, 'attempts', q.attempts, 'error', q.last_error)) from agent_factory.message_queue q where q.conversation_id = c.id and q.status <> 'completed') as queue,
			(select jsonb_agg(jsonb_build_object('status', o.status, 'error', o.error_message)) from agent_factory.outbox_messages o where o.conversation_id = c.id and o.status <> 'read') as outbox,
			(select jsonb_agg(jsonb_build_object('outcome', t.outcome, 'reason', t.handoff_reason, 'fired', (select jsonb_agg(x -> 'check') from jsonb_array_elements(t.checks) x where (x ->> 'fired')::boolean))) from agent_factory.turns t where t.conversation_id = c.id) as turns
		from agent_factory.contacts k join agent_factory.conversations c on c.contact_id = k.id left join agent_factory.conversation_locks l on l.conversation_id = c.id
		where k.phone = any ($1)`,
		[phones],
	);
	return rows
		.filter((row) => row.queue ?? row.outbox ?? row.handoff_reason)
		.map((row) => JSON.stringify(row))
		.join('\n');
}

async function expectBooksToAgree(pool: Pool, phones: string[], sent: SentMessage[]): Promise<void> {
	const mine = `(select k.tenant_id, c.id from agent_factory.contacts k join agent_factory.conversations c on c.tenant_id = k.tenant_id and c.contact_id = k.id where k.phone = any ($1))`;
	const { rows: ids } = await pool.query(
		`select o.provider_message_id as id from agent_factory.outbox_messages o where (o.tenant_id, o.conversation_id) in ${mine} and o.status <> 'superseded'`,
		[phones],
	);
	const { withdrawn } = await one<{ withdrawn: number }>(
		pool,
		`select count(*)::int as withdrawn from agent_factory.outbox_messages o where (o.tenant_id, o.conversation_id) in ${mine} and o.status = 'superseded'`,
		[phones],
	);
	const turns = CUSTOMERS * 2 * BURSTS.length + withdrawn;
	expect(ids.map(({ id }) => id as string).sort()).toEqual(sent.map(({ id }) => id).sort());
	const { rows: said } = await pool.query(
		`select direction, status, count(*)::int as n from agent_factory.messages m where (m.tenant_id, m.conversation_id) in ${mine} and m.status <> 'superseded' group by 1, 2 order by 1, 2`,
		[phones],
	);
	expect(said).toEqual([
		{ direction: 'inbound', status: 'received', n: 200 },
		{ direction: 'outbound', status: 'read', n: sent.length },
	]);
	expect(
		await one(
			pool,
			`select (select count(*)::int from agent_factory.turns t where (t.tenant_id, t.conversation_id) in ${mine}) as turns,
			(select count(*)::int from agent_factory.llm_usage u where (u.tenant_id, u.conversation_id) in ${mine} and u.purpose = 'reply' and u.outcome = 'ok') as calls,
			(select count(*)::int from agent_factory.audit_events a where a.event_type = 'turn.completed'
				and a.subject_id in (select t.id::text from agent_factory.turns t where (t.tenant_id, t.conversation_id) in ${mine})) as audited,
			(select count(*)::int from agent_factory.message_queue q where (q.tenant_id, q.conversation_id) in ${mine} and q.finished_at is null) as waiting,
			(select count(*)::int from agent_factory.conversation_locks l where (l.tenant_id, l.conversation_id) in ${mine}) as lanes`,
			[phones],
		),
	).toEqual({ turns, calls: turns, audited: turns, waiting: 0, lanes: 0 });
	const { rows: log } = await pool.query(
		`select count(*)::int as replies, bool_and(tenant_slug is not null and agent_version like 'v%' and meta_message_id is not null and cardinality(answered_meta_ids) > 0
				and input_tokens > 0 and output_tokens > 0 and latency_ms > 0 and jsonb_array_length(checks) > 0 and checks_hit is not null) as complete
			from agent_factory.vw_reply_log r where (r.tenant_id, r.conversation_id) in ${mine} and r.status <> 'superseded'`,
		[phones],
	);
	expect(log).toEqual([{ replies: sent.length, complete: true }]);
}
