import type { Database } from '../../../core/database';
import { storeEvents, type StoredEvent } from '../../../core/ingest';
import { normaliseBody } from '../../../core/meta';
import { createTestDatabase, type TestDatabase } from '../../support/database';
import {
	databaseFor,
	dropDatabase,
	makeTenant,
	statusBody,
	textBody,
	wamid,
	type TestTenant,
} from '../../support/factory';

let test_: TestDatabase;
let database: Database;
let tenant: TestTenant;

beforeAll(async () => {
	test_ = await createTestDatabase();
	database = databaseFor(test_);
});
beforeEach(async () => (tenant = await makeTenant(database)));
afterAll(async () => await dropDatabase(database, test_));

type Body = Record<string, unknown>;
const text = (from: string, words: string, id = wamid(), name = 'Cliente'): Body =>
	textBody(tenant.phoneNumberId, [{ from, text: words, id, name }]);
/** Several bodies in one transaction, as the batcher stores them. */
const store = async (...bodies: Body[]): Promise<StoredEvent[]> =>
	await storeEvents(
		database,
		bodies.flatMap((body) => normaliseBody(body)),
	);
const outcomes = (stored: StoredEvent[]): string[] => stored.map(({ outcome }) => outcome);
const one = async <T>(sql: string): Promise<T> => (await test_.admin.query(sql, [tenant.id])).rows[0] as T;

const counts = async (): Promise<Record<string, number>> =>
	await one(`select (select count(*)::int from agent_factory.contacts where tenant_id = $1) as contacts,
		(select count(*)::int from agent_factory.conversations where tenant_id = $1) as threads,
		(select count(*)::int from agent_factory.messages where tenant_id = $1) as messages,
		(select count(*)::int from agent_factory.message_queue where tenant_id = $1) as queued,
		(select count(*)::int from agent_factory.conversation_locks where tenant_id = $1) as lanes`);

/** A person of the business answers from the phone. */
const echo = (to: string): Body => {
	const body = textBody(tenant.phoneNumberId, []) as { entry: Array<{ changes: Array<Record<string, any>> }> };
	const change = body.entry[0].changes[0];
	change.field = 'smb_message_echoes';
	change.value = {
		messaging_product: 'whatsapp',
		metadata: change.value.metadata,
		message_echoes: [
			{ from: '551100000000', to, id: wamid(), timestamp: '1790000000', type: 'text', text: { body: 'aqui é o dono' } },
		],
	};
	return body;
};

test('bodies that share a new person make one contact, one thread and one lane, in order of arrival', async () => {
	const stored = await store(text('5511955550001', 'um'), text('5511955550002', 'a'), text('5511955550001', 'dois'));
	expect(outcomes(stored)).toEqual(['queued', 'queued', 'queued']);
	expect(await counts()).toEqual({ contacts: 2, threads: 2, messages: 3, queued: 3, lanes: 2 });
	const { rows } = await test_.admin.query(
		`select m.body from agent_factory.message_queue q join agent_factory.messages m on m.tenant_id = q.tenant_id and m.id = q.message_id
			where q.tenant_id = $1 and q.conversation_id = $2 order by q.id`,
		[tenant.id, stored[0].conversationId],
	);
	expect(rows.map(({ body }) => body)).toEqual(['um', 'dois']);
	expect(
		await one('select sum(unread_count)::int as unread from agent_factory.conversations where tenant_id = $1'),
	).toEqual({
		unread: 3,
	});
});

test('the same item in two bodies of a batch is stored once, and a later batch finds it', async () => {
	const id = wamid();
	expect(outcomes(await store(text('5511955550003', 'oi', id), text('5511955550003', 'oi', id)))).toEqual([
		'queued',
		'duplicate',
	]);
	expect(outcomes(await store(text('5511955550004', 'oi'), text('5511955550003', 'oi', id)))).toEqual([
		'queued',
		'duplicate',
	]);
	expect(await counts()).toMatchObject({ contacts: 2, messages: 2, queued: 2 });
});

test('two spellings of a new person in one batch are one contact', async () => {
	const bsuid = 'BR.93491208655302741918';
	const both = text('5511955550005', 'um');
	const value = (both.entry as any)[0].changes[0].value;
	value.messages[0].from_user_id = bsuid;
	value.contacts[0].user_id = bsuid;
	expect(outcomes(await store(both, text('5511955550005', 'dois')))).toEqual(['queued', 'queued']);
	expect(await counts()).toEqual({ contacts: 1, threads: 1, messages: 2, queued: 2, lanes: 1 });
});

test('a person who takes over in the middle of a batch holds back what comes after, and nothing of other people', async () => {
	await store(text('5511955550006', 'oi'));
	const stored = await store(
		text('5511955550006', 'antes'),
		echo('5511955550006'),
		text('5511955550006', 'depois'),
		text('5511955550007', 'outra pessoa'),
	);
	expect(outcomes(stored)).toEqual(['queued', 'processed', 'processed', 'queued']);
	expect(
		await one(`select reason from agent_factory.webhook_events where tenant_id = $1 and reason is not null`),
	).toEqual({ reason: 'a_person_has_the_conversation' });
});

test('an item that cannot be filed is kept as failed, and the rest of its batch is answered, new people too', async () => {
	const [poison] = normaliseBody(statusBody(tenant.phoneNumberId, [{ id: wamid(), status: 'failed', errorCode: 1 }]));
	// No integer of Postgres.
	poison.status!.errorCode = 99_999_999_999;
	const healthy = ['5511955550008', '5511955550009'].flatMap((from) => normaliseBody(text(from, 'oi')));
	const stored = await storeEvents(database, [healthy[0], poison, healthy[1]]);
	expect(outcomes(stored)).toEqual(['queued', 'failed', 'queued']);
	expect(await counts()).toMatchObject({ contacts: 2, queued: 2 });
});

test('a name that was missing is added when it comes, and a known one stays', async () => {
	await store(text('5511955550010', 'oi', wamid(), ''));
	await store(text('5511955550010', 'oi', wamid(), 'Nina'), text('5511955550010', 'oi', wamid(), 'Outro'));
	expect(await one('select full_name from agent_factory.contacts where tenant_id = $1')).toEqual({ full_name: 'Nina' });
});

test('a tenant that is paused has its messages stored and none queued, in a batch with a running one', async () => {
	const paused = await makeTenant(database);
	await test_.admin.query(`update agent_factory.tenants set status = 'paused' where id = $1`, [paused.id]);
	const stored = await store(
		text('5511955550011', 'oi'),
		textBody(paused.phoneNumberId, [{ from: '5511955550011', text: 'oi' }]),
	);
	expect(stored.map(({ outcome, tenantId }) => [outcome, tenantId])).toEqual([
		['queued', tenant.id],
		['ignored', paused.id],
	]);
});

describe('statuses', () => {
	let sent: Array<{ id: string; wamid: string }>;

	beforeEach(async () => {
		const [{ conversationId }] = await store(text('5511955550012', 'oi'));
		sent = (
			await test_.admin.query(
				`with o as (
					insert into agent_factory.outbox_messages (tenant_id, idempotency_key, conversation_id, contact_id, channel_account_id, whatsapp_payload,
						status, sent_at, provider_message_id, unknown_since)
					select c.tenant_id, 'k' || n, c.id, c.contact_id, c.channel_account_id, '{}', case when n = 3 then 'unknown' else 'sent' end,
						case when n < 3 then now() end, case when n < 3 then 'wamid.' || c.id || n end, case when n = 3 then now() end
					from agent_factory.conversations c, generate_series(1, 3) n where c.tenant_id = $1 and c.id = $2
					returning *
				), m as (
					insert into agent_factory.messages (tenant_id, conversation_id, contact_id, channel_account_id, direction, author, status, outbox_id, provider_message_id)
					select tenant_id, conversation_id, contact_id, channel_account_id, 'outbound', 'agent', status, id, provider_message_id from o
				)
				select id, coalesce(provider_message_id, 'wamid.late' || id) as wamid from o order by idempotency_key`,
				[tenant.id, conversationId],
			)
		).rows as typeof sent;
	});

	const status = (n: number, name: string): Body =>
		statusBody(tenant.phoneNumberId, [{ id: sent[n].wamid, status: name, callbackData: sent[n].id }]);
	const states = async (): Promise<string[]> =>
		(
			await test_.admin.query(
				`select o.status || '/' || m.status as state from agent_factory.outbox_messages o
					join agent_factory.messages m on m.tenant_id = o.tenant_id and m.outbox_id = o.id where o.tenant_id = $1 order by o.idempotency_key`,
				[tenant.id],
			)
		).rows.map(({ state }) => state as string);

	test('of different messages in one batch move each forward, and settle a send of unknown outcome', async () => {
		const stored = await store(
			status(0, 'read'),
			status(1, 'delivered'),
			status(2, 'sent'),
			text('5511955550012', 'e aí'),
		);
		expect(outcomes(stored)).toEqual(['processed', 'processed', 'processed', 'queued']);
		expect(await states()).toEqual(['read/read', 'delivered/delivered', 'sent/sent']);
		expect(
			await one(`select delivered_at is not null as delivered, read_at is not null as read from agent_factory.outbox_messages
				where tenant_id = $1 and idempotency_key = 'k1'`),
		).toEqual({ delivered: true, read: true });
	});

	test('of one message never move it back, in one batch or in two', async () => {
		expect(outcomes(await store(status(0, 'read'), status(0, 'delivered')))).toEqual(['processed', 'processed']);
		expect(outcomes(await store(status(1, 'played'), status(0, 'sent')))).toEqual(['processed', 'processed']);
		expect(outcomes(await store(status(1, 'delivered')))).toEqual(['processed']);
		expect(await states()).toEqual(['read/read', 'read/played', 'unknown/unknown']);
	});

	test('of a message that nobody knows yet wait, and a failure beside them is one', async () => {
		const stranger = statusBody(tenant.phoneNumberId, [{ id: wamid(), status: 'sent' }]);
		expect(outcomes(await store(stranger, status(0, 'failed'), status(1, 'read')))).toEqual([
			'pending',
			'processed',
			'processed',
		]);
		expect(await states()).toEqual(['failed/failed', 'read/read', 'unknown/unknown']);
		expect(
			await one(
				`select status, processed_at is null as open from agent_factory.webhook_events where tenant_id = $1 and status <> 'processed'`,
			),
		).toEqual({ status: 'pending', open: true });
	});
});

test('overlapping batches at once end without a deadlock, a second contact or a lost message', async () => {
	const people = Array.from({ length: 8 }, (_, n) => `551195556${String(n).padStart(4, '0')}`);
	const shuffled = (turn: number): string[] => people.map((_, n) => people[(n * 3 + turn * 5) % people.length]);
	const before = await deadlocks();
	const runs = await Promise.all(
		Array.from({ length: 24 }, async (_, turn) =>
			store(
				...shuffled(turn).map((from) => (turn % 6 === 5 && from === people[0] ? echo(from) : text(from, `${turn}`))),
			),
		),
	);
	expect(runs.flat().filter(({ outcome }) => outcome !== 'queued' && outcome !== 'processed')).toEqual([]);
	expect(await counts()).toMatchObject({ contacts: 8, threads: 8, messages: 24 * 8 });
	expect(await deadlocks()).toBe(before);
	const { rows } = await test_.admin.query(
		`select 1 from agent_factory.message_queue a join agent_factory.message_queue b on b.tenant_id = a.tenant_id and b.conversation_id = a.conversation_id
			and b.id > a.id and b.message_id < a.message_id where a.tenant_id = $1 limit 1`,
		[tenant.id],
	);
	expect(rows).toEqual([]);
});

const deadlocks = async (): Promise<number> => {
	await test_.admin.query('select pg_stat_clear_snapshot()');
	const { rows } = await test_.admin.query(
		'select deadlocks::int from pg_stat_database where datname = current_database()',
	);
	return (rows[0] as { deadlocks: number }).deadlocks;
};
