import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { Pool } from 'pg';
import { startSandboxGateway, type SandboxGateway } from '../../sandbox/gateway';
import type { QueueMember } from '../../sandbox/n8n/queue-mode';
import { checkoutFolder } from '../../sandbox/paths';
import { startSandbox, type Sandbox } from '../../sandbox/run';
import { rounds } from '../support/fault-rounds';
import { redisAvailable, testWithRedis } from '../support/redis';
import { queueModeSettings } from '../support/queue-mode-settings';
import { waitFor } from '../support/wait-for';
import { assertInvariants, figures, untilQuiet, type Books } from './support/invariants';
import { startLoad, type LoadTarget } from './support/load';
import { between, runSeed, seededRandom } from './support/random';
import { timePasses } from './support/time-passes';

/** The short form leaves it to test/e2e/queue-mode.test.ts, which kills a worker too. */
const KILLS = rounds(10, 0);
const runs = KILLS > 0;
/** Milliseconds between a worker's start and its end: turns are under way, and many kills fit. */
const LIFE_MS: [number, number] = [500, 8_000];
const FIRST_REPLY_TIMEOUT_MS = 60_000;
/** A lease (60 s) must run out on its own in the end, and what it held is answered after that. */
const QUIET_TIMEOUT_MS = 240_000;

let sandbox: Sandbox;
let gateway: SandboxGateway;
let pool: Pool;
const seed = runSeed();
const random = seededRandom(seed);

beforeAll(async () => {
	if (!runs || !redisAvailable()) return;
	const folder = join(checkoutFolder(), '.sandbox', 'worker-kills');
	mkdirSync(folder, { recursive: true });
	sandbox = await startSandbox({
		...{ durable: false, folder, n8nEnvironment: queueModeSettings() },
		queueMode: { workers: 2, webhooks: 1 },
	});
	gateway = await startSandboxGateway(sandbox.context, sandbox);
	// Sees all tenants: even the owner of the tables is bound by row level security.
	pool = new Pool({
		connectionString: sandbox.databases.factory.connectionString,
		max: 3,
		options: '-c role=agent_factory_doors',
	});
	await pool.query('update agent_factory.agents set debounce_seconds = 0, debounce_max_seconds = 0');
}, 600_000);

afterAll(async () => {
	await pool?.end();
	await gateway?.stop();
	expect((await sandbox?.stop()) ?? []).toEqual([]);
}, 120_000);

/** Both doors at once: every delivery asks for the next one. */
function target(): LoadTarget {
	const doors = [sandbox.state.webhook.url, gateway.webhookUrl];
	let next = 0;
	return {
		get webhookUrl() {
			return doors[next++ % doors.length];
		},
		appSecret: sandbox.state.webhook.appSecrets[0],
		phoneNumberIds: sandbox.state.tenants.map(
			({ channels }) => channels.find(({ kind }) => kind === 'whatsapp')!.externalId,
		),
	};
}

(runs ? testWithRedis : test.skip)(
	'workers of queue mode killed at random moments of a running load: nothing is lost, answered twice or out of order',
	async () => {
		const workers = sandbox.n8n.members.filter(({ role }) => role === 'worker');
		const starting: Array<Promise<void>> = [];
		const load = startLoad(target(), { random, pauseMs: [300, 2_000] });
		const books: Books = { pool, graphUrl: sandbox.graphUrl, record: load.record };
		const replies = async (): Promise<number> => Number((await figures(books)).replies);
		const kill = async (worker: QueueMember): Promise<void> => {
			const before = await replies();
			await worker.kill();
			starting.push(worker.start());
			// The other worker goes on while this one is dead.
			await waitFor(async () => (await replies()) > before, { timeoutMs: QUIET_TIMEOUT_MS, what: 'a further reply' });
			await Promise.all(starting);
		};
		try {
			await waitFor(async () => (await replies()) > 0, { timeoutMs: FIRST_REPLY_TIMEOUT_MS, what: 'a first reply' });
			for (let done = 0; done < KILLS; done++) {
				await timePasses(between(random, ...LIFE_MS));
				await kill(workers[Math.floor(random() * workers.length)]);
			}
			await load.stop();
			const byPerson = await untilQuiet(books, {
				timeoutMs: QUIET_TIMEOUT_MS,
				hurryAfterMs: QUIET_TIMEOUT_MS,
				connectionString: sandbox.databases.factory.connectionString,
			});
			process.stderr.write(
				`workers killed ${KILLS} times (FAULTS_SEED=${seed}): ${JSON.stringify({ ...(await figures(books)), byPerson })}\n`,
			);
			await assertInvariants(books);
		} catch (error) {
			throw new Error(`FAULTS_SEED=${seed}: ${(error as Error).message}`, { cause: error });
		} finally {
			await load.stop(1_000);
			await Promise.allSettled(starting);
		}
	},
	1_800_000,
);
