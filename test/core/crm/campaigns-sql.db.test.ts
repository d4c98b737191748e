import type { Database } from '../../../core/database';
import { ingest } from '../../../core/ingest';
import { signBody } from '../../../core/meta';
import { createTestDatabase, type TestDatabase } from '../../support/database';
import { databaseFor, dropDatabase, makeTenant, textBody, type TestTenant } from '../../support/factory';
import { saveLead } from '../leads/lead-story';
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
const post = async (body: object): Promise<void> => {
	const rawBody = Buffer.from(JSON.stringify(body));
	const { error } = await ingest(database, { rawBody, signature: signBody(rawBody, 'secret'), secrets: ['secret'] });
	if (error) throw error;
};

test('a lead form of a known page becomes one job and is processed, however often it is delivered', async () => {
	await rows(
		"update agent_factory.channel_accounts set kind = 'messenger', external_id = 'page-1' where tenant_id = $1",
	);
	const value = { leadgen_id: 'L1', page_id: 'page-1', form_id: 'f', ad_id: 'a', created_time: 1_760_000_000 };
	const body = { object: 'page', entry: [{ id: 'page-1', time: 1, changes: [{ field: 'leadgen', value }] }] };
	await post(body);
	await post(body);
	expect(
		await rows(
			'select job_type, job_key, payload ->> $2 as page from agent_factory.background_jobs where tenant_id = $1 and job_type = $3',
			[tenant.id, 'pageId', 'leadgen.import'],
		),
	).toEqual([{ job_type: 'leadgen.import', job_key: 'L1', page: 'page-1' }]);
	expect(await rows('select status, reason from agent_factory.webhook_events where tenant_id = $1')).toEqual([
		{ status: 'processed', reason: null },
	]);
});

describe('a silent lead', () => {
	/** A lead that wrote, was answered an hour later and has been silent for `hours`. */
	const silent = async (hours = 23.5): Promise<{ conversationId: string; leadId: string; contactId: string }> => {
		const { leadId, contactId } = await importOne(database, tenant.id);
		const [{ id }] = await rows(
			`insert into agent_factory.conversations (tenant_id, contact_id, channel_account_id, last_customer_message_at, last_outbound_at)
				values ($1, $2, $3, now() - make_interval(secs => $4::float * 3600), now() - make_interval(secs => $4::float * 3600 - 3600)) returning id`,
			[tenant.id, contactId, tenant.channelAccountId, hours],
		);
		return { conversationId: id, leadId, contactId };
	};
	const due = async () =>
		await call<Array<{ conversation_id: string; nth: number; in_window: boolean }> | null>(
			'(select jsonb_agg(d) from due_follow_ups($1, 10) d)',
			[tenant.id],
		);
	beforeEach(
		async () =>
			void (await rows(
				"insert into agent_factory.followup_settings (tenant_id, is_enabled, quiet_from, quiet_to) values ($1, true, '00:00', '00:00')",
			)),
	);

	test('is due once a silence until the gap is over, and twice at most', async () => {
		const { conversationId } = await silent();
		expect(await due()).toEqual([
			expect.objectContaining({ conversation_id: conversationId, nth: 1, in_window: true }),
		]);
		const note = async (nth: number) =>
			await call(
				`(select note_follow_up($1, $2, c.last_customer_message_at, $3::integer, 'text', null) from conversations c where c.id = $2)`,
				[tenant.id, conversationId, nth],
			);
		expect([await note(1), await note(1)]).toEqual([true, false]);
		expect(await due()).toBeNull();
		await rows("update agent_factory.follow_ups set created_at = now() - interval '3 days' where tenant_id = $1");
		expect(await due()).toEqual([expect.objectContaining({ nth: 2 })]);
		await note(2);
		await rows("update agent_factory.follow_ups set created_at = now() - interval '9 days' where tenant_id = $1");
		expect(await due()).toBeNull();
	});

	test.each([
		[
			'has been silent for too short a time',
			'update agent_factory.followup_settings set silent_hours = 24 where tenant_id = $1',
		],
		['the setting is off', 'update agent_factory.followup_settings set is_enabled = false where tenant_id = $1'],
		[
			'the hours are quiet',
			"update agent_factory.followup_settings set quiet_from = '00:00', quiet_to = '23:59:59.999' where tenant_id = $1",
		],
		['opted out', 'update agent_factory.contacts set opted_out_at = now() where tenant_id = $1'],
		[
			'a person has it',
			"update agent_factory.conversations set status = 'handoff', handoff_reason = 'agent_decision', handoff_at = now() where tenant_id = $1",
		],
		['was won', "update agent_factory.leads set stage = 'closed' where tenant_id = $1"],
		['is private', "update agent_factory.leads set classification = 'PESSOAL' where tenant_id = $1"],
		['was never answered', 'update agent_factory.conversations set last_outbound_at = null where tenant_id = $1'],
		[
			'is silent for months',
			"update agent_factory.conversations set last_customer_message_at = now() - interval '90 days' where tenant_id = $1",
		],
	])('is left alone when it %s', async (_, change) => {
		await silent();
		expect(await due()).toHaveLength(1);
		await rows(change);
		expect(await due()).toBeNull();
	});
});

describe('a campaign', () => {
	const agreed = [{ purpose: 'marketing', granted: true, evidence: {} }];
	const people = async (n: number) =>
		await Promise.all(
			Array.from({ length: n }, async () => await importOne(database, tenant.id, formLead({ consents: agreed }))),
		);
	const start = async (changes: object = {}) => {
		const templateId = await approveTemplate(test_.admin, tenant.id, 'follow-up');
		const campaign = {
			...{ name: 'verão', templateId, channelAccountId: tenant.channelAccountId, audience: {}, maxLeads: 1000 },
			...{ hourlyCap: 3, dailyCap: 100, quietFrom: '00:00', quietTo: '00:00' },
			...changes,
		};
		return await call('to_jsonb(start_campaign($1, $2))', [tenant.id, JSON.stringify(campaign)]);
	};
	const pick = async (id: string) =>
		await call<Array<{ lead_id: string; conversation_id: string }> | null>(
			'(select jsonb_agg(p) from pick_campaign_batch($1, $2, 50) p)',
			[tenant.id, id],
		);

	test('takes who agreed, says why not the others, and keeps its caps', async () => {
		await people(4);
		await importOne(database, tenant.id);
		const [gone] = await people(1);
		await call('record_consent($1, $2, $3, false, $4, null)', [tenant.id, gone.contactId, 'marketing', 'word']);
		const campaign = await start();
		expect(campaign).toMatchObject({ total: 6, pending: 4, skipped: 2, status: 'running' });
		expect(await start()).toMatchObject({ id: campaign.id, total: 6 });
		const batch = await pick(campaign.id);
		expect(batch).toHaveLength(3);
		for (const { lead_id, conversation_id } of batch!)
			await call(
				`note_campaign_message($1, $2, $3::uuid, enqueue_outbox($1, $4, 'template', 'campaign:' || $3::uuid::text, 0, null, '{"type": "template"}', 'oi', 'system', null, null), null)`,
				[tenant.id, campaign.id, lead_id, conversation_id],
			);
		expect(await pick(campaign.id)).toBeNull();
		expect(await rows('select held_by, pending, queued from agent_factory.campaigns where tenant_id = $1')).toEqual([
			{ held_by: 'hourly_cap', pending: 1, queued: 3 },
		]);
		await call('to_jsonb(move_campaign($1, $2, $3))', [tenant.id, campaign.id, 'paused']);
		expect(await pick(campaign.id)).toBeNull();
		expect(await call('to_jsonb(move_campaign($1, $2, $3))', [tenant.id, campaign.id, 'stopped'])).toMatchObject({
			...{ status: 'stopped', total: 6, pending: 0, queued: 0, sent: 0, blocked: 3, skipped: 3 },
		});
		expect(await rows('select distinct status from agent_factory.outbox_messages where tenant_id = $1')).toEqual([
			{ status: 'blocked' },
		]);
		await expect(
			call('to_jsonb(move_campaign($1, $2, $3))', [tenant.id, campaign.id, 'running']),
		).rejects.toMatchObject({ code: 'WRONG_STATE' });
	});

	test('leaves out who said no after the start', async () => {
		const [one, two] = await people(2);
		const { id } = await start();
		await call('record_consent($1, $2, $3, false, $4, null)', [tenant.id, one.contactId, 'marketing', 'word']);
		expect((await pick(id))!.map(({ lead_id }) => lead_id)).toEqual([two.leadId]);
		expect(
			await rows(
				"select lead_id, reason from agent_factory.campaign_messages where tenant_id = $1 and status = 'skipped'",
			),
		).toEqual([{ lead_id: one.leadId, reason: 'opted_out' }]);
	});
});

test('the steps of the funnel are noted once each where they happen', async () => {
	const person = await member(database, tenant, 'a');
	const rule = { name: 'hot', triggers: ['hot'], classifications: [], sources: [], channels: [], userIds: [person] };
	await call('save_assignment_rules($1, $2)', [tenant.id, JSON.stringify([rule])]);
	await post(
		textBody(tenant.phoneNumberId, [
			{ from: '5511977770001', text: 'oi' },
			{ from: '5511977770001', text: 'quero' },
		]),
	);
	const [{ id: conversationId, contact_id: contactId }] = await rows(
		'select id, contact_id from agent_factory.conversations where tenant_id = $1',
	);
	const { leadId } = await saveLead(database, tenant.id, { contactId, conversationId });
	for (let n = 0; n < 2; n++) await saveLead(database, tenant.id, { contactId, classification: 'LEAD_HOT' });
	await call('record_outcome($1, $2)', [
		tenant.id,
		JSON.stringify({ leadId, kind: 'opportunity', idempotencyKey: 'k' }),
	]);
	await call('take_over($1, $2, $3)', [tenant.id, conversationId, 'agent_decision']);
	await call('resume_conversation($1, $2)', [tenant.id, conversationId]);
	await call('record_consent($1, $2, $3, true, $4, null)', [tenant.id, contactId, 'calls', 'form']);
	const counted = await call<Array<{ event_type: string; events: number }>>(
		`(select jsonb_agg(f) from funnel_counts($1, current_date - 1, current_date + 1) f)`,
		[tenant.id],
	);
	expect(Object.fromEntries(counted.map(({ event_type, events }) => [event_type, events]))).toEqual({
		'conversation.started': 1,
		'lead.classified': 3,
		'lead.hot': 1,
		'lead.qualified': 1,
		'handoff.started': 1,
		'handoff.returned': 1,
		'consent.granted': 1,
	});
	expect(await rows('select assigned_user_id from agent_factory.leads where id = $1', [leadId])).toEqual([
		{ assigned_user_id: person },
	]);
});
