import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { Conversations } from '../../bench/support/conversations';

interface Body {
	entry: Array<{ changes: Array<{ value: { messages: Array<{ from: string }> } }> }>;
}

let server: Server;
let conversations: Conversations;
let received: string[];

/** Acknowledges a webhook and answers its customer at once. */
beforeEach(async () => {
	conversations = new Conversations();
	received = [];
	server = createServer((request, response) => {
		const chunks: Buffer[] = [];
		request.on('data', (chunk: Buffer) => chunks.push(chunk));
		request.on('end', () => {
			const body = JSON.parse(Buffer.concat(chunks).toString()) as Body;
			const { from } = body.entry[0].changes[0].value.messages[0];
			received.push(from);
			response.end();
			conversations.onSent({ to: `+${from}` });
		});
	});
	await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
});
afterEach(() => {
	conversations.close();
	server.close();
});

const route = () => ({
	url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/`,
	appSecret: 'secret',
	phoneNumberId: '105500010002',
	prefix: '5511900',
});

test('a conversation writes again when it was answered, and changes the customer before Meta would slow it down', async () => {
	const { answered, lost, perSecond } = await conversations.saturate(route(), 2, 0.2);
	expect(lost).toBe(0);
	expect(answered).toBe(received.length);
	expect(perSecond).toBeGreaterThan(0);
	const perCustomer = received.map((from) => received.filter((other) => other === from).length);
	expect(Math.max(...perCustomer)).toBeLessThanOrEqual(10);
});

test('a paced run sends what it was told to, each message of another customer', async () => {
	const { answered, lost } = await conversations.pace(route(), 50, 0.2);
	expect([answered, lost]).toEqual([10, 0]);
	expect(new Set(received).size).toBe(10);
});
