import { randomBytes } from 'node:crypto';
import type { Database } from '../../../core/database';
import { ingest } from '../../../core/ingest';
import { createGraphSetup, signBody } from '../../../core/meta';
import {
	connectChannel,
	refreshInstagramTokens,
	rerouteEvents,
	codeOf,
	submitPage,
	type ChannelToConnect,
	type OnboardingRef,
} from '../../../core/onboarding';
import { createEndpoint } from '../../../core/notifications';
import { createChannelAccount, tokenBinding } from '../../../core/tenancy';
import { startGraphStandIn, type GraphStandIn } from '../../../sandbox/standins/graph';
import { createTestDatabase, type TestDatabase } from '../../support/database';
import { databaseFor, dropDatabase, makeTenant, statusBody, textBody, vault } from '../../support/factory';
import { portsFor, startedWith } from './support';

let test_: TestDatabase;
let database: Database;
let graph: GraphStandIn;
let ref: OnboardingRef;
let phoneNumberId: string;

beforeAll(async () => {
	test_ = await createTestDatabase();
	database = databaseFor(test_);
	graph = await startGraphStandIn();
});
beforeEach(async () => {
	ref = await startedWith(database);
	phoneNumberId = String(randomBytes(6).readUIntBE(0, 6));
});
afterAll(async () => {
	await graph.close();
	await dropDatabase(database, test_);
});

const rows = async (sql: string, values: unknown[] = []): Promise<any[]> => (await test_.admin.query(sql, values)).rows;
const connect = async (changes: Partial<ChannelToConnect> = {}) =>
	await connectChannel(
		database,
		ref,
		{ kind: 'whatsapp', externalId: phoneNumberId, wabaId: '771', token: 'EAAG-good', ...changes },
		portsFor(graph.url),
	);
const unregistered = async (pin: string | null): Promise<unknown> =>
	await fetch(`${graph.url}/_sandbox/numbers`, {
		method: 'POST',
		body: JSON.stringify({ phoneNumberId, pin }),
		headers: { 'content-type': 'application/json' },
	});
const failure = ({ steps }: Awaited<ReturnType<typeof connect>>): [string, string] | null => {
	const wrong = steps.find(({ ok }) => !ok);
	return wrong ? [wrong.step, wrong.message] : null;
};

describe('connecting a number', () => {
	test('a good token passes every step, and again is harmless', async () => {
		const first = await connect();
		expect(first).toMatchObject({ connected: true });
		expect(first.steps.map(({ step }) => step)).toEqual([
			'token',
			'permissions',
			'number',
			'stored',
			'subscribed',
			'subscription_checked',
		]);
		expect((await connect({ token: 'EAAG-newer' })).channelAccountId).toBe(first.channelAccountId);
		const [account] = await rows(
			'select access_token_encrypted as sealed, tenant_id from agent_factory.channel_accounts where id = $1',
			[first.channelAccountId],
		);
		expect(vault.decrypt(account.sealed, tokenBinding(account.tenant_id, first.channelAccountId!))).toBe('EAAG-newer');
	});

	test.each([
		['EXPIRED-x', 'token', 'expired'],
		['INVALID-x', 'token', 'not valid'],
		['READONLY-x', 'permissions', 'whatsapp_business_messaging'],
		['FOREIGN-x', 'permissions', 'for other accounts, not for 771'],
	])('%s fails at "%s" and stores nothing', async (token, step, message) => {
		const result = await connect({ token });
		expect(failure(result)).toEqual([step, expect.stringContaining(message)]);
		expect(JSON.stringify(result)).not.toContain(token);
		expect(await rows('select 1 from agent_factory.channel_accounts where external_id = $1', [phoneNumberId])).toEqual(
			[],
		);
	});

	test('a number that is not registered is registered with its PIN; a wrong one and a lock say what to do', async () => {
		await unregistered('123456');
		expect(failure(await connect())).toEqual(['number', expect.stringContaining('PIN of six digits')]);
		for (let tries = 0; tries < 3; tries++) {
			expect(failure(await connect({ pin: '000000' }))).toEqual([
				'number',
				expect.stringContaining('The PIN is wrong'),
			]);
		}
		expect(failure(await connect({ pin: '123456' }))).toEqual(['number', expect.stringContaining('wait 72 hours')]);
		await unregistered('123456');
		expect(await connect({ pin: '123456' })).toMatchObject({ connected: true });
	});

	test('the form says in its own language beside which field, with the code and what to do', async () => {
		const page = async (language: 'pt-BR' | 'en', token: string, pin = '') => {
			const values = { channelKind: 'whatsapp', channelId: phoneNumberId, wabaId: '771', token, pin };
			const given = { page: 'channel', code: codeOf(ref), language, person: 'Ana', values, files: [] };
			const { issues, form } = await submitPage(database, given, portsFor(graph.url));
			expect(form?.fields).toContain('wrong_');
			expect(form?.fields).not.toContain(token);
			return issues.filter(({ field }) => ['token', 'pin', 'wabaId'].includes(field));
		};
		expect(await page('pt-BR', 'READONLY-x')).toEqual([
			{ field: 'token', message: expect.stringMatching(/^Falta ao token a permissão whatsapp_business_messaging/) },
		]);
		await unregistered('123456');
		expect(await page('pt-BR', 'EAAG-good', '000000')).toEqual([
			{ field: 'pin', message: expect.stringMatching(/a Meta recusou \(código 133005\)\. O PIN está errado/) },
		]);
		expect(await page('pt-BR', 'FAULT987654-x', '123456')).toEqual([
			{ field: 'wabaId', message: expect.stringMatching(/código 987654.*abra um chamado.*“.*Something new/) },
		]);
	});

	test('a number of another client, and a Meta that is away, are told apart', async () => {
		const other = await makeTenant(database);
		expect(failure(await connect({ externalId: other.phoneNumberId }))).toEqual([
			'stored',
			expect.stringContaining('Another client'),
		]);
		const away = { ...portsFor('http://127.0.0.1:9') };
		const result = await connectChannel(database, ref, { kind: 'instagram', externalId: '178', token: 'IGQ' }, away);
		expect(failure(result)).toEqual(['token', expect.stringContaining('Nothing is lost: try this step again')]);
	});
});

describe('events that came before their tenant', () => {
	const receive = async (body: unknown) => {
		const raw = Buffer.from(JSON.stringify(body));
		return await ingest(database, { rawBody: raw, signature: signBody(raw, 's'), secrets: ['s'] });
	};

	test('are filed once by the usual way; what is older than a day is shown and not answered', async () => {
		const now = Date.now();
		const old = new Date(now - 30 * 3_600_000);
		await receive(textBody(phoneNumberId, [{ from: '5511911110001', text: 'Oi, vocês abrem hoje?', name: 'Rita' }]));
		await receive(textBody(phoneNumberId, [{ from: '5511911110002', text: 'Pergunta de ontem', at: old }]));
		await receive(statusBody(phoneNumberId, [{ id: 'wamid.unknown', status: 'delivered' }]));
		await test_.admin.query(
			`update agent_factory.webhook_events set received_at = $2 where account_id = $1 and payload::text like '%ontem%'`,
			[phoneNumberId, old],
		);
		const { channelAccountId } = await connect();
		const account = { tenantId: ref.tenantId, channelAccountId: channelAccountId! };
		const [first, second] = await Promise.all([rerouteEvents(database, account), rerouteEvents(database, account)]);
		expect(first.filed + second.filed).toBe(3);
		expect(first.queued + second.queued).toBe(1);
		expect(await rerouteEvents(database, account)).toEqual({ found: 0, filed: 0, queued: 0, unreadable: 0 });
		const said = await rows(
			`select m.body, k.full_name as name, q.id is not null as answered, c.last_customer_message_at > now() - interval '24 hours' as open
			from agent_factory.messages m join agent_factory.conversations c on c.id = m.conversation_id join agent_factory.contacts k on k.id = m.contact_id
			left join agent_factory.message_queue q on q.message_id = m.id and q.tenant_id = m.tenant_id where m.tenant_id = $1 order by m.body`,
			[ref.tenantId],
		);
		expect(said).toEqual([
			{ body: 'Oi, vocês abrem hoje?', name: 'Rita', answered: true, open: true },
			{ body: 'Pergunta de ontem', name: 'Cliente', answered: false, open: false },
		]);
		expect(await receive(textBody(phoneNumberId, [{ from: '5511911110001', text: 'Oi' }]))).toMatchObject({
			body: { queued: 1 },
		});
	});

	test('of another account stay where they are, and an account without a token gets none', async () => {
		const stranger = String(randomBytes(6).readUIntBE(0, 6));
		await receive(textBody(stranger, [{ from: '5511911110003', text: 'Para outro' }]));
		await receive(textBody(phoneNumberId, [{ from: '5511911110003', text: 'Oi' }]));
		const bare = (await createChannelAccount(
			database,
			ref.tenantId,
			{ kind: 'whatsapp', externalId: phoneNumberId },
			null,
		)) as { id: string };
		expect(await rerouteEvents(database, { tenantId: ref.tenantId, channelAccountId: bare.id })).toMatchObject({
			found: 0,
		});
		const foreign = await makeTenant(database);
		expect(await rerouteEvents(database, { tenantId: foreign.id, channelAccountId: bare.id })).toMatchObject({
			found: 0,
		});
		expect(
			await rows(
				'select count(*)::int as n from agent_factory.webhook_events where account_id = any ($1) and tenant_id is null',
				[[stranger, phoneNumberId]],
			),
		).toEqual([{ n: 2 }]);
	});
});

describe('tokens of Instagram', () => {
	const account = async (token: string, days: number): Promise<string> =>
		String(
			(
				await createChannelAccount(
					database,
					ref.tenantId,
					{
						kind: 'instagram',
						externalId: `ig-${randomBytes(4).toString('hex')}`,
						accessToken: token,
						tokenExpiresAt: new Date(Date.now() + days * 86_400_000).toISOString(),
					},
					vault,
				)
			).id,
		);
	const refresh = async () => {
		const setup = createGraphSetup({ fetch, baseUrl: graph.url, version: 'v25.0', instagramUrl: graph.url });
		return await refreshInstagramTokens(database, { graph: setup, vault, now: new Date() });
	};

	test('that end within two weeks are renewed for 60 days; a failure is told once a day and leaves the token as it is', async () => {
		const url = 'https://hooks.example.com/x';
		await createEndpoint(database, ref.tenantId, { url, eventTypes: ['channel.trouble'] }, { vault, randomBytes });
		const [ending, broken, fresh] = [
			await account('IGAA-one', 13),
			await account('EXPIRED-two', 9),
			await account('IGAA-three', 40),
		];
		const done = (await refresh()).filter(({ tenantId }) => tenantId === ref.tenantId);
		expect(done.map(({ channelAccountId, refreshed }) => [channelAccountId, refreshed])).toEqual([
			[broken, false],
			[ending, true],
		]);
		await refresh();
		const tokens = await rows(
			'select id, access_token_encrypted as sealed, round(extract(epoch from token_expires_at - now()) / 86400)::int as days from agent_factory.channel_accounts where tenant_id = $1',
			[ref.tenantId],
		);
		const of = (id: string) => tokens.find((row) => row.id === id);
		expect([of(ending).days, of(broken).days, of(fresh).days]).toEqual([60, 9, 40]);
		expect(vault.decrypt(of(ending).sealed, tokenBinding(ref.tenantId, ending))).toBe('IGAA-one~1');
		const audits = await rows(
			`select details from agent_factory.audit_events where tenant_id = $1 and event_type = 'channel_account.refresh_failed'`,
			[ref.tenantId],
		);
		expect(audits).toHaveLength(2);
		expect(JSON.stringify(audits)).not.toContain('EXPIRED-two');
		const told = `select payload #>> '{data,reason}' as reason from agent_factory.notification_deliveries where tenant_id = $1`;
		expect(await rows(told, [ref.tenantId])).toEqual([{ reason: expect.stringContaining('token_invalid') }]);
	});
});
