import type { Database } from '../../../core/database';
import { removeMember } from '../../../core/tenancy';
import { createTestDatabase, type TestDatabase } from '../../support/database';
import { databaseFor, dropDatabase, makeTenant, type TestTenant } from '../../support/factory';
import { approveTemplate, callAs, formLead, importOne, member } from './import-story';

let test_: TestDatabase;
let database: Database;
let tenant: TestTenant;

beforeAll(async () => {
	test_ = await createTestDatabase();
	database = databaseFor(test_);
});
beforeEach(async () => void (tenant = await makeTenant(database)));
afterAll(async () => await dropDatabase(database, test_));

const rows = async (sql: string, values: unknown[] = [tenant.id]) => (await test_.admin.query(sql, values)).rows;
const call = async <T = any>(sql: string, values: unknown[]): Promise<T> =>
	await callAs(database, tenant.id, sql, values);

describe('a lead of a form', () => {
	test('is filed once, however often and however many at once bring it', async () => {
		const lead = formLead();
		const results = await Promise.all(
			Array.from({ length: 8 }, async () => await importOne(database, tenant.id, lead)),
		);
		expect(results.filter(({ created }) => created)).toHaveLength(1);
		expect(new Set(results.map(({ leadId }) => leadId)).size).toBe(1);
		expect(
			await rows(`select (select count(*)::int from agent_factory.contacts where tenant_id = $1) as contacts,
				(select count(*)::int from agent_factory.leads where tenant_id = $1) as leads,
				(select count(*)::int from agent_factory.consent_events where tenant_id = $1) as consents,
				(select count(*)::int from agent_factory.analytics_events where tenant_id = $1 and event_type = 'form.imported') as events`),
		).toEqual([{ contacts: 1, leads: 1, consents: 1, events: 1 }]);
		expect(
			await rows(
				'select classification, lead_score, fit_score, intent_score, source from agent_factory.leads where tenant_id = $1',
			),
		).toEqual([{ classification: 'LEAD_WARM', lead_score: 45, fit_score: 0, intent_score: 45, source: 'ad' }]);
	});

	test('is the person who writes later, with or without the ninth digit', async () => {
		const { contactId } = await importOne(database, tenant.id, formLead({ phone: '5511987654321' }));
		const resolve = async (phone: string) =>
			await call('resolve_contact($1, $2)', [tenant.id, JSON.stringify({ phone })]);
		expect(await resolve('551187654321')).toBe(contactId);
		expect(await resolve('5511987654321')).toBe(contactId);
		const known = await call<string>('resolve_contact($1, $2)', [tenant.id, JSON.stringify({ phone: '551187650000' })]);
		expect((await importOne(database, tenant.id, formLead({ phone: '5511987650000' }))).contactId).toBe(known);
	});

	test('with an e-mail alone is found again by it and not greeted', async () => {
		const lead = { phone: null, email: 'ana@example.com' };
		const first = await importOne(database, tenant.id, formLead(lead));
		const second = await importOne(database, tenant.id, formLead(lead));
		expect(second).toMatchObject({ created: true, contactId: first.contactId, leadId: first.leadId });
	});

	test('a refusal after the form stands; a form after the refusal lifts it; a list never does', async () => {
		const phone = '5511988880001';
		const { contactId } = await importOne(database, tenant.id, formLead({ phone }));
		await call('record_consent($1, $2, $3, false, $4, null)', [tenant.id, contactId, 'service', 'opt_out_word']);
		const optedOut = async () =>
			(await rows('select opted_out_at is not null as is from agent_factory.contacts where id = $1', [contactId]))[0]
				.is;
		await importOne(database, tenant.id, formLead({ phone, occurredAt: '2020-01-01T00:00:00Z' }));
		expect(await optedOut()).toBe(true);
		await importOne(database, tenant.id, formLead({ phone, platform: 'file' }));
		expect(await optedOut()).toBe(true);
		await importOne(database, tenant.id, formLead({ phone }));
		expect(await optedOut()).toBe(false);
	});

	test('is greeted by an approved template in a conversation of its own, and says why not', async () => {
		const lead = formLead();
		await importOne(database, tenant.id, lead);
		const prepare = async (key = lead.key) => await call('prepare_greeting($1, $2, $3)', [tenant.id, 'facebook', key]);
		expect(await prepare()).toEqual({ firstContact: 'no_template' });
		const templateId = await approveTemplate(test_.admin, tenant.id);
		expect(await prepare()).toMatchObject({ firstContact: 'due', templateId, leadName: 'Ana' });
		await rows("update agent_factory.lead_imports set created_at = now() - interval '2 days' where tenant_id = $1");
		expect(await prepare()).toEqual({ firstContact: 'too_late' });
		const other = formLead({ phone: null, email: 'b@example.com' });
		await importOne(database, tenant.id, other);
		expect(await prepare(other.key)).toEqual({ firstContact: 'no_phone' });
	});
});

describe('assignment', () => {
	const save = async (rules: object[]) =>
		await call('save_assignment_rules($1, $2)', [tenant.id, JSON.stringify(rules)]);
	const anyone = { triggers: ['import'], classifications: [], sources: [], channels: [] };

	test('goes around evenly, ten at once too, and passes over who has left', async () => {
		const people = [await member(database, tenant, 'a'), await member(database, tenant, 'b')];
		await save([{ ...anyone, name: 'all', userIds: people }]);
		await Promise.all(Array.from({ length: 10 }, async () => await importOne(database, tenant.id)));
		const shares = await rows(
			'select assigned_user_id as id, count(*)::int as n from agent_factory.leads where tenant_id = $1 group by 1 order by n',
		);
		expect(shares.map(({ n }) => n)).toEqual([5, 5]);
		await removeMember(database, tenant.id, people[0]);
		const { leadId } = await importOne(database, tenant.id);
		expect(await rows('select assigned_user_id as id from agent_factory.leads where id = $1', [leadId])).toEqual([
			{ id: people[1] },
		]);
	});

	test('takes the first rule that fits, and refuses strangers', async () => {
		const [a, b] = [await member(database, tenant, 'a'), await member(database, tenant, 'b')];
		await save([
			{ ...anyone, name: 'files', sources: ['import'], userIds: [a] },
			{ ...anyone, name: 'ads', sources: ['ad'], userIds: [b] },
		]);
		const { leadId } = await importOne(database, tenant.id);
		expect(await rows('select assigned_user_id as id from agent_factory.leads where id = $1', [leadId])).toEqual([
			{ id: b },
		]);
		expect(await call('assign_lead($1, $2, $3)', [tenant.id, leadId, 'now'])).toBe(b);
		const other = await makeTenant(database);
		const stranger = await member(database, other, 'c');
		await expect(save([{ ...anyone, name: 'x', userIds: [stranger] }])).rejects.toMatchObject({ code: 'WRONG_STATE' });
	});
});

test('costs and leads meet by campaign, also where a click tells the ad alone', async () => {
	await importOne(database, tenant.id);
	const { leadId } = await importOne(
		database,
		tenant.id,
		formLead({ referral: { source_type: 'ad', source_id: 'ad-1', ctwa_clid: 'c' } }),
	);
	await call('record_outcome($1, $2)', [tenant.id, JSON.stringify({ leadId, kind: 'client', idempotencyKey: 'k' })]);
	const cost = {
		platform: 'facebook',
		campaignId: 'camp-1',
		name: 'Verão',
		day: '2026-11-20',
		spend: 50,
		currency: 'BRL',
	};
	const save = async (list: object[]) => await call('save_marketing_costs($1, $2)', [tenant.id, JSON.stringify(list)]);
	await save([cost]);
	await save([cost, { ...cost, adId: 'ad-2' }]);
	expect(await call('(select jsonb_agg(r) from vw_campaign_roi r where tenant_id = $1)', [tenant.id])).toEqual([
		expect.objectContaining({
			campaign_id: 'camp-1',
			campaign_name: 'Verão',
			leads: 2,
			clients: 1,
			spend: 100,
			cost_per_lead: 50,
			cost_per_client: 100,
			cost_per_hot: null,
		}),
	]);
	await expect(save([{ ...cost, day: '2026-11-21', currency: 'USD' }])).rejects.toMatchObject({ code: 'WRONG_STATE' });
});
