import type { Pool } from 'pg';
import { signBody } from '../../core/meta';
import { textBody, wamid } from '../support/factory';
import { openFactory, post, state } from './support/running';

let pool: Pool;
beforeAll(() => {
	pool = openFactory();
});
afterAll(async () => await pool.end());

/** Without statuses: those of messages that other tests sent may still come in. */
const stored = async (): Promise<number> =>
	(await pool.query(`select count(*)::int as n from agent_factory.webhook_events where kind <> 'status'`)).rows[0]
		.n as number;
const number = (): string => state().tenants[0].channels[0].externalId;
const message = (id = wamid()): string =>
	JSON.stringify(textBody(number(), [{ from: '5511900000001', text: 'teste', id }]));
const sha1 = 'sha1=2fd4e1c67a2d28fced849ee1bb76e7391b93eb12';

test.each<[string, (body: string) => Record<string, string>]>([
	['missing', () => ({ 'x-hub-signature-256': '' })],
	['wrong', (body) => ({ 'x-hub-signature-256': signBody(Buffer.from(body), 'another secret') })],
	[
		'truncated',
		(body) => ({ 'x-hub-signature-256': signBody(Buffer.from(body), state().webhook.appSecrets[0]).slice(0, -2) }),
	],
	['sha1', () => ({ 'x-hub-signature-256': sha1, 'x-hub-signature': sha1 })],
])('a %s signature gets 401 and stores nothing', async (_name, headers) => {
	const before = await stored();
	const body = message();
	expect((await post(body, headers(body))).status).toBe(401);
	expect(await stored()).toBe(before);
});

test('verification answers the challenge to the right token and 403 to another', async () => {
	const ask = async (token: string) =>
		await fetch(
			`${state().webhook.url}?hub.mode=subscribe&hub.challenge=1158201444&hub.verify_token=${encodeURIComponent(token)}`,
		);
	const right = await ask(state().webhook.verifyToken);
	expect([right.status, await right.text()]).toEqual([200, '1158201444']);
	expect((await ask('wrong')).status).toBe(403);
});

const deep = (depth: number): string => `${'[{"a":'.repeat(depth)}1${'}]'.repeat(depth)}`;
test.each<[string, string, number]>([
	['an array', JSON.stringify([1, 2, 3]), 1],
	['an empty entry', JSON.stringify({ object: 'whatsapp_business_account', entry: [] }), 1],
	[
		'an unknown object',
		JSON.stringify({ object: 'fridge', entry: [{ id: wamid(), changes: [{ field: 'door', value: { open: true } }] }] }),
		1,
	],
	[
		'an unknown field',
		JSON.stringify({
			object: 'whatsapp_business_account',
			entry: [{ id: '1', changes: [{ field: wamid(), value: { x: 1 } }] }],
		}),
		1,
	],
	['a NUL in a text', JSON.stringify(textBody('0', [{ from: '5511900000002', text: 'a\u0000b' }])), 1],
])('%s that is signed gets 200 and is stored as ignored', async (_name, body, events) => {
	const before = await stored();
	const answer = await post(body);
	expect(answer.status).toBe(200);
	expect((await stored()) - before).toBeLessThanOrEqual(events);
	expect(JSON.parse(answer.text)).toMatchObject({ ok: true });
});

test.each<[string, string]>([
	['not JSON', '{"object": "whatsapp'],
	['deep nesting', `{"object":"whatsapp_business_account","entry":${deep(20_000)}}`],
	['3 MB and more', JSON.stringify({ object: 'whatsapp_business_account', entry: [{ id: 'x'.repeat(3_200_000) }] })],
])('%s never makes a 5xx', async (_name, body) => {
	const answer = await post(body);
	expect(answer.status).toBeGreaterThanOrEqual(200);
	expect(answer.status).toBeLessThan(500);
	expect((await post(message())).status).toBe(200);
});

test('the same body ten times at once, and one id twice in a body, is one event', async () => {
	const id = wamid();
	const twice = textBody(number(), [
		{ from: '5511900000003', text: 'uma vez', id },
		{ from: '5511900000003', text: 'uma vez', id },
	]);
	const answers = await Promise.all(Array.from({ length: 10 }, async () => await post(JSON.stringify(twice))));
	expect(answers.map(({ status }) => status)).toEqual(answers.map(() => 200));
	const { rows } = await pool.query(
		'select count(*)::int as n from agent_factory.webhook_events where meta_message_id = $1',
		[id],
	);
	expect(rows).toEqual([{ n: 1 }]);
});

test('a number that nobody set up gets 200, no turn, and can be found', async () => {
	const id = wamid();
	expect((await post(JSON.stringify(textBody('000000', [{ from: '5511900000004', text: 'oi', id }])))).status).toBe(
		200,
	);
	const { rows } = await pool.query(
		`select status, reason, tenant_id from agent_factory.webhook_events where meta_message_id = $1`,
		[id],
	);
	expect(rows).toEqual([{ status: 'ignored', reason: 'unknown_account', tenant_id: null }]);
});
