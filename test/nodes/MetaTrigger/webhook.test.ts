import { createServer } from 'node:net';
import type { AddressInfo } from 'node:net';
import { signBody } from '../../../core/meta';
import { MetaTrigger } from '../../../nodes/MetaTrigger/MetaTrigger.node';
import { webhookContext, type WebhookSetup } from '../support/contexts';

const node = new MetaTrigger();
const { description } = node;
const metaAppApi = { appSecrets: 'current\nprevious', verifyToken: 'verify-me' };
const body = Buffer.from('{"object":"whatsapp_business_account","entry":[]}');

async function call(setup: Omit<WebhookSetup, 'description'>) {
	const { context, answered, log } = webhookContext({ description, ...setup });
	const result = await node.webhook.call(context);
	return { result, answered, log };
}

/** A port on which nobody answers. */
async function closedPort(): Promise<number> {
	const server = createServer();
	await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
	const { port } = server.address() as AddressInfo;
	await new Promise((resolve) => server.close(resolve));
	return port;
}

const handshake = (token: string) => ({
	'hub.mode': 'subscribe',
	'hub.verify_token': token,
	'hub.challenge': '1158201444',
});

test('the handshake gets its challenge back as plain text and starts nothing', async () => {
	const { result, answered } = await call({
		name: 'setup',
		query: handshake('verify-me'),
		credentials: { metaAppApi },
	});
	expect(answered).toEqual({ status: 200, type: 'text/plain', body: '1158201444' });
	expect(result).toEqual({ noWebhookResponse: true });
});

test('a wrong verify token gets 403 and a line in the log without the token', async () => {
	const { answered, log } = await call({ name: 'setup', query: handshake('guess'), credentials: { metaAppApi } });
	expect(answered).toMatchObject({ status: 403, type: 'text/plain' });
	expect(log.map(({ level }) => level)).toEqual(['warn']);
	expect(JSON.stringify(log)).not.toMatch(/guess|verify-me/);
});

test('a credential that cannot be read gets 503, for the handshake and for events', async () => {
	const credentials = { metaAppApi: new Error('Credential could not be decrypted') };
	for (const setup of [
		{ name: 'setup' as const, query: handshake('verify-me') },
		{ name: 'default' as const, rawBody: body },
	]) {
		const { result, answered } = await call({ ...setup, credentials });
		expect(answered.status).toBe(503);
		expect(result).toEqual({ noWebhookResponse: true });
	}
});

test.each([
	['missing', undefined],
	['of another secret', signBody(body, 'stranger')],
	['cut off', signBody(body, 'current').slice(0, 30)],
	['sha1', 'sha1=0000000000000000000000000000000000000000'],
])('a signature that is %s gets 401 before the database is touched', async (_, signature) => {
	const { result, answered, log } = await call({
		name: 'default',
		rawBody: body,
		headers: signature ? { 'x-hub-signature-256': signature } : {},
		credentials: {
			metaAppApi,
			postgres: { host: '127.0.0.1', port: await closedPort(), database: 'd', user: 'u', password: 'p' },
		},
	});
	expect(answered.status).toBe(401);
	expect(result).toEqual({ noWebhookResponse: true });
	expect(log).toMatchObject([{ level: 'warn' }]);
});

test.each(['current', 'previous'])(
	'a body signed with the %s secret while the database is away gets 503, in any mode',
	async (secret) => {
		const port = await closedPort();
		for (const mode of ['webhook', 'manual'] as const) {
			const { result, answered, log } = await call({
				name: 'default',
				mode,
				rawBody: body,
				headers: { 'x-hub-signature-256': signBody(body, secret) },
				credentials: { metaAppApi, postgres: { host: '127.0.0.1', port, database: 'd', user: 'u', password: 'p' } },
			});
			expect(answered).toMatchObject({ status: 503, body: { ok: false } });
			expect(result).toEqual({ noWebhookResponse: true });
			expect(log).toMatchObject([{ level: 'error', meta: { code: 'DATABASE_AWAY' } }]);
		}
	},
);

test('a body that n8n left unread is read first', async () => {
	const { answered } = await call({
		name: 'default',
		unreadBody: body,
		headers: { 'x-hub-signature-256': signBody(body, 'current') },
		credentials: { metaAppApi, postgres: { sshTunnel: true } },
	});
	// Past the signature: the tunnel is what stops it.
	expect(answered.status).toBe(503);
});

test('a request that breaks off while being read gets 503', async () => {
	const { answered } = await call({
		name: 'default',
		unreadBody: new Error('request aborted'),
		credentials: { metaAppApi },
	});
	expect(answered.status).toBe(503);
});

test("Meta's subscription is left alone", async () => {
	for (const methods of Object.values(node.webhookMethods)) {
		for (const method of Object.values(methods)) expect(await method.call({} as never)).toBe(true);
	}
});
