import { recordOutcome } from '../../../../core/leads';
import type { Database } from '../../../../core/database';
import { inTenant } from '../../../../core/tenancy';
import { createTestDatabase, type TestDatabase } from '../../../support/database';
import { databaseFor, dropDatabase, makeTenant, type TestTenant } from '../../../support/factory';
import { freshKey, saveLead } from '../../leads/lead-story';
import { ask, storedIntegration } from './support';

let test_: TestDatabase;
let database: Database;
let tenant: TestTenant;
let crm: string;

beforeAll(async () => {
	test_ = await createTestDatabase();
	database = databaseFor(test_);
});
beforeEach(async () => {
	tenant = await makeTenant(database);
	crm = await storedIntegration(test_.admin, tenant.id);
});
afterAll(async () => await dropDatabase(database, test_));

const rows = async (sql: string): Promise<any[]> => (await test_.admin.query(sql, [tenant.id])).rows;
const jobs = async (): Promise<string[]> =>
	(
		await rows(
			`select job_type from agent_factory.background_jobs where tenant_id = $1 and job_type like 'crm.%' order by created_at, job_type`,
		)
	).map(({ job_type }) => job_type);
const link = async (): Promise<any> =>
	(await rows(`select * from agent_factory.crm_links where tenant_id = $1 and entity = 'deal'`))[0];
const leadStage = async (leadId: string): Promise<string> =>
	(await rows(`select id, stage from agent_factory.leads where tenant_id = $1`)).find(({ id }) => id === leadId).stage;
const tell = async (leadId: string, what: object): Promise<void> =>
	void (await recordOutcome(database, tenant.id, {
		...{ leadId, source: 'person', actor: 'Rui', idempotencyKey: freshKey() },
		...what,
	}));
const created = async (leadId: string, stage = '10', at = '2026-11-20T10:00:00Z'): Promise<void> => {
	const attempts = await ask<number>(database, tenant.id, 'begin_crm_create($1, $2, $3, $4, $5)', [
		...[tenant.id, crm, leadId, 'deal', 0],
	]);
	expect(attempts).toBe(1);
	await ask(database, tenant.id, 'keep_crm_link($1, $2, $3, $4, $5)', [
		...[tenant.id, crm, leadId, 'deal', { externalId: 'd1', stage, status: 'open', at }],
	]);
};
const change = async (what: object): Promise<any> =>
	await ask(database, tenant.id, 'apply_crm_change($1, $2, $3)', [tenant.id, crm, { externalId: 'd1', ...what }]);

describe('a lead that qualifies', () => {
	test('wants one deal and one job, however often it turns hot; a warm one none', async () => {
		await saveLead(database, tenant.id);
		expect(await jobs()).toEqual([]);
		const lead = await saveLead(database, tenant.id, { classification: 'LEAD_HOT' });
		await saveLead(database, tenant.id, { contactId: lead.contactId, classification: 'LEAD_WARM' });
		await saveLead(database, tenant.id, { contactId: lead.contactId, classification: 'LEAD_HOT' });
		await ask(database, tenant.id, 'want_crm_deal($1, $2, $3)', [tenant.id, crm, lead.leadId]);
		expect(await jobs()).toEqual(['crm.deal']);
		expect(await link()).toMatchObject({ lead_id: lead.leadId, state: 'wanted', attempts: 0 });
	});

	test('by stage: reaching it or passing it, and not by being hot', async () => {
		await test_.admin.query(
			`update agent_factory.crm_integrations set create_on = 'stage', create_on_stage = 'proposal' where id = $1`,
			[crm],
		);
		const { leadId } = await saveLead(database, tenant.id, { classification: 'LEAD_HOT' });
		await tell(leadId, { stage: 'Contato' });
		expect(await jobs()).toEqual([]);
		await tell(leadId, { stage: 'Negociação' });
		expect(await jobs()).toEqual(['crm.deal']);
	});

	test('is left alone by a CRM that was disconnected', async () => {
		await test_.admin.query('update agent_factory.crm_integrations set is_active = false where id = $1', [crm]);
		await saveLead(database, tenant.id, { classification: 'LEAD_HOT' });
		expect(await jobs()).toEqual([]);
	});

	test('keeps its deal when two people turn out to be one', async () => {
		const known = await saveLead(database, tenant.id);
		const lead = await saveLead(database, tenant.id, { classification: 'LEAD_HOT' });
		await created(lead.leadId);
		await inTenant(
			database,
			tenant.id,
			async (db) => await db.one('select merge_contacts($1, $2, $3)', [tenant.id, known.contactId, lead.contactId]),
		);
		expect(await rows('select lead_id, external_id from agent_factory.crm_links where tenant_id = $1')).toEqual([
			{ lead_id: known.leadId, external_id: 'd1' },
		]);
	});
});

describe('the right to send a create', () => {
	test('is given to one of two who read the same, and says unknown before anything is sent', async () => {
		const { leadId } = await saveLead(database, tenant.id, { classification: 'LEAD_HOT' });
		const begin = async (attempts: number): Promise<number | null> =>
			await ask(database, tenant.id, 'begin_crm_create($1, $2, $3, $4, $5)', [
				...[tenant.id, crm, leadId, 'deal', attempts],
			]);
		expect((await Promise.all([begin(0), begin(0)])).sort()).toEqual([1, null]);
		expect(await link()).toMatchObject({ state: 'unknown', attempts: 1 });
		expect(await begin(1)).toBe(2);
		await ask(database, tenant.id, 'keep_crm_link($1, $2, $3, $4, $5)', [
			...[tenant.id, crm, leadId, 'deal', { externalId: 'd1', stage: '10', status: 'open' }],
		]);
		expect(await begin(2)).toBeNull();
	});
});

describe('a move', () => {
	test('of ours goes to the CRM once, and not what is there already', async () => {
		const { leadId } = await saveLead(database, tenant.id, { classification: 'LEAD_HOT' });
		await created(leadId);
		await tell(leadId, { stage: 'Proposta' });
		expect(await jobs()).toEqual(['crm.deal', 'crm.stage']);
		expect(await ask(database, tenant.id, 'crm_wanted($1, $2, $3)', [tenant.id, crm, leadId])).toEqual({
			status: 'open',
			stage: '30',
		});
		const pushed = { externalId: 'd1', stage: '30', status: 'open', at: '2026-11-20T11:00:00Z' };
		expect(await ask(database, tenant.id, 'note_crm_push($1, $2, $3, $4)', [tenant.id, crm, leadId, pushed])).toBe(
			false,
		);
		await tell(leadId, { kind: 'rejected' });
		expect(await ask(database, tenant.id, 'crm_wanted($1, $2, $3)', [tenant.id, crm, leadId])).toMatchObject({
			status: 'lost',
		});
		expect(await jobs()).toEqual(['crm.deal', 'crm.stage', 'crm.stage']);
	});

	test('of theirs moves the lead once, in any order, and is not sent back', async () => {
		const { leadId } = await saveLead(database, tenant.id, { classification: 'LEAD_HOT' });
		await created(leadId);
		const moved = { stage: '30', status: 'open', at: '2026-11-20T12:00:00Z' };
		expect(await change(moved)).toMatchObject({ result: 'recorded', kind: 'opportunity', stage: 'proposal' });
		expect(await change(moved)).toEqual({ result: 'known' });
		expect(await change({ stage: '20', status: 'open', at: '2026-11-20T11:00:00Z' })).toEqual({ result: 'old' });
		expect(await leadStage(leadId)).toBe('proposal');
		expect(await change({ stage: '30', status: 'won', at: '2026-11-20T13:00:00Z' })).toMatchObject({ kind: 'client' });
		expect(await leadStage(leadId)).toBe('closed');
		expect(await jobs()).toEqual(['crm.deal']);
		expect(
			await rows('select kind, source, actor from agent_factory.lead_outcomes where tenant_id = $1 order by id'),
		).toEqual([
			{ kind: 'opportunity', source: 'crm', actor: 'pipedrive' },
			{ kind: 'client', source: 'crm', actor: 'pipedrive' },
		]);
		expect(
			await rows(
				`select event_type from agent_factory.analytics_events where tenant_id = $1 and event_type like 'deal.%' order by event_type`,
			),
		).toEqual([{ event_type: 'deal.created' }, { event_type: 'deal.stage_changed' }, { event_type: 'deal.won' }]);
	});

	test('that comes back as the echo of ours changes nothing', async () => {
		const { leadId } = await saveLead(database, tenant.id, { classification: 'LEAD_HOT' });
		await created(leadId);
		await tell(leadId, { stage: 'Proposta' });
		expect(await change({ stage: '30', status: 'open', at: '2026-11-20T12:00:00Z' })).toMatchObject({ result: 'same' });
		expect(await rows('select kind from agent_factory.lead_outcomes where tenant_id = $1')).toHaveLength(1);
	});

	test('lost there and opened again makes the lead live again', async () => {
		const { leadId } = await saveLead(database, tenant.id, { classification: 'LEAD_HOT' });
		await created(leadId);
		expect(await change({ stage: '10', status: 'lost', at: '2026-11-20T12:00:00Z' })).toMatchObject({
			kind: 'rejected',
		});
		expect(await change({ stage: '10', status: 'open', at: '2026-11-20T13:00:00Z' })).toMatchObject({ kind: 'stage' });
		expect(await ask(database, tenant.id, 'crm_wanted($1, $2, $3)', [tenant.id, crm, leadId])).toMatchObject({
			status: 'open',
		});
		expect(await jobs()).toEqual(['crm.deal']);
	});

	test('of the same second is asked about, and the answer counts', async () => {
		const { leadId } = await saveLead(database, tenant.id, { classification: 'LEAD_HOT' });
		await created(leadId);
		const moved = { stage: '20', status: 'open', at: '2026-11-20T10:00:00Z' };
		expect(await change(moved)).toEqual({ result: 'asked' });
		expect(await jobs()).toEqual(['crm.deal', 'crm.read']);
		expect(await change({ ...moved, isPresent: true })).toMatchObject({ result: 'recorded', stage: 'contact' });
	});

	test('that comes later than a word of ours about a later time sends the deal to the lead', async () => {
		const { leadId } = await saveLead(database, tenant.id, { classification: 'LEAD_HOT' });
		await created(leadId);
		await tell(leadId, { stage: 'Negociação' });
		await ask(database, tenant.id, 'note_crm_push($1, $2, $3, $4)', [
			...[tenant.id, crm, leadId, { externalId: 'd1', stage: '40', status: 'open', at: '2026-11-20T11:00:00Z' }],
		]);
		await change({ stage: '20', status: 'open', at: '2026-11-20T12:00:00Z' });
		expect(await leadStage(leadId)).toBe('negotiation');
		expect((await jobs()).filter((type) => type === 'crm.stage')).toHaveLength(2);
	});

	test.each([
		['of a deal that is not ours', { externalId: 'd2', stage: '20', status: 'open' }, 'not_ours'],
		['to a stage that is nobody of ours', { stage: '99', status: 'open', at: '2026-11-20T12:00:00Z' }, 'no_stage'],
	])('%s changes nothing', async (_, what, result) => {
		const { leadId } = await saveLead(database, tenant.id, { classification: 'LEAD_HOT' });
		await created(leadId);
		expect(await change(what)).toMatchObject({ result });
		expect(await leadStage(leadId)).toBe('lead');
	});
});

test('a refused token is said once, and its work is due again when a new one comes', async () => {
	await saveLead(database, tenant.id, { classification: 'LEAD_HOT' });
	const block = async (): Promise<unknown> =>
		await ask(database, tenant.id, 'block_crm_integration($1, $2, $3)', [tenant.id, crm, 'refused']);
	expect([await block(), await block()]).toEqual([true, false]);
	await test_.admin.query(
		`update agent_factory.background_jobs set available_at = now() + interval '1 hour' where tenant_id = $1`,
		[tenant.id],
	);
	expect(await ask(database, tenant.id, 'wake_crm_jobs($1, $2)', [tenant.id, crm])).toBe(1);
});

test('a CRM is asked what changed once a period, and not while its token is refused', async () => {
	const polls = async (): Promise<number> => {
		await database.pool.query('select agent_factory.enqueue_crm_polls(3600)');
		return (await jobs()).length;
	};
	expect([await polls(), await polls()]).toEqual([1, 1]);
	await test_.admin.query('update agent_factory.crm_integrations set blocked_at = now() where id = $1', [crm]);
	await test_.admin.query('delete from agent_factory.background_jobs where tenant_id = $1', [tenant.id]);
	expect(await polls()).toBe(0);
});
