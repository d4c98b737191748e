import { getCampaign, previewCampaign, runDueCampaigns, startCampaign, type Audience } from '../../../core/crm';
import { addKnownContact } from '../../../core/leads';
import { pauseChannelAccount, resumeChannelAccount } from '../../../core/tenancy';
import { Sending } from '../outbox/sending';
import { formLead, freshPhone, importOne } from './import-story';

let sending: Sending;
beforeAll(async () => (sending = await Sending.open()));
afterAll(async () => await sending.close());
beforeEach(async () => await sending.fresh());

const AGREED = { consents: [{ purpose: 'marketing', granted: true, evidence: {} }] };
const lead = async (changes: Record<string, unknown> = AGREED) =>
	await importOne(sending.database, sending.tenant.id, formLead({ greet: false, ...changes }));
const preview = async (audience: Audience) => await previewCampaign(sending.database, sending.tenant.id, audience);
const start = async (name: string): Promise<string> => {
	const templateId = await sending.template({ name, meta_name: name, category: 'offer', meta_category: 'MARKETING' });
	const open = { quietFrom: '00:00', quietTo: '00:00' };
	const campaign = { name, templateId, channelAccountId: sending.tenant.channelAccountId, ...open };
	return (await startCampaign(sending.database, sending.tenant.id, campaign)).id;
};
const stand = async (id: string) => await getCampaign(sending.database, sending.tenant.id, id);

test('of all leads each is sent to or named with the reason, nobody is lost or written to twice', async () => {
	const reached = await lead();
	await lead({});
	const left = await lead();
	const capped = await lead();
	const withPerson = await lead();
	const refusedLate = await lead();
	await sending.mine('update agent_factory.sending_settings set marketing_per_person = 1 where tenant_id = $1');
	const first = await start('first');
	// Only one person got the first campaign.
	await sending.mine(
		`update agent_factory.campaign_messages set status = 'skipped', reason = 'test' where tenant_id = $1 and lead_id <> '${capped.leadId}'`,
	);
	await runDueCampaigns(sending.database);
	expect(await sending.deliver()).toHaveLength(1);
	expect(await stand(first)).toMatchObject({ status: 'completed', sent: 1 });

	const id = await start('second');
	const say = `select agent_factory.record_consent($1, $2, 'marketing', false, 'test', '{}', now(), $3)`;
	await sending.sql(say, [sending.tenant.id, left.contactId, 'left']);
	await sending.sql(
		`insert into agent_factory.conversations (tenant_id, contact_id, channel_account_id, status, handoff_at, handoff_reason) values ($1, $2, $3, 'handoff', now(), 'asked_for_person')`,
		[sending.tenant.id, withPerson.contactId, sending.tenant.channelAccountId],
	);
	await runDueCampaigns(sending.database);
	await runDueCampaigns(sending.database);
	// Queued, and then they say no.
	await sending.sql(say, [sending.tenant.id, refusedLate.contactId, 'late']);
	const bodies = await sending.deliver();
	expect(bodies).toHaveLength(1);
	await runDueCampaigns(sending.database);
	const end = await stand(id);
	expect(end).toMatchObject({ status: 'completed', total: 6, sent: 1, blocked: 2, skipped: 3, pending: 0, queued: 0 });
	expect(end.reasons.map(({ status, reason, leads }) => [status, reason, leads].join(' ')).sort()).toEqual([
		'blocked marketing_cap 1',
		'blocked marketing_opted_out 1',
		'skipped no_marketing_consent 1',
		'skipped opted_out 1',
		'skipped with_a_person 1',
	]);
	expect(
		await sending.mine(`select contact_id from agent_factory.outbox_messages where tenant_id = $1 and status = 'sent' and template_id = (
			select template_id from agent_factory.campaigns where tenant_id = $1 and name = 'second')`),
	).toEqual([{ contact_id: reached.contactId }]);
});

test('a paused number holds a campaign and says so; freed, it goes on where it was', async () => {
	await lead();
	await lead();
	const id = await start('held');
	const { id: tenantId, channelAccountId } = sending.tenant;
	await pauseChannelAccount(sending.database, tenantId, channelAccountId, 'test');
	await runDueCampaigns(sending.database);
	expect(await stand(id)).toMatchObject({ held_by: 'number_paused', pending: 2 });
	await resumeChannelAccount(sending.database, tenantId, channelAccountId);
	await runDueCampaigns(sending.database);
	expect(await sending.deliver()).toHaveLength(2);
	expect(await stand(id)).toMatchObject({ status: 'completed', held_by: null, sent: 2 });
});

test('the preview counts by class, score, tag and last word, and says who would be left out', async () => {
	const phone = freshPhone();
	const tagged = await lead({ ...AGREED, phone });
	await addKnownContact(sending.database, sending.tenant.id, { username: phone, tags: ['vip'] });
	const spoke = await lead();
	await lead({});
	await sending.sql(
		`insert into agent_factory.conversations (tenant_id, contact_id, channel_account_id, last_customer_message_at) values ($1, $2, $3, now() - interval '10 days')`,
		[sending.tenant.id, spoke.contactId, sending.tenant.channelAccountId],
	);
	await sending.sql('update agent_factory.leads set lead_score = 90 where id = $1', [tagged.leadId]);
	const leftOut = [{ reason: 'no_marketing_consent', leads: 1 }];
	expect(await preview({})).toEqual({ fit: 3, reachable: 2, leftOut });
	expect(await preview({ tags: ['vip', 'outra'] })).toEqual({ fit: 1, reachable: 1, leftOut: [] });
	expect(await preview({ tags: ['outra'] })).toEqual({ fit: 0, reachable: 0, leftOut: [] });
	expect(await preview({ minScore: 80 })).toMatchObject({ fit: 1 });
	expect(await preview({ maxScore: 80 })).toMatchObject({ fit: 2, reachable: 1 });
	expect(await preview({ silentDays: 5 })).toMatchObject({ fit: 3 });
	expect(await preview({ silentDays: 15 })).toMatchObject({ fit: 2 });
	expect(await preview({ activeDays: 15 })).toMatchObject({ fit: 1, reachable: 1 });
	expect(await preview({ stages: ['closed'] })).toMatchObject({ fit: 0 });
	expect(await sending.mine('select 1 from agent_factory.campaigns where tenant_id = $1')).toEqual([]);
});
