import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { promisify } from 'node:util';
import { claimTurns, completeTurn, type ClaimedTurn } from '../../core/conversations';
import type { Database } from '../../core/database';
import { ingest } from '../../core/ingest';
import { signBody } from '../../core/meta';
import { createTestDatabase, type TestDatabase } from '../support/database';
import { databaseFor, dropDatabase, makeTenant, textBody, wamid } from '../support/factory';
import { reply } from './support/small-factory';

const MINUTE_MS = 60_000;
const SHIFTS: Array<[string, number]> = [
	['10 minutes ahead', 10 * MINUTE_MS],
	['10 minutes behind', -10 * MINUTE_MS],
];
/** Seconds of a lease, and how far from it a freshly taken one may be: the child needs its time. */
const LEASE_SECONDS = 60;
const SLACK_SECONDS = 20;
const CHILD_TIMEOUT_MS = 30_000;

const support = join(__dirname, 'support');
let test_: TestDatabase;
let database: Database;

beforeAll(() => {
	if (!existsSync(join(__dirname, '..', '..', 'dist', 'core', 'database', 'index.js')))
		throw new Error('The worker of this test runs the built pack. Build it first: npm run build');
});
beforeEach(async () => {
	test_ = await createTestDatabase();
	database = databaseFor(test_);
});
afterEach(async () => await dropDatabase(database, test_));

/** Does one thing in a process whose clock is off. */
async function shifted<T>(shiftMs: number, work: string, lease?: ClaimedTurn): Promise<T> {
	const preload = pathToFileURL(join(support, 'shifted-clock.mjs')).href;
	const script = join(support, 'shifted-worker.mjs');
	const { stdout } = await promisify(execFile)(
		process.execPath,
		['--import', preload, script, JSON.stringify({ work, lease })],
		{
			env: { ...process.env, CLOCK_SHIFT_MS: String(shiftMs), FACTORY_URL: test_.connectionString },
			timeout: CHILD_TIMEOUT_MS,
		},
	);
	const { done, clock } = JSON.parse(stdout) as { done: T; clock: number };
	expect(Math.abs(clock - Date.now() - shiftMs)).toBeLessThan(MINUTE_MS);
	return done;
}

/** Everything a wrong clock could spoil; answers what it did spoil. */
async function whatTheClockSpoils(shiftMs: number): Promise<string[]> {
	const tenant = await makeTenant(database);
	const write = async (from: string): Promise<void> => {
		const rawBody = Buffer.from(JSON.stringify(textBody(tenant.phoneNumberId, [{ from, text: 'oi', id: wamid() }])));
		await ingest(database, { rawBody, signature: signBody(rawBody, 's'), secrets: ['s'] });
	};
	const secondsLeft = async (sql: string): Promise<number> =>
		Number((await test_.admin.query<{ left: string }>(sql)).rows[0]?.left ?? 0);
	const isLease = (left: number): boolean => left > LEASE_SECONDS - SLACK_SECONDS && left <= LEASE_SECONDS;
	const spoilt: string[] = [];

	await write('5511955550001');
	const [mine] = await claimTurns(database, { workerId: 'right' });
	await write('5511955550002');
	const theirs = await shifted<ClaimedTurn[]>(shiftMs, 'claim');
	if (theirs.some(({ turnId }) => turnId === mine.turnId)) spoilt.push('took a turn that another worker holds');
	const [turn] = theirs.filter(({ turnId }) => turnId !== mine.turnId);
	if (!turn) return [...spoilt, 'did not see a due turn'];
	const lane = `select extract(epoch from available_at - now()) as left from agent_factory.conversation_locks where conversation_id = '${turn.conversationId}'`;
	if (!isLease(await secondsLeft(lane))) spoilt.push('took a lease of the wrong length');
	if ((await claimTurns(database, { workerId: 'right', limit: 10 })).length > 0) spoilt.push('lost its lease at once');
	await shifted(shiftMs, 'renew', turn).catch(() => spoilt.push('could not renew its lease'));
	if (!isLease(await secondsLeft(lane))) spoilt.push('renewed its lease to the wrong end');

	await completeTurn(database, turn, reply('Olá!')).catch(() => spoilt.push('its turn could not be settled'));
	const sends = await shifted<unknown[]>(shiftMs, 'claimSend');
	if (sends.length !== 1) spoilt.push('did not see a due send');
	const send = `select extract(epoch from locked_until - now()) as left from agent_factory.outbox_messages where status = 'sending'`;
	if (sends.length === 1 && !isLease(await secondsLeft(send))) spoilt.push('took a send lease of the wrong length');
	return spoilt;
}

test.each(SHIFTS)(
	'a worker whose clock is %s leases, renews and sends by the clock of the database',
	async (_, shiftMs) => {
		expect(await whatTheClockSpoils(shiftMs)).toEqual([]);
	},
);

test.each(SHIFTS)('functions that went by the clock of the worker would be found out: %s', async (_, shiftMs) => {
	await test_.admin.query(`create function agent_factory.worker_now() returns timestamptz language sql stable as
		$$ select coalesce(to_timestamp(nullif(current_setting('agent_factory.worker_time', true), '')::double precision), now()) $$`);
	for (const name of ['claim_turns', 'renew_lease', 'claim_outbox']) {
		const { rows } = await test_.admin.query<{ source: string }>(
			`select pg_get_functiondef(p.oid) as source from pg_proc p where p.proname = $1 and p.pronamespace = 'agent_factory'::regnamespace`,
			[name],
		);
		expect(rows[0].source).toContain('now()');
		await test_.admin.query(rows[0].source.replaceAll('now()', 'worker_now()'));
	}
	await test_.admin.query('grant execute on function agent_factory.worker_now() to public');
	expect(await whatTheClockSpoils(shiftMs)).toEqual(
		expect.arrayContaining(shiftMs > 0 ? ['took a turn that another worker holds'] : ['did not see a due turn']),
	);
});
