import {
	activeScorer,
	classifyTurns,
	recordOutcome,
	tenantScoreMeaning,
	trainTenantScorer,
	updateLeadSettings,
	type LabelledLead,
} from '../../../core/leads';
import type { Database } from '../../../core/database';
import { inTenant } from '../../../core/tenancy';
import { createTestDatabase, type TestDatabase } from '../../support/database';
import { databaseFor, dropDatabase, makeTenant, type TestTenant } from '../../support/factory';
import { freshKey, saveLead } from './lead-story';
import { turnsFor } from './turns';
import { NO_SIGNAL, simulateLeads, WRONG_RULES } from '../../../bench/support/simulated-leads';

let test_: TestDatabase;
let database: Database;

beforeAll(async () => {
	test_ = await createTestDatabase();
	database = databaseFor(test_);
});
afterAll(async () => await dropDatabase(database, test_));

/** A tenant with these leads, in their order of time, and what became of them. */
async function tenantWith(leads: readonly LabelledLead[]): Promise<TestTenant> {
	const tenant = await makeTenant(database);
	await test_.admin.query(
		`with person as (
			insert into agent_factory.contacts (tenant_id, phone) select $1::uuid, '55119' || i from generate_series(1, $3) i returning id, phone
		), lead as (
			insert into agent_factory.leads (tenant_id, contact_id, classification, lead_score, fit_score, intent_score, created_at)
				select $1, id, 'LEAD_WARM', 50, 25, 25, now() - interval '200 days' + make_interval(hours => substr(phone, 6)::integer) from person
				returning id, contact_id, created_at
		), classified as (
			insert into agent_factory.classified_leads (tenant_id, lead_id, platform, username, message_timestamp, classification, icp_score, fit_score, intent_score,
					confidence, decided_by, treatment, score_breakdown, created_at)
				select $1, lead.id, r ->> 'platform', phone, lead.created_at, case when (r ->> 'isHot')::boolean then 'LEAD_HOT' else 'LEAD_WARM' end,
					(r ->> 'score')::integer, 25, 25, 0.8, 'rules', 'standard', r -> 'points', lead.created_at
				from lead join person on person.id = lead.contact_id cross join lateral (select $2::jsonb -> (substr(phone, 6)::integer - 1) as r) x
				returning id, lead_id, username
		)
		insert into agent_factory.lead_outcomes (tenant_id, lead_id, classified_lead_id, kind, source, actor, happened_at, idempotency_key)
			select $1, lead_id, id, 'client', 'person', 'Rui', now() - interval '190 days' + make_interval(hours => substr(username, 6)::integer), username
			from classified where ($2::jsonb -> (substr(username, 6)::integer - 1) ->> 'y') = '1'`,
		[tenant.id, JSON.stringify(leads), leads.length],
	);
	return tenant;
}

const scorerOf = async (tenant: TestTenant) =>
	await inTenant(database, tenant.id, async (db) => await activeScorer(db));
const models = async (tenant: TestTenant) =>
	(
		await test_.admin.query(
			"select model_version, is_active, beats_rules, training_data_count, accuracy_score from agent_factory.lead_scoring_models where tenant_id = $1 and model_name <> 'rules' order by created_at",
			[tenant.id],
		)
	).rows;

test('a tenant whose rules are wrong gets a scorer of its own; the next training retires the one before', async () => {
	const tenant = await tenantWith(simulateLeads(WRONG_RULES, 400, 11));
	expect(await scorerOf(tenant)).toBeNull();
	const first = await trainTenantScorer(database, tenant.id);
	expect(first).toMatchObject({ active: true, version: 'v1', training: { trained: true, beatsRules: true } });
	expect(await scorerOf(tenant)).toMatchObject({ version: 'v1', id: first.id });
	await trainTenantScorer(database, tenant.id);
	expect(await models(tenant)).toMatchObject([
		{ model_version: 'v1', is_active: false, training_data_count: 400 },
		{ model_version: 'v2', is_active: true, beats_rules: true, accuracy_score: expect.stringMatching(/^0\.[5-9]/) },
	]);
	await test_.admin.query(
		'insert into agent_factory.lead_settings (tenant_id, learned_scorer_enabled) values ($1, false)',
		[tenant.id],
	);
	expect(await scorerOf(tenant)).toBeNull();
});

test('a lead of a tenant with a scorer gets the learned score, which says so among its points', async () => {
	const tenant = await tenantWith(simulateLeads(WRONG_RULES, 400, 11));
	await trainTenantScorer(database, tenant.id);
	await updateLeadSettings(database, tenant.id, { modelEnabled: false });
	const turns = await turnsFor(database, tenant, 'Quanto custa o plano? Quero contratar hoje');
	const [result] = await classifyTurns(database, turns, {
		llm: async () => await Promise.reject(new Error('no model')),
		fence: () => 'fence',
	});
	expect(result).toMatchObject({ result: 'classified', lead: { decidedBy: 'learned' } });
	const { rows } = await test_.admin.query(
		`select score_breakdown @> '[{"rule": "learned_scorer"}]' as told from agent_factory.classified_leads where tenant_id = $1 and turn_id is not null`,
		[tenant.id],
	);
	expect(rows).toEqual([{ told: true }]);
});

test('where nothing can be learned the version is kept with its figures, and the rules decide on', async () => {
	const tenant = await tenantWith(simulateLeads(NO_SIGNAL, 200, 3));
	expect(await trainTenantScorer(database, tenant.id)).toMatchObject({ active: false, version: 'v1' });
	expect(await models(tenant)).toMatchObject([{ is_active: false, beats_rules: false }]);
	expect(await scorerOf(tenant)).toBeNull();
});

test('a scorer that no longer beats the rules takes its predecessor with it', async () => {
	const tenant = await tenantWith(simulateLeads(NO_SIGNAL, 200, 3));
	await test_.admin.query(
		`insert into agent_factory.lead_scoring_models (tenant_id, model_name, model_version, training_data_count, weights, calibration, model_metrics, rule_metrics, beats_rules, is_active)
			values ($1, 'logistic', 'v1', 100, '{}', '{}', '{}', '{}', true, true)`,
		[tenant.id],
	);
	await trainTenantScorer(database, tenant.id);
	expect(await models(tenant)).toMatchObject([{ is_active: false }, { model_version: 'v2', is_active: false }]);
});

test('a tenant with 20 labels trains nothing', async () => {
	const tenant = await tenantWith(simulateLeads(WRONG_RULES, 20, 1));
	expect(await trainTenantScorer(database, tenant.id)).toMatchObject({
		active: false,
		version: null,
		training: { n: 20 },
	});
	expect(await models(tenant)).toEqual([]);
});

test('no version that lost to the rules can be put to work', async () => {
	const tenant = await tenantWith(simulateLeads(NO_SIGNAL, 200, 3));
	const { id } = await trainTenantScorer(database, tenant.id);
	const activate = async (sql: string) =>
		await inTenant(database, tenant.id, async (db) => await db.all(sql, [tenant.id, id]));
	expect(await activate('select activate_scoring_model($1, $2) as done')).toEqual([{ done: false }]);
	await expect(
		activate('update lead_scoring_models set is_active = true where tenant_id = $1 and id = $2'),
	).rejects.toMatchObject({ code: 'VALUE_REFUSED' });
});

test('a weight that is no number decides nothing', async () => {
	const tenant = await tenantWith(simulateLeads(WRONG_RULES, 400, 11));
	await trainTenantScorer(database, tenant.id);
	await test_.admin.query(
		`update agent_factory.lead_scoring_models set weights = '{"intercept": "NaN", "weights": {}}' where tenant_id = $1`,
		[tenant.id],
	);
	expect(await scorerOf(tenant)).toBeNull();
});

test('a score means the share of leads that were won with it', async () => {
	const tenant = await tenantWith(
		Array.from({ length: 50 }, (_, i) => ({ ...simulateLeads(NO_SIGNAL, 1, 1)[0], score: 80, y: i < 17 ? 1 : 0 })),
	);
	const { leadId } = await saveLead(database, tenant.id, { icpScore: 80 });
	expect(await tenantScoreMeaning(database, tenant.id, [80, 20])).toMatchObject([
		{ text: '80 = 34 % won here (n = 50)', won: 17 },
		{ text: '20 = not known yet (n = 0)' },
	]);
	await recordOutcome(database, tenant.id, {
		leadId,
		kind: 'client',
		source: 'crm',
		actor: 'crm',
		idempotencyKey: freshKey(),
	});
	expect(await tenantScoreMeaning(database, tenant.id, [80])).toMatchObject([{ n: 51, won: 18 }]);
});
