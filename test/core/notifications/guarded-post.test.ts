import { createServer, type Server, type Socket } from 'node:net';
import { createGuardedPost, guardedPost, type PostResult } from '../../../core/notifications';
import { waitFor } from '../../support/wait-for';

const TIMEOUT_MS = 300;
const options = { headers: {}, body: Buffer.from('{}'), timeoutMs: TIMEOUT_MS, allowLocal: true };
let server: Server;
let sockets: Set<Socket>;

/** A receiver that speaks HTTP byte by byte; answers its address. */
async function receiver(onConnection: (socket: Socket) => void): Promise<string> {
	server = createServer((socket) => {
		sockets.add(socket.on('error', () => undefined).on('close', () => sockets.delete(socket)));
		onConnection(socket);
	});
	await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
	return `http://127.0.0.1:${(server.address() as { port: number }).port}/`;
}
beforeEach(() => (sockets = new Set()));
afterEach(async () => {
	sockets.forEach((socket) => socket.destroy());
	if (server?.listening) await new Promise<void>((resolve) => server.close(() => resolve()));
});

const took = async (result: Promise<PostResult>): Promise<{ result: PostResult; ms: number }> => {
	const start = performance.now();
	return { result: await result, ms: performance.now() - start };
};

describe('a name is judged by the addresses it leads to', () => {
	/** Stands in for DNS: each question gets the next answer. */
	const dns = (...answers: string[][]) => {
		const asked: string[] = [];
		const post = createGuardedPost((hostname, _options, done) => {
			asked.push(hostname);
			const answer = answers[asked.length - 1] ?? [];
			done(
				null,
				answer.map((address) => ({ address, family: address.includes(':') ? 6 : 4 })),
			);
		});
		return { post, asked };
	};

	test.each([
		[['127.0.0.1']],
		[['10.0.0.5']],
		[['172.16.9.9']],
		[['192.168.1.1']],
		[['169.254.169.254']],
		[['100.100.100.200']],
		[['0.0.0.0']],
		[['::1']],
		[['::ffff:127.0.0.1']],
		[['::ffff:a9fe:a9fe']],
		[['64:ff9b::a9fe:a9fe']],
		[['fe80::1']],
		[['fd00:ec2::254']],
		[['2002:7f00:1::']],
		[['8.8.8.8', '10.0.0.5']],
		[[]],
	])('not to %j', async (addresses) => {
		expect(await dns(addresses).post('https://hooks.example.com/', { ...options, allowLocal: false })).toEqual({
			refused: 'its name leads to an address that is not public',
		});
	});

	test('nothing is connected to, however the name would answer the second time', async () => {
		let connections = 0;
		const url = (await receiver(() => connections++)).replace('http://127.0.0.1', 'https://hooks.example.com');
		const first = dns(['127.0.0.1'], ['8.8.8.8']);
		expect(await first.post(url, { ...options, allowLocal: false })).toHaveProperty('refused');
		expect(first.asked).toEqual(['hooks.example.com']);
		expect(connections).toBe(0);
	});

	test('a name of this machine is refused by the real resolver', async () => {
		const result = await guardedPost('https://localhost.localdomain:1/', { ...options, allowLocal: false });
		expect(result).not.toHaveProperty('status');
	});

	test('the operator may allow what is local', async () => {
		const url = await receiver((socket) => socket.on('data', () => socket.end('HTTP/1.1 204 No Content\r\n\r\n')));
		expect(await guardedPost(url, options)).toEqual({ status: 204 });
		expect(await guardedPost(url, { ...options, allowLocal: false })).toEqual({ refused: 'it is not https' });
	});
});

test('a scheme in capitals is the same scheme', async () => {
	expect(await guardedPost('HTTPS://127.0.0.1/', { ...options, allowLocal: false })).toEqual({
		refused: 'its address is not public',
	});
	expect(await guardedPost('HTTPS://127.0.0.1:1/', options)).toEqual({ failed: 'ECONNREFUSED' });
});

test('a redirect is an answer like any other and leads nowhere', async () => {
	const asked: string[] = [];
	const url = await receiver((socket) =>
		socket.on('data', (data) => {
			asked.push(data.toString().split('\r\n')[0]);
			socket.end('HTTP/1.1 307 Temporary Redirect\r\nlocation: /elsewhere\r\ncontent-length: 0\r\n\r\n');
		}),
	);
	expect(await guardedPost(url, options)).toEqual({ status: 307 });
	expect(asked).toEqual(['POST / HTTP/1.1']);
});

test('a receiver that is away or never answers is a failure in time', async () => {
	expect(await guardedPost('http://127.0.0.1:1/', options)).toEqual({ failed: 'ECONNREFUSED' });
	const { result, ms } = await took(guardedPost(await receiver(() => undefined), options));
	expect(result).toEqual({ failed: 'timeout' });
	expect(ms).toBeLessThan(10 * TIMEOUT_MS);
});

test.each([
	['headers', 'HTTP/1.1 200 OK\r\n', 'x: y\r\n'],
	['a status line', '', 'H'],
	['early hints', '', 'HTTP/1.1 103 Early Hints\r\n\r\n'],
])('a receiver that drips %s is cut off when the time is up, however busy it looks', async (_, begin, drop) => {
	const url = await receiver((socket) => {
		socket.write(begin);
		const dripping = setInterval(() => socket.write(drop), 20);
		socket.on('close', () => clearInterval(dripping));
	});
	const { result, ms } = await took(guardedPost(url, options));
	expect(result).toHaveProperty('failed');
	expect(ms).toBeLessThan(10 * TIMEOUT_MS);
	await waitFor(async () => sockets.size === 0);
});

test('headers without end are refused', async () => {
	const url = await receiver((socket) => socket.end(`HTTP/1.1 200 OK\r\nx: ${'y'.repeat(100_000)}\r\n\r\n`));
	expect(await guardedPost(url, { ...options, timeoutMs: 5_000 })).toEqual({ failed: 'HPE_HEADER_OVERFLOW' });
});

test('a body without end, fast or slow, is not read: the connection ends with the headers', async () => {
	let written = 0;
	const chunk = Buffer.alloc(65_536, 'x');
	const url = await receiver((socket) => {
		socket.write('HTTP/1.1 200 OK\r\n\r\n');
		const pour = (): void => {
			while (!socket.destroyed && socket.write(chunk)) written += chunk.length;
		};
		socket.on('drain', pour);
		pour();
	});
	expect(await guardedPost(url, { ...options, timeoutMs: 60_000 })).toEqual({ status: 200 });
	await waitFor(async () => sockets.size === 0);
	expect(written).toBeLessThan(50_000_000);
});
