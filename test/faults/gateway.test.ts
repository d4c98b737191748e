import type { Pool } from 'pg';
import { startGateway } from '../../cli/gateway/gateway';
import type { StoredEvent, StoreEvents } from '../../core/ingest';
import { createTestDatabase, type TestDatabase } from '../support/database';
import { databaseFor, makeTenant, type TestTenant } from '../support/factory';
import { rounds } from '../support/fault-rounds';
import { waitFor } from '../support/wait-for';
import { startGatewayProcess, type GatewayProcess } from './support/gateway-process';
import { startLoad, type CustomerMessage, type LoadRecord } from './support/load';
import { between, runSeed, seededRandom } from './support/random';
import { timePasses } from './support/time-passes';

const KILLS = rounds(100, 10);
const SECRET = 'kills';
const WEBHOOK = '/webhook/agent-factory/meta';
const seed = runSeed();
const random = seededRandom(seed);

let test_: TestDatabase;
let tenants: TestTenant[];

beforeEach(async () => {
	test_ = await createTestDatabase();
	const database = databaseFor(test_);
	tenants = [await makeTenant(database), await makeTenant(database)];
	await database.pool.end();
});
afterEach(async () => await test_.drop());

const loadOn = (port: number) =>
	startLoad(
		{
			webhookUrl: `http://127.0.0.1:${port}${WEBHOOK}`,
			appSecret: SECRET,
			phoneNumberIds: tenants.map(({ phoneNumberId }) => phoneNumberId),
		},
		{ random, customersPerNumber: 8, pauseMs: [1, 60] },
	);

test(`${KILLS} times killed with webhooks in work, the gateway has no 200 without a row and no message twice`, async () => {
	const start = async (port: number): Promise<GatewayProcess> =>
		await startGatewayProcess(port, {
			DATABASE_URL: test_.connectionString,
			AGENT_FACTORY_META_APP_SECRETS: SECRET,
			AGENT_FACTORY_META_VERIFY_TOKEN: 'verify-me',
		});
	let gateway = await start(0);
	const load = loadOn(gateway.port);
	try {
		for (let kill = 0; kill < KILLS; kill++) {
			const before = answered(load.record);
			// Some die before their first answer, most in the middle of many.
			const lives = Math.floor(between(random, 0, 25));
			await waitFor(() => answered(load.record) >= before + lives, { timeoutMs: 60_000, what: 'answers', pollMs: 2 });
			await timePasses(between(random, 0, 15));
			await gateway.kill('SIGKILL');
			// Nothing can be stored now: what was acknowledged must be there already.
			expect(await withoutRow(test_.admin, load.record.messages)).toEqual([]);
			gateway = await start(gateway.port);
		}
		const record = await load.stop();
		expect(record.messages.every(({ acknowledged }) => acknowledged)).toBe(true);
		expect(record.answers.none).toBeGreaterThan(0);
		expect(await findings(test_.admin, record)).toEqual([]);
		expect(await gateway.kill('SIGTERM')).toBe(0);
	} catch (error) {
		throw new Error(`FAULTS_SEED=${seed}: ${(error as Error).message}`, { cause: error });
	} finally {
		process.stderr.write(
			`${KILLS} kills (FAULTS_SEED=${seed}): ${load.record.messages.length} messages, answers ${JSON.stringify(load.record.answers)}\n`,
		);
		await load.stop(0);
		if (gateway.alive) await gateway.kill('SIGKILL');
	}
}, 900_000);

test('a gateway that answered before its commit would be found out', async () => {
	const lost: unknown[] = [];
	const gateway = await gatewayThatStores(async (events) => {
		// What a process takes along that answers first and dies before it writes.
		lost.push(...events);
		return events.map((event) => ({ event, outcome: 'queued' }) as StoredEvent);
	});
	const load = loadOn(gateway.port);
	await timePasses(300);
	const record = await load.stop();
	await gateway.close();
	expect(lost.length).toBeGreaterThan(0);
	expect(await withoutRow(test_.admin, record.messages)).not.toEqual([]);
	expect(await findings(test_.admin, record)).not.toEqual([]);
});

test('without the key that tells a redelivery, messages would be stored twice and found out', async () => {
	await test_.admin.query(`
		alter function agent_factory.ingest_events(jsonb) rename to ingest_events_once;
		create function agent_factory.ingest_events(p_events jsonb)
		returns table (item integer, outcome text, event_id bigint, tenant_id uuid, conversation_id uuid) language sql as $$
			select * from agent_factory.ingest_events_once((
				select jsonb_agg(e || jsonb_build_object('providerId', (e ->> 'providerId') || ' ' || gen_random_uuid())) from jsonb_array_elements(p_events) e))
		$$`);
	const gateway = await gatewayThatStores(undefined);
	const load = loadOn(gateway.port);
	await timePasses(1_000);
	const record = await load.stop();
	await gateway.close();
	expect((await findings(test_.admin, record)).join()).toMatch(/stored \d+ times/);
});

const gatewayThatStores = async (store: StoreEvents | undefined) =>
	await startGateway(
		{
			...{ host: '127.0.0.1', port: 0, path: WEBHOOK, metricsHost: '127.0.0.1', metricsPort: null },
			...{ maxBodyBytes: 1_000_000, connectionString: test_.connectionString, schema: undefined },
			...{ maxConnections: undefined, secrets: [SECRET], verifyToken: 'v' },
		},
		{ log: () => undefined, store },
	);

const answered = ({ answers }: LoadRecord): number => answers['200'] ?? 0;

/** Acknowledged messages that the database does not have. */
async function withoutRow(admin: Pool, messages: CustomerMessage[]): Promise<string[]> {
	const wamids = messages.filter(({ acknowledged }) => acknowledged).map(({ wamid }) => wamid);
	const { rows } = await admin.query<{ id: string }>(
		`select given.id from unnest($1::text[]) as given(id) where not exists (
			select 1 from agent_factory.webhook_events e
			join agent_factory.message_queue q on q.webhook_event_id = e.id
			join agent_factory.messages m on m.tenant_id = q.tenant_id and m.id = q.message_id and m.provider_message_id = given.id)`,
		[wamids],
	);
	return rows.map(({ id }) => id);
}

/** What is wrong with the books: lost, doubled, or out of order within a conversation. */
async function findings(admin: Pool, record: LoadRecord): Promise<string[]> {
	const lost = (await withoutRow(admin, record.messages)).map((id) => `${id} was acknowledged and is not there`);
	const { rows: doubled } = await admin.query<{ what: string }>(
		`select split_part(m.provider_message_id, ' ', 1) || ' stored ' || count(*) || ' times' as what
			from agent_factory.messages m left join agent_factory.message_queue q on q.tenant_id = m.tenant_id and q.message_id = m.id
			group by split_part(m.provider_message_id, ' ', 1) having count(*) <> 1 or count(q.id) <> 1`,
	);
	const { rows: queued } = await admin.query<{ thread: string; n: number }>(
		`select q.conversation_id as thread, substring(m.body from '#(\\d+)')::int as n
			from agent_factory.message_queue q join agent_factory.messages m on m.tenant_id = q.tenant_id and m.id = q.message_id
			order by q.conversation_id, q.id`,
	);
	const swapped = queued
		.filter(({ thread, n }, index) => queued[index - 1]?.thread === thread && queued[index - 1].n > n)
		.map(({ thread, n }) => `message ${n} of ${thread} came too late`);
	return [...lost, ...doubled.map(({ what }) => what), ...swapped];
}
