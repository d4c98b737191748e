import { createServer, type IncomingHttpHeaders, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';

export interface Asked {
	headers: IncomingHttpHeaders;
	rawBody: Buffer;
	url: string;
}
/** What the tool does with a call: an answer, `cut` (it did the work, the connection broke) or `silent` (it never answers). */
export type Behaviour = { status?: number; body: unknown } | 'cut' | 'silent';

export interface ToolServer {
	url: string;
	asked: Asked[];
	behave(...next: Behaviour[]): void;
	close(): Promise<void>;
}

/** A tool that listens on a port of its own and does as told, call by call; the last thing told holds on. */
export async function startToolServer(): Promise<ToolServer> {
	const asked: Asked[] = [];
	let plan: Behaviour[] = [];
	const server: Server = createServer((request, response) => {
		const chunks: Buffer[] = [];
		request.on('data', (chunk: Buffer) => chunks.push(chunk));
		request.on('end', () => {
			asked.push({ headers: request.headers, rawBody: Buffer.concat(chunks), url: request.url ?? '' });
			const behaviour = plan.length > 1 ? plan.shift()! : plan[0];
			if (behaviour === 'silent') return;
			if (behaviour === 'cut') return void request.socket.destroy();
			const { status = 200, body } = behaviour;
			const text = typeof body === 'string' ? body : JSON.stringify(body);
			response.writeHead(status, { 'content-type': 'application/json', connection: 'close' }).end(text);
		});
	});
	await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
	return {
		url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
		asked,
		behave: (...next) => {
			plan = next;
			asked.length = 0;
		},
		close: async () => {
			server.closeAllConnections();
			await new Promise<void>((resolve) => server.close(() => resolve()));
		},
	};
}
