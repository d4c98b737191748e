import { randomUUID } from 'node:crypto';
import type { Database } from '../../../core/database';
import { createPersonaVersion, saveClassifiedLead, type ClassifiedLead } from '../../../core/leads';
import { createTestDatabase, type TestDatabase } from '../../support/database';
import { databaseFor, dropDatabase, makeTenant, type TestTenant } from '../../support/factory';
import { aLead, contact } from './turns';

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

const sql = async <T extends object>(text: string, values: unknown[] = [tenant.id]): Promise<T[]> =>
	(await test_.admin.query<T>(text, values)).rows;
const save = async (lead: ClassifiedLead) => await saveClassifiedLead(database, tenant.id, lead);
const limitTo = async (most: number) =>
	void (await sql('update agent_factory.tenants set max_leads_per_month = $2 where id = $1', [tenant.id, most]));
const counted = async (metric = 'leads') =>
	await sql<{ period: string; value: string }>(
		`select to_char(period_start, 'YYYY-MM-DD') as period, value from agent_factory.usage_counters where tenant_id = $1 and metric = $2`,
		[tenant.id, metric],
	);

test('a classification stands with every column, and its person with where they are now', async () => {
	const persona = await createPersonaVersion(database, tenant.id, { positiveKeywords: ['loja'] }, { activate: true });
	const contactId = await contact(test_.admin, tenant);
	const lead = aLead(contactId, { turnId: 7, personaId: persona.id, personaVersion: persona.version });
	const saved = await save(lead);
	expect(saved).toMatchObject({ created: true, classification: 'LEAD_WARM', score: 50, fit: 40, intent: 60 });
	expect(saved).toMatchObject({ overLimit: false, becameHot: false, points: lead.scoreBreakdown, personaVersion: 1 });
	const [row] = await sql<Record<string, unknown>>('select * from agent_factory.classified_leads where tenant_id = $1');
	expect(row).toMatchObject({
		turn_id: '7',
		persona_version: 1,
		message_text: 'quanto custa?',
		icp_score: 50,
		confidence: '0.80',
		lead_key: 'whatsapp:5511988887777',
		treatment: 'standard',
		response_status: 'skipped',
		profile_data: { bio: 'dona de loja' },
	});
	const [who] = await sql<Record<string, unknown>>(
		`select stage, stage_name, classification, lead_score, score_now from agent_factory.vw_leads where tenant_id = $1`,
	);
	expect(who).toEqual({
		stage: 'lead',
		stage_name: 'Lead',
		classification: 'LEAD_WARM',
		lead_score: 50,
		score_now: 50,
	});
	const [{ leads_classified: leads }] = await sql<{ leads_classified: number }>(
		'select leads_classified from agent_factory.tenant_personas where tenant_id = $1',
	);
	expect(leads).toBe(1);
});

test('a turn is stored and counted once, however often and by however many workers', async () => {
	const lead = aLead(await contact(test_.admin, tenant), { turnId: 11 });
	const all = await Promise.all(Array.from({ length: 8 }, async () => await save(lead)));
	expect(all.filter(({ created }) => created)).toHaveLength(1);
	expect(new Set(all.map(({ id }) => id)).size).toBe(1);
	expect(await save({ ...lead, classification: 'LEAD_HOT', icpScore: 99 })).toMatchObject({
		created: false,
		classification: 'LEAD_WARM',
		score: 50,
	});
	expect(await counted()).toMatchObject([{ value: '1' }]);
});

test('a person counts once a month, however many turns they take', async () => {
	const contactId = await contact(test_.admin, tenant);
	for (const turnId of [1, 2, 3]) await save(aLead(contactId, { turnId }));
	expect(await counted()).toMatchObject([{ value: '1' }]);
	await sql(`update agent_factory.leads set counted_month = '2020-01-01' where tenant_id = $1`);
	await save(aLead(contactId, { turnId: 4 }));
	expect(await counted()).toMatchObject([{ value: '2' }]);
});

test('of twenty persons at once only the plan’s five count; the others are stored, and the tenant is told once', async () => {
	await limitTo(5);
	const people = await Promise.all(Array.from({ length: 20 }, async () => await contact(test_.admin, tenant)));
	const saved = await Promise.all(
		people.map(async (id, n) => await save(aLead(id, { turnId: 100 + n, username: `p${n}` }))),
	);
	expect(saved.filter(({ overLimit }) => !overLimit)).toHaveLength(5);
	expect(saved.filter(({ limitTold }) => limitTold)).toHaveLength(1);
	expect(await counted()).toMatchObject([{ value: '5' }]);
	const told = await sql(
		`select details from agent_factory.audit_events where tenant_id = $1 and event_type = 'plan.leads_limit'`,
	);
	expect(told).toMatchObject([{ details: { limit: 5 } }]);
	expect(await sql('select 1 from agent_factory.classified_leads where tenant_id = $1')).toHaveLength(20);
	// Who was counted stays in, whatever the plan says now.
	const inside = saved.findIndex(({ overLimit }) => !overLimit);
	expect(await save(aLead(people[inside], { turnId: 200, username: `p${inside}` }))).toMatchObject({
		overLimit: false,
	});
});

test('the month begins at midnight of the tenant', async () => {
	const zones = ['Pacific/Kiritimati', 'Etc/GMT+12'];
	const months: string[] = [];
	for (const [n, zone] of zones.entries()) {
		await sql('update agent_factory.tenants set timezone = $2 where id = $1', [tenant.id, zone]);
		await sql('delete from agent_factory.usage_counters where tenant_id = $1');
		await save(aLead(await contact(test_.admin, tenant), { turnId: n + 1, username: zone }));
		const [{ period }] = await counted();
		const [{ month }] = await sql<{ month: string }>(
			`select to_char(date_trunc('month', now() at time zone $1), 'YYYY-MM-DD') as month`,
			[zone],
		);
		expect(period).toBe(month);
		months.push(period);
	}
	expect(months).toHaveLength(2);
});

test('who is no lead takes no place of the plan', async () => {
	await limitTo(1);
	for (const [n, classification] of (['PESSOAL', 'SPAM', 'DESQUALIFICADO'] as const).entries()) {
		const lead = aLead(await contact(test_.admin, tenant), { turnId: n + 1, classification, username: `n${n}` });
		expect(await save(lead)).toMatchObject({ overLimit: false });
	}
	expect(await counted()).toEqual([]);
	await limitTo(0);
	expect(await save(aLead(await contact(test_.admin, tenant), { turnId: 9 }))).toMatchObject({ overLimit: true });
});

test('two turns of one person in one second stand apart, and the person has one row', async () => {
	const contactId = await contact(test_.admin, tenant);
	const both = await Promise.all([1, 2].map(async (turnId) => await save(aLead(contactId, { turnId }))));
	expect(both.map(({ created }) => created)).toEqual([true, true]);
	expect(new Set(both.map(({ leadId }) => leadId)).size).toBe(1);
	const rows = await sql<{ at: string }>(
		`select to_char(message_timestamp, 'SS.US') as at from agent_factory.classified_leads where tenant_id = $1 order by 1`,
	);
	expect(rows.map(({ at }) => at)).toEqual(['00.000000', '00.000001']);
});

test('an import without a turn is stored once a person and time', async () => {
	const contactId = await contact(test_.admin, tenant);
	const [first, again] = [await save(aLead(contactId)), await save(aLead(contactId))];
	expect([first.created, again.created]).toEqual([true, false]);
	expect(again.id).toBe(first.id);
});

test('of family, friends and staff no text is kept; of a client with a running matter it is', async () => {
	const secret = 'mãe, a senha é 1234';
	const personal = { classification: 'PESSOAL', messageText: secret, profileData: { bio: secret } } as const;
	const analysis = {
		reasoning: secret,
		match_keywords: [],
		red_flags: [],
		qualification_signals: [],
		sentiment_analysis: 'neutro' as const,
		next_steps: '',
	};
	for (const [n, personalReason] of (['familiar', 'interno', null, 'cliente_ativo'] as const).entries()) {
		const id = await contact(test_.admin, tenant);
		await save(aLead(id, { ...personal, personalReason, aiAnalysis: analysis, turnId: n + 1, username: `f${n}` }));
	}
	const rows = await sql<Record<string, unknown>>(
		`select to_jsonb(c) as row from agent_factory.classified_leads c where tenant_id = $1 order by turn_id`,
	);
	expect(rows.map(({ row }) => JSON.stringify(row).includes('1234'))).toEqual([false, false, false, true]);
});

test('HOT is news once, and first_hot_at stays', async () => {
	const contactId = await contact(test_.admin, tenant);
	const hot = { classification: 'LEAD_HOT', icpScore: 90 } as const;
	const news: boolean[] = [];
	for (const [turnId, change] of [hot, hot, {}, hot].entries()) {
		news.push((await save(aLead(contactId, { turnId: turnId + 1, ...change }))).becameHot);
	}
	expect(news).toEqual([true, false, false, true]);
});

test('bad input is a typed error and leaves nothing behind', async () => {
	const contactId = await contact(test_.admin, tenant);
	await expect(save(aLead(contactId, { username: null as never }))).rejects.toMatchObject({ code: 'WRONG_STATE' });
	await expect(save(aLead(contactId, { icpScore: 101 }))).rejects.toMatchObject({ code: 'VALUE_REFUSED' });
	await expect(save(aLead(contactId, { confidence: Number.NaN }))).rejects.toMatchObject({
		code: expect.stringMatching(/VALUE_REFUSED|DATABASE_ERROR/),
	});
	await expect(save(aLead(contactId, { classification: 'LEAD_LUKEWARM' as never }))).rejects.toMatchObject({
		code: 'VALUE_REFUSED',
	});
	await expect(save(aLead(randomUUID()))).rejects.toMatchObject({ code: 'NOT_FOUND' });
	await expect(saveClassifiedLead(database, randomUUID(), aLead(contactId))).rejects.toMatchObject({
		code: 'NOT_FOUND',
	});
	expect(await sql('select 1 from agent_factory.leads where tenant_id = $1')).toEqual([]);
	expect(await sql('select 1 from agent_factory.classified_leads where tenant_id = $1')).toEqual([]);
	expect(await counted()).toEqual([]);
});

test('a tenant can neither store a lead for another’s contact nor see one', async () => {
	const other = await makeTenant(database);
	const theirs = await contact(test_.admin, other);
	await expect(save(aLead(theirs))).rejects.toMatchObject({ code: 'NOT_FOUND' });
	await saveClassifiedLead(database, other.id, aLead(theirs));
	expect(await sql('select 1 from agent_factory.classified_leads where tenant_id = $1')).toEqual([]);
});

test('two contacts that turn out to be one are one lead, counted once', async () => {
	const [keep, merge] = [await contact(test_.admin, tenant), await contact(test_.admin, tenant)];
	await save(aLead(keep, { turnId: 1 }));
	await save(aLead(merge, { turnId: 2, classification: 'LEAD_HOT', icpScore: 90, username: 'other' }));
	await sql('select agent_factory.merge_contacts($1, $2, $3)', [tenant.id, keep, merge]);
	const shown = await sql<{ contact_id: string; first_hot_at: Date | null }>(
		'select contact_id, first_hot_at from agent_factory.vw_leads where tenant_id = $1',
	);
	expect(shown).toEqual([{ contact_id: keep, first_hot_at: expect.any(Date) }]);
	const [{ leads }] = await sql<{ leads: number }>(
		'select count(distinct lead_id)::int as leads from agent_factory.classified_leads where tenant_id = $1',
	);
	expect(leads).toBe(1);

	const [alone, known] = [await contact(test_.admin, tenant), await contact(test_.admin, tenant)];
	await save(aLead(known, { turnId: 3, username: 'third' }));
	await sql('select agent_factory.merge_contacts($1, $2, $3)', [tenant.id, alone, known]);
	expect(
		await sql('select 1 from agent_factory.leads where tenant_id = $1 and contact_id = $2', [tenant.id, alone]),
	).toHaveLength(1);
});
