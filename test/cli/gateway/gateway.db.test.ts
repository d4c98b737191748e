import { connect } from 'node:net';
import { closeServer, createGuardedServer, listenOn } from '../../../cli/gateway/server';
import type { StoredEvent } from '../../../core/ingest';
import { signBody } from '../../../core/meta';
import { createTestDatabase, emptyDatabase, waitFor, type TestDatabase } from '../../support/database';
import { databaseFor, makeTenant, textBody, type TestTenant } from '../../support/factory';
import { gatewayOver, PATH, post, raw, signed, type TestGateway } from './support';

let test_: TestDatabase;
let tenant: TestTenant;
let gateway: TestGateway;

beforeAll(async () => {
	test_ = await createTestDatabase();
	const database = databaseFor(test_);
	tenant = await makeTenant(database);
	await database.pool.end();
	gateway = await gatewayOver(test_.connectionString);
});
afterAll(async () => {
	await gateway.close();
	await test_.drop();
});

const message = (text = 'oi', from = '5511966660001') => textBody(tenant.phoneNumberId, [{ from, text }]);
const get = async (path: string, method = 'GET') => await fetch(`${gateway.url}${path}`, { method });
const handshake = (token: string): string =>
	`${PATH}?hub.mode=subscribe&hub.verify_token=${token}&hub.challenge=1158201444`;

test('a signed webhook is stored before its 200, also with the previous secret, and once', async () => {
	const body = signed(message(), 'previous');
	expect(await post(gateway, body)).toEqual({ status: 200, body: { ok: true, events: 1, queued: 1 } });
	expect(await post(gateway, body)).toEqual({ status: 200, body: { ok: true, events: 1, duplicate: 1 } });
	const { rows } = await test_.admin.query('select count(*)::int as n from agent_factory.message_queue');
	expect(rows).toEqual([{ n: 1 }]);
});

test("Meta's handshake gets its challenge back, a wrong token 403", async () => {
	const right = await get(handshake('verify-me'));
	expect([right.status, right.headers.get('content-type'), await right.text()]).toEqual([
		200,
		'text/plain; charset=utf-8',
		'1158201444',
	]);
	expect((await get(handshake('guess'))).status).toBe(403);
	expect((await get(PATH)).status).toBe(403);
});

test.each([
	['HEAD', PATH, 405],
	['PUT', PATH, 405],
	['OPTIONS', PATH, 405],
	['DELETE', '/healthz', 405],
	['GET', '/healthz', 200],
	['HEAD', '/readyz', 200],
	['GET', '/', 404],
	['GET', '/metrics', 404],
	['GET', `${PATH}/`, 404],
])('%s %s answers %i', async (method, path, status) => {
	expect((await get(path, method)).status).toBe(status);
});

test.each(['/webhook/../healthz', '/webhook/%2e%2e/healthz', '//healthz', 'http://x/healthz', '*'])(
	'the path %s leads nowhere: nothing is resolved',
	async (path) => {
		expect(await raw(gateway.port, `GET ${path} HTTP/1.1\r\nhost: x\r\nconnection: close\r\n\r\n`)).toMatch(
			/^HTTP\/1\.1 404 /,
		);
	},
);

test('many webhooks at once are all stored, several a transaction', async () => {
	const from = (n: number): string => `55119777${String(n % 20).padStart(5, '0')}`;
	const answers = await Promise.all(
		Array.from({ length: 100 }, async (_, n) => await post(gateway, signed(message(`${n}`, from(n))))),
	);
	expect(answers.filter(({ body }) => body.queued === 1)).toHaveLength(100);
	const text = await gateway.metrics();
	const figure = (name: string): number => Number(new RegExp(`^${name} (\\d+)`, 'm').exec(text)?.[1]);
	expect(figure('agent_factory_ingest_batch_items_count')).toBeLessThan(100);
	expect(figure('agent_factory_ingest_items_total{outcome="queued"}'.replace(/[{}]/g, '\\$&'))).toBeGreaterThanOrEqual(
		100,
	);
	expect(figure('agent_factory_ingest_ready')).toBe(1);
});

describe('bad input', () => {
	const good = signed(textBody('1', [{ from: '5511966660002', text: 'oi', id: 'wamid.good' }]));
	test.each<[string, number, { body: string | Buffer; headers: Record<string, string> }]>([
		['without a signature', 401, { body: good.body, headers: {} }],
		['with a signature of something else', 401, { body: 'x', headers: good.headers }],
		['with sha1', 401, { body: good.body, headers: { 'x-hub-signature-256': 'sha1=00' } }],
		[
			'with two signatures',
			401,
			{ body: good.body, headers: { 'x-hub-signature-256': `${good.headers['x-hub-signature-256']}, sha256=00` } },
		],
		['with an empty body', 400, { body: '', headers: { 'x-hub-signature-256': signBody(Buffer.alloc(0), 'current') } }],
		[
			'that is no UTF-8',
			400,
			{
				body: Buffer.from([0xff, 0xfe]),
				headers: { 'x-hub-signature-256': signBody(Buffer.from([0xff, 0xfe]), 'current') },
			},
		],
		['that says it is compressed', 415, { body: good.body, headers: { ...good.headers, 'content-encoding': 'gzip' } }],
		['of 17 MB', 413, { body: Buffer.alloc(17_000_000, 0x20), headers: good.headers }],
		['of 17 MB without a signature', 413, { body: Buffer.alloc(17_000_000, 0x20), headers: {} }],
	])('a body %s gets %i', async (_, status, request) => {
		expect((await post(gateway, request)).status).toBe(status);
		expect((await post(gateway, signed(message()))).status).toBe(200);
	});

	const head = (...lines: string[]): string => [`POST ${PATH} HTTP/1.1`, 'host: x', ...lines, '', ''].join('\r\n');
	const signature = `x-hub-signature-256: ${good.headers['x-hub-signature-256']}`;

	test('a chunked body is taken without a length, and cut off where it grows too large', async () => {
		const chunk = (bytes: Buffer | string): string =>
			`${Buffer.byteLength(bytes).toString(16)}\r\n${bytes.toString()}\r\n`;
		const fits = await raw(
			gateway.port,
			head(signature, 'transfer-encoding: chunked', 'connection: close'),
			`${chunk(good.body)}0\r\n\r\n`,
		);
		expect(fits).toMatch(/^HTTP\/1\.1 200 /);
		const tooLarge = await raw(
			gateway.port,
			head(signature, 'transfer-encoding: chunked'),
			...Array.from({ length: 5 }, () => chunk(Buffer.alloc(1_000_000, 0x20))),
		);
		expect(tooLarge).toMatch(/^HTTP\/1\.1 413 /);
	});

	test('requests on one connection are answered in their order', async () => {
		const one = `${head(signature, `content-length: ${Buffer.byteLength(good.body)}`)}${good.body}`;
		const unsigned = head('content-length: 0', 'connection: close');
		const answers = await raw(gateway.port, one + one + unsigned);
		expect([...answers.matchAll(/HTTP\/1\.1 (\d+)/g)].map(([, status]) => status)).toEqual(['200', '200', '401']);
	});

	test('what is no HTTP gets 400, a header too long 431', async () => {
		expect(await raw(gateway.port, 'hello\r\n\r\n')).toMatch(/^HTTP\/1\.1 400 /);
		expect(await raw(gateway.port, head(`x: ${'y'.repeat(20_000)}`))).toMatch(/^HTTP\/1\.1 431 /);
	});

	test('a client that goes away half-way leaves nothing held', async () => {
		const socket = connect(gateway.port, '127.0.0.1', () =>
			socket.write(`${head(signature, 'content-length: 100000')}${'x'.repeat(50_000)}`),
		);
		await waitFor(async () => (await gateway.metrics()).includes('agent_factory_ingest_held_bytes 50000'));
		socket.destroy();
		await waitFor(async () => (await gateway.metrics()).includes('agent_factory_ingest_held_bytes 0'));
		expect(await gateway.metrics()).toContain('agent_factory_ingest_requests_total{status="aborted"} 1');
	});

	test('a sender that drips is cut off, in the header and in the body', async () => {
		const server = createGuardedServer((request) => void request.resume(), {
			headersTimeoutMs: 100,
			requestTimeoutMs: 200,
			checkMs: 20,
		});
		const port = await listenOn(server, 0, '127.0.0.1', '--port');
		expect(await raw(port, 'POST / HTTP/1.1\r\nhos')).toMatch(/^HTTP\/1\.1 408 /);
		expect(await raw(port, 'POST / HTTP/1.1\r\nhost: x\r\ncontent-length: 10\r\n\r\nabc')).toMatch(/^HTTP\/1\.1 408 /);
		await closeServer(server, 1_000);
	});
});

test('without the schema it is not ready, takes nothing, and says what to do', async () => {
	const empty = await emptyDatabase();
	const other = await gatewayOver(empty.connectionString);
	expect((await fetch(`${other.url}/readyz`)).status).toBe(503);
	expect((await fetch(`${other.url}/healthz`)).status).toBe(200);
	expect((await post(other, signed(message()))).status).toBe(503);
	expect(other.log).toEqual([{ level: 'warn', event: 'not_ready', details: { code: 'SCHEMA_MISSING' } }]);
	await other.close();
	await empty.drop();
});

test('told to stop, it takes nobody new and finishes what it has', async () => {
	let finish = (): void => undefined;
	const other = await gatewayOver(
		test_.connectionString,
		{},
		{
			store: async (events) =>
				await new Promise((resolve) => {
					finish = () => resolve(events.map((event) => ({ event, outcome: 'queued' }) as StoredEvent));
				}),
		},
	);
	await fetch(`${other.url}/healthz`);
	const answer = post(other, signed(message()));
	await waitFor(async () => (await other.metrics()).includes('agent_factory_ingest_commits_in_flight 1'));
	const closed = other.close();
	await expect(fetch(`${other.url}/readyz`)).rejects.toThrow();
	finish();
	expect((await answer).status).toBe(200);
	expect(await closed).toBe(true);
});

test('a port that is taken is an error that names the flag', async () => {
	await expect(gatewayOver(test_.connectionString, { port: gateway.port })).rejects.toMatchObject({
		code: 'PORT_UNAVAILABLE',
		message: expect.stringContaining('--port'),
	});
});
