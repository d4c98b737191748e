import { randomBytes } from 'node:crypto';
import type { Database } from '../../../core/database';
import {
	inTenant,
	listApiKeys,
	listMembers,
	openPageLink,
	readApiKey,
	removeMember,
	saveApiKey,
	saveMember,
	sealPageLink,
	switchOffApiKey,
	usePageLink,
} from '../../../core/tenancy';
import { createTestDatabase, type TestDatabase } from '../../support/database';
import { databaseFor, dropDatabase, makeTenant, vault } from '../../support/factory';

let test_: TestDatabase;
let database: Database;
let tenant: { id: string };
let other: { id: string };

beforeAll(async () => {
	test_ = await createTestDatabase();
	database = databaseFor(test_);
	tenant = await makeTenant(database);
	other = await makeTenant(database);
});
afterAll(async () => await dropDatabase(database, test_));

test('a secret comes back to its tenant alone, is stored sealed, and can be switched off', async () => {
	const saved = await saveApiKey(database, tenant.id, { service: 'some_crm', secret: 's3cret' }, vault);
	expect(JSON.stringify([saved, await listApiKeys(database, tenant.id)])).not.toContain('s3cret');
	expect(await readApiKey(database, tenant.id, 'some_crm', vault)).toMatchObject({ secret: 's3cret' });
	expect(await readApiKey(database, other.id, 'some_crm', vault)).toBeNull();
	const { rows } = await test_.admin.query('select key_value from agent_factory.api_keys');
	expect(rows[0].key_value).toMatch(/^v1\./);
	// Moved to another tenant the ciphertext does not open.
	await test_.admin.query('update agent_factory.api_keys set tenant_id = $1', [other.id]);
	await expect(readApiKey(database, other.id, 'some_crm', vault)).rejects.toMatchObject({ code: /^VAULT/ });
	await test_.admin.query('update agent_factory.api_keys set tenant_id = $1', [tenant.id]);
	expect(await inTenant(database, tenant.id, async (db) => await switchOffApiKey(db, 'some_crm', 'refused'))).toBe(
		true,
	);
	expect(await readApiKey(database, tenant.id, 'some_crm', vault)).toBeNull();
});

test('one person may work for two tenants, and leaves one without leaving the other', async () => {
	const here = await saveMember(database, tenant.id, { email: 'Ana@Example.com', fullName: 'Ana', role: 'admin' });
	const there = await saveMember(database, other.id, { email: 'ana@example.com', fullName: 'Somebody Else' });
	expect(there).toMatchObject({ user_id: here.user_id, full_name: 'Ana', role: 'operator' });
	expect(await saveMember(database, tenant.id, { email: 'ana@example.com', role: 'viewer' })).toMatchObject({
		role: 'viewer',
	});
	expect(await removeMember(database, tenant.id, here.user_id)).toBe(true);
	expect(await listMembers(database, tenant.id)).toEqual([]);
	expect(await listMembers(database, other.id)).toHaveLength(1);
});

const HOUR = 3_600_000;
const ports = { vault, randomBytes, now: () => 10 * HOUR };
const link = (changes = {}) =>
	sealPageLink(
		{ purpose: 'test', tenantId: tenant.id, subject: 's', person: 'Ana', hours: 1, data: { a: 1 }, ...changes },
		'https://n8n.example.com/webhook/page',
		ports,
	);

test('a link says whom and what it is for, to its own page, until it expires', () => {
	const { token, url } = link();
	expect(new URL(url).searchParams.get('token')).toBe(token);
	expect(openPageLink(token, 'test', ports)).toMatchObject({
		tenantId: tenant.id,
		subject: 's',
		person: 'Ana',
		data: { a: 1 },
	});
	expect(() => openPageLink(token, 'another', ports)).toThrow(expect.objectContaining({ code: 'PAGE_LINK_INVALID' }));
	expect(() => openPageLink(`${token.slice(0, -2)}AA`, 'test', ports)).toThrow(
		expect.objectContaining({ code: 'PAGE_LINK_INVALID' }),
	);
	expect(() => openPageLink(token, 'test', { vault, now: () => 11 * HOUR })).toThrow(
		expect.objectContaining({ code: 'PAGE_LINK_EXPIRED' }),
	);
});

test('a link that works once works for the first of two who press at once', async () => {
	const fresh = { ...ports, now: Date.now };
	const opened = openPageLink(
		sealPageLink(
			{ purpose: 'once', tenantId: tenant.id, subject: 's', person: 'Ana', hours: 1 },
			'https://n8n.example.com/',
			fresh,
		).token,
		'once',
		fresh,
	);
	const press = async () => await inTenant(database, tenant.id, async (db) => await usePageLink(db, 'once', opened));
	expect((await Promise.all([press(), press()])).sort()).toEqual([false, true]);
});

test('a new tenant begins with eight texts in Portuguese that name their variables', async () => {
	const { rows } = await test_.admin.query(
		`select content, variables from agent_factory.message_templates where tenant_id = $1 and language = 'pt_BR' and meta_status = 'LOCAL'`,
		[tenant.id],
	);
	expect(rows).toHaveLength(8);
	for (const { content, variables } of rows) {
		const named = [...content.matchAll(/\{\{(\w+)\}\}/g)].map(([, name]) => name);
		expect([...new Set(named)].sort()).toEqual([...variables].sort());
	}
	const again = await test_.admin.query('select agent_factory.seed_message_templates($1) as n', [tenant.id]);
	expect(again.rows[0].n).toBe(0);
});
