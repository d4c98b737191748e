import { claimTurns, completeTurn } from '../../core/conversations';
import { openDatabase, type Database } from '../../core/database';
import { ingest } from '../../core/ingest';
import { createGraphClient, GRAPH_VERSION, signBody } from '../../core/meta';
import { deliverDue } from '../../core/outbox';
import { inTenant } from '../../core/tenancy';
import { createTestDatabase, type TestDatabase } from '../support/database';
import { listen, makeTenant, textBody, vault, wamid, type TestTenant } from '../support/factory';
import { waitFor } from '../support/wait-for';
import { reply } from './support/small-factory';
import { startTcpProxy, type TcpProxy } from './support/tcp-proxy';

let test_: TestDatabase;
let proxy: TcpProxy;
let database: Database;
let tenant: TestTenant;

beforeAll(async () => {
	test_ = await createTestDatabase();
	const address = new URL(test_.connectionString);
	proxy = await startTcpProxy({ host: address.hostname, port: Number(address.port) });
	address.port = String(proxy.port);
	database = openDatabase({ connectionString: address.toString() });
	tenant = await makeTenant(database);
});
afterAll(async () => {
	await database.pool.end();
	await proxy.close();
	await test_.drop();
});

const send = async (id: string) => {
	const rawBody = Buffer.from(
		JSON.stringify(textBody(tenant.phoneNumberId, [{ from: '5511977770001', text: 'oi', id }])),
	);
	return await ingest(database, { rawBody, signature: signBody(rawBody, 'secret'), secrets: ['secret'] });
};
const count = async (sql: string, values: unknown[]): Promise<number> =>
	(await test_.admin.query<{ n: number }>(`select count(*)::int as n from agent_factory.${sql}`, values)).rows[0].n;

// The last one lacks only ReadyForQuery: every row has come, and the commit may still have failed for all the client knows.
test.each([
	['nothing', 0],
	['a part', 60],
	['all but the last 6 bytes', -6],
])(
	'a webhook whose commit is heard of by %s of its answer is told to come again, and stored once',
	async (_, after) => {
		const id = wamid();
		proxy.cutNextAnswer({ containing: 'event_id', after });
		expect((await send(id)).httpStatus).toBe(503);
		expect(await count('webhook_events where meta_message_id = $1', [id])).toBe(1);
		const again = await send(id);
		expect(again).toMatchObject({ httpStatus: 200, events: [{ outcome: 'duplicate' }] });
		await claimTurns(database, { workerId: 'w' });
	},
);

test('a turn whose commit is not heard of is settled once, and its worker goes on with what it wrote', async () => {
	await test_.admin.query('delete from agent_factory.message_queue');
	await test_.admin.query('delete from agent_factory.conversation_locks');
	await send(wamid());
	const [turn] = await claimTurns(database, { workerId: 'w' });
	proxy.cutNextAnswer({ containing: 'COMMIT' });
	const done = await completeTurn(database, turn, reply('Olá!'));
	expect(done).toMatchObject({ turnId: turn.turnId, outboxIds: [expect.any(String)] });
	expect(await count('turns where id = $1', [turn.turnId])).toBe(1);
	expect(await count('outbox_messages where turn_id = $1', [turn.turnId])).toBe(1);
});

test('a send whose end cannot be written down at once is written down when the database is back', async () => {
	const graphCalls: string[] = [];
	const server = await listen((body) => {
		graphCalls.push(body);
		// The database goes while Meta answers.
		void proxy.mode('refuse').then(() => setTimeout(() => void proxy.mode('pass'), 500));
		return { status: 200, body: { messaging_product: 'whatsapp', messages: [{ id: wamid() }] } };
	});
	await send(wamid());
	for (const turn of await claimTurns(database, { workerId: 'w', limit: 50 }))
		await completeTurn(database, turn, reply('Oi de novo!'));
	await test_.admin
		.query(`update agent_factory.outbox_messages set status = 'superseded' where status = 'pending' and seq <>
		(select max(seq) from agent_factory.outbox_messages)`);
	const graph = createGraphClient({ fetch, baseUrl: server.url, version: GRAPH_VERSION, timeoutMs: 5_000 });
	const [delivery] = await deliverDue(database, { graph, vault, random: () => 0.5 }, { workerId: 's' }).catch(() => []);
	await waitFor(async () => (await count("outbox_messages where status = 'sent'", [])) === 1, {
		what: 'the send to be settled',
	});
	expect(graphCalls).toHaveLength(1);
	expect(delivery?.status ?? 'sent').toBe('sent');
	await server.close();
});

test('a connection that is cut in the middle of a transaction is an error of that call and of nothing else', async () => {
	const sleeping = inTenant(database, tenant.id, async (db) => await db.all('select pg_sleep(30)'));
	const sleeper = `from pg_stat_activity where state = 'active' and query like '%pg_sleep(30)%' and pid <> pg_backend_pid()`;
	await waitFor(async () => (await test_.admin.query(`select pid ${sleeper}`)).rowCount === 1);
	proxy.cut();
	await expect(sleeping).rejects.toMatchObject({ code: 'DATABASE_AWAY', retryable: true });
	expect((await send(wamid())).httpStatus).toBe(200);
	await test_.admin.query(`select pg_terminate_backend(pid) ${sleeper}`);
});

test('the server frees the locks of a worker that vanishes inside a transaction', async () => {
	const [row] = await inTenant(database, tenant.id, async (db) =>
		db.all<{ timeout: string }>(`select current_setting('idle_in_transaction_session_timeout') as timeout`),
	);
	expect(row.timeout).toBe('15s');
});
