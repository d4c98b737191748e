import { claimTurns, completeTurn } from '../../core/conversations';
import { openDatabase } from '../../core/database';
import { ingest } from '../../core/ingest';
import { createGraphClient, GRAPH_VERSION, type GraphClient } from '../../core/meta';
import { deliverDue } from '../../core/outbox';
import { createTestDatabase, type TestDatabase } from '../support/database';
import { textBody, vault, wamid } from '../support/factory';
import { waitFor } from '../support/wait-for';
import { acceptedSends, leasesRunOut, violations, type Books } from './support/invariants';
import { post, type LoadRecord } from './support/load';
import {
	answerDue,
	reply,
	startSmallFactory,
	type SmallFactory,
	type SmallFactoryOptions,
} from './support/small-factory';
import { startTcpProxy, type TcpProxy } from './support/tcp-proxy';

// A check that never fails proves nothing: each mechanism is taken away once, and the invariant that it holds is seen to break.

let test_: TestDatabase;
let proxy: TcpProxy;
let factory: SmallFactory | undefined;

beforeEach(async () => {
	test_ = await createTestDatabase();
	const { hostname, port } = new URL(test_.connectionString);
	proxy = await startTcpProxy({ host: hostname, port: Number(port) });
});
afterEach(async () => {
	await factory?.close();
	factory = undefined;
	await proxy.close();
	await test_.drop();
});

async function start(options: Partial<SmallFactoryOptions> = {}): Promise<SmallFactory> {
	const throughProxy = new URL(test_.connectionString);
	throughProxy.port = String(proxy.port);
	factory = await startSmallFactory({
		...{ connectionString: throughProxy.toString(), direct: test_.connectionString, pollMs: 500 },
		...options,
	});
	return factory;
}

/** One customer writes once; answers what the door said. */
async function write({ target }: SmallFactory): Promise<{ answer: string; record: LoadRecord }> {
	const [phoneNumberId] = target.phoneNumberIds;
	const message = { phoneNumberId, from: '5511966660001', n: 1, wamid: wamid() };
	const body = textBody(phoneNumberId, [{ from: message.from, text: 'Oi #1', id: message.wamid }]);
	const answer = await post(target, JSON.stringify(body), 5_000);
	const messages = [{ ...message, acknowledged: answer === '200' }];
	return { answer, record: { messages, answers: {}, slowestMs: 0 } };
}

const books = (record: LoadRecord): Books => ({ pool: test_.admin, graphUrl: factory!.graphUrl, record });
const broken = async (record: LoadRecord, invariant: string): Promise<string[]> =>
	(await violations(books(record))).filter((line) => line.startsWith(invariant));

test('I1: the door says 503 when the commit is cut, and a door that answers before the commit is found out', async () => {
	const honest = await start();
	await proxy.mode('refuse');
	const refused = await write(honest);
	expect(refused.answer).toBe('503');
	expect(await broken(refused.record, 'I1')).toEqual([]);
	await proxy.mode('pass');
	await honest.close();

	const hasty = await start({
		door: async (database, rawBody, signature) => {
			void ingest(database, { rawBody, signature, secrets: ['fault-secret'] });
			return { status: 200, body: { ok: true } };
		},
	});
	await proxy.mode('refuse');
	const lost = await write(hasty);
	await proxy.mode('pass');
	expect(lost.answer).toBe('200');
	expect(await broken(lost.record, 'I1')).toHaveLength(1);
});

/** A sender that dies between Meta's yes and the settling of the row; a second one comes when its lease is over. */
async function dieAfterMetaTookIt(): Promise<{ record: LoadRecord; accepted: number }> {
	// Nobody delivers but this test.
	const { graphUrl, target, database } = await start({ idle: true });
	await fetch(`${graphUrl}/_sandbox/behaviour`, {
		method: 'POST',
		headers: { 'content-type': 'application/json' },
		body: JSON.stringify({ statuses: [], times: 100 }),
	});
	const { record } = await write({ target } as SmallFactory);
	await answerDue(database);
	const graph = createGraphClient({ fetch, baseUrl: graphUrl, version: GRAPH_VERSION, timeoutMs: 5_000 });
	const ports = { graph, vault, random: () => 0.5 };
	const dying: GraphClient = {
		...graph,
		sendMessage: async (message) => {
			await graph.sendMessage(message);
			return await new Promise<never>(() => undefined);
		},
	};
	void deliverDue(database, { ...ports, graph: dying }, { workerId: 'dying' });
	await waitFor(async () => (await acceptedSends({ graphUrl })).length === 1, { what: "Meta's yes" });
	await leasesRunOut(test_.admin);
	await deliverDue(database, ports, { workerId: 'next' });
	await deliverDue(database, ports, { workerId: 'next' });
	return { record, accepted: (await acceptedSends({ graphUrl })).length };
}

test('I4: what a dead sender may have sent is not sent again', async () => {
	const { accepted } = await dieAfterMetaTookIt();
	expect(accepted).toBe(1);
	const { rows } = await test_.admin.query('select status from agent_factory.outbox_messages');
	expect(rows).toEqual([{ status: 'unknown' }]);
});

test('I4: a claim that takes an expired send for an unsent one is found out', async () => {
	await replaceIn(
		'claim_outbox',
		"set status = 'unknown', unknown_since = now(), locked_until = null",
		"set status = 'pending', locked_until = null",
	);
	await replaceIn('claim_outbox', 'make_interval(secs => p_grace_seconds));', "interval '0');");
	const { record, accepted } = await dieAfterMetaTookIt();
	expect(accepted).toBe(2);
	expect((await broken(record, 'I4')).length).toBeGreaterThan(0);
});

test('I3: a claim that takes a leased lane, settled without a fence, lets turns overlap, and is found out', async () => {
	const { target, database } = await start({ idle: true });
	const { record } = await write({ target } as SmallFactory);
	const [first] = await claimTurns(database, { workerId: 'a' });
	const later = textBody(target.phoneNumberIds[0], [{ from: record.messages[0].from, text: 'E #2', id: wamid() }]);
	expect(await post(target, JSON.stringify(later), 5_000)).toBe('200');
	expect(await claimTurns(database, { workerId: 'b' })).toEqual([]);

	await replaceIn('due_tenants', 'l.available_at <= now()', 'true');
	await replaceIn('claim_turns', '<= (r.id, now())', "<= (r.id, 'infinity'::timestamptz)");
	await replaceIn(
		'claim_turns',
		'q.finished_at is null order by q.id limit least',
		"q.finished_at is null and q.status = 'queued' order by q.id limit least",
	);
	await replaceIn('lock_turns', 'and l.token = t."leaseToken"', '');
	const [second] = await claimTurns(database, { workerId: 'b' });
	await completeTurn(database, first, reply('Sobre #1'));
	await test_.admin.query(
		`insert into agent_factory.conversation_locks (tenant_id, conversation_id, available_at) values ($1, $2, now()) on conflict do nothing`,
		[first.tenantId, first.conversationId],
	);
	await completeTurn(database, second, reply('Sobre #2'));
	expect((await broken(record, 'I3')).length).toBeGreaterThan(0);
});

/** Takes a safeguard out of a function of this test's database. */
async function replaceIn(name: string, safeguard: string, without: string): Promise<void> {
	const database = openDatabase({ connectionString: test_.connectionString });
	try {
		const { rows } = await database.pool.query<{ source: string }>(
			`select pg_get_functiondef(p.oid) as source from pg_proc p where p.proname = $1 and p.pronamespace = 'agent_factory'::regnamespace`,
			[name],
		);
		expect(rows[0].source).toContain(safeguard);
		await database.pool.query(rows[0].source.replace(safeguard, without));
	} finally {
		await database.pool.end();
	}
}
