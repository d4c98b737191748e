import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { createHttpCall, httpCall, type HttpOptions } from '../../../core/http';

let server: Server;
let url: string;
let answer: (request: IncomingMessage, response: ServerResponse) => void;
beforeAll(async () => {
	server = createServer((request, response) => answer(request, response));
	await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
	url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/`;
});
afterAll(async () => {
	server.closeAllConnections();
	await new Promise((resolve) => server.close(resolve));
});

const options = (changes: Partial<HttpOptions> = {}): HttpOptions => ({
	...{ method: 'POST', headers: {}, body: Buffer.from('{}'), timeoutMs: 2_000, allowLocal: true },
	...changes,
});

test('an answer comes with status, headers and body, whatever the status', async () => {
	answer = (_, response) => response.writeHead(429, { 'Retry-After': '7' }).end('slow down');
	expect(await httpCall(url, options())).toMatchObject({
		status: 429,
		headers: { 'retry-after': '7' },
		body: 'slow down',
	});
});

test('a redirect is an answer, and nobody follows it', async () => {
	const asked: string[] = [];
	answer = (request, response) => {
		asked.push(request.url ?? '');
		response.writeHead(302, { location: '/elsewhere' }).end();
	};
	expect(await httpCall(url, options())).toMatchObject({ status: 302 });
	expect(asked).toEqual(['/']);
});

test('an answer that does not end is read only up to the bound', async () => {
	const hungUp = new Promise<void>((resolve) => {
		answer = (_, response) => {
			response.on('close', resolve);
			const more = (): void => {
				if (!response.destroyed) response.write('x'.repeat(1_000), () => setImmediate(more));
			};
			more();
		};
	});
	expect(await httpCall(url, options({ maxAnswerBytes: 10_000 }))).toEqual({
		...{ failed: 'answer too large', sent: true, began: 200 },
	});
	await hungUp;
});

test('where only the status counts, no body is waited for', async () => {
	answer = (_, response) => void response.writeHead(204).flushHeaders();
	expect(await httpCall(url, options({ maxAnswerBytes: 0 }))).toMatchObject({ status: 204, body: '' });
});

test.each([
	['no answer in time', () => undefined, { failed: 'timeout', sent: true }],
	[
		'half an answer in time',
		(response: ServerResponse) => response.writeHead(200).write('{'),
		{ failed: 'timeout', sent: true },
	],
	[
		'a connection cut before the answer',
		(response: ServerResponse) => response.destroy(),
		{ failed: 'ECONNRESET', sent: true },
	],
])('%s: it may have been heard', async (_, act, expected) => {
	answer = (__, response) => void act(response);
	expect(await httpCall(url, options({ timeoutMs: 200 }))).toMatchObject(expected);
});

test('a connection cut within the answer is no answer', async () => {
	answer = (_, response) =>
		void response.writeHead(200, { 'content-length': '100' }).write('{"half":', () => response.destroy());
	expect(await httpCall(url, options())).toMatchObject({ sent: true, failed: expect.any(String) });
});

test('nobody there: nothing was sent', async () =>
	expect(await httpCall('http://127.0.0.1:9/', options())).toEqual({ failed: 'ECONNREFUSED', sent: false }));

test('a name that leads inside is refused where it is resolved, and an inside address at once', async () => {
	const call = createHttpCall((_name, _options, done) => done(null, [{ address: '10.0.0.5', family: 4 }]));
	expect(await call('https://example.com/', options({ allowLocal: false }))).toMatchObject({
		refused: expect.stringContaining('not public'),
	});
	expect(await httpCall(url, options({ allowLocal: false }))).toMatchObject({ refused: expect.any(String) });
});
