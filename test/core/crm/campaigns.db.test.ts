import {
	getCampaign,
	moveCampaign,
	runDueCampaigns,
	saveAssignmentRules,
	saveFollowUpSettings,
	startCampaign,
	type CampaignRun,
} from '../../../core/crm';
import type { Database } from '../../../core/database';
import { createTestDatabase, type TestDatabase } from '../../support/database';
import { databaseFor, dropDatabase, makeTenant, type TestTenant } from '../../support/factory';
import { approveTemplate, formLead, importOne } from './import-story';

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
const runMine = async (): Promise<CampaignRun | undefined> =>
	(await runDueCampaigns(database)).find(({ tenantId }) => tenantId === tenant.id);
const open = { quietFrom: '00:00', quietTo: '00:00' };

async function silentLead(hours: number): Promise<string> {
	const { contactId } = await importOne(database, tenant.id, formLead({ fullName: 'Ana Souza' }));
	const [{ id }] = await rows(
		`insert into agent_factory.conversations (tenant_id, contact_id, channel_account_id, last_customer_message_at, last_outbound_at)
			values ($1, $2, $3, now() - make_interval(hours => $4), now() - make_interval(hours => $4) + interval '1 minute') returning id`,
		[tenant.id, contactId, tenant.channelAccountId, hours],
	);
	return id;
}

test('a silent lead gets free text inside the window, the template after it, each once', async () => {
	await saveFollowUpSettings(database, tenant.id, { enabled: true, ...open });
	const inside = await silentLead(23);
	const after = await silentLead(30);
	const first = (await runMine())!.followUps;
	expect(first.find(({ conversationId }) => conversationId === inside)).toMatchObject({
		kind: 'text',
		nth: 1,
		skipped: null,
	});
	expect(first.find(({ conversationId }) => conversationId === after)).toMatchObject({
		kind: 'template',
		skipped: 'no_template',
	});
	await approveTemplate(test_.admin, tenant.id, 'follow-up');
	expect((await runMine())!.followUps).toMatchObject([{ conversationId: after, kind: 'template', skipped: null }]);
	expect(await runMine()).toBeUndefined();
	expect(
		await rows(`select o.kind, m.author, m.body from agent_factory.outbox_messages o join agent_factory.messages m on m.outbox_id = o.id
			where o.tenant_id = $1 order by o.kind`),
	).toEqual([
		{ kind: 'reply', author: 'system', body: expect.stringMatching(/^Oi Ana, aqui é da t-/) },
		{ kind: 'template', author: 'system', body: expect.any(String) },
	]);
	expect(
		await rows(
			"select count(*)::int as n from agent_factory.analytics_events where tenant_id = $1 and event_type = 'followup.sent'",
		),
	).toEqual([{ n: 2 }]);
});

test('a campaign goes out in batches within its cap, says why not, and adds up', async () => {
	const consents = [{ purpose: 'marketing', granted: true, evidence: {} }];
	for (let n = 0; n < 3; n++) await importOne(database, tenant.id, formLead({ consents }));
	await importOne(database, tenant.id);
	const templateId = await approveTemplate(test_.admin, tenant.id, 'follow-up');
	const settings = { name: 'verão', templateId, channelAccountId: tenant.channelAccountId, hourlyCap: 2, ...open };
	const { id } = await startCampaign(database, tenant.id, {
		...settings,
		audience: { classifications: ['LEAD_WARM'] },
	});
	await moveCampaign(database, tenant.id, id, 'paused');
	expect((await runMine())?.campaigns).toBeUndefined();
	await moveCampaign(database, tenant.id, id, 'running');
	expect((await runMine())!.campaigns).toEqual([{ campaignId: id, queued: 2, refused: 0 }]);
	expect((await runMine())!.campaigns).toEqual([{ campaignId: id, queued: 0, refused: 0 }]);
	expect(await getCampaign(database, tenant.id, id)).toMatchObject({
		...{ total: 4, pending: 1, queued: 2, skipped: 1, held_by: 'hourly_cap' },
		reasons: [{ status: 'skipped', reason: 'no_marketing_consent', leads: 1 }],
	});
	await rows(
		"update agent_factory.campaign_messages set queued_at = now() - interval '2 hours' where tenant_id = $1 and status = 'queued'",
	);
	expect((await runMine())!.campaigns).toEqual([{ campaignId: id, queued: 1, refused: 0 }]);
	expect(
		await rows(
			'select count(distinct idempotency_key)::int as n from agent_factory.outbox_messages where tenant_id = $1',
		),
	).toEqual([{ n: 3 }]);
});

test('rules that make no sense are refused in words', async () => {
	await expect(saveAssignmentRules(database, tenant.id, [{ name: 'x', userIds: [] }])).rejects.toMatchObject({
		code: 'VALUE_REFUSED',
	});
	await expect(saveAssignmentRules(database, tenant.id, 'x')).rejects.toMatchObject({ code: 'VALUE_REFUSED' });
});
