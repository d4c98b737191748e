import type { Database } from '../../../core/database';
import { FLOOR, SHAREABLE_OPERATIONS } from '../../../core/practices/defaults';
import { RULE_TEMPLATES, TEMPLATE_IDS } from '../../../core/improvement';
import { createTestDatabase, waitFor, type TestDatabase } from '../../support/database';
import { databaseFor, dropDatabase, makeTenant } from '../../support/factory';
import { agree, NEXT_STEP, tried, type Tried } from './support';

let test_: TestDatabase;
let database: Database;

beforeAll(async () => {
	test_ = await createTestDatabase();
	database = databaseFor(test_);
});
afterAll(async () => await dropDatabase(database, test_));
/** Of earlier tests nobody shares any more. */
beforeEach(async () => {
	for (const sql of [
		'truncate agent_factory.practice_consents, agent_factory.best_practice_sources, agent_factory.best_practice_applications',
		'delete from agent_factory.shared_best_practices',
	])
		await test_.admin.query(sql);
});

interface Row {
	status: string;
	config: object;
	tenants: number | null;
	leads: number | null;
	low: number | null;
}
const practices = async (): Promise<Row[]> =>
	(
		await test_.admin.query<Row>(
			`select status, practice_config as config, source_tenants as tenants, source_leads_classified as leads, effect_low::float8 as low from agent_factory.shared_best_practices`,
		)
	).rows;
const refresh = async (): Promise<Record<string, number>> =>
	(await test_.admin.query('select agent_factory.refresh_practices($1) as counts', [JSON.stringify(FLOOR)])).rows[0]
		.counts;
const sharers = async (n: number, what: Tried = {}): Promise<string[]> => {
	const ids = await Promise.all(Array.from({ length: n }, async () => (await makeTenant(database)).id));
	for (const id of ids) {
		await tried(test_.admin, id, what);
		await agree(database, id);
	}
	return ids;
};

test('six tenants with their own roll-outs make a practice, and its figures are bands', async () => {
	await sharers(6);
	expect(await refresh()).toMatchObject({ published: 1, retired: 0 });
	expect(await practices()).toEqual([
		{ status: 'published', config: NEXT_STEP, tenants: 5, leads: 2000, low: expect.any(Number) },
	]);
	expect((await practices())[0].low).toBeGreaterThanOrEqual(10);
	expect(await refresh()).toMatchObject({ published: 0, unchanged: 1 });
});

test('nothing comes of five tenants, of too few people, of a roll-out without a gain, or of several operations', async () => {
	const [one] = await sharers(5);
	expect(await refresh()).toMatchObject({ published: 0 });
	await sharers(1, { people: 198 });
	await sharers(1, { operations: [NEXT_STEP, { ...NEXT_STEP, slot: 'tone', templateId: 'stay_kind' }] });
	await sharers(1, { share: 1 });
	expect(await refresh()).toMatchObject({ published: 0 });
	expect(await practices()).toEqual([]);
	await sharers(6, { operation: { op: 'config_change', model: null, maxTokens: null, effort: 'low' }, won: 0.2 });
	expect(await refresh()).toMatchObject({ published: 0 });
	// Consent is what counts one in: the same roll-outs, one more tenant that agreed.
	const silent = (await makeTenant(database)).id;
	await tried(test_.admin, silent);
	expect(await refresh()).toMatchObject({ published: 0 });
	await agree(database, silent, 'share', true, 'messenger');
	expect(await refresh()).toMatchObject({ published: 0 });
	await agree(database, silent);
	expect(await refresh()).toMatchObject({ published: 1 });
	expect((await agree(database, one)).changed).toBe(false);
});

test('people of WhatsApp count nowhere, and consent for WhatsApp cannot be given', async () => {
	await sharers(5);
	const [a] = await sharers(1, { platform: 'whatsapp' });
	const [b] = await sharers(1, { alsoOnWhatsapp: true });
	expect(await refresh()).toMatchObject({ published: 0 });
	for (const id of [a, b]) {
		const { rows } = await test_.admin.query('select * from agent_factory.practice_evidence($1, 30)', [id]);
		expect(rows).toEqual([]);
	}
	await expect(agree(database, a, 'share', true, 'whatsapp')).rejects.toThrow();
});

test('whoever met somebody on a WhatsApp number has no evidence of them', async () => {
	const tenant = await makeTenant(database);
	await tried(test_.admin, tenant.id);
	await agree(database, tenant.id);
	const leads = async (): Promise<number> =>
		(
			await test_.admin.query(
				'select coalesce(sum(leads), 0)::integer as n from agent_factory.practice_evidence($1, 30)',
				[tenant.id],
			)
		).rows[0].n;
	expect(await leads()).toBe(400);
	await test_.admin.query(
		`insert into agent_factory.conversations (tenant_id, channel_account_id, contact_id, status)
			select tenant_id, $2, contact_id, 'open' from agent_factory.rollout_arms where tenant_id = $1 limit 50`,
		[tenant.id, tenant.channelAccountId],
	);
	expect(await leads()).toBe(350);
	await agree(database, tenant.id, 'share', false);
	expect(await leads()).toBe(0);
});

test('no operation with a text, a word, a name or an id of a tenant can be stored, and every one of ours can', async () => {
	const store = async (operation: unknown): Promise<boolean> =>
		await test_.admin
			.query(`insert into agent_factory.shared_best_practices (practice_config, status) values ($1, 'resting')`, [
				JSON.stringify(operation),
			])
			.then(
				() => true,
				() => false,
			);
	const good = [
		...TEMPLATE_IDS.map((templateId) => {
			const { slot, counts } = RULE_TEMPLATES[templateId];
			return { op: 'add_rule', slot, templateId, count: counts?.usual ?? null };
		}),
		...[-15, -3, 1, 15].map((shift) => ({ op: 'set_threshold', shift })),
		{ op: 'config_change', model: null, maxTokens: 800, effort: null },
		{ op: 'config_change', model: null, maxTokens: null, effort: 'high' },
	];
	for (const operation of good) expect([operation, await store(operation)]).toEqual([operation, true]);
	expect([...new Set(good.map(({ op }) => op))].sort()).toEqual([...SHAREABLE_OPERATIONS].sort());
	const text = 'fale com a Maria da Silva';
	const bad: unknown[] = [
		{ op: 'add_keyword', polarity: 'pos', stem: 'maria' },
		{ op: 'remove_keyword', polarity: 'neg', stem: 'maria' },
		{ op: 'set_keyword_weight', stem: 'maria', points: 3 },
		{ op: 'add_alias', list: 'niche', value: text },
		{ op: 'set_range', minFollowers: 1, maxFollowers: 5511999990000 },
		{ op: 'refit_scorer', modelId: '00000000-0000-4000-8000-000000000000' },
		{ op: 'edit_learned_rule', id: '0123456789ab', text },
		{ op: 'delete_learned_rule', id: '0123456789ab' },
		{ op: 'config_change', model: text, maxTokens: null, effort: null },
		{ op: 'config_change', model: null, maxTokens: null, effort: null },
		{ op: 'config_change', model: null, maxTokens: '800', effort: null },
		{ op: 'config_change', model: null, maxTokens: 800, effort: null, note: text },
		{ op: 'config_change', model: null, maxTokens: 999999, effort: null },
		{ op: 'set_threshold', shift: 3, note: text },
		{ op: 'set_threshold', shift: '3' },
		{ op: 'set_threshold', shift: 3.25 },
		{ op: 'set_threshold', shift: 0 },
		{ ...NEXT_STEP, slot: 'tone' },
		{ ...NEXT_STEP, templateId: text },
		{ ...NEXT_STEP, count: text },
		{ ...NEXT_STEP, text },
		...[[NEXT_STEP], text, 5, null, {}],
	];
	for (const operation of bad) expect([operation, await store(operation)]).toEqual([operation, false]);
	const { rows } = await test_.admin.query<{ name: string; type: string }>(
		`select a.attname as name, format_type(a.atttypid, null) as type from pg_attribute a
			where a.attrelid = 'agent_factory.shared_best_practices'::regclass and a.attnum > 0 and not a.attisdropped and a.attgenerated = ''
				and format_type(a.atttypid, null) in ('text', 'character varying', 'jsonb', 'text[]')`,
	);
	// What is no number: the operation that the check reads, and a word of three.
	expect(rows.map(({ name }) => name).sort()).toEqual(['practice_config', 'status']);
});

test('receipts are append-only and say who, when and to which text', async () => {
	const tenant = await makeTenant(database);
	await agree(database, tenant.id);
	await agree(database, tenant.id, 'share', false);
	await agree(database, tenant.id, 'receive');
	const { rows } = await test_.admin.query(
		'select purpose, source, granted, person, text_version from agent_factory.practice_consents where tenant_id = $1 order by id',
		[tenant.id],
	);
	const receipt = { person: 'Ana', text_version: '2026-11-22' };
	expect(rows).toEqual([
		{ ...receipt, purpose: 'share', source: 'instagram', granted: true },
		{ ...receipt, purpose: 'share', source: 'instagram', granted: false },
		{ ...receipt, purpose: 'receive', source: null, granted: true },
	]);
	await expect(
		test_.admin.query('update agent_factory.practice_consents set granted = true where tenant_id = $1', [tenant.id]),
	).rejects.toMatchObject({ code: 'ZF003' });
});

test('who withdraws leaves at once: figures go, and what no longer stands without them is retired', async () => {
	const ids = await sharers(8);
	await refresh();
	await agree(database, ids[0], 'share', false);
	expect(await practices()).toEqual([{ status: 'resting', config: NEXT_STEP, tenants: null, leads: null, low: null }]);
	// Seven still stand, but their figures beside those of eight would be the eighth's.
	expect(await refresh()).toMatchObject({ published: 0, unchanged: 1 });
	expect((await practices())[0].status).toBe('resting');
	await sharers(2);
	expect(await refresh()).toMatchObject({ published: 1 });
	expect(await practices()).toMatchObject([{ status: 'published', tenants: 5 }]);
	for (const id of ids.slice(1, 5)) await agree(database, id, 'share', false);
	expect(await practices()).toMatchObject([{ status: 'retired', tenants: null }]);
	expect(await refresh()).toMatchObject({ published: 0, retired: 0 });
});

test('who withdraws while evidence is counted is not in what is published', async () => {
	const ids = await sharers(6);
	const client = await test_.admin.connect();
	await client.query('begin');
	await client.query(`select pg_advisory_xact_lock(hashtextextended('shared-practices', 0))`);
	const counted = refresh();
	await waitFor(
		async () =>
			(await test_.admin.query(`select 1 from pg_locks where locktype = 'advisory' and not granted`)).rowCount === 1,
		{ timeoutMs: 30_000, what: 'the count to be done and to wait' },
	);
	const withdrawn = { purpose: 'share', source: 'instagram', granted: false, textVersion: '2026-11-22' };
	const how = { textSha256: 'a'.repeat(64), language: 'en', person: 'Ana', givenOn: 'page' };
	await client.query('select agent_factory.record_practice_consent($1, $2)', [
		ids[0],
		JSON.stringify({ ...withdrawn, ...how }),
	]);
	await client.query('commit');
	client.release();
	expect(await counted).toMatchObject({ published: 0 });
	expect(await practices()).toEqual([]);
});

test('a tenant that is erased leaves its practices as one that withdraws', async () => {
	const ids = await sharers(7);
	await refresh();
	await test_.admin.query('delete from agent_factory.tenants where id = $1', [ids[0]]);
	expect(await practices()).toMatchObject([{ status: 'resting', tenants: null }]);
	await test_.admin.query('delete from agent_factory.tenants where id = $1', [ids[1]]);
	expect(await practices()).toMatchObject([{ status: 'retired' }]);
});
