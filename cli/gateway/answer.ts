import type { IncomingMessage, OutgoingHttpHeaders, ServerResponse } from 'node:http';
import { LINGER_MS } from './defaults';

/** Text or JSON, with its length; nothing when the other side is gone. */
export function answer(response: ServerResponse, status: number, body: string | object): void {
	if (response.destroyed || response.headersSent) return;
	const { text, headers } = rendered(body);
	response.writeHead(status, headers).end(text);
}

/**
 * For a request whose body was not read to its end: the answer, then the end of the connection. The rest of the body is thrown away
 * for a moment, because a connection closed under a sender takes the answer with it.
 */
export function answerAndClose(request: IncomingMessage, response: ServerResponse, status: number, body: object): void {
	if (response.destroyed || response.headersSent) return;
	const { text, headers } = rendered(body);
	response.writeHead(status, { ...headers, connection: 'close' }).write(text);
	const end = (): void => {
		clearTimeout(timer);
		response.end();
	};
	const timer = setTimeout(end, LINGER_MS);
	request.once('end', end).once('close', end).resume();
}

function rendered(body: string | object): { text: string; headers: OutgoingHttpHeaders } {
	const [type, text] = typeof body === 'string' ? ['text/plain', body] : ['application/json', JSON.stringify(body)];
	return {
		text,
		headers: {
			'content-type': `${type}; charset=utf-8`,
			'content-length': Buffer.byteLength(text),
			'x-content-type-options': 'nosniff',
			'cache-control': 'no-store',
		},
	};
}
