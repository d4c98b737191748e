import type { Database } from '../../../../core/database';
import { runStatus, sendNextBatch, sendOpenRuns, startRun, stopRun } from '../../../../core/leads';
import { saveTemplate } from '../../../../core/outbox';
import { createTestDatabase, type TestDatabase } from '../../../support/database';
import { databaseFor, dropDatabase } from '../../../support/factory';
import { commentBody } from '../../../support/instagram';
import { Campaign, counts, unavailable } from './support';

let test_: TestDatabase;
let database: Database;
let campaign: Campaign;

beforeAll(async () => {
	test_ = await createTestDatabase();
	database = databaseFor(test_);
});
afterAll(async () => await dropDatabase(database, test_));
beforeEach(async () => {
	campaign = await Campaign.begin(test_, database);
});
// What one test leaves waiting must not become due in another.
afterEach(async () => await test_.admin.query(`update agent_factory.outbox_lanes set available_at = 'infinity'`));

const batch = async (runId: number, limit?: number) =>
	await sendNextBatch(database, campaign.tenant.id, runId, { limit });
const status = async (runId: number) => await runStatus(database, campaign.tenant.id, runId);
const names = (prefix: string, count: number) => Array.from({ length: count }, (_, n) => `${prefix}${n}`);

describe('who is written to', () => {
	test('only who wrote within 24 hours, wants it and fits; of everybody else the reason is kept', async () => {
		await campaign.leads(['ana', 'opted', 'stopped', 'person', 'mother', 'filtered']);
		await campaign.leads(['late'], 23 * 60 + 56);
		await campaign.leads(['old'], 25 * 60);
		await campaign.leads(['stranger', 'commented'], null);
		await campaign.post(
			commentBody(campaign.tenant.instagramId, { id: 'c1', from: { id: 'id-commented', username: 'commented' } }),
		);
		await campaign.sql(
			`update agent_factory.contacts set opted_out_at = now() where tenant_id = $1 and username = 'opted'`,
		);
		await campaign.sql(
			`update agent_factory.contacts set marketing_opted_out_at = now() where tenant_id = $1 and username = 'stopped'`,
		);
		await campaign.sql(
			`update agent_factory.conversations c set status = 'handoff', handoff_reason = 'x', handoff_at = now() from agent_factory.contacts k
				where c.tenant_id = $1 and k.tenant_id = c.tenant_id and k.id = c.contact_id and k.username = 'person'`,
		);
		await campaign.sql(
			`insert into agent_factory.tenant_known_contacts (tenant_id, platform, username) values ($1, 'instagram', '@Mother')`,
		);
		await campaign.sql(
			`insert into agent_factory.tenant_personas (tenant_id, version, is_active, negative_keywords) values ($1, 1, true, '{filtered}')`,
		);
		const { runId } = await campaign.start();
		const report = await batch(runId);
		expect(await campaign.fates()).toEqual({
			ana: 'queued',
			opted: 'opted_out',
			stopped: 'opted_out',
			person: 'with_a_person',
			mother: 'known_contact',
			filtered: 'filtered_by_persona',
			late: 'window_closed',
			old: 'window_closed',
			stranger: 'unknown_contact',
			commented: 'never_wrote',
		});
		expect(report).toMatchObject({
			queued: 1,
			total: 10,
			sent: 0,
			failed: 0,
			skipped: 9,
			pending: 1,
			status: 'running',
		});
		expect(report.skippedBecause).toMatchObject({ opted_out: 2, window_closed: 2, never_wrote: 1 });
		expect(await campaign.deliver()).toEqual([{ to: 'id-ana', text: 'Oi ana?' }]);
		expect(await status(runId)).toMatchObject({ sent: 1, skipped: 9, pending: 0, status: 'completed', heldBy: null });
	});

	test('who opts out between the batch and the sending is not written to', async () => {
		await campaign.leads(['ana', 'leo']);
		const { runId } = await campaign.start();
		await batch(runId);
		await campaign.sql(
			`update agent_factory.contacts set opted_out_at = now() where tenant_id = $1 and username = 'leo'`,
		);
		expect(await campaign.deliver()).toHaveLength(1);
		expect(counts(await status(runId))).toEqual({ total: 2, sent: 1, failed: 0, skipped: 1, pending: 0 });
		expect(await campaign.fates()).toEqual({ ana: 'sent', leo: 'opted_out' });
	});

	test('a window that closes before the sender comes is seen', async () => {
		await campaign.leads(['ana']);
		const { runId } = await campaign.start();
		await batch(runId);
		await campaign.sql(
			`update agent_factory.conversations set last_customer_message_at = now() - interval '24 hours' where tenant_id = $1`,
		);
		expect(await campaign.deliver()).toEqual([]);
		expect(await status(runId)).toMatchObject({ status: 'completed', skippedBecause: { window_closed: 1 } });
	});

	test('a lead without the name that the text needs is left out', async () => {
		await saveTemplate(database, campaign.tenant.id, {
			name: 'nominal',
			category: 'greeting',
			content: 'Oi {{first_name}}!',
		});
		await campaign.leads(['ana', '123']);
		const { runId } = await campaign.start({ templates: ['nominal'] });
		await batch(runId);
		expect(await campaign.fates()).toEqual({ ana: 'queued', '123': 'missing_variable' });
	});

	test('several templates take turns, and each row names its own', async () => {
		await saveTemplate(database, campaign.tenant.id, { name: 'outro', category: 'greeting', content: 'Olá!' });
		await campaign.leads(names('lead', 4));
		const { runId } = await campaign.start({ templates: ['convite', 'outro'] });
		await batch(runId);
		const rows = await campaign.sql(
			`select message_template, count(*)::int as n from agent_factory.agentic_instagram_dm_sent where tenant_id = $1 group by 1 order by 1`,
		);
		expect(rows).toEqual([
			{ message_template: 'convite', n: 2 },
			{ message_template: 'outro', n: 2 },
		]);
	});
});

describe('a run that ends early', () => {
	test('too many failures stop it, and nobody else is written to', async () => {
		await campaign.leads(names('lead', 12));
		const { runId } = await campaign.start({ maxErrorShare: 0.2 });
		await batch(runId, 10);
		let calls = 0;
		await campaign.deliver(() => (calls++ < 3 ? unavailable() : { status: 200, body: { message_id: `m${calls}` } }));
		const stopped = await batch(runId);
		expect(stopped).toMatchObject({ status: 'failed', sent: 7, failed: 3, skipped: 2, pending: 0, queued: 0 });
		expect(stopped.errorLog).toBe('3 of 10 messages failed, more than the share of 0.20 that this run allows');
		expect(stopped.skippedBecause).toEqual({ run_stopped: 2 });
		expect(await campaign.deliver()).toEqual([]);
	});

	test('few failures, or a share within the limit, stop nothing', async () => {
		await campaign.leads(names('lead', 12));
		const { runId } = await campaign.start({ maxErrorShare: 0.2 });
		await batch(runId, 10);
		let calls = 0;
		await campaign.deliver(() => (calls++ < 2 ? unavailable() : { status: 200, body: { message_id: `n${calls}` } }));
		expect(await batch(runId)).toMatchObject({ status: 'running', queued: 2, failed: 2 });
	});

	test('a person stops it: what waits in the outbox is not sent either', async () => {
		await campaign.leads(['ana', 'leo', 'bia']);
		const { runId } = await campaign.start();
		await batch(runId, 2);
		const stopped = await stopRun(database, campaign.tenant.id, runId, 'user:7');
		expect(stopped).toMatchObject({ status: 'failed', errorLog: 'stopped by a person', skipped: 3, pending: 0 });
		expect(await campaign.deliver()).toEqual([]);
		await expect(stopRun(database, campaign.tenant.id, runId)).rejects.toMatchObject({ code: 'WRONG_STATE' });
		// The campaign has written to nobody: another run may.
		const again = await campaign.start();
		expect(again).toMatchObject({ pending: 3 });
		await batch(again.runId);
		expect(await campaign.deliver()).toHaveLength(3);
	});

	test('a paused account holds the run until a person resumes it', async () => {
		await campaign.leads(['ana']);
		const { runId } = await campaign.start();
		await campaign.sql(
			`update agent_factory.channel_accounts set status = 'paused', paused_at = now(), paused_reason = 'x' where tenant_id = $1 and kind = 'instagram'`,
		);
		expect(await batch(runId)).toMatchObject({ queued: 0, heldBy: 'account_paused', nextBatchAt: null });
		await campaign.sql(
			`update agent_factory.channel_accounts set status = 'active', paused_at = null, paused_reason = null where tenant_id = $1 and kind = 'instagram'`,
		);
		expect(await batch(runId)).toMatchObject({ queued: 1 });
	});
});

describe('what a run refuses', () => {
	test.each([
		['an unknown template', { templates: ['nenhum'] }, 'TEMPLATE_NOT_FOUND'],
		['no template', { templates: [] }, 'VALUE_REFUSED'],
		['an empty campaign', { campaign: ' ' }, 'VALUE_REFUSED'],
		['a cap of nothing', { hourlyCap: 0 }, 'VALUE_REFUSED'],
		['a cap that is no number', { dailyCap: NaN }, 'VALUE_REFUSED'],
		['an error share above all', { maxErrorShare: 1.5 }, 'VALUE_REFUSED'],
		['a time that is none', { quietFrom: '25:00' }, 'VALUE_REFUSED'],
		['a WhatsApp number as account', { channelAccountId: 'whatsapp' }, 'NOT_FOUND'],
	])('%s', async (_, change, code) => {
		const run = 'channelAccountId' in change ? { channelAccountId: campaign.tenant.channelAccountId } : change;
		await expect(campaign.start(run)).rejects.toMatchObject({ code });
		expect(await campaign.sql('select 1 from agent_factory.agentic_instagram_dm_runs where tenant_id = $1')).toEqual(
			[],
		);
	});

	test('a text with a variable that no lead has', async () => {
		await saveTemplate(database, campaign.tenant.id, { name: 'meta', category: 'greeting', content: 'Oi {{1}}' });
		await expect(campaign.start({ templates: ['meta'] })).rejects.toMatchObject({
			code: 'VALUE_REFUSED',
			item: 'templates',
		});
	});

	test('a run of another tenant', async () => {
		const { runId } = await campaign.start();
		const other = await Campaign.begin(test_, database);
		await expect(runStatus(database, other.tenant.id, runId)).rejects.toMatchObject({ code: 'NOT_FOUND' });
		await expect(sendNextBatch(database, other.tenant.id, runId)).rejects.toMatchObject({ code: 'NOT_FOUND' });
		await expect(
			startRun(database, other.tenant.id, {
				campaign: 'c',
				templates: ['convite'],
				channelAccountId: campaign.tenant.instagramAccountId,
			}),
		).rejects.toMatchObject({ code: 'NOT_FOUND' });
	});
});

test('every open run of a tenant gets its batch in one call', async () => {
	await campaign.leads(['ana', 'leo']);
	await campaign.start({ campaign: 'c1' });
	await campaign.start({ campaign: 'c2' });
	const reports = await sendOpenRuns(database, campaign.tenant.id);
	expect(reports.map(({ campaign: name, queued }) => [name, queued])).toEqual([
		['c1', 2],
		['c2', 2],
	]);
});

test('a run over nobody is over at once', async () => {
	expect(await campaign.start({ tags: ['none'] })).toMatchObject({ total: 0, status: 'completed' });
});

test('where a tenant has its texts emptied, those of outreach go too', async () => {
	await campaign.leads(['ana']);
	const { runId } = await campaign.start();
	await batch(runId);
	await campaign.deliver();
	await status(runId);
	await campaign.sql('update agent_factory.tenants set message_retention_days = 7 where id = $1');
	await campaign.sql(`update agent_factory.messages set created_at = now() - interval '8 days' where tenant_id = $1`);
	await test_.admin.query(`select agent_factory.run_maintenance('message_texts', 1, 1000)`);
	expect(
		await campaign.sql('select message_sent, status from agent_factory.agentic_instagram_dm_sent where tenant_id = $1'),
	).toEqual([{ message_sent: null, status: 'sent' }]);
});
