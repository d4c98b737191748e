import { Client } from 'pg';
import type { Database } from '../../core/database';
import { ingest } from '../../core/ingest';
import { normaliseBody, signBody } from '../../core/meta';
import { createTestDatabase, type TestDatabase } from '../support/database';
import {
	databaseFor,
	dropDatabase,
	makeTenant,
	statusBody,
	textBody,
	wamid,
	type TestTenant,
} from '../support/factory';
import { waitFor } from '../support/wait-for';
import { allOf, loosenUnique, showsTheBreak, weakenFunction } from './support/weaken';

let test_: TestDatabase;
let database: Database;
let tenant: TestTenant;
let serial = 0;

beforeAll(async () => {
	test_ = await createTestDatabase();
	database = databaseFor(test_);
	tenant = await makeTenant(database, { limits: { debounceSeconds: 4, debounceMaxSeconds: 20 } });
});
afterAll(async () => await dropDatabase(database, test_));

const somebody = (): string => `55117${String(10_000_000 + (serial += 1))}`;
const send = async (body: unknown): Promise<number> => {
	const rawBody = Buffer.from(JSON.stringify(body));
	return (await ingest(database, { rawBody, signature: signBody(rawBody, 's'), secrets: ['s'] })).httpStatus;
};
const weaken = async (name: string, piece: string, by: string) => await weakenFunction(test_.admin, name, piece, by);
const sql = async <T extends object>(text: string, values: unknown[] = []): Promise<T[]> =>
	(await test_.admin.query<T>(text, values)).rows;

test('I2, the unique key of an event: without it one message delivered twice is answered twice', async () => {
	await showsTheBreak({
		check: async () => {
			const [from, id] = [somebody(), wamid()];
			const body = textBody(tenant.phoneNumberId, [{ from, text: 'oi', id }]);
			await send(body);
			await send(body);
			const [{ queued }] = await sql<{ queued: number }>(
				`select count(*)::int as queued from agent_factory.message_queue q
					join agent_factory.messages m on m.tenant_id = q.tenant_id and m.id = q.message_id where m.provider_message_id = $1`,
				[id],
			);
			return queued;
		},
		holds: 1,
		// Two keys hold this promise, the event's and the message's: the second is the net under the first.
		remove: async () =>
			await allOf(
				async () => await loosenUnique(test_.admin, 'webhook_events', 'webhook_events_dedupe'),
				async () => await loosenUnique(test_.admin, 'messages', 'messages_provider_key'),
			),
		breaks: 2,
	});
});

test('the advisory lock on a new contact: without it two first messages of one person make two contacts', async () => {
	/** One delivery in a transaction of its own: the door that `ingest` calls, at a moment that the test chooses. */
	const deliver = async (client: Client, from: string): Promise<void> => {
		const events = normaliseBody(textBody(tenant.phoneNumberId, [{ from, text: 'oi' }]));
		await client.query(`select * from agent_factory.ingest_events($1)`, [JSON.stringify(events)]);
	};
	await showsTheBreak({
		check: async () => {
			const phone = somebody();
			const [first, second] = [new Client(test_.connectionString), new Client(test_.connectionString)];
			try {
				await Promise.all([first.connect(), second.connect()]);
				await first.query('begin');
				await deliver(first, phone);
				const { rows } = await second.query<{ pid: number }>('select pg_backend_pid() as pid');
				const late = deliver(second, phone);
				await waitFor(
					async () =>
						(await sql(`select 1 from pg_stat_activity where pid = $1 and wait_event_type = 'Lock'`, [rows[0].pid]))
							.length > 0,
					{ what: 'the second to wait for the first' },
				);
				await first.query('commit');
				await late;
			} finally {
				await Promise.all([first.end(), second.end()]);
			}
			return (await sql(`select 1 from agent_factory.contacts where phone = $1`, [phone])).length;
		},
		holds: 1,
		// Once for what is filed by the set, once for a person in several spellings.
		remove: async () =>
			await allOf(
				async () => await weaken('add_contacts', 'pg_advisory_xact_lock(hashtextextended(k.id, 0))', '1'),
				async () =>
					await weaken(
						'resolve_contact',
						'pg_advisory_xact_lock(hashtextextended(p_tenant_id::text || k.value, 0))',
						'1',
					),
			),
		breaks: 2,
	});
});

test('the cap of the debounce: without it a customer who keeps writing is never answered', async () => {
	await showsTheBreak({
		check: async () => {
			const from = somebody();
			await send(textBody(tenant.phoneNumberId, [{ from, text: 'um' }]));
			const lane = `(select c.id from agent_factory.conversations c join agent_factory.contacts k on k.tenant_id = c.tenant_id and k.id = c.contact_id where k.phone = $1)`;
			await sql(
				`update agent_factory.conversation_locks set burst_started_at = now() - interval '19 seconds' where conversation_id = ${lane}`,
				[from],
			);
			await send(textBody(tenant.phoneNumberId, [{ from, text: 'dois' }]));
			const [{ capped }] = await sql<{ capped: boolean }>(
				`select available_at <= burst_started_at + interval '20 seconds' as capped from agent_factory.conversation_locks where conversation_id = ${lane}`,
				[from],
			);
			return capped;
		},
		holds: true,
		remove: async () =>
			await weaken(
				'file_messages',
				'least(excluded.available_at, l.burst_started_at + (select t.debounce_max from turns t where t.thread_id = l.conversation_id limit 1))',
				'excluded.available_at',
			),
		breaks: false,
	});
});

test('the savepoint of each item: without it one item that cannot be filed holds up its neighbours', async () => {
	// Something that no column takes: what it is changes, that it can happen does not.
	const poisoned = await weakenFunction(
		test_.admin,
		'apply_template_event',
		'begin',
		'begin perform 99999999999::bigint::integer;',
	);
	const template = { event: 'APPROVED', message_template_name: 'x', message_template_language: 'pt_BR' };
	await showsTheBreak({
		check: async () => {
			const from = somebody();
			const body = textBody(tenant.phoneNumberId, [{ from, text: 'oi' }]) as { entry: unknown[] };
			const changes = [{ field: 'message_template_status_update', value: { ...template, reason: from } }];
			const status = await send({ ...body, entry: [{ id: tenant.wabaId, changes }, ...body.entry] });
			return { status, filed: (await sql(`select 1 from agent_factory.contacts where phone = $1`, [from])).length };
		},
		holds: { status: 200, filed: 1 },
		remove: async () =>
			await weakenFunction(
				test_.admin,
				'ingest_events',
				'exception when data_exception or check_violation or not_null_violation then',
				'exception when no_data_found then',
			),
		breaks: { status: 503, filed: 0 },
	});
	await poisoned();
});

test('the rank of a status: without it a late "delivered" takes back that a message was read', async () => {
	await showsTheBreak({
		check: async () => {
			const [from, id] = [somebody(), wamid()];
			await send(textBody(tenant.phoneNumberId, [{ from, text: 'oi' }]));
			await sql(
				`insert into agent_factory.messages (tenant_id, conversation_id, contact_id, channel_account_id, direction, author, status, provider_message_id)
					select c.tenant_id, c.id, c.contact_id, c.channel_account_id, 'outbound', 'agent', 'sent', $2
					from agent_factory.conversations c join agent_factory.contacts k on k.tenant_id = c.tenant_id and k.id = c.contact_id where k.phone = $1`,
				[from, id],
			);
			for (const status of ['read', 'delivered']) await send(statusBody(tenant.phoneNumberId, [{ id, status }]));
			return (
				await sql<{ status: string }>(`select status from agent_factory.messages where provider_message_id = $1`, [id])
			)[0].status;
		},
		holds: 'read',
		remove: async () =>
			await weakenFunction(
				test_.admin,
				'apply_status',
				`and direction = 'outbound' and v_rank > status_rank(status)`,
				`and direction = 'outbound'`,
			),
		breaks: 'delivered',
	});
});
