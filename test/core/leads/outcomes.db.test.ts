import { randomBytes } from 'node:crypto';
import {
	createVerdictLinks,
	listOutcomes,
	receiveOutcome,
	recordOutcome,
	recordVerdictLink,
	readVerdictLink,
	type NewOutcome,
} from '../../../core/leads';
import type { Database } from '../../../core/database';
import { createWebhookSecret, signWebhook } from '../../../core/notifications';
import { inTenant } from '../../../core/tenancy';
import { createTestDatabase, type TestDatabase } from '../../support/database';
import { databaseFor, dropDatabase, makeTenant, vault, type TestTenant } from '../../support/factory';
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

describe('a verdict link', () => {
	const ports = { vault, now: () => Date.now(), randomBytes };
	const linksFor = (leadId: string, tenantId = tenant.id, at = ports) =>
		createVerdictLinks({ tenantId, leadId, baseUrl: 'https://n8n.example.com/webhook/verdict', actor: 'Rui' }, at);
	const tokenOf = (url: string): string => new URL(url).searchParams.get('token')!;

	test('records its verdict once, by whom it was sent to; opening it records nothing', async () => {
		const { leadId } = await saveLead(database, tenant.id);
		const { links } = linksFor(leadId);
		const token = tokenOf(links.bom);
		expect(readVerdictLink(token, ports)).toMatchObject({ verdict: 'bom', leadId, actor: 'Rui' });
		expect(await listOutcomes(database, tenant.id)).toEqual([]);
		expect(await recordVerdictLink(database, token, ports)).toMatchObject({ kind: 'bom', created: true });
		expect(await recordVerdictLink(database, token, ports)).toMatchObject({ created: false });
		await recordVerdictLink(database, tokenOf(links.spam), ports);
		expect(await listOutcomes(database, tenant.id)).toMatchObject([
			{ kind: 'spam', actor: 'Rui', source: 'person' },
			{ kind: 'bom' },
		]);
	});

	test('is refused after a week, changed, or made up', async () => {
		const { leadId } = await saveLead(database, tenant.id);
		const old = linksFor(leadId, tenant.id, { ...ports, now: () => Date.now() - 8 * 86_400_000 });
		expect(() => readVerdictLink(tokenOf(old.links.bom), ports)).toThrow(
			expect.objectContaining({ code: 'VERDICT_LINK_EXPIRED' }),
		);
		const token = tokenOf(linksFor(leadId).links.bom);
		const middle = Math.floor(token.length / 2);
		const changed = `${token.slice(0, middle)}${token[middle] === 'A' ? 'B' : 'A'}${token.slice(middle + 1)}`;
		for (const wrong of [changed, 'v1.x.y', '', vault.encrypt('{}', 'verdict_links'), vault.encrypt('token', 'other')])
			expect(() => readVerdictLink(wrong, ports)).toThrow(expect.objectContaining({ code: 'VERDICT_LINK_INVALID' }));
	});

	test("of one tenant reaches no other tenant's lead", async () => {
		const { leadId } = await saveLead(database, tenant.id);
		const other = await makeTenant(database);
		const token = tokenOf(linksFor(leadId, other.id).links.bom);
		await expect(recordVerdictLink(database, token, ports)).rejects.toMatchObject({ code: 'NOT_FOUND' });
	});
});

describe("a CRM's webhook", () => {
	const ports = { vault, now: () => Date.now() };
	const signed = (secret: string, body: unknown, id = 'evt_1', at = Date.now()) => {
		const rawBody = Buffer.from(JSON.stringify(body));
		return { rawBody, headers: { ...signWebhook(secret, id, at, rawBody) } };
	};

	test('moves the stage, once a delivery id, and is refused when changed, old or unsigned', async () => {
		const { leadId } = await saveLead(database, tenant.id);
		const { secret } = await createWebhookSecret(database, tenant.id, 'crm', { vault, randomBytes });
		const body = { type: 'deal.moved', data: { leadId, stage: 'Proposta', actor: 'Pipedrive' } };
		const request = signed(secret, body);
		expect(await receiveOutcome(database, tenant.id, request, ports)).toMatchObject({
			created: true,
			stage: 'proposal',
		});
		expect(await receiveOutcome(database, tenant.id, request, ports)).toMatchObject({ created: false });
		expect(await listOutcomes(database, tenant.id)).toMatchObject([{ source: 'crm', actor: 'Pipedrive' }]);

		const refusals = [
			{ ...request, rawBody: Buffer.from(JSON.stringify({ data: { leadId, stage: 'Fechado' } })) },
			signed(secret, body, 'evt_2', Date.now() - 400_000),
			{ ...request, headers: {} },
			signed('whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw', body),
		];
		for (const refused of refusals)
			await expect(receiveOutcome(database, tenant.id, refused, ports)).rejects.toMatchObject({
				code: 'WEBHOOK_REFUSED',
			});
	});

	test.each<[string, unknown]>([
		['no JSON', 'x'],
		['no lead', { data: { stage: 'Proposta' } }],
		['nothing to say', { data: { leadId: '3f0c8e2a-7c1d-4f6e-9b1a-2d5e8c7f4a10' } }],
	])('with %s is answered with what is missing', async (_, body) => {
		const { secret } = await createWebhookSecret(database, tenant.id, 'crm', { vault, randomBytes });
		const request = signed(secret, body);
		await expect(receiveOutcome(database, tenant.id, request, ports)).rejects.toMatchObject({
			code: 'OUTCOME_INVALID',
		});
	});

	test('without a secret is refused', async () => {
		await expect(
			receiveOutcome(database, tenant.id, { rawBody: Buffer.from('{}'), headers: {} }, ports),
		).rejects.toMatchObject({ code: 'WEBHOOK_REFUSED' });
	});
});
