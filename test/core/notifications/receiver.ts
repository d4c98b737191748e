import { createHmac } from 'node:crypto';
import { createServer, type IncomingHttpHeaders } from 'node:http';
import type { AddressInfo } from 'node:net';

export interface Received {
	headers: IncomingHttpHeaders;
	body: Buffer;
}

/** A receiver on a port of its own; `receiver.status` is what it answers. */
export async function startReceiver() {
	const received: Received[] = [];
	const receiver = { status: 204, location: '' };
	const server = createServer((request, response) => {
		const chunks: Buffer[] = [];
		request.on('data', (chunk: Buffer) => chunks.push(chunk));
		request.on('end', () => {
			received.push({ headers: request.headers, body: Buffer.concat(chunks) });
			response.writeHead(receiver.status, receiver.location ? { location: receiver.location } : {}).end('ignored');
		});
	});
	await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
	const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/hook`;
	return { receiver, received, url, close: async () => await new Promise<void>((done) => server.close(() => done())) };
}

/** How many of the signatures fit the secret, by the text of the specification and none of our code. */
export function signaturesOf(secret: string, { headers, body }: Received): number {
	const key = Buffer.from(secret.slice('whsec_'.length), 'base64');
	const content = [headers['webhook-id'], headers['webhook-timestamp'], body.toString('utf8')].join('.');
	const wanted = `v1,${createHmac('sha256', key).update(content).digest('base64')}`;
	return String(headers['webhook-signature'])
		.split(' ')
		.filter((signature) => signature === wanted).length;
}

export const eventOf = ({ body }: Received): { type: string; data: Record<string, unknown> } =>
	JSON.parse(body.toString());
