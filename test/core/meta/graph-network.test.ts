import { createGraphClient } from '../../../core/meta';
import { GraphServer, INPUT, reply } from './graph-server';

const server = new GraphServer();
let baseUrl = '';
const client = (timeoutMs?: number) =>
	createGraphClient({ fetch, baseUrl: `${baseUrl}/`, version: 'v25.0', timeoutMs });

beforeAll(async () => {
	baseUrl = await server.start();
});
afterAll(() => server.stop());
beforeEach(() => {
	server.seen.length = 0;
	server.answer = reply(200, { messages: [{ id: 'wamid.OUT' }] });
});

describe('network faults are results', () => {
	test('the connection is cut after the request: outcome unknown', async () => {
		server.answer = (_response, request) => request.socket.destroy();
		expect(await client().sendMessage(INPUT)).toMatchObject({
			ok: false,
			failure: { networkError: 'reset' },
			class: { action: 'unknown', retryable: false },
		});
	});

	test('the body is cut: outcome unknown', async () => {
		server.answer = (response, request) => {
			response.writeHead(200, { 'content-length': '100' });
			response.write('{"messages"', () => request.socket.destroy());
		};
		expect(await client().sendMessage(INPUT)).toMatchObject({ ok: false, class: { action: 'unknown' } });
	});

	test('no answer in time: outcome unknown', async () => {
		server.answer = () => undefined;
		expect(await client(50).sendMessage(INPUT)).toMatchObject({
			failure: { networkError: 'timeout' },
			class: { action: 'unknown' },
		});
	});

	test('nobody listens: nothing was sent, the row is tried again', async () => {
		const gone = new GraphServer();
		const away = createGraphClient({ fetch, baseUrl: await gone.start(), version: 'v25.0' });
		await gone.stop();
		expect(await away.sendMessage(INPUT)).toMatchObject({
			failure: { networkError: 'refused' },
			class: { action: 'retry_row', retryable: true },
		});
	});

	test('cancelled before sending: nothing was sent', async () => {
		expect(await client().sendMessage({ ...INPUT, signal: AbortSignal.abort() })).toMatchObject({
			failure: { networkError: 'refused' },
		});
		expect(server.seen).toEqual([]);
	});

	test('cancelled while waiting: outcome unknown', async () => {
		const controller = new AbortController();
		server.answer = () => controller.abort();
		expect(await client().sendMessage({ ...INPUT, signal: controller.signal })).toMatchObject({
			failure: { networkError: 'other' },
			class: { action: 'unknown' },
		});
	});

	const withCause = (...causes: Record<string, unknown>[]) =>
		Object.assign(new TypeError('fetch failed'), {
			cause: causes.reduceRight((cause, own) => ({ ...own, cause }), {}),
		});
	test.each<[string, unknown, string]>([
		['a name that does not resolve', withCause({ code: 'ENOTFOUND' }), 'refused'],
		['connect timed out', withCause({ code: 'UND_ERR_CONNECT_TIMEOUT' }), 'refused'],
		['connect timed out in the kernel', withCause({ code: 'ETIMEDOUT', syscall: 'connect' }), 'refused'],
		['read timed out', withCause({ code: 'ETIMEDOUT', syscall: 'read' }), 'timeout'],
		['a bad certificate', withCause({ code: 'CERT_HAS_EXPIRED' }), 'refused'],
		['all addresses refused', withCause({ errors: [{ code: 'ECONNREFUSED' }, { code: 'ENETUNREACH' }] }), 'refused'],
		['one address reset', withCause({ errors: [{ code: 'ECONNREFUSED' }, { code: 'ECONNRESET' }] }), 'other'],
		['a wrapped reset', withCause({ message: 'outer' }, { code: 'ECONNRESET' }), 'reset'],
		['something else', 'thrown text', 'other'],
	])('%s', async (_name, error, networkError) => {
		const failing = createGraphClient({ fetch: () => Promise.reject(error), baseUrl, version: 'v25.0' });
		expect(await failing.sendMessage(INPUT)).toMatchObject({ ok: false, failure: { networkError } });
	});
});
