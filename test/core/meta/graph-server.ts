import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { textMessage, type SendMessageInput } from '../../../core/meta';

export interface Seen {
	method: string;
	url: string;
	authorization: string | undefined;
	body: unknown;
}

export type Answer = (response: ServerResponse, request: IncomingMessage) => void;

export const TOKEN = 'EAAdemoToken';

export const INPUT: SendMessageInput = {
	channel: 'whatsapp',
	externalId: '4022',
	token: TOKEN,
	to: { kind: 'phone', value: '5585988110022' },
	message: textMessage('Oi, Rosa!'),
	callbackData: 'row-1',
};

export const reply =
	(status: number, body: unknown, headers: Record<string, string> = {}): Answer =>
	(response) => {
		response.writeHead(status, { 'content-type': 'application/json', ...headers });
		response.end(typeof body === 'string' ? body : JSON.stringify(body));
	};

/** A server that keeps what it was asked and answers what the test says. */
export class GraphServer {
	answer: Answer = reply(200, {});
	readonly seen: Seen[] = [];
	private readonly server: Server = createServer((request, response) => {
		let text = '';
		request.on('data', (chunk: Buffer) => (text += chunk.toString()));
		request.on('end', () => {
			const { method = '', url = '', headers } = request;
			this.seen.push({
				method,
				url,
				authorization: headers.authorization,
				body: text === '' ? null : JSON.parse(text),
			});
			this.answer(response, request);
		});
	});

	/** Listens on a free port and gives the address. */
	async start(): Promise<string> {
		await new Promise<void>((done) => this.server.listen(0, '127.0.0.1', done));
		return `http://127.0.0.1:${(this.server.address() as AddressInfo).port}`;
	}

	async stop(): Promise<void> {
		this.server.closeAllConnections();
		await new Promise((done) => this.server.close(done));
	}
}
