import { createDealFor, listIntegrations, mapStages, markOf, receiveWebhook, runCrmWork } from '../../../../core/crm';
import type { Database } from '../../../../core/database';
import { requeueJob } from '../../../../core/jobs';
import { recordOutcome } from '../../../../core/leads';
import { createTestDatabase, type TestDatabase } from '../../../support/database';
import { databaseFor, dropDatabase, makeTenant, type TestTenant } from '../../../support/factory';
import { freshKey, saveLead, type SavedLead } from '../../leads/lead-story';
import { connect, pass, pipedrive, ports, rdStation, work, type StandIn } from './support';

let test_: TestDatabase;
let database: Database;
let tenant: TestTenant;
let crm: StandIn;
let integrationId: string;
let webhookKey: string;

beforeAll(async () => {
	test_ = await createTestDatabase();
	database = databaseFor(test_);
});
afterAll(async () => await dropDatabase(database, test_));
afterEach(async () => await crm.close());

const start = async (make: () => Promise<StandIn>): Promise<void> => {
	crm = await make();
	tenant = await makeTenant(database);
	const connected = await connect(database, tenant.id, crm);
	integrationId = connected.integration.id;
	webhookKey = connected.webhookKey!;
};
const rows = async (sql: string): Promise<any[]> => (await test_.admin.query(sql, [tenant.id])).rows;
const hot = async (): Promise<SavedLead> => await saveLead(database, tenant.id, { classification: 'LEAD_HOT' });
const tell = async (leadId: string, what: object): Promise<void> =>
	void (await recordOutcome(database, tenant.id, {
		...{ leadId, source: 'person', actor: 'Rui', idempotencyKey: freshKey() },
		...what,
	}));
const run = async () => await work(database, tenant.id);
const later = async () => await pass(test_.admin, tenant.id);
const webhook = async (body: unknown, key = webhookKey) => await receiveWebhook(database, { key, body }, ports);

describe.each([
	['Pipedrive', pipedrive],
	['RD Station', rdStation],
])('%s', (_, make) => {
	beforeEach(async () => await start(make));

	test('a hot lead gets one deal with its person, at the stage that means the same', async () => {
		const lead = await hot();
		expect(await run()).toEqual([['crm.deal', 'completed', null]]);
		expect(crm.deals).toHaveLength(1);
		expect(crm.stageOf(crm.deals[0])).toBe(crm.stages[0]);
		expect(JSON.stringify(crm.deals[0])).toContain(markOf(lead.leadId));
		expect(await run()).toEqual([]);
		expect(await listIntegrations(database, tenant.id)).toMatchObject([{ deals: 1, waiting: 0, lastError: null }]);
	});

	test('the deal was taken and the answer lost: it is found, not made again', async () => {
		await hot();
		crm.fault({ ...crm.creates, fault: 'cut after' });
		expect(await run()).toEqual([['crm.deal', 'queued', 'CRM_AWAY']]);
		expect(crm.deals).toHaveLength(1);
		// At once: found is found, however fresh.
		await test_.admin.query('update agent_factory.background_jobs set available_at = now() where tenant_id = $1', [
			tenant.id,
		]);
		expect(await run()).toEqual([['crm.deal', 'completed', null]]);
		expect(crm.deals).toHaveLength(1);
	});

	test('the answer was lost and nothing is there: nobody sends again before the call must have ended', async () => {
		await hot();
		crm.fault({ ...crm.creates, fault: 'cut before' });
		expect(await run()).toEqual([['crm.deal', 'queued', 'CRM_AWAY']]);
		await test_.admin.query('update agent_factory.background_jobs set available_at = now() where tenant_id = $1', [
			tenant.id,
		]);
		expect(await run()).toEqual([['crm.deal', 'queued', 'CRM_UNSETTLED']]);
		expect(crm.deals).toHaveLength(0);
		await later();
		expect(await run()).toEqual([['crm.deal', 'completed', null]]);
		expect(crm.deals).toHaveLength(1);
	});

	test('a worker that died between the call and its note leaves one deal', async () => {
		await hot();
		expect(await run()).toEqual([['crm.deal', 'completed', null]]);
		// As if the process had been killed before it wrote anything down.
		await test_.admin.query(
			`update agent_factory.crm_links set state = 'unknown', external_id = null, attempted_at = now() where tenant_id = $1`,
			[tenant.id],
		);
		await test_.admin.query(
			`update agent_factory.background_jobs set status = 'running', finished_at = null, available_at = now() where tenant_id = $1`,
			[tenant.id],
		);
		expect(await run()).toEqual([['crm.deal', 'completed', null]]);
		expect(crm.deals).toHaveLength(1);
		expect(await rows('select distinct state from agent_factory.crm_links where tenant_id = $1')).toEqual([
			{ state: 'created' },
		]);
	});

	test('five workers at once make one deal', async () => {
		await hot();
		await Promise.all([run(), run(), run(), run(), run()]);
		const again = async () =>
			await createDealFor(
				database,
				tenant.id,
				{ contactId: (await rows('select contact_id from agent_factory.leads where tenant_id = $1'))[0].contact_id },
				ports,
			);
		const ids = (await Promise.all([again(), again(), again()])).map(({ dealId }) => dealId);
		expect(new Set(ids).size).toBe(1);
		expect(crm.deals).toHaveLength(1);
	});

	test('away for an hour: nothing is lost, and the deal is made once when it is back', async () => {
		await hot();
		crm.fault({ fault: 503, times: Infinity });
		for (let minutes = 0; minutes < 7; minutes++) {
			expect(await run()).toEqual([['crm.deal', 'queued', 'CRM_AWAY']]);
			await later();
		}
		crm.heal();
		expect(await run()).toEqual([['crm.deal', 'completed', null]]);
		expect(crm.deals).toHaveLength(1);
	});

	test('away for longer than all attempts: failed with its reason, and requeued by a person', async () => {
		await hot();
		crm.fault({ fault: 503, times: Infinity });
		for (let attempt = 0; attempt < 12; attempt++) {
			await run();
			await later();
		}
		const [job] = await rows(
			"select id, status, last_error from agent_factory.background_jobs where tenant_id = $1 and job_type = 'crm.deal'",
		);
		expect(job).toMatchObject({ status: 'failed', last_error: expect.stringContaining('HTTP 503') });
		crm.heal();
		expect(await requeueJob(database, tenant.id, job.id)).toBe(true);
		expect(await run()).toEqual([['crm.deal', 'completed', null]]);
		expect(crm.deals).toHaveLength(1);
	});

	test('"too many" holds all work of this CRM as long as it says, and costs no attempt', async () => {
		await hot();
		await hot();
		crm.fault({ fault: 429, headers: { 'retry-after': '600' } });
		expect(new Set((await run()).map(([, , error]) => error))).toContain('CRM_BUSY');
		const before = crm.requests.length;
		await test_.admin.query(
			`update agent_factory.background_jobs set available_at = now() where tenant_id = $1 and finished_at is null`,
			[tenant.id],
		);
		expect((await run()).every(([, status, error]) => status === 'queued' && error === 'CRM_BUSY')).toBe(true);
		expect(crm.requests).toHaveLength(before);
		expect(
			await rows(
				`select max(attempts) as most from agent_factory.background_jobs where tenant_id = $1 and job_type like 'crm.%' and finished_at is null`,
			),
		).toEqual([{ most: 0 }]);
		await later();
		await run();
		expect(crm.deals).toHaveLength(2);
	});

	test.each([401, 403])(
		'a token refused with %i stops the calls, says why once, and a new one wakes the work',
		async (status) => {
			await hot();
			crm.fault({ fault: status });
			expect(await run()).toEqual([['crm.deal', 'queued', 'CRM_BLOCKED']]);
			const before = crm.requests.length;
			for (let times = 0; times < 3; times++) {
				await later();
				expect(await run()).toEqual([['crm.deal', 'queued', 'CRM_BLOCKED']]);
			}
			expect(crm.requests).toHaveLength(before);
			const [shown] = await listIntegrations(database, tenant.id);
			expect(shown.lastError).toContain(`HTTP ${status}`);
			expect(JSON.stringify(shown)).not.toContain(crm.token);
			crm.tokens.add('fresh');
			const { woken, webhookKey: again } = await connect(database, tenant.id, crm, { token: 'fresh' });
			expect([woken, again]).toEqual([1, null]);
			expect(await run()).toEqual([['crm.deal', 'completed', null]]);
		},
	);

	test('a token that does not work is not saved, and stands in no error', async () => {
		const refused = await connect(database, tenant.id, crm, { name: 'other', token: 'wrong-secret' }).catch(
			(error: Error) => error,
		);
		expect(refused).toMatchObject({ code: 'CRM_TOKEN_REFUSED' });
		expect(JSON.stringify([refused, (refused as Error).message])).not.toContain('wrong-secret');
		expect(await listIntegrations(database, tenant.id)).toHaveLength(1);
		expect(await rows('select id from agent_factory.api_keys where tenant_id = $1')).toHaveLength(1);
	});

	test('a stage that is gone there fails with what to do, and is requeued after the mapping was mended', async () => {
		const lead = await hot();
		await test_.admin.query(
			`update agent_factory.crm_integrations set stages = jsonb_build_array(jsonb_build_object('stageId',
				(select stage_id from agent_factory.leads where id = $2), 'externalId', '999')) where id = $1`,
			[integrationId, lead.leadId],
		);
		expect(await run()).toEqual([['crm.deal', 'failed', 'CRM_REFUSED']]);
		const pairs = crm.stages.map((externalId, index) => ({
			stage: ['Lead', 'contato', 'Proposta', 'Negociacao', 'Fechado'][index],
			externalId,
		}));
		await mapStages(database, tenant.id, integrationId, pairs, ports);
		const [{ id }] = await rows(
			"select id from agent_factory.background_jobs where tenant_id = $1 and job_type = 'crm.deal'",
		);
		await requeueJob(database, tenant.id, id);
		expect(await run()).toEqual([['crm.deal', 'completed', null]]);
	});

	test('moves go both ways, each once: ours to the CRM, theirs to the lead', async () => {
		const { leadId } = await hot();
		await run();
		const [deal] = crm.deals;
		await tell(leadId, { stage: 'Proposta' });
		expect(await run()).toEqual([['crm.stage', 'completed', null]]);
		expect(crm.stageOf(deal)).toBe(crm.stages[2]);
		const moved = crm.change(deal, { stage: crm.stages[3] });
		expect(await webhook(moved)).toMatchObject({ result: 'recorded', stage: 'negotiation' });
		expect(await webhook(moved)).toMatchObject({ result: 'known' });
		expect(await webhook(crm.change(deal, { status: 'won' }))).toMatchObject({ result: 'recorded', kind: 'client' });
		expect(await run()).toEqual([]);
		expect(await rows('select kind, source from agent_factory.lead_outcomes where tenant_id = $1 order by id')).toEqual(
			[
				{ kind: 'opportunity', source: 'person' },
				{ kind: 'opportunity', source: 'crm' },
				{ kind: 'client', source: 'crm' },
			],
		);
	});

	test('a refusal and a sale of ours close the deal there', async () => {
		const [lost, won] = [await hot(), await hot()];
		await run();
		await tell(lost.leadId, { kind: 'rejected' });
		await tell(won.leadId, { kind: 'client' });
		await run();
		expect(crm.deals.map(crm.statusOf).sort()).toEqual(['lost', 'won']);
	});

	test('what no webhook told is found by asking', async () => {
		const { leadId } = await hot();
		await run();
		crm.change(crm.deals[0], { stage: crm.stages[2] });
		await test_.admin.query(
			`update agent_factory.crm_integrations set last_sync_at = now() - interval '1 hour' where tenant_id = $1`,
			[tenant.id],
		);
		const runs = await runCrmWork(database, { workerId: 'w', pollEverySeconds: 900 }, ports);
		const asked = runs.filter((one) => one.tenantId === tenant.id);
		expect(asked).toMatchObject([{ type: 'crm.poll', status: 'completed', result: { recorded: 1 } }]);
		expect(await rows(`select stage from agent_factory.leads where tenant_id = $1 and id = '${leadId}'`)).toEqual([
			{ stage: 'proposal' },
		]);
	});

	test('a webhook with a wrong key is refused, one of something else is taken and changes nothing', async () => {
		await hot();
		await run();
		const moved = crm.change(crm.deals[0], { stage: crm.stages[3] });
		const other = await makeTenant(database);
		for (const key of ['', 'x', `${tenant.id}.${'0'.repeat(48)}`, `${other.id}.${webhookKey.split('.')[1]}`])
			await expect(webhook(moved, key)).rejects.toMatchObject({ code: 'WEBHOOK_REFUSED' });
		for (const body of [
			null,
			'x',
			{},
			{ meta: { entity: 'person' }, data: { id: 1 } },
			{ event_name: 'crm_deal_deleted' },
		])
			expect(await webhook(body)).toMatchObject({ result: 'not_a_deal' });
		expect(await rows('select id from agent_factory.lead_outcomes where tenant_id = $1')).toEqual([]);
	});

	test("an agent's deal is made at once, with its title; while the CRM is away it is queued and says so", async () => {
		const { contactId } = await saveLead(database, tenant.id);
		const wanted = { contactId, title: 'Plano anual' };
		crm.fault({ fault: 502, times: Infinity });
		await expect(createDealFor(database, tenant.id, wanted, ports)).rejects.toMatchObject({ code: 'CRM_DEAL_QUEUED' });
		crm.heal();
		await later();
		const { dealId } = await createDealFor(database, tenant.id, wanted, ports);
		await run();
		expect(crm.deals).toHaveLength(1);
		expect(JSON.stringify(crm.deals[0])).toContain('Plano anual');
		expect(await createDealFor(database, tenant.id, wanted, ports)).toMatchObject({ dealId, created: false });
	});
});
