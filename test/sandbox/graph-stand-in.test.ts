import { createHmac } from 'node:crypto';

import { createHttpServer, type HttpServer } from '../../sandbox/standins/http';
import { startGraphStandIn, type GraphStandIn, type SentMessage } from '../../sandbox/standins/graph';

const SECRET = 'stand-in-test-secret';
const NUMBER = '106540352242922';
const CUSTOMER = '5511900000001';

interface Received {
	raw: Buffer;
	signature: string | undefined;
	answered: number;
	statuses: Array<Record<string, any>>;
	value: Record<string, any>;
	entry: Array<Record<string, any>>;
}

/** A webhook receiver that answers what `answer` says and lets a test wait for what it got. */
async function startReceiver() {
	const received: Received[] = [];
	const waiting: Array<() => void> = [];
	const control = { answer: () => 200 };
	const server: HttpServer = createHttpServer({
		'POST /webhook': (request) => {
			const body = request.json() as { entry: Array<Record<string, any>> };
			const value = body.entry[0]?.changes[0].value;
			const status = control.answer();
			const statuses = body.entry.flatMap((entry) => entry.changes.flatMap((change: any) => change.value.statuses));
			const signature = request.headers['x-hub-signature-256'] as string | undefined;
			received.push({ raw: request.rawBody, signature, answered: status, statuses, value, entry: body.entry });
			waiting.splice(0).forEach((wake) => wake());
			return { status };
		},
	});
	const { url } = await server.listen();
	const until = async (done: (all: Received[]) => boolean): Promise<Received[]> => {
		while (!done(received)) await new Promise<void>((resolve) => waiting.push(resolve));
		return received;
	};
	const stored = () => received.filter((post) => post.answered === 200).flatMap((post) => post.statuses);
	return { url: `${url}/webhook`, until, stored, received, control, close: () => server.close() };
}

let graph: GraphStandIn;
let receiver: Awaited<ReturnType<typeof startReceiver>>;

beforeEach(async () => {
	receiver = await startReceiver();
	graph = await startGraphStandIn({ webhookUrl: receiver.url, appSecret: SECRET, statusDelayMs: 5 });
});

afterEach(async () => {
	await graph.close();
	await receiver.close();
});

const text = (overrides: Record<string, unknown> = {}) => ({
	messaging_product: 'whatsapp',
	recipient_type: 'individual',
	to: `+${CUSTOMER}`,
	type: 'text',
	text: { body: 'Olá, São Paulo 😀' },
	biz_opaque_callback_data: 'outbox-1',
	...overrides,
});

const template = (value: unknown) => text({ type: 'template', text: undefined, template: value });

async function call(method: string, path: string, body?: unknown, token: string | null = 'EAAG-test') {
	const response = await fetch(`${graph.url}${path}`, {
		method,
		headers: { 'content-type': 'application/json', ...(token ? { authorization: `Bearer ${token}` } : {}) },
		body: body === undefined ? undefined : JSON.stringify(body),
	});
	return { status: response.status, body: (await response.json()) as any };
}

const send = (body: unknown = text(), token?: string | null) => call('POST', `/v25.0/${NUMBER}/messages`, body, token);
const behave = (behaviour: Record<string, unknown>) => call('POST', '/_sandbox/behaviour', behaviour);
const sent = async (): Promise<SentMessage[]> => (await call('GET', '/_sandbox/sent')).body;

describe('WhatsApp sends', () => {
	test.each(['v19.0', 'v25.0', 'v26.0'])('version %s accepts a text and answers like Meta', async (version) => {
		const answer = await call('POST', `/${version}/${NUMBER}/messages`, text());
		expect(answer.status).toBe(200);
		expect(answer.body).toMatchObject({
			messaging_product: 'whatsapp',
			contacts: [{ input: `+${CUSTOMER}`, wa_id: CUSTOMER }],
		});
		expect(answer.body.messages[0].id).toMatch(/^wamid\./);
	});

	test('the sent list keeps what was accepted, and DELETE empties it', async () => {
		const { body } = await send();
		expect(await sent()).toEqual([
			expect.objectContaining({
				id: body.messages[0].id,
				phoneNumberId: NUMBER,
				to: `+${CUSTOMER}`,
				type: 'text',
				text: 'Olá, São Paulo 😀',
				callbackData: 'outbox-1',
				accepted: true,
				body: text(),
			}),
		]);
		await call('DELETE', '/_sandbox/sent');
		expect(await sent()).toEqual([]);
	});

	test('a template is accepted and kept', async () => {
		const value = {
			name: 'retomada',
			language: { code: 'pt_BR' },
			components: [{ type: 'body', parameters: [{ type: 'text', text: 'Ana' }] }],
		};
		expect((await send(template(value))).status).toBe(200);
		expect((await sent())[0]).toMatchObject({ type: 'template', template: value, accepted: true });
	});

	test('a business-scoped user id is a recipient', async () => {
		const { body } = await send(text({ to: undefined, recipient: 'BR.13491208655302741918' }));
		expect(body.contacts).toEqual([{ input: 'BR.13491208655302741918', user_id: 'BR.13491208655302741918' }]);
	});

	test.each([
		['no messaging_product', text({ messaging_product: undefined }), 100],
		['no recipient', text({ to: undefined }), 100],
		['a recipient that is no number', text({ to: 'maria' }), 131009],
		['an unknown type', text({ type: 'hologram' }), 100],
		['no content for its type', text({ text: undefined }), 131008],
		['an empty text', text({ text: { body: '' } }), 100],
		['4,097 characters', text({ text: { body: 'a'.repeat(4097) } }), 100],
		['513 characters of callback data', text({ biz_opaque_callback_data: 'x'.repeat(513) }), 100],
		['a template without a name', template({ language: { code: 'pt_BR' } }), 131008],
		['a template without a language', template({ name: 'retomada' }), 131008],
		[
			'an unknown template component',
			template({ name: 'retomada', language: { code: 'pt_BR' }, components: [{ type: 'tail' }] }),
			131009,
		],
		[
			'a template parameter without text',
			template({
				name: 'r',
				language: { code: 'pt_BR' },
				components: [{ type: 'body', parameters: [{ type: 'text' }] }],
			}),
			132012,
		],
		['a body that is no object', ['x'], 100],
	])('%s is refused with Meta’s error body and listed as not accepted', async (_name, body, code) => {
		const answer = await send(body);
		expect(answer.status).toBe(400);
		expect(answer.body.error).toMatchObject({
			type: 'OAuthException',
			code,
			error_data: { messaging_product: 'whatsapp' },
		});
		expect(answer.body.error.error_data.details).not.toBe('');
		expect(answer.body.error.fbtrace_id).toEqual(expect.any(String));
		expect(await sent()).toEqual([expect.objectContaining({ accepted: false, id: null, errorCode: code })]);
	});

	test('4,096 characters are accepted', async () => {
		expect((await send(text({ text: { body: 'a'.repeat(4096) } }))).status).toBe(200);
	});

	test.each([
		['no token', null, 104],
		['an expired token', 'EXPIRED-abc', 190],
	])('%s is a 401', async (_name, token, code) => {
		const answer = await send(text(), token);
		expect(answer.status).toBe(401);
		expect(answer.body.error.code).toBe(code);
		expect(await sent()).toEqual([]);
	});

	test.each([
		['read', {}],
		['typing', { typing_indicator: { type: 'text' } }],
	])('a %s sign succeeds and is no message', async (kind, extra) => {
		const answer = await send({ messaging_product: 'whatsapp', status: 'read', message_id: 'wamid.X', ...extra });
		expect(answer).toEqual({ status: 200, body: { success: true } });
		expect(await sent()).toEqual([]);
		expect((await call('GET', '/_sandbox/receipts')).body).toEqual([
			expect.objectContaining({ kind, to: 'wamid.X', accountId: NUMBER }),
		]);
	});
});

describe('Instagram and Messenger sends', () => {
	const page = (body: unknown) => call('POST', '/v25.0/17841400000000000/messages', body);

	test('a text gives recipient_id and message_id', async () => {
		const answer = await page({ recipient: { id: '9001' }, message: { text: 'Oi' } });
		expect(answer).toEqual({ status: 200, body: { recipient_id: '9001', message_id: expect.stringMatching(/^m_/) } });
		expect(await sent()).toEqual([
			expect.objectContaining({ accountId: '17841400000000000', to: '9001', text: 'Oi', accepted: true }),
		]);
	});

	test.each([
		['1,000 bytes', 200, 'é'.repeat(500)],
		['1,001 bytes', 400, `${'é'.repeat(500)}a`],
	])('%s of text give %d', async (_name, status, value) => {
		const answer = await page({ recipient: { id: '9001' }, message: { text: value } });
		expect(answer.status).toBe(status);
		if (status === 400) expect(answer.body.error).toMatchObject({ code: 100 });
	});

	test('a recipient without an id is refused', async () => {
		expect((await page({ recipient: {}, message: { text: 'Oi' } })).body.error.code).toBe(100);
	});
});

describe('reads', () => {
	test('debug_token tells a good, an expiring and an expired token apart', async () => {
		const read = async (token: string) => (await call('GET', `/v25.0/debug_token?input_token=${token}`)).body.data;
		expect(await read('EAAG')).toMatchObject({ is_valid: true, expires_at: 0 });
		expect((await read('EXPIRING-1')).expires_at).toBeGreaterThan(0);
		expect(await read('EXPIRED-1')).toMatchObject({ is_valid: false, error: { code: 190 } });
	});

	test('an account is subscribed until the subscription is deleted', async () => {
		const path = '/v25.0/102290129340398/subscribed_apps';
		expect((await call('GET', path)).body.data).toHaveLength(1);
		expect((await call('DELETE', path)).body).toEqual({ success: true });
		expect((await call('GET', path)).body.data).toEqual([]);
		await call('POST', path);
		expect((await call('GET', path)).body.data).toHaveLength(1);
	});

	test('a number answers with the fields asked for', async () => {
		const { body } = await call('GET', `/v25.0/${NUMBER}?fields=quality_rating`);
		expect(body).toEqual({ id: NUMBER, quality_rating: 'GREEN' });
	});

	test('a lead answers with its fields', async () => {
		const { body } = await call('GET', '/v25.0/444?fields=created_time,field_data');
		expect(body).toMatchObject({
			id: '444',
			field_data: expect.arrayContaining([{ name: 'full_name', values: ['Ana Souza'] }]),
		});
	});

	test('a path that Graph does not know is Meta’s error, not a bare 404', async () => {
		expect((await call('GET', '/nowhere/at/all')).body.error.code).toBe(2500);
	});
});

describe('status webhooks', () => {
	test('sent, delivered and read come back, signed over the exact bytes', async () => {
		const { body } = await send();
		await receiver.until(() => receiver.stored().length >= 3);
		for (const post of receiver.received) {
			expect(post.signature).toBe(`sha256=${createHmac('sha256', SECRET).update(post.raw).digest('hex')}`);
		}
		expect(receiver.stored().map((status) => status.status)).toEqual(['sent', 'delivered', 'read']);
		expect(receiver.stored()[1]).toMatchObject({
			id: body.messages[0].id,
			recipient_id: CUSTOMER,
			recipient_user_id: body.contacts[0].user_id,
			biz_opaque_callback_data: 'outbox-1',
			timestamp: expect.stringMatching(/^\d{10}$/),
			pricing: { billable: false, pricing_model: 'PMP', type: 'free_customer_service', category: 'service' },
		});
		expect(receiver.received[0]?.value).toMatchObject({
			metadata: { phone_number_id: NUMBER },
			contacts: [{ wa_id: CUSTOMER }],
		});
	});

	test('a template costs', async () => {
		await send(template({ name: 'retomada', language: { code: 'pt_BR' } }));
		await receiver.until(() => receiver.stored().length >= 1);
		expect(receiver.stored()[0]?.pricing).toMatchObject({ billable: true, type: 'regular', category: 'utility' });
	});

	test('a body that is not answered with 200 is repeated', async () => {
		let calls = 0;
		receiver.control.answer = () => (++calls <= 2 ? 503 : 200);
		await behave({ statuses: ['sent'] });
		await send();
		const posts = await receiver.until(() => receiver.stored().length >= 1);
		expect(posts.map((post) => post.answered)).toEqual([503, 503, 200]);
		expect(new Set(posts.map((post) => post.raw.toString())).size).toBe(1);
	});

	test('statuses of several messages share a body', async () => {
		await graph.close();
		graph = await startGraphStandIn({ webhookUrl: receiver.url, appSecret: SECRET, statusDelayMs: 0 });
		await behave({ statuses: ['sent'], times: 8 });
		await Promise.all(Array.from({ length: 8 }, () => send()));
		await receiver.until(() => receiver.stored().length >= 8);
		expect(receiver.received.length).toBeLessThan(8);
	});

	test('setWebhook moves them to another receiver', async () => {
		const other = await startReceiver();
		graph.setWebhook(other.url, 'other-secret');
		await send();
		const posts = await other.until(() => other.stored().length >= 3);
		expect(posts[0]?.signature).toBe(
			`sha256=${createHmac('sha256', 'other-secret').update(posts[0].raw).digest('hex')}`,
		);
		expect(receiver.received).toEqual([]);
		await other.close();
	});
});

describe('behaviour', () => {
	test('an error code answers with its HTTP status for as many sends as asked, of that recipient only', async () => {
		await behave({ to: CUSTOMER, errorCode: 131056, times: 2 });
		expect((await send(text({ to: '+5511900000002' }))).status).toBe(200);
		const codes = [await send(), await send(), await send()].map((answer) => answer.body.error?.code ?? answer.status);
		expect(codes).toEqual([131056, 131056, 200]);
	});

	test.each([
		[{ httpStatus: 503 }, 503, 131016],
		[{ httpStatus: 429 }, 429, 130429],
		[{ errorCode: 131000 }, 500, 131000],
		[{ errorCode: 190 }, 401, 190],
		[{ errorCode: 131047, httpStatus: 418 }, 418, 131047],
		[{ errorCode: 999999 }, 400, 999999],
	])('%j answers %d with code %d', async (behaviour, status, code) => {
		await behave(behaviour);
		const answer = await send();
		expect([answer.status, answer.body.error.code]).toEqual([status, code]);
		expect(await sent()).toEqual([expect.objectContaining({ accepted: false, errorCode: code })]);
	});

	test('dropResponse cuts the connection, yet the message is sent and its statuses follow', async () => {
		await behave({ dropResponse: true });
		await expect(send()).rejects.toThrow('fetch failed');
		await receiver.until(() => receiver.stored().length >= 3);
		const [message] = await sent();
		expect(message).toMatchObject({ accepted: true, callbackData: 'outbox-1' });
		expect(receiver.stored()[0]).toMatchObject({ id: message?.id, biz_opaque_callback_data: 'outbox-1' });
	});

	test('a delayed answer counts as sent before it comes', async () => {
		await behave({ delayMs: 60_000 });
		const hungUp = new AbortController();
		const pending = fetch(`${graph.url}/v25.0/${NUMBER}/messages`, {
			method: 'POST',
			headers: { authorization: 'Bearer t' },
			body: JSON.stringify(text()),
			signal: hungUp.signal,
		});
		while ((await sent()).length === 0);
		hungUp.abort();
		await expect(pending).rejects.toThrow();
		const [message] = await sent();
		expect(message).toMatchObject({ accepted: true });
		await receiver.until(() => receiver.stored().length >= 3);
		expect(receiver.stored()[0]).toMatchObject({ id: message?.id });
	});

	test.each([[['read', 'delivered']], [['failed']]])('statuses come back as %j', async (statuses) => {
		await behave({ statuses, statusErrorCode: 131049 });
		await send();
		await receiver.until(() => receiver.stored().length >= statuses.length);
		expect(receiver.stored().map((status) => status.status)).toEqual(statuses);
		const failed = receiver.stored().find((status) => status.status === 'failed');
		if (failed) expect(failed.errors[0]).toMatchObject({ code: 131049, title: expect.any(String) });
		if (failed) expect(receiver.received[0]?.value.contacts).toBeUndefined();
	});

	test('an empty list sends no status', async () => {
		await behave({ to: CUSTOMER, statuses: [] });
		await send();
		await send(text({ to: '+5511900000002' }));
		await receiver.until(() => receiver.stored().length >= 3);
		expect(receiver.stored().every((status) => status.recipient_id === '5511900000002')).toBe(true);
	});

	test('statusBeforeAnswer posts every status before the send is answered', async () => {
		await behave({ statusBeforeAnswer: true });
		await send();
		expect(receiver.stored().map((status) => status.status)).toEqual(['sent', 'delivered', 'read']);
	});

	test('duplicateStatuses posts each status twice', async () => {
		await behave({ duplicateStatuses: true, statuses: ['sent', 'delivered'] });
		await send();
		await receiver.until(() => receiver.stored().length >= 4);
		const names = receiver.stored().map((status) => status.status);
		expect(names.sort()).toEqual(['delivered', 'delivered', 'sent', 'sent']);
	});

	test('DELETE takes back what was asked for, and nonsense is refused', async () => {
		await behave({ errorCode: 131026, times: 5 });
		await call('DELETE', '/_sandbox/behaviour');
		expect((await send()).status).toBe(200);
		expect((await behave({ colour: 'blue' })).status).toBe(400);
	});
});
