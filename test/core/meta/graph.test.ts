import { createGraphClient, type SendMessageInput } from '../../../core/meta';
import { GraphServer, INPUT, reply, TOKEN, type Answer } from './graph-server';

const server = new GraphServer();
let baseUrl = '';
const client = (timeoutMs?: number) =>
	createGraphClient({ fetch, baseUrl: `${baseUrl}/`, version: 'v25.0', timeoutMs });

beforeAll(async () => {
	baseUrl = await server.start();
});
afterAll(() => server.stop());
beforeEach(() => {
	server.seen.length = 0;
	server.answer = reply(200, { messages: [{ id: 'wamid.OUT' }] });
});

describe('the wire body of a message', () => {
	test('WhatsApp, to a phone number', async () => {
		const result = await client().sendMessage(INPUT);
		expect(result).toEqual({ ok: true, providerMessageId: 'wamid.OUT', raw: { messages: [{ id: 'wamid.OUT' }] } });
		expect(server.seen).toEqual([
			{
				method: 'POST',
				url: '/v25.0/4022/messages',
				authorization: `Bearer ${TOKEN}`,
				body: {
					messaging_product: 'whatsapp',
					recipient_type: 'individual',
					to: '+5585988110022',
					type: 'text',
					text: { body: 'Oi, Rosa!', preview_url: false },
					biz_opaque_callback_data: 'row-1',
				},
			},
		]);
	});

	test('WhatsApp, to a user id: in "recipient", for in "to" it would be lost', async () => {
		await client().sendMessage({ ...INPUT, to: { kind: 'bsuid', value: 'BR.555' } });
		expect(server.seen[0]?.body).toMatchObject({ recipient: 'BR.555' });
		expect(server.seen[0]?.body).not.toHaveProperty('to');
	});

	test('a stored message cannot change recipient, product or callback data', async () => {
		const message = {
			...INPUT.message,
			to: '+1',
			recipient: 'X',
			messaging_product: 'y',
			biz_opaque_callback_data: 'z',
		};
		await client().sendMessage({ ...INPUT, message });
		expect(server.seen[0]?.body).toMatchObject({
			to: '+5585988110022',
			messaging_product: 'whatsapp',
			biz_opaque_callback_data: 'row-1',
		});
		expect(server.seen[0]?.body).not.toHaveProperty('recipient');
	});

	test.each([
		['instagram', { kind: 'igsid', value: '99' }],
		['messenger', { kind: 'psid', value: '77' }],
	] as const)('%s', async (channel, to) => {
		server.answer = reply(200, { recipient_id: to.value, message_id: 'mid.OUT' });
		const result = await client().sendMessage({ ...INPUT, channel, to, externalId: '1784' });
		expect(result).toMatchObject({ ok: true, providerMessageId: 'mid.OUT' });
		expect(server.seen[0]).toMatchObject({
			url: '/v25.0/1784/messages',
			body: { recipient: { id: to.value }, messaging_type: 'RESPONSE', message: { text: 'Oi, Rosa!' } },
		});
	});

	test.each<[string, Partial<SendMessageInput>, string]>([
		['an id of another channel', { to: { kind: 'igsid', value: '9' } }, 'META_ADDRESS_MISMATCH'],
		['an empty id', { to: { kind: 'phone', value: '' } }, 'META_ADDRESS_MISMATCH'],
		['callback data that is too long', { callbackData: 'x'.repeat(513) }, 'META_CALLBACK_DATA_TOO_LONG'],
		[
			'a template on Instagram',
			{ channel: 'instagram', to: { kind: 'igsid', value: '9' }, message: { type: 'template' } },
			'META_MESSAGE_UNSUPPORTED',
		],
	])('%s is refused before anything is sent', async (_name, change, code) => {
		await expect(client().sendMessage({ ...INPUT, ...change })).rejects.toMatchObject({ code });
		expect(server.seen).toEqual([]);
	});
});

describe('answers that are no success', () => {
	const error = (code: number, more: Record<string, unknown> = {}) => ({
		error: { message: '(#1) demo', type: 'OAuthException', code, fbtrace_id: 'AxDemo', ...more },
	});

	test('a Graph error is read and classified', async () => {
		server.answer = reply(400, error(131047, { error_subcode: 7, error_data: { details: 'window closed' } }));
		expect(await client().sendMessage(INPUT)).toEqual({
			ok: false,
			failure: {
				httpStatus: 400,
				code: 131047,
				subcode: 7,
				message: '(#1) demo (window closed)',
				fbtraceId: 'AxDemo',
				retryAfterMs: null,
				networkError: null,
			},
			class: expect.objectContaining({ action: 'template' }),
		});
	});

	test.each<[string, Answer, string, number | null]>([
		['Retry-After', reply(429, error(4), { 'retry-after': '120' }), 'retry_account', 120_000],
		[
			'the usage header',
			reply(400, error(80007), {
				'x-business-use-case-usage': '{"1":[{"type":"whatsapp","estimated_time_to_regain_access":7}]}',
			}),
			'retry_account',
			420_000,
		],
		['a 500 of a proxy', reply(502, '<html>bad gateway</html>'), 'unknown', null],
		['a 404 without JSON', reply(404, 'not here'), 'fail', null],
		['a redirect', reply(302, '', { location: 'https://elsewhere.invalid/' }), 'unknown', null],
		['200 without an id', reply(200, { messages: [] }), 'unknown', null],
		['200 that is no JSON', reply(200, 'ok'), 'unknown', null],
		['200 with an error', reply(200, error(130429)), 'retry_number', null],
	])('%s', async (_name, given, action, retryAfterMs) => {
		server.answer = given;
		expect(await client().sendMessage(INPUT)).toMatchObject({
			ok: false,
			class: { action },
			failure: { retryAfterMs },
		});
	});

	test('a token that Graph repeats does not reach the failure', async () => {
		server.answer = reply(400, error(190, { message: `Malformed access token ${TOKEN}` }));
		const result = await client().sendMessage(INPUT);
		expect(JSON.stringify(result)).not.toContain(TOKEN);
		expect(result).toMatchObject({ class: { action: 'pause_tenant', consumesAttempt: false } });
	});
});

describe('the other calls', () => {
	test('read receipt with typing on WhatsApp', async () => {
		server.answer = reply(200, { success: true });
		await client().markRead({
			channel: 'whatsapp',
			externalId: '4022',
			token: TOKEN,
			messageId: 'wamid.IN',
			typing: true,
		});
		expect(server.seen.map(({ body }) => body)).toEqual([
			{
				messaging_product: 'whatsapp',
				status: 'read',
				message_id: 'wamid.IN',
				typing_indicator: { type: 'text' },
			},
		]);
	});

	test('read receipt with typing on Instagram', async () => {
		server.answer = reply(200, { recipient_id: '9' });
		const to = { kind: 'igsid', value: '9' } as const;
		await client().markRead({
			channel: 'instagram',
			externalId: '1784',
			token: TOKEN,
			messageId: 'm',
			to,
			typing: true,
		});
		expect(server.seen.map(({ body }) => body)).toEqual([
			{ recipient: { id: '9' }, sender_action: 'mark_seen' },
			{ recipient: { id: '9' }, sender_action: 'typing_on' },
		]);
	});

	test('the doctor and Lead Ads', async () => {
		server.answer = reply(200, '{"id": 98765432109876543, "data": []}');
		const graph = client();
		const lead = await graph.getLead({ token: TOKEN, leadgenId: '8811' });
		await graph.subscribedApps({ token: TOKEN, wabaId: '31' });
		await graph.phoneNumberHealth({ token: TOKEN, phoneNumberId: '4022' });
		await graph.debugToken({ token: TOKEN, inputToken: 'other' });
		expect(lead).toMatchObject({ ok: true, data: { id: '98765432109876543' } });
		expect(server.seen.map(({ method, url }) => `${method} ${url.split('?')[0]}`)).toEqual([
			'GET /v25.0/8811',
			'GET /v25.0/31/subscribed_apps',
			'GET /v25.0/4022',
			'GET /v25.0/debug_token',
		]);
		for (const { url, authorization } of server.seen) {
			expect(url).not.toContain(TOKEN);
			expect(authorization).toBe(`Bearer ${TOKEN}`);
		}
	});
});
