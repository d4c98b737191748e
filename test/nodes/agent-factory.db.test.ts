import type { IDataObject } from 'n8n-workflow';
import { closeSharedDatabases } from '../../core/database';
import { AgentFactory } from '../../nodes/AgentFactory/AgentFactory.node';
import { createTestDatabase, emptyDatabase, type TestDatabase } from '../support/database';
import { postgresCredential, runNode, vaultCredential } from './agent-factory-runs';

const databases: TestDatabase[] = [];
let test_: TestDatabase;
let tenant: string;
let agent: string;

async function open(made: Promise<TestDatabase>): Promise<TestDatabase> {
	databases.push(await made);
	return await made;
}

const run = async (
	resource: string,
	operation: string,
	parameters: IDataObject = {},
	on = test_,
): Promise<IDataObject[]> =>
	(
		await runNode(new AgentFactory(), {
			parameters: { resource, operation, ...parameters },
			credentials: { postgres: postgresCredential(on.connectionString), agentFactoryVaultApi: vaultCredential },
		})
	).map(({ json }) => json);

beforeAll(async () => {
	test_ = await open(createTestDatabase());
	const [made] = await run('tenant', 'create', {
		name: 'FitPro',
		slug: 'fitpro',
		additionalFields: { status: 'active', planTier: 'pro' },
	});
	tenant = String(made.id);
	const [bot] = await run('agent', 'create', { tenant, name: 'Léo', slug: 'atendimento' });
	agent = String(bot.id);
});
afterAll(async () => {
	await closeSharedDatabases();
	for (const database of databases) await database.drop();
});

describe('database', () => {
	it('plans, applies and judges the schema of an empty database', async () => {
		const empty = await open(emptyDatabase());
		const [plan] = await run('database', 'migrationPlan', {}, empty);
		expect(plan.pendingCount).toBeGreaterThan(5);
		expect((plan.pending as IDataObject[])[0]).toEqual({
			version: 1,
			name: '0001_foundation.sql',
			breaking: expect.any(Boolean),
			sqlCharacters: expect.any(Number),
		});
		const doctor = await run('database', 'doctor', {}, empty);
		expect(doctor).toContainEqual(
			expect.objectContaining({
				check: 'migrations',
				level: 'problem',
				repair: expect.stringContaining('migrate apply'),
			}),
		);

		const [applied] = await run('database', 'applyMigrations', {}, empty);
		expect(applied.appliedCount).toBe(plan.pendingCount);
		const [again] = await run('database', 'applyMigrations', {}, empty);
		expect(again).toMatchObject({ appliedCount: 0, applied: [] });
		const [status] = await run('database', 'status', {}, empty);
		expect(status).toMatchObject({ schema: 'agent_factory', upToDate: true, pending: [] });
	});

	it('says of each finding how to repair it', async () => {
		const findings = await run('database', 'doctor');
		expect(findings).toContainEqual(expect.objectContaining({ check: 'connection', level: 'ok', repair: null }));
		expect(findings).toContainEqual(
			expect.objectContaining({ check: 'login', level: 'warning', repair: expect.stringContaining('create role') }),
		);
	});

	it('refuses other operations while there is no schema, and says what to run', async () => {
		const empty = await open(emptyDatabase());
		await expect(run('tenant', 'getMany', {}, empty)).rejects.toMatchObject({
			context: { code: 'SCHEMA_MISSING' },
			description: expect.stringContaining('00-setup'),
		});
	});
});

describe('tenant', () => {
	it('is found by name, and changed', async () => {
		expect(await run('tenant', 'getMany', { search: 'fit' })).toMatchObject([
			{ id: tenant, slug: 'fitpro', planTier: 'pro' },
		]);
		const [changed] = await run('tenant', 'update', {
			tenant: { mode: 'slug', value: 'fitpro' },
			updateFields: { status: 'paused', maxAutoResponsesPerDay: 3 },
		});
		expect(changed).toMatchObject({
			status: 'paused',
			maxAutoResponsesPerDay: 3,
			timezone: 'America/Sao_Paulo',
			createdAt: expect.stringMatching(/Z$/),
		});
		await run('tenant', 'update', { tenant, updateFields: { status: 'active' } });
	});

	it.each([
		['nothing to change', { updateFields: {} }, 'Field "updateFields" is empty'],
		['a time zone that does not exist', { updateFields: { timezone: 'Mars/Base' } }, '"Mars/Base" is not a time zone'],
		['no tenant', { tenant: '', updateFields: { status: 'active' } }, 'Field "tenant" is empty'],
	])('refuses %s and names the item', async (_, parameters, message) => {
		const refused = run('tenant', 'update', { tenant, ...parameters });
		await expect(refused).rejects.toMatchObject({
			message: expect.stringContaining(message),
			context: { itemIndex: 0 },
		});
	});

	it('gets an access key, of which only the hash is stored', async () => {
		const [made] = await run('tenant', 'createAccessKey', {
			tenant,
			keyName: 'site',
			scopes: 'leads:read, leads:write',
		});
		expect(made).toMatchObject({
			name: 'site',
			scopes: ['leads:read', 'leads:write'],
			key: expect.stringMatching(/^af_/),
		});
		const { rows } = await test_.admin.query('select row_to_json(k)::text as stored from agent_factory.access_keys k');
		expect(rows.map(({ stored }) => String(stored)).join()).not.toContain(made.key);
	});

	it('lists its access keys without the keys, and ends one at once', async () => {
		const [{ id, key }] = await run('tenant', 'createAccessKey', { tenant, keyName: 'loja', scopes: 'leads:read' });
		const listed = await run('tenant', 'getAccessKeys', { tenant });
		expect(listed).toContainEqual(expect.objectContaining({ id, name: 'loja', revokedAt: null }));
		expect(JSON.stringify(listed)).not.toContain(key);
		expect(JSON.stringify(listed)).not.toContain('keyHash');
		const revoke = { tenant, accessKeyId: { mode: 'id', value: id } };
		expect(await run('tenant', 'revokeAccessKey', revoke)).toEqual([{ accessKeyId: id, revoked: true }]);
		expect(await run('tenant', 'revokeAccessKey', revoke)).toEqual([{ accessKeyId: id, revoked: false }]);
		const [last] = (await run('tenant', 'getAccessKeys', { tenant })).slice(-1);
		expect(last).toMatchObject({ id, revokedAt: expect.anything() });
	});
});

describe('channel account', () => {
	let channelAccount: string;

	it('is created with an encrypted token', async () => {
		const [made] = await run('channelAccount', 'create', {
			tenant,
			externalId: '10550',
			agent,
			accessToken: 'very-secret',
			additionalFields: { displayName: 'Recepção', wabaId: '77', tokenExpiresAt: '2027-01-31T00:00:00Z' },
		});
		expect(made).toMatchObject({
			kind: 'whatsapp',
			externalId: '10550',
			parentId: '77',
			agentId: agent,
			hasToken: true,
			tokenExpiresAt: '2027-01-31T00:00:00.000Z',
		});
		expect(JSON.stringify(made)).not.toContain('very-secret');
		channelAccount = String(made.id);
		const { rows } = await test_.admin.query(
			'select access_token_encrypted as stored from agent_factory.channel_accounts',
		);
		expect(rows[0].stored).toMatch(/^v1\./);
	});

	it('cannot take a token without a vault credential, and is told so', async () => {
		const refused = runNode(new AgentFactory(), {
			parameters: { resource: 'channelAccount', operation: 'setAccessToken', tenant, channelAccount, accessToken: 'x' },
			credentials: { postgres: postgresCredential(test_.connectionString) },
		});
		await expect(refused).rejects.toMatchObject({ description: expect.stringContaining('Agent Factory Vault API') });
	});

	it('takes a new token and an agent', async () => {
		expect(
			await run('channelAccount', 'setAccessToken', { tenant, channelAccount, accessToken: 'newer' }),
		).toMatchObject([{ hasToken: true, tokenExpiresAt: null }]);
		expect(await run('channelAccount', 'assignAgent', { tenant, channelAccount, agent })).toMatchObject([
			{ agentId: agent },
		]);
		const nobody = '00000000-0000-4000-8000-000000000000';
		await expect(run('channelAccount', 'assignAgent', { tenant, channelAccount: nobody, agent })).rejects.toThrow(
			'Field "channelAccount"',
		);
	});

	it('is paused, listed as paused, and resumed', async () => {
		expect(
			await run('channelAccount', 'pause', { tenant, channelAccount, reason: 'Number is being moved' }),
		).toMatchObject([{ changed: true }]);
		expect(await run('channelAccount', 'getPaused')).toMatchObject([
			{ tenantSlug: 'fitpro', channelAccountId: channelAccount, pausedReason: 'Number is being moved', waiting: 0 },
		]);
		expect(await run('channelAccount', 'resume', { tenant, channelAccount })).toMatchObject([{ changed: true }]);
		expect(await run('channelAccount', 'getMany', { tenant })).toMatchObject([
			{ status: 'active', displayName: 'Recepção' },
		]);
	});
});

describe('what has been said', () => {
	let conversation: string;

	beforeAll(async () => {
		const {
			rows: [account],
		} = await test_.admin.query('select id from agent_factory.channel_accounts');
		const {
			rows: [contact],
		} = await test_.admin.query(
			`insert into agent_factory.contacts (tenant_id, full_name, phone) values ($1, 'Ana', '5511990000001') returning id`,
			[tenant],
		);
		const {
			rows: [made],
		} = await test_.admin.query(
			'insert into agent_factory.conversations (tenant_id, channel_account_id, contact_id) values ($1, $2, $3) returning id',
			[tenant, account.id, contact.id],
		);
		conversation = String(made.id);
		await test_.admin.query(
			`insert into agent_factory.messages (tenant_id, conversation_id, channel_account_id, contact_id, direction, author, kind, body, status)
			 values ($1, $2, $3, $4, 'inbound', 'contact', 'text', 'Oi', 'received')`,
			[tenant, conversation, account.id, contact.id],
		);
	});

	it('is found by contact and conversation', async () => {
		expect(await run('contact', 'getMany', { tenant, search: 'ana' })).toMatchObject([{ fullName: 'Ana' }]);
		expect(await run('conversation', 'getMany', { tenant })).toMatchObject([
			{ id: conversation, contactName: 'Ana', status: 'open' },
		]);
		expect(await run('conversation', 'getMany', { tenant, conversationStatus: 'closed' })).toEqual([]);
		expect(await run('conversation', 'getMessages', { tenant, conversation })).toMatchObject([
			{ body: 'Oi', direction: 'inbound' },
		]);
		expect(await run('conversation', 'getReplies', { tenant })).toEqual([]);
	});

	it('is handed to a person and given back', async () => {
		expect(await run('conversation', 'handOff', { tenant, conversation })).toMatchObject([{ status: 'handoff' }]);
		expect(await run('conversation', 'getMany', { tenant, conversationStatus: 'handoff' })).toMatchObject([
			{ id: conversation },
		]);
		expect(await run('conversation', 'resume', { tenant, conversation })).toMatchObject([{ changed: true }]);
	});
});

it('saves a template and changes the one of the same name', async () => {
	const template = { tenant, name: 'desculpa', category: 'apology', content: 'Desculpe!' };
	await run('template', 'save', template);
	const [saved] = await run('template', 'save', {
		...template,
		content: 'Desculpe, já volto.',
		additionalFields: { metaName: 'apology_1', metaStatus: 'APPROVED', components: '[]' },
	});
	expect(saved).toMatchObject({ metaName: 'apology_1', metaStatus: 'APPROVED' });
	expect(await run('template', 'getMany', { tenant, search: 'desculpa' })).toMatchObject([
		{ name: 'desculpa', content: 'Desculpe, já volto.', usageCount: 0, answered: 0, answeredShare: null },
	]);
	await expect(run('template', 'save', { ...template, additionalFields: { components: '{}' } })).rejects.toThrow(
		'Field "components"',
	);
});

it('lists agents, versions and unrouted events', async () => {
	expect(await run('agent', 'getMany', { tenant })).toMatchObject([{ id: agent, activeVersion: null }]);
	expect(await run('agent', 'getVersions', { tenant, agent })).toEqual([]);
	expect(await run('event', 'getUnrouted')).toEqual([]);
});

describe('maintenance', () => {
	it('runs, and says what it did and how large the tables are', async () => {
		const [report] = await run('maintenance', 'run', { retention: { deadLetterDays: 30 } });
		expect(report).toMatchObject({ finished: true, warnings: [] });
		expect((report.tables as IDataObject[]).map(({ table }) => table)).toContain('message_queue');
	});

	it.each([
		['a time of nothing', { maxSeconds: 0 }, 'Field "maxSeconds" must be a whole number'],
		['keys that forget too early', { retention: { eventKeyDays: 7 } }, 'Retention "eventKeyDays"'],
	])('refuses %s', async (_, parameters, message) => {
		await expect(run('maintenance', 'run', parameters)).rejects.toMatchObject({
			message: expect.stringContaining(message),
		});
	});
});

describe('figures', () => {
	it('counts the days of all tenants, which the views then show', async () => {
		const [report] = await run('analytics', 'rollUpDays');
		expect(report).toMatchObject({ finished: true });
		expect(report.days).toBeGreaterThan(0);
		expect(await run('analytics', 'rollUpDays')).toEqual([{ finished: true, days: 0, tenants: 0 }]);
		const kpis = await run('analytics', 'getView', { tenant, view: 'vw_kpis' });
		expect(kpis.map(({ value }) => value)).toEqual(Array.from({ length: 12 }, () => null));
	});

	it('refuses a time of nothing', async () => {
		await expect(run('analytics', 'rollUpDays', { maxSeconds: 0 })).rejects.toMatchObject({
			message: expect.stringContaining('Field "maxSeconds" must be a whole number'),
		});
	});
});
