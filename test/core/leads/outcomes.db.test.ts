import { listOutcomes, recordOutcome, type NewOutcome } from '../../../core/leads';
import type { Database } from '../../../core/database';
import { inTenant } from '../../../core/tenancy';
import { createTestDatabase, type TestDatabase } from '../../support/database';
import { databaseFor, dropDatabase, makeTenant, type TestTenant } from '../../support/factory';
import { age, freshKey, saveLead } from './lead-story';

let test_: TestDatabase;
let database: Database;
let tenant: TestTenant;

beforeAll(async () => {
	test_ = await createTestDatabase();
	database = databaseFor(test_);
});
beforeEach(async () => void (tenant = await makeTenant(database)));
afterAll(async () => await dropDatabase(database, test_));

const tell = async (outcome: Partial<NewOutcome>) =>
	await recordOutcome(database, tenant.id, {
		source: 'person',
		actor: 'Rui',
		idempotencyKey: freshKey(),
		...outcome,
	});
const rows = async (sql: string, values: unknown[] = [tenant.id]) => (await test_.admin.query(sql, values)).rows;
const classified = async () =>
	(await rows('select * from agent_factory.classified_leads where tenant_id = $1 order by created_at'))[0];
const personaOf = async (): Promise<string> =>
	(
		await rows(
			'insert into agent_factory.tenant_personas (tenant_id, version, is_active) values ($1, 1, true) returning id',
		)
	)[0].id;

describe('recording an outcome', () => {
	test('an opportunity and a client move the person on and count for the persona that found them', async () => {
		const personaId = await personaOf();
		const lead = await saveLead(database, tenant.id, { personaId, icpScore: 80 });
		await saveLead(database, tenant.id, { personaId, icpScore: 40 });
		await saveLead(database, tenant.id, { personaId, icpScore: 0, classification: 'SPAM' });
		expect(await tell({ leadId: lead.leadId, kind: 'opportunity' })).toMatchObject({
			kind: 'opportunity',
			tier: 2,
			stage: 'proposal',
			created: true,
			classifiedLeadId: lead.id,
		});
		const persona =
			'select conversion_rate::float, avg_icp_score::float from agent_factory.tenant_personas where tenant_id = $1';
		expect(await rows(persona)).toEqual([{ conversion_rate: 50, avg_icp_score: 60 }]);
		await tell({ leadId: lead.leadId, kind: 'client' });
		expect(await classified()).toMatchObject({ converted_to_opportunity: true, final_outcome: 'cliente' });
		expect(await rows('select stage from agent_factory.leads where id = $1', [lead.leadId])).toEqual([
			{ stage: 'closed' },
		]);
		expect(await rows(persona)).toEqual([{ conversion_rate: 50, avg_icp_score: 60 }]);
	});

	test('the same key twice, or ten times at once, is one outcome', async () => {
		const { leadId } = await saveLead(database, tenant.id);
		const outcome = { leadId, kind: 'bom' as const, idempotencyKey: 'k1' };
		const answers = await Promise.all(Array.from({ length: 10 }, async () => await tell(outcome)));
		expect(answers.filter(({ created }) => created)).toHaveLength(1);
		expect(new Set(answers.map(({ id }) => id)).size).toBe(1);
		expect(await listOutcomes(database, tenant.id, { leadId })).toMatchObject([{ kind: 'bom', actor: 'Rui', tier: 1 }]);
		await expect(tell({ ...outcome, kind: 'ruim' })).rejects.toMatchObject({ code: 'WRONG_STATE' });
	});

	test('a stage of the CRM is found by name in any case or by type, and says the outcome', async () => {
		const { leadId } = await saveLead(database, tenant.id);
		expect(await tell({ leadId, stage: 'contato' })).toMatchObject({ kind: 'stage', tier: null, stage: 'contact' });
		expect(await tell({ leadId, stage: 'NEGOCIAÇÃO' })).toMatchObject({ kind: 'opportunity', stage: 'negotiation' });
		expect(await tell({ leadId, kind: 'opportunity' })).toMatchObject({ stage: 'negotiation' });
		expect(await tell({ leadId, stage: 'closed' })).toMatchObject({ kind: 'client', tier: 3, stage: 'closed' });
		await expect(tell({ leadId, stage: 'Pós-venda' })).rejects.toMatchObject({ code: 'NOT_FOUND' });
	});

	test('news that come late are kept and move nobody back', async () => {
		const lead = await saveLead(database, tenant.id);
		await tell({ leadId: lead.leadId, kind: 'client' });
		const yesterday = new Date(Date.now() - 86_400_000).toISOString();
		expect(await tell({ leadId: lead.leadId, stage: 'Contato', at: yesterday })).toMatchObject({ stage: 'closed' });
		await tell({ leadId: lead.leadId, kind: 'rejected', at: yesterday });
		expect(await classified()).toMatchObject({ final_outcome: 'cliente' });
		await tell({ leadId: lead.leadId, kind: 'no_answer' });
		expect(await classified()).toMatchObject({ final_outcome: 'cliente' });
	});

	test('a clock that runs ahead does not write into the future', async () => {
		const { leadId } = await saveLead(database, tenant.id);
		await tell({ leadId, kind: 'bom', at: new Date(Date.now() + 9e8).toISOString() });
		expect(
			await rows('select happened_at <= now() as past from agent_factory.lead_outcomes where tenant_id = $1'),
		).toEqual([{ past: true }]);
	});

	test('the verdict "pessoal" offers to add a known contact, and adds none', async () => {
		const { leadId } = await saveLead(database, tenant.id);
		expect((await tell({ leadId, kind: 'pessoal' })).hint).toEqual({
			action: 'add_known_contact',
			platform: 'whatsapp',
			username: expect.any(String),
		});
		expect(await rows('select 1 from agent_factory.tenant_known_contacts where tenant_id = $1')).toEqual([]);
	});

	test('an outcome labels the newest classification before it, or the one that is named', async () => {
		const first = await saveLead(database, tenant.id);
		await age(test_.admin, first.leadId, 5);
		const second = await saveLead(database, tenant.id, { contactId: first.contactId });
		const before = new Date(Date.now() - 86_400_000).toISOString();
		expect((await tell({ leadId: first.leadId, kind: 'bom', at: before })).classifiedLeadId).toBe(first.id);
		expect((await tell({ leadId: first.leadId, kind: 'bom' })).classifiedLeadId).toBe(second.id);
		expect((await tell({ classifiedLeadId: first.id, kind: 'bom' })).classifiedLeadId).toBe(first.id);
		const other = await saveLead(database, tenant.id);
		await expect(tell({ leadId: first.leadId, classifiedLeadId: other.id, kind: 'bom' })).rejects.toMatchObject({
			code: 'NOT_FOUND',
		});
	});

	test('the log only grows', async () => {
		const { leadId } = await saveLead(database, tenant.id);
		await tell({ leadId, kind: 'ruim' });
		for (const sql of [`update lead_outcomes set kind = 'bom'`, 'delete from lead_outcomes'])
			await expect(inTenant(database, tenant.id, async (db) => await db.all(sql))).rejects.toMatchObject({
				code: 'APPEND_ONLY',
			});
		await test_.admin.query('delete from agent_factory.leads where id = $1', [leadId]);
		expect(await rows('select 1 from agent_factory.lead_outcomes where tenant_id = $1')).toEqual([]);
	});

	test.each<[string, Record<string, unknown>, string]>([
		['no lead', {}, 'OUTCOME_INVALID'],
		['a lead of nobody', { leadId: '3f0c8e2a-7c1d-4f6e-9b1a-2d5e8c7f4a10' }, 'NOT_FOUND'],
		['an id that is none', { leadId: 'x' }, 'OUTCOME_INVALID'],
		['an unknown kind', { leadId: '3f0c8e2a-7c1d-4f6e-9b1a-2d5e8c7f4a10', kind: 'great' }, 'OUTCOME_INVALID'],
		['neither kind nor stage', { leadId: '3f0c8e2a-7c1d-4f6e-9b1a-2d5e8c7f4a10', kind: undefined }, 'OUTCOME_INVALID'],
		['an empty actor', { leadId: '3f0c8e2a-7c1d-4f6e-9b1a-2d5e8c7f4a10', actor: ' ' }, 'OUTCOME_INVALID'],
		['a time that is none', { leadId: '3f0c8e2a-7c1d-4f6e-9b1a-2d5e8c7f4a10', at: 'ontem' }, 'OUTCOME_INVALID'],
	])('%s is refused and leaves nothing', async (_, outcome, code) => {
		await expect(tell({ kind: 'bom', ...outcome })).rejects.toMatchObject({ code });
		expect(await rows('select 1 from agent_factory.lead_outcomes where tenant_id = $1')).toEqual([]);
	});
});

describe('what is learned from', () => {
	const examples = async () => await rows('select * from agent_factory.ai_training_data where tenant_id = $1');

	test('an outcome becomes an example of numbers, without a word of the customer', async () => {
		const { leadId } = await saveLead(database, tenant.id, { treatPropensity: 0.95, explorationArm: 'exploit' });
		await tell({ leadId, kind: 'opportunity' });
		const [example] = await examples();
		expect(example).toMatchObject({
			data_type: 'lead_qualification',
			label_tier: 2,
			treat_propensity: '0.950',
			exploration_arm: 'exploit',
			lead_key_hash: expect.stringMatching(/^[0-9a-f]{64}$/),
			split: expect.stringMatching(/^(propose|gate)$/),
			input_data: expect.objectContaining({ rules: { 'intent.buying_intent': 12 }, platform: 'whatsapp' }),
			expected_output: { label: 'opportunity', tier: 2 },
			actual_output: expect.objectContaining({ score: 60, classification: 'LEAD_WARM' }),
		});
		expect(JSON.stringify(example)).not.toMatch(/quant|55119|Pessoa/);
	});

	test.each<[string, Record<string, unknown>]>([
		['who speaks to the machine', { injectionFlagged: true }],
		['family and staff', { classification: 'PESSOAL', personalReason: 'familiar' }],
	])('not from %s', async (_, changes) => {
		const { leadId } = await saveLead(database, tenant.id, changes);
		await tell({ leadId, kind: 'ruim' });
		expect(await examples()).toEqual([]);
	});

	test('not from who opted out, before or later', async () => {
		const later = await saveLead(database, tenant.id);
		await tell({ leadId: later.leadId, kind: 'bom' });
		expect(await examples()).toHaveLength(1);
		const optOut = 'update agent_factory.contacts set opted_out_at = now() where id = $1';
		await test_.admin.query(optOut, [later.contactId]);
		expect(await examples()).toEqual([]);
		await tell({ leadId: later.leadId, kind: 'client' });
		expect(await examples()).toEqual([]);
	});

	test('who turns out to be personal leaves the sample for good', async () => {
		const { leadId } = await saveLead(database, tenant.id);
		await tell({ leadId, kind: 'bom' });
		await tell({ leadId, kind: 'pessoal' });
		await tell({ leadId, kind: 'bom' });
		expect(await examples()).toEqual([]);
	});
});

describe('labels', () => {
	const label = async (leadId: string, horizon = 30) =>
		(await inTenant(
			database,
			tenant.id,
			async (db) =>
				await db.one<{ y: number | null; tier: number | null; learnable: boolean }>(
					'select y, tier, learnable from lead_labels($1, $2) where lead_id = $3',
					[tenant.id, horizon, leadId],
				),
		))!;

	test('nobody knows of a lead before its horizon, unless somebody said so', async () => {
		const { leadId } = await saveLead(database, tenant.id);
		expect((await label(leadId)).y).toBeNull();
		await tell({ leadId, kind: 'no_answer' });
		expect((await label(leadId)).y).toBeNull();
		await tell({ leadId, kind: 'bom' });
		expect((await label(leadId)).y).toBeNull();
		await age(test_.admin, leadId, 31);
		expect(await label(leadId)).toMatchObject({ y: 0, tier: null });
	});

	test.each(['ruim', 'pessoal', 'spam', 'concorrente', 'rejected'] as const)('"%s" is a no at once', async (kind) => {
		const { leadId } = await saveLead(database, tenant.id);
		await tell({ leadId, kind });
		expect(await label(leadId)).toMatchObject({
			y: 0,
			tier: kind === 'rejected' ? 3 : 1,
			learnable: kind !== 'pessoal',
		});
	});

	test('a verdict is corrected by the next one, and a sale by nothing', async () => {
		const { leadId } = await saveLead(database, tenant.id);
		await tell({ leadId, kind: 'ruim' });
		await tell({ leadId, kind: 'bom' });
		expect((await label(leadId)).y).toBeNull();
		await tell({ leadId, kind: 'client' });
		await tell({ leadId, kind: 'ruim' });
		expect(await label(leadId)).toMatchObject({ y: 1, tier: 3 });
	});

	test('a sale after the horizon comes too late', async () => {
		const { leadId } = await saveLead(database, tenant.id);
		await age(test_.admin, leadId, 40);
		await tell({ leadId, kind: 'client' });
		expect((await label(leadId)).y).toBe(0);
		expect((await label(leadId, 60)).y).toBe(1);
	});

	test('when two people turn out to be one, what was said of either is said of them', async () => {
		const [kept, gone] = [await saveLead(database, tenant.id), await saveLead(database, tenant.id)];
		await tell({ leadId: gone.leadId, kind: 'client' });
		await inTenant(
			database,
			tenant.id,
			async (db) => await db.one('select merge_contacts($1, $2, $3)', [tenant.id, kept.contactId, gone.contactId]),
		);
		expect(await label(kept.leadId)).toMatchObject({ y: 1, tier: 3 });
	});

	test('a person with many classifications is one label', async () => {
		const { contactId, leadId } = await saveLead(database, tenant.id);
		for (let i = 0; i < 3; i++) await saveLead(database, tenant.id, { contactId });
		await tell({ leadId, kind: 'opportunity' });
		await tell({ leadId, kind: 'client' });
		const found = await inTenant(
			database,
			tenant.id,
			async (db) => await db.all('select * from lead_labels($1)', [tenant.id]),
		);
		expect(found).toHaveLength(1);
	});
});
