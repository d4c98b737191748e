import { createServer, type Server, type Socket } from 'node:net';
import type { AddressInfo } from 'node:net';
import { openDatabase, type Database } from '../../../core/database';
import { ingest } from '../../../core/ingest';
import { signBody } from '../../../core/meta';
import { textBody } from '../../support/factory';

const body = Buffer.from(JSON.stringify(textBody('1', [{ from: '5511900000000', text: 'oi' }])));
const send = async (database: Database) => {
	const started = performance.now();
	const result = await ingest(database, { rawBody: body, signature: signBody(body, 's'), secrets: ['s'] });
	return { ...result, ms: performance.now() - started };
};

test('a database that refuses connections means 503, and nothing is acknowledged', async () => {
	const closed = createServer();
	await new Promise<void>((resolve) => closed.listen(0, '127.0.0.1', resolve));
	const { port } = closed.address() as AddressInfo;
	await new Promise<void>((resolve) => closed.close(() => resolve()));
	const database = openDatabase({ connectionString: `postgres://a:b@127.0.0.1:${port}/c` });
	const result = await send(database);
	expect(result).toMatchObject({ httpStatus: 503, events: [], error: { code: 'DATABASE_AWAY' } });
	await database.pool.end();
});

test('a database that accepts and stays silent means 503 within 5 s', async () => {
	const sockets = new Set<Socket>();
	const silent: Server = createServer((socket) => {
		sockets.add(socket);
		socket.on('error', () => undefined);
	});
	await new Promise<void>((resolve) => silent.listen(0, '127.0.0.1', resolve));
	const database = openDatabase({
		connectionString: `postgres://a:b@127.0.0.1:${(silent.address() as AddressInfo).port}/c`,
	});
	const result = await send(database);
	expect(result.httpStatus).toBe(503);
	expect(result.ms).toBeLessThan(5_000);
	for (const socket of sockets) socket.destroy();
	await new Promise<void>((resolve) => silent.close(() => resolve()));
	await database.pool.end();
});
