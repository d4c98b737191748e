import { createHmac } from 'node:crypto';
import { Pool } from 'pg';

import { startPhone } from '../../sandbox/phone/server';
import { createHttpServer, type HttpReply, type HttpRequest, type HttpServer } from '../../sandbox/standins/http';

const SECRET = 'phone-test-secret';
const AT = new Date('2026-11-21T12:00:00.000Z');

let webhook: HttpServer;
let received: HttpRequest[];
let answer: () => HttpReply | 'destroy';
let phone: Awaited<ReturnType<typeof startPhone>>;

/** Sending needs no database: this pool never connects. */
const pool = new Pool();

beforeEach(async () => {
	received = [];
	answer = () => ({ status: 200 });
	webhook = createHttpServer({
		'POST /meta': (request) => {
			received.push(request);
			return answer();
		},
	});
	const { url } = await webhook.listen();
	phone = await startPhone({
		pool,
		webhookUrl: `${url}/meta`,
		appSecret: SECRET,
		graphUrl: 'http://127.0.0.1:1',
		tenants: [
			{
				slug: 'socialfy',
				name: 'Socialfy',
				channels: [{ kind: 'whatsapp', externalId: '106540352242922', displayPhone: '+55 11 4000-0001' }],
			},
			{ slug: 'insta-only', name: 'Insta', channels: [{ kind: 'instagram', externalId: '17841400000000000' }] },
		],
		now: () => AT,
	});
});

afterEach(async () => {
	await phone.close();
	await webhook.close();
});

afterAll(() => pool.end());

const message = (overrides: Record<string, unknown> = {}) => ({
	tenantSlug: 'socialfy',
	from: '+55 11 90000-0001',
	name: 'Ana',
	text: 'Olá, São Paulo 😀 1/2',
	...overrides,
});

async function send(body: unknown, contentType = 'application/json') {
	const response = await fetch(`${phone.url}/api/send`, {
		method: 'POST',
		headers: { 'content-type': contentType },
		body: JSON.stringify(body),
	});
	return { status: response.status, body: (await response.json()) as any };
}

test('a text goes to the webhook as WhatsApp writes it, signed over the exact bytes', async () => {
	const { body } = await send(message());
	expect(body).toEqual({ wamid: expect.stringMatching(/^wamid\./), status: 200, ms: expect.any(Number) });
	const [request] = received;
	const expected = createHmac('sha256', SECRET).update(request.rawBody).digest('hex');
	expect(request.headers['x-hub-signature-256']).toBe(`sha256=${expected}`);
	expect(request.json()).toMatchObject({
		object: 'whatsapp_business_account',
		entry: [
			{
				changes: [
					{
						field: 'messages',
						value: {
							messaging_product: 'whatsapp',
							metadata: { phone_number_id: '106540352242922', display_phone_number: '+55 11 4000-0001' },
							contacts: [{ wa_id: '5511900000001', profile: { name: 'Ana' } }],
							messages: [
								{
									id: body.wamid,
									from: '5511900000001',
									timestamp: String(AT.getTime() / 1000),
									type: 'text',
									text: { body: 'Olá, São Paulo 😀 1/2' },
								},
							],
						},
					},
				],
			},
		],
	});
});

test('the bytes are escaped as Meta escapes them', async () => {
	await send(message());
	const raw = received[0].rawBody.toString('latin1');
	expect(raw).toContain('Ol\\u00e1, S\\u00e3o Paulo \\ud83d\\ude00 1\\/2');
	expect(raw).toMatch(/^[\x20-\x7e]*$/);
});

test('every message has its own id, and a person keeps one user id', async () => {
	await send(message());
	await send(message());
	const items = received.map((request) => (request.json() as any).entry[0].changes[0].value.messages[0]);
	expect(items[0].id).not.toBe(items[1].id);
	expect(items[0].from_user_id).toMatch(/^BR\.\d+$/);
	expect(items[0].from_user_id).toBe(items[1].from_user_id);
});

test('a refusing webhook is told as it is', async () => {
	answer = () => ({ status: 503 });
	expect((await send(message())).body.status).toBe(503);
});

test('a webhook that hangs up is status 0', async () => {
	answer = () => 'destroy';
	expect((await send(message())).body.status).toBe(0);
});

test.each([
	['an unknown business', message({ tenantSlug: 'nobody' }), 404],
	['a business without a WhatsApp number', message({ tenantSlug: 'insta-only' }), 409],
	['a number that is none', message({ from: 'maria' }), 400],
	['an empty text', message({ text: '' }), 400],
	['4,097 characters', message({ text: 'a'.repeat(4097) }), 400],
	['a body that is no object', 'x', 400],
])('%s is refused and nothing is posted', async (_name, body, status) => {
	expect((await send(body)).status).toBe(status);
	expect(received).toEqual([]);
});

test('a form of another page cannot send', async () => {
	expect((await send(message(), 'text/plain')).status).toBe(415);
	expect(received).toEqual([]);
});

test('the businesses say that the model is scripted unless told otherwise', async () => {
	const body = (await (await fetch(`${phone.url}/api/businesses`)).json()) as any;
	expect(body.model.scripted).toBe(true);
	expect(body.businesses.map((business: any) => business.slug)).toEqual(['socialfy', 'insta-only']);
});

test('a conversation of an unknown business is a 404', async () => {
	expect((await fetch(`${phone.url}/api/conversation?tenant=nobody&phone=5511900000001`)).status).toBe(404);
});

test('the page is one file that loads nothing from elsewhere', async () => {
	const response = await fetch(phone.url);
	const page = await response.text();
	expect(response.headers.get('content-type')).toContain('text/html');
	expect(response.headers.get('content-security-policy')).toContain("default-src 'none'");
	expect(page).toContain('Scripted model and stand-in for Meta: nothing leaves this machine');
	expect(page).not.toMatch(/(src|href)="(https?:)?\/\//);
});
