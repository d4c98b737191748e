import { connect, createServer, type Server, type Socket } from 'node:net';
import type { AddressInfo } from 'node:net';

/** pass: as if it were not there. refuse: nobody listens. silent: takes connections and bytes and answers nothing. */
export type ProxyMode = 'pass' | 'refuse' | 'silent';

export interface TcpProxy {
	port: number;
	/** For new connections; in `silent` the open ones fall silent too, and stay so for good: that is what half-open means. */
	mode(mode: ProxyMode): Promise<void>;
	/** Resets every open connection. */
	cut(): void;
	/** Resets the connection that gets the next such answer, after that many bytes of it: what was asked is done, and nobody hears of it. */
	cutNextAnswer(answer: { containing?: string; after?: number }): void;
	/** Milliseconds that every answer takes longer. */
	delay(ms: number): void;
	open(): number;
	close(): Promise<void>;
}

interface Pair {
	client: Socket;
	server: Socket | null;
	silent: boolean;
}

/** Stands between a client and a server on this machine and treats their bytes badly. */
export async function startTcpProxy(target: { host: string; port: number }): Promise<TcpProxy> {
	const pairs = new Set<Pair>();
	let mode: ProxyMode = 'pass';
	let delayMs = 0;
	let cutOf: { containing?: string; after?: number } | null = null;
	let listener: Server;

	const accept = (client: Socket): void => {
		const pair: Pair = { client, server: null, silent: mode === 'silent' };
		pairs.add(pair);
		client.setNoDelay(true);
		client.on('error', () => undefined);
		client.on('close', () => {
			pairs.delete(pair);
			// The server does not hear of the end of a connection that has fallen silent: its session stays open.
			if (!pair.silent) pair.server?.destroy();
		});
		client.resume();
		if (pair.silent) return;
		const server = connect(target);
		pair.server = server;
		server.setNoDelay(true);
		server.on('error', () => undefined);
		server.on('close', () => {
			orphans.delete(server);
			if (!pair.silent) client.destroy();
		});
		client.on('data', (bytes) => {
			if (!pair.silent) server.write(bytes);
		});
		client.on('end', () => {
			if (!pair.silent) server.end();
		});
		server.on('data', (bytes) => {
			if (delayMs > 0) setTimeout(() => answer(pair, bytes), delayMs);
			else answer(pair, bytes);
		});
	};
	const orphans = new Set<Socket>();
	const answer = (pair: Pair, bytes: Buffer): void => {
		if (pair.silent || pair.client.destroyed) return;
		if (!cutOf || !bytes.includes(cutOf.containing ?? '')) return void pair.client.write(bytes);
		const part = bytes.subarray(0, cutOf.after ?? 0);
		cutOf = null;
		if (part.length === 0) return void pair.client.resetAndDestroy();
		pair.client.write(part, () => pair.client.resetAndDestroy());
	};
	const listen = (port: number): Promise<void> => {
		listener = createServer({ allowHalfOpen: false }, accept);
		return new Promise((resolve, reject) => {
			listener.once('error', reject);
			listener.listen(port, '127.0.0.1', resolve);
		});
	};
	await listen(0);
	const { port } = listener!.address() as AddressInfo;

	return {
		port,
		async mode(next) {
			if (next === mode) return;
			if (mode === 'refuse') await listen(port);
			if (next === 'refuse') await new Promise<void>((resolve) => (listener.close(() => resolve()), cut(pairs)));
			if (next === 'silent')
				for (const pair of pairs) {
					pair.silent = true;
					if (pair.server) orphans.add(pair.server);
				}
			mode = next;
		},
		cut: () => cut(pairs),
		cutNextAnswer: (answer) => void (cutOf = answer),
		delay: (ms) => void (delayMs = ms),
		open: () => pairs.size,
		async close() {
			const closed = listener.listening ? new Promise<void>((resolve) => listener.close(() => resolve())) : null;
			for (const pair of pairs) pair.client.destroy();
			for (const server of orphans) server.destroy();
			await closed;
		},
	};
}

function cut(pairs: Set<Pair>): void {
	for (const { client, server } of pairs) {
		client.resetAndDestroy();
		server?.resetAndDestroy();
	}
}
