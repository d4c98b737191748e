import type { Database } from '../../../core/database';
import { FactoryError } from '../../../core/errors';
import {
	claimJobs,
	enqueueJob,
	listJobs,
	requeueJob,
	runDueJobs,
	settleJob,
	type JobHandler,
} from '../../../core/jobs';
import { createTestDatabase, type TestDatabase } from '../../support/database';
import { databaseFor, dropDatabase, makeTenant } from '../../support/factory';

let test_: TestDatabase;
let database: Database;
let tenant: { id: string };

beforeAll(async () => {
	test_ = await createTestDatabase();
	database = databaseFor(test_);
	tenant = await makeTenant(database);
});
afterAll(async () => await dropDatabase(database, test_));
beforeEach(async () => await test_.admin.query('delete from agent_factory.background_jobs'));

const options = { workerId: 'w', types: ['test.job'], random: () => 0 };
const run = async (handler: JobHandler) => await runDueJobs(database, options, handler);
const add = async (key: string, tenantId = tenant.id, maxAttempts?: number) =>
	await enqueueJob(database, tenantId, { type: 'test.job', key, payload: { key }, maxAttempts });
/** Time passes: what waits or is leased is due. */
const later = async () =>
	await test_.admin.query(`update agent_factory.background_jobs set available_at = now() where finished_at is null`);

test('of one type and key there is one job, also after it was done', async () => {
	const first = await add('a');
	expect(await add('a')).toEqual(first);
	let times = 0;
	await run(async () => void times++);
	expect(await add('a')).toEqual(first);
	await later();
	expect(await run(async () => void times++)).toEqual([]);
	expect(times).toBe(1);
});

test('two workers at once do each job once', async () => {
	for (let n = 0; n < 20; n++) await add(`k${n}`);
	const done: string[] = [];
	const handler: JobHandler = async ({ key }) => void done.push(key);
	await Promise.all([run(handler), run(handler), run(handler)]);
	expect(done.sort()).toEqual(Array.from({ length: 20 }, (_, n) => `k${n}`).sort());
});

test('a job whose worker died is done again when its lease has run out', async () => {
	await add('a');
	const [lost] = await claimJobs(database, options);
	expect(await run(async () => undefined)).toEqual([]);
	await later();
	expect(await run(async () => undefined)).toMatchObject([{ key: 'a', status: 'completed', attempts: 2 }]);
	await expect(settleJob(database, lost, { outcome: 'completed' })).rejects.toMatchObject({ code: 'LEASE_LOST' });
});

test('what may succeed later is tried again with growing pauses, and given up at the limit', async () => {
	await add('a', tenant.id, 2);
	const away: JobHandler = async () => {
		throw new FactoryError('DATABASE_AWAY', 'The service is away.', { retryable: true });
	};
	expect(await run(away)).toMatchObject([{ status: 'queued', error: 'DATABASE_AWAY: The service is away.' }]);
	expect(await run(away)).toEqual([]);
	await later();
	expect(await run(away)).toMatchObject([{ status: 'failed' }]);
	const [job] = await listJobs(database, tenant.id, { status: 'failed' });
	expect(await requeueJob(database, tenant.id, job.id as string)).toBe(true);
	expect(await run(async () => undefined)).toMatchObject([{ status: 'completed', attempts: 1 }]);
});

test('a limit of the other side that says when it ends costs no attempt', async () => {
	await add('a', tenant.id, 1);
	const limited: JobHandler = async () => {
		throw new FactoryError('DATABASE_BUSY', 'Too many calls.', { retryable: true, retryAfterMs: 1_000 });
	};
	expect(await run(limited)).toMatchObject([{ status: 'queued' }]);
	await later();
	expect(await run(async () => undefined)).toMatchObject([{ status: 'completed' }]);
});

test('an error that is not ours is written down without its text, which may hold anything', async () => {
	await add('a');
	const [ran] = await run(async () => {
		throw new Error('a customer wrote this');
	});
	expect(ran).toMatchObject({ status: 'queued', error: 'INTERNAL' });
	expect(JSON.stringify(await listJobs(database, tenant.id))).not.toContain('customer');
});

test('a long import of one tenant keeps nobody else waiting, and a paused tenant waits', async () => {
	const other = await makeTenant(database);
	const paused = await makeTenant(database);
	for (let n = 0; n < 40; n++) await add(`k${n}`);
	await add('other', other.id);
	await add('paused', paused.id);
	await test_.admin.query(`update agent_factory.tenants set status = 'paused' where id = $1`, [paused.id]);
	const claimed = await claimJobs(database, { ...options, limit: 4 });
	expect(claimed.map(({ tenantId }) => tenantId)).toContain(other.id);
	expect(claimed.map(({ tenantId }) => tenantId)).not.toContain(paused.id);
});
