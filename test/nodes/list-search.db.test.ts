import type { ILoadOptionsFunctions } from 'n8n-workflow';
import { closeSharedDatabases } from '../../core/database';
import { createTenant } from '../../core/tenancy';
import { ingest } from '../../core/ingest';
import { signBody } from '../../core/meta';
import { saveTemplate } from '../../core/outbox';
import { listSearch } from '../../nodes/shared';
import { createTestDatabase, type TestDatabase } from '../support/database';
import { databaseFor, dropDatabase, makeTenant, textBody, type TestTenant } from '../support/factory';
import { postgresCredential } from './support/postgres-credential';
import { randomUUID } from 'node:crypto';

let test_: TestDatabase;
let database: ReturnType<typeof databaseFor>;
let tenant: TestTenant;

beforeAll(async () => {
	test_ = await createTestDatabase();
	database = databaseFor(test_);
	tenant = await makeTenant(database);
});
afterAll(async () => {
	await closeSharedDatabases();
	await dropDatabase(database, test_);
});

const editor = (parameters: Record<string, unknown>): ILoadOptionsFunctions =>
	({
		getCredentials: async () => postgresCredential(test_),
		getCurrentNodeParameter: (name: string) => parameters[name],
		getNode: () => ({ name: 'Node', type: 'x', id: '1', typeVersion: 1, position: [0, 0], parameters: {} }),
	}) as unknown as ILoadOptionsFunctions;

const picked = () => ({ tenant: { mode: 'list', value: tenant.id }, agent: { mode: 'id', value: tenant.agentId } });

test('tenants are found by name and come page by page', async () => {
	for (let i = 0; i < 60; i++)
		await createTenant(
			database,
			{ name: `Página ${i}`, slug: `pagina-${i}`, status: i === 0 ? 'paused' : 'active' },
			randomUUID(),
		);
	const first = await listSearch.searchTenants.call(editor({}), 'página');
	expect(first.results).toHaveLength(50);
	const rest = await listSearch.searchTenants.call(editor({}), 'página', first.paginationToken);
	expect(rest.results).toHaveLength(10);
	expect(rest.paginationToken).toBeUndefined();
	const names = [...first.results, ...rest.results].map(({ name }) => name);
	expect(new Set(names).size).toBe(60);
	expect(names).toContain('Página 0 (paused)');
});

test.each([
	['agents', listSearch.searchAgents, 'Bia (v1.0.0)'],
	['versions', listSearch.searchVersions, 'v1.0.0 (active)'],
	['channel accounts', listSearch.searchChannelAccounts, expect.stringMatching(/^\d+ \(whatsapp\)$/)],
])('%s of the picked tenant are shown by name', async (_, search, name) => {
	expect((await search.call(editor(picked()))).results).toEqual([
		{ name, value: expect.stringMatching(/^[0-9a-f-]{36}$/) },
	]);
	expect((await search.call(editor(picked()), 'zzz')).results).toEqual([]);
});

test('the tenant may be picked by its slug', async () => {
	const { results } = await listSearch.searchAgents.call(editor({ tenant: { mode: 'slug', value: tenant.slug } }));
	expect(results.map(({ value }) => value)).toEqual([tenant.agentId]);
});

test('conversations and templates are shown with what tells them apart', async () => {
	const rawBody = Buffer.from(
		JSON.stringify(textBody(tenant.phoneNumberId, [{ from: '5511977770001', text: 'Oi', name: 'Ana' }])),
	);
	await ingest(database, { rawBody, signature: signBody(rawBody, 's'), secrets: ['s'] });
	await saveTemplate(database, tenant.id, { name: 'boas_vindas', category: 'greeting', content: 'Olá {{1}}' });
	expect((await listSearch.searchConversations.call(editor(picked()), 'ana')).results).toMatchObject([
		{ name: 'Ana (whatsapp, open)' },
	]);
	expect((await listSearch.searchTemplates.call(editor(picked()), 'boas_')).results).toMatchObject([
		{ name: 'boas_vindas (pt_BR, LOCAL)' },
	]);
});

test.each([
	['no tenant', () => ({}), /Pick the tenant first/],
	[
		'an expression for the tenant',
		() => ({ tenant: { mode: 'id', value: '={{ $json.tenantId }}' } }),
		/Pick the tenant first/,
	],
	['a schema that is not there', () => ({ ...picked(), options: { schema: 'nowhere' } }), /nowhere.*00-setup/],
])('with %s the list says so instead of being empty', async (_, parameters, message) => {
	await expect(listSearch.searchAgents.call(editor(parameters()))).rejects.toThrow(message);
});
