import type { Database } from '../../../../core/database';
import { runStatus, sendNextBatch } from '../../../../core/leads';
import { listUnknown, settleUnknown } from '../../../../core/outbox';
import { inTenant } from '../../../../core/tenancy';
import { createTestDatabase, type TestDatabase } from '../../../support/database';
import { databaseFor, dropDatabase } from '../../../support/factory';
import { waitFor } from '../../../support/wait-for';
import { Campaign, counts } from './support';

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

test('a campaign writes to a lead once, in however many runs', async () => {
	await campaign.leads(['ana']);
	const first = await campaign.start();
	await batch(first.runId);
	await campaign.deliver();
	await campaign.leads(['leo']);
	const second = await campaign.start();
	expect(second).toMatchObject({ total: 2, skipped: 1, skippedBecause: { duplicate: 1 } });
	await batch(second.runId);
	expect((await campaign.deliver()).map(({ to }) => to)).toEqual(['id-leo']);
	const other = await campaign.start({ campaign: 'c2' });
	expect(other).toMatchObject({ total: 2, skipped: 0, pending: 2 });
});

test('runs that begin and batches that run at the same moment share the leads out', async () => {
	await campaign.leads(names('lead', 6));
	const runs = await Promise.all([campaign.start(), campaign.start(), campaign.start()]);
	expect(runs.map(({ pending }) => pending).sort()).toEqual([0, 0, 6]);
	const { runId } = runs.find(({ pending }) => pending === 6)!;
	const batches = await Promise.all([batch(runId, 2), batch(runId, 2), batch(runId, 2), batch(runId, 2)]);
	expect(batches.map(({ queued }) => queued).sort()).toEqual([0, 2, 2, 2]);
	const sent = [...(await campaign.deliver()), ...(await campaign.deliver())].map(({ to }) => to);
	expect(sent.sort()).toEqual(names('id-lead', 6));
});

/** Runs `first` and keeps its transaction open until `second`, begun meanwhile, waits for it or has ended. */
async function during<T>(first: [sql: string, ...values: unknown[]], second: () => Promise<T>): Promise<T> {
	let ended = false;
	const { answer } = await inTenant(database, campaign.tenant.id, async (db) => {
		const [sql, ...values] = first;
		await db.all(sql, [campaign.tenant.id, ...values]);
		const begun = second().finally(() => (ended = true));
		begun.catch(() => undefined);
		await waitFor(async () => {
			const { rows } = await test_.admin.query(
				`select 1 from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock'`,
			);
			return ended || rows.length > 0;
		});
		return { answer: begun };
	});
	return await answer;
}

test('a run that begins while another of its campaign begins waits, and sees whom the other has', async () => {
	await campaign.leads(['ana']);
	const { runId } = await campaign.start({ campaign: 'c0' });
	const first = `select start_instagram_run($1, jsonb_build_object('campaign', 'c1', 'channelAccountId', channel_account_id, 'templateIds', template_ids, 'hourlyCap', 1, 'dailyCap', 1,
			'quietFrom', '00:00', 'quietTo', '00:00', 'maxErrorShare', 1), array(select id from agentic_instagram_leads where tenant_id = $1), '{}') from agentic_instagram_dm_runs where id = $2`;
	expect(await during([first, runId], async () => await campaign.start())).toMatchObject({
		total: 1,
		skippedBecause: { duplicate: 1 },
	});
});

test('two runs of one account do not use up the same cap', async () => {
	await campaign.leads(['ana', 'leo']);
	const one = await campaign.start({ campaign: 'c1', hourlyCap: 1 });
	const two = await campaign.start({ campaign: 'c2', hourlyCap: 1 });
	const first = `select queue_instagram_dms($1, $2, (select jsonb_agg(jsonb_build_object('dmId', dm_id, 'conversationId', conversation_id, 'template', 'convite', 'text', 'oi',
			'payload', '{"type": "text", "text": {"body": "oi"}}'::jsonb)) from pick_instagram_batch($1, $2, 1, '{"windowMarginSeconds": 300, "errorShareFrom": 10}')))`;
	const batchOfTwo = await during([first, one.runId], async () => await batch(two.runId));
	expect(batchOfTwo).toMatchObject({ queued: 0, heldBy: 'cap', pending: 2 });
});

test('a batch whose process dies leaves nothing behind, and the next one goes on', async () => {
	await campaign.leads(names('lead', 4));
	const { runId } = await campaign.start();
	await batch(runId, 2);
	const killed = inTenant(database, campaign.tenant.id, async (db) => {
		const picked = await db.all(
			`select dm_id as "dmId", conversation_id as "conversationId" from pick_instagram_batch($1, $2, 10, '{"windowMarginSeconds": 300, "errorShareFrom": 10}')`,
			[campaign.tenant.id, runId],
		);
		expect(picked).toHaveLength(2);
		const dms = picked.map((dm) => ({
			...dm,
			template: 'convite',
			text: 'oi',
			payload: { type: 'text', text: { body: 'oi' } },
		}));
		await db.one('select queue_instagram_dms($1, $2, $3)', [campaign.tenant.id, runId, JSON.stringify(dms)]);
		const { pid } = (await db.one<{ pid: number }>('select pg_backend_pid() as pid'))!;
		await test_.admin.query('select pg_terminate_backend($1)', [pid]);
		await db.one('select 1');
	});
	await expect(killed).rejects.toMatchObject({ code: 'DATABASE_AWAY' });
	expect(counts(await status(runId))).toEqual({ total: 4, sent: 0, failed: 0, skipped: 0, pending: 4 });
	expect((await campaign.deliver()).length).toBe(2);
	expect(await batch(runId)).toMatchObject({ queued: 2, sent: 2, pending: 2 });
	expect((await campaign.deliver()).length).toBe(2);
	expect(await status(runId)).toMatchObject({ sent: 4, pending: 0, status: 'completed' });
	const [{ people }] = await campaign.sql(
		`select count(distinct contact_id)::int as people from agent_factory.outbox_messages where tenant_id = $1`,
	);
	expect(people).toBe(4);
});

test('a send of unknown outcome is pending until somebody knows', async () => {
	await campaign.leads(['ana']);
	const { runId } = await campaign.start();
	await batch(runId);
	await campaign.deliver(() => ({ status: 500, body: {} }));
	expect(await status(runId)).toMatchObject({ pending: 1, status: 'running' });
	expect(await batch(runId)).toMatchObject({ queued: 0 });
	const [unknown] = await listUnknown(database, campaign.tenant.id);
	await settleUnknown(database, campaign.tenant.id, unknown.id as string, 'failed');
	expect(await status(runId)).toMatchObject({ failed: 1, pending: 0, status: 'completed' });
});
