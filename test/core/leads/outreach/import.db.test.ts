import type { Database } from '../../../../core/database';
import { importLeads, listInstagramLeads } from '../../../../core/leads';
import { createTestDatabase, type TestDatabase } from '../../../support/database';
import { databaseFor, dropDatabase, makeTenant, type TestTenant } from '../../../support/factory';

let test_: TestDatabase;
let database: Database;
let tenant: TestTenant;

beforeAll(async () => {
	test_ = await createTestDatabase();
	database = databaseFor(test_);
});
afterAll(async () => await dropDatabase(database, test_));
beforeEach(async () => {
	tenant = await makeTenant(database);
});

test('good rows are stored, bad ones are named with their line and reason', async () => {
	const rows = await importLeads(
		database,
		tenant.id,
		[
			{ username: '@Ana', followers_count: '1.200', tags: 'vip' },
			{ username: 'ana lima' },
			{ username: 'https://instagram.com/leo', followers_count: 'muitos' },
			{ username: 'ANA' },
			{ username: 'bia' },
		],
		{ source: 'follower' },
	);
	expect(rows.map(({ line, outcome, reasons }) => [line, outcome, ...reasons])).toEqual([
		[2, 'created'],
		[3, 'refused', 'username is not one of Instagram: letters, digits, dots and underscores, at most 30'],
		[4, 'refused', 'followersCount is not a whole number, e.g. 1250'],
		[5, 'refused', 'username stands in line 2 already'],
		[6, 'created'],
	]);
	expect(await listInstagramLeads(database, tenant.id)).toMatchObject([
		{ username: 'bia', source: 'follower', id: rows[4].leadId },
		{ username: 'ana', followers_count: 1_200, tags: ['vip'], source: 'follower' },
	]);
});

test('a second import adds what it knows and takes nothing away', async () => {
	await importLeads(database, tenant.id, [{ username: 'ana', name: 'Ana', bio: 'Nutri', followers: 10, tags: 'a' }]);
	const [again] = await importLeads(database, tenant.id, [
		{ username: '@ana', followers: 20, bio: '', tags: 'b', private: 'sim' },
	]);
	expect(again.outcome).toBe('updated');
	expect(await listInstagramLeads(database, tenant.id)).toMatchObject([
		{ username: 'ana', full_name: 'Ana', bio: 'Nutri', followers_count: 20, is_private: true, tags: ['a', 'b'] },
	]);
});

test('two tenants know the same person apart', async () => {
	const other = await makeTenant(database);
	await importLeads(database, tenant.id, [{ username: 'ana', name: 'Ana' }]);
	await importLeads(database, other.id, [{ username: 'ana', name: 'Outra' }]);
	expect(await listInstagramLeads(database, tenant.id)).toMatchObject([{ full_name: 'Ana' }]);
});

test('10,000 rows are one import, one more is refused as a whole', async () => {
	const rows = Array.from({ length: 10_000 }, (_, n) => ({ username: `lead_${n}`, bio: 'Nutricionista' }));
	const imported = await importLeads(database, tenant.id, rows);
	expect(imported.filter(({ outcome, leadId }) => outcome === 'created' && leadId !== null)).toHaveLength(10_000);
	await expect(importLeads(database, tenant.id, [...rows, { username: 'x' }])).rejects.toMatchObject({
		code: 'VALUE_REFUSED',
	});
});

test('leads are found by name and tag', async () => {
	await importLeads(database, tenant.id, [
		{ username: 'ana', name: 'Ana Lima', tags: 'vip' },
		{ username: 'leo', name: 'Léo' },
	]);
	const found = async (options: object) =>
		(await listInstagramLeads(database, tenant.id, options)).map(({ username }) => username);
	expect(await found({ search: 'lima' })).toEqual(['ana']);
	expect(await found({ tags: ['vip'] })).toEqual(['ana']);
	expect(await found({ limit: 1 })).toEqual(['leo']);
});
