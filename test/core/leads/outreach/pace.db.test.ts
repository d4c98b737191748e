import type { Database } from '../../../../core/database';
import { sendNextBatch } from '../../../../core/leads';
import { createTestDatabase, type TestDatabase } from '../../../support/database';
import { databaseFor, dropDatabase } from '../../../support/factory';
import { Campaign } from './support';

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

const batch = async (runId: number, limit?: number) =>
	await sendNextBatch(database, campaign.tenant.id, runId, { limit });
const names = (prefix: string, count: number) => Array.from({ length: count }, (_, n) => `${prefix}${n}`);

const queuedAt = async (at: string) =>
	await campaign.sql(
		`update agent_factory.agentic_instagram_dm_sent set queued_at = ${at} where tenant_id = $1 and queued_at is not null`,
	);

test('the hourly cap holds for the account, whichever run it is', async () => {
	await campaign.leads(names('lead', 3));
	const first = await campaign.start({ hourlyCap: 2 });
	expect(await batch(first.runId)).toMatchObject({ queued: 2, heldBy: null });
	const second = await campaign.start({ campaign: 'c2', hourlyCap: 2 });
	expect(await batch(second.runId)).toMatchObject({ queued: 0, heldBy: 'cap' });
	const held = await batch(first.runId);
	expect(held).toMatchObject({ queued: 0, heldBy: 'cap', pending: 3 });
	expect(Date.parse(held.nextBatchAt!)).toBeGreaterThan(Date.now() + 59 * 60_000);
	await queuedAt(`now() - interval '60 minutes 1 second'`);
	expect(await batch(first.runId)).toMatchObject({ queued: 1, heldBy: null });
});

test.each(['Pacific/Kiritimati', 'Pacific/Pago_Pago', 'Asia/Kolkata', 'America/Sao_Paulo'])(
	'the daily cap counts days of %s',
	async (zone) => {
		await campaign.sql('update agent_factory.tenants set timezone = $2 where id = $1', zone);
		await campaign.leads(['ana', 'leo']);
		const { runId } = await campaign.start({ dailyCap: 1, hourlyCap: 1000 });
		expect(await batch(runId)).toMatchObject({ queued: 1 });
		const midnight = `date_trunc('day', now() at time zone '${zone}') at time zone '${zone}'`;
		await queuedAt(midnight);
		const held = await batch(runId);
		expect(held).toMatchObject({ queued: 0, heldBy: 'cap' });
		const [{ next }] = await campaign.sql(
			`select (date_trunc('day', now() at time zone '${zone}') + interval '1 day') at time zone '${zone}' as next where $1::uuid is not null`,
		);
		expect(Date.parse(held.nextBatchAt!)).toBe((next as Date).getTime());
		await queuedAt(`${midnight} - interval '1 second'`);
		expect(await batch(runId)).toMatchObject({ queued: 1 });
	},
);

test('nobody is written to in quiet hours, by the clock of the tenant', async () => {
	await campaign.leads(['ana']);
	const [{ from, to }] = await campaign.sql<{ from: string; to: string }>(
		`select to_char(now() at time zone timezone - interval '1 hour', 'HH24:MI') as from, to_char(now() at time zone timezone + interval '1 hour', 'HH24:MI') as to
			from agent_factory.tenants where id = $1`,
	);
	const { runId } = await campaign.start({ quietFrom: from, quietTo: to });
	const held = await batch(runId);
	expect(held).toMatchObject({ queued: 0, heldBy: 'quiet_hours', pending: 1, status: 'running' });
	expect(Date.parse(held.nextBatchAt!) - Date.now()).toBeGreaterThan(58 * 60_000);
	await campaign.sql(`update agent_factory.agentic_instagram_dm_runs set quiet_to = quiet_from where tenant_id = $1`);
	expect(await batch(runId)).toMatchObject({ queued: 1, heldBy: null });
});

test.each(['cap', 'quiet_hours'])(
	'a lead whose window closes while the run waits for %s is skipped for that',
	async (held) => {
		await campaign.leads(['ana']);
		const { runId } = await campaign.start();
		await campaign.sql(`update agent_factory.agentic_instagram_dm_runs set held_by = $2 where tenant_id = $1`, held);
		await campaign.sql(
			`update agent_factory.conversations set last_customer_message_at = now() - interval '23 hours 56 minutes' where tenant_id = $1`,
		);
		await batch(runId);
		expect(await campaign.fates()).toEqual({ ana: held });
	},
);

test.each([
	['2026-11-22T20:59:59-03:00', '21:00', '08:00', null],
	['2026-11-22T21:00:00-03:00', '21:00', '08:00', '2026-11-23T11:00:00.000Z'],
	['2026-11-23T00:00:00-03:00', '21:00', '08:00', '2026-11-23T11:00:00.000Z'],
	['2026-11-23T07:59:59-03:00', '21:00', '08:00', '2026-11-23T11:00:00.000Z'],
	['2026-11-23T08:00:00-03:00', '21:00', '08:00', null],
	['2026-11-22T13:00:00-03:00', '12:00', '14:00', '2026-11-22T17:00:00.000Z'],
	['2026-11-22T14:00:00-03:00', '12:00', '14:00', null],
	['2026-11-22T12:00:00-03:00', '12:00', '12:00', null],
])('%s lies in the quiet hours from %s to %s until %s', async (at, from, to, end) => {
	const { rows } = await test_.admin.query(
		`select agent_factory.quiet_hours_end($1, 'America/Sao_Paulo', $2, $3) as "end"`,
		[at, from, to],
	);
	expect(rows[0].end?.toISOString() ?? null).toBe(end);
});

test('a night in which the clock is put forward ends by the clock', async () => {
	const { rows } = await test_.admin.query(
		`select agent_factory.quiet_hours_end('2026-03-28T23:00:00+01:00', 'Europe/Berlin', '22:00', '07:00') as "end"`,
	);
	expect(rows[0].end.toISOString()).toBe('2026-03-29T05:00:00.000Z');
});

test('who is nearest to the end of the 24 hours comes first', async () => {
	await campaign.leads(['fresh'], 10);
	await campaign.leads(['urgent'], 23 * 60);
	const { runId } = await campaign.start();
	await batch(runId, 1);
	expect(await campaign.fates()).toEqual({ fresh: 'pending', urgent: 'queued' });
});
