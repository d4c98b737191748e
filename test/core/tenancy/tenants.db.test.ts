import { randomBytes, randomUUID } from 'node:crypto';
import { activateVersion, compileAgent, rollBack, saveVersion, type AgentSpecInput } from '../../../core/agents';
import type { Database } from '../../../core/database';
import {
	createAccessKey,
	createChannelAccount,
	createTenant,
	inTenant,
	listTenants,
	resolveTenant,
	updateTenant,
	type NewTenant,
} from '../../../core/tenancy';
import { createTestDatabase, type TestDatabase } from '../../support/database';
import { databaseFor, dropDatabase, makeTenant, vault } from '../../support/factory';

let test_: TestDatabase;
let database: Database;

beforeAll(async () => {
	test_ = await createTestDatabase();
	database = databaseFor(test_);
});
afterAll(async () => await dropDatabase(database, test_));

const slugOf = (): string => `s-${randomBytes(5).toString('hex')}`;
const create = async (changes: Partial<NewTenant> = {}): Promise<{ id: string; slug: string }> => {
	const slug = slugOf();
	return (await createTenant(database, { name: 'Padaria', slug, ...changes }, randomUUID(), 'ana')) as {
		id: string;
		slug: string;
	};
};
const audits = async (tenantId: string): Promise<string[]> =>
	(
		await test_.admin.query<{ line: string }>(
			`select event_type || ' by ' || actor as line from agent_factory.audit_events where tenant_id = $1 order by id`,
			[tenantId],
		)
	).rows.map(({ line }) => line);

test('a new tenant starts on trial in São Paulo and its making is written down', async () => {
	const tenant = await create();
	expect(tenant).toMatchObject({
		name: 'Padaria',
		status: 'trial',
		plan_tier: 'basic',
		timezone: 'America/Sao_Paulo',
		max_auto_responses_per_day: null,
	});
	expect(await audits(tenant.id)).toEqual(['tenant.created by ana']);
	expect((await listTenants(database, { search: tenant.slug })).map(({ id }) => id)).toEqual([tenant.id]);
});

test('a slug that is taken is refused, and the first tenant stays as it was', async () => {
	const tenant = await create();
	await expect(create({ slug: tenant.slug, name: 'Outra' })).rejects.toMatchObject({ code: 'ALREADY_EXISTS' });
	expect((await listTenants(database, { search: tenant.slug })).map(({ name }) => name)).toEqual(['Padaria']);
});

test.each([
	['a slug with capitals', { slug: 'Padaria' }, 'VALUE_REFUSED'],
	['a slug with a space', { slug: 'pão quente' }, 'VALUE_REFUSED'],
	['an empty name', { name: '' }, 'VALUE_REFUSED'],
	['an unknown status', { status: 'gone' as 'trial' }, 'VALUE_REFUSED'],
	['a negative limit', { maxAutoResponsesPerDay: -1 }, 'VALUE_REFUSED'],
	['an unknown time zone', { timezone: 'America/Atlantis' }, 'TIME_ZONE_UNKNOWN'],
	['an empty time zone', { timezone: '' }, 'TIME_ZONE_UNKNOWN'],
])('%s is refused and nothing is stored', async (_what, changes, code) => {
	const id = randomUUID();
	await expect(createTenant(database, { name: 'Padaria', slug: slugOf(), ...changes }, id)).rejects.toMatchObject({
		code,
	});
	expect((await test_.admin.query('select 1 from agent_factory.tenants where id = $1', [id])).rowCount).toBe(0);
});

test('an update changes what it names and says which fields', async () => {
	const tenant = await create();
	const changed = await updateTenant(
		database,
		tenant.id,
		{ status: 'active', timezone: 'America/Manaus', maxAutoResponsesPerDay: 50 },
		'bruno',
	);
	expect(changed).toMatchObject({
		name: 'Padaria',
		slug: tenant.slug,
		status: 'active',
		timezone: 'America/Manaus',
		max_auto_responses_per_day: 50,
	});
	expect(await audits(tenant.id)).toEqual(['tenant.created by ana', 'tenant.updated by bruno']);
	await expect(updateTenant(database, tenant.id, { timezone: 'Mars' })).rejects.toMatchObject({
		code: 'TIME_ZONE_UNKNOWN',
	});
	await expect(updateTenant(database, randomUUID(), { name: 'x' })).rejects.toMatchObject({ code: 'TENANT_NOT_FOUND' });
});

test.each(['', 'x', '1; drop table tenants', `${'0'.repeat(8)}-0000`])(
	'"%s" is no tenant id and opens no transaction',
	async (id) => {
		await expect(inTenant(database, id, async (db) => await db.all('select 1'))).rejects.toMatchObject({
			code: 'TENANT_REQUIRED',
		});
	},
);

describe('resolving a tenant', () => {
	test('works by channel account, slug, id and access key, and says who answers', async () => {
		const tenant = await makeTenant(database);
		const { key } = (await createAccessKey(database, tenant.id, { name: 'site', scopes: ['leads'] }, randomBytes)) as {
			key: string;
		};
		const byChannel = await resolveTenant(database, { channel: 'whatsapp', externalId: tenant.phoneNumberId });
		expect(byChannel).toMatchObject({
			tenant: { id: tenant.id, slug: tenant.slug, status: 'active', timezone: 'America/Sao_Paulo' },
			channelAccount: {
				id: tenant.channelAccountId,
				kind: 'whatsapp',
				externalId: tenant.phoneNumberId,
				status: 'active',
			},
			agent: { id: tenant.agentId, status: 'active' },
			agentVersion: { version: 'v1.0.0' },
			scopes: null,
		});
		expect(byChannel.agentVersion?.systemPromptId).not.toBeNull();
		for (const query of [{ slug: tenant.slug }, { tenantId: tenant.id }, { accessKey: key }]) {
			const found = await resolveTenant(database, query);
			expect(found).toMatchObject({
				tenant: { id: tenant.id },
				channelAccount: null,
				agentVersion: { version: 'v1.0.0' },
			});
			expect(found.scopes).toEqual('accessKey' in query ? ['leads'] : null);
		}
	});

	test.each([
		['a slug', { slug: 'nobody' }, 'slug "nobody"'],
		['an id', { tenantId: randomUUID() }, 'id '],
		['an id that is no uuid', { tenantId: 'x' }, 'id x'],
		['a number', { channel: 'whatsapp', externalId: '404' }, 'whatsapp account 404'],
		['a number of another channel', { channel: 'instagram', externalId: '404' }, 'instagram account 404'],
		['an access key', { accessKey: 'af_unknown' }, 'that access key'],
		['an empty access key', { accessKey: '' }, 'that access key'],
	])('%s that nobody has is named, a key never', async (_what, query, item) => {
		await expect(resolveTenant(database, query)).rejects.toMatchObject({
			code: 'TENANT_NOT_FOUND',
			message: expect.stringContaining(item),
		});
		await expect(resolveTenant(database, query)).rejects.toMatchObject({
			message: expect.not.stringContaining('af_unknown'),
		});
	});

	test('a tenant without an agent, and an account without one, are found with nobody to answer', async () => {
		const tenant = await create();
		const account = (await createChannelAccount(
			database,
			tenant.id,
			{ kind: 'messenger', externalId: `page-${tenant.slug}` },
			vault,
		)) as { id: string };
		const found = await resolveTenant(database, { channel: 'messenger', externalId: `page-${tenant.slug}` });
		expect(found).toMatchObject({
			tenant: { id: tenant.id },
			channelAccount: { id: account.id },
			agent: null,
			agentVersion: null,
			persona: null,
		});
	});

	test("the second account with Meta's id of the first is refused", async () => {
		const tenant = await makeTenant(database);
		const other = await create();
		await expect(
			createChannelAccount(database, other.id, { kind: 'whatsapp', externalId: tenant.phoneNumberId }, vault),
		).rejects.toMatchObject({ code: 'ALREADY_EXISTS' });
		expect((await resolveTenant(database, { channel: 'whatsapp', externalId: tenant.phoneNumberId })).tenant.id).toBe(
			tenant.id,
		);
	});

	test('a switch of the active version, and back, is seen by the very next question', async () => {
		const tenant = await makeTenant(database);
		const seen = async (): Promise<string | undefined> =>
			(await resolveTenant(database, { slug: tenant.slug })).agentVersion?.version;
		expect(await seen()).toBe('v1.0.0');
		const spec: AgentSpecInput = {
			identity: { name: 'Bia' },
			business: { name: 'Loja', type: 'loja', description: 'Outra loja de teste.' },
		};
		const next = await saveVersion(
			database,
			tenant.id,
			tenant.agentId,
			compileAgent({ spec, canary: `cnry-${randomBytes(12).toString('hex')}` }),
		);
		expect(await seen()).toBe('v1.0.0');
		await activateVersion(database, tenant.id, next.id);
		expect(await seen()).toBe('v1.1.0');
		await rollBack(database, tenant.id, tenant.agentId);
		expect(await seen()).toBe('v1.0.0');
	});
});

describe('an access key', () => {
	test('is shown once and stored as a hash', async () => {
		const tenant = await create();
		const made = (await createAccessKey(database, tenant.id, { name: 'site', scopes: [] }, randomBytes)) as {
			key: string;
			key_prefix: string;
		};
		expect(made.key).toMatch(/^af_[\w-]{32}$/);
		expect(made.key.startsWith(made.key_prefix)).toBe(true);
		const { rows } = await test_.admin.query(
			'select to_jsonb(k)::text as text from agent_factory.access_keys k where tenant_id = $1',
			[tenant.id],
		);
		expect(rows[0].text).not.toContain(made.key);
	});

	test.each([
		['that has expired', `expires_at = now() - interval '1 second'`],
		['that was revoked', 'revoked_at = now()'],
	])('%s opens nothing', async (_what, change) => {
		const tenant = await create();
		const { key } = (await createAccessKey(
			database,
			tenant.id,
			{ name: 'site', scopes: ['leads'], expiresAt: '2999-01-01T00:00:00Z' },
			randomBytes,
		)) as { key: string };
		expect((await resolveTenant(database, { accessKey: key })).tenant.id).toBe(tenant.id);
		await test_.admin.query(`update agent_factory.access_keys set ${change} where tenant_id = $1`, [tenant.id]);
		await expect(resolveTenant(database, { accessKey: key })).rejects.toMatchObject({ code: 'TENANT_NOT_FOUND' });
	});
});
