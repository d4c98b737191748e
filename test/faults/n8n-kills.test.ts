import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { Pool } from 'pg';
import { checkoutFolder } from '../../sandbox/paths';
import { webhookPath } from '../../sandbox/context';
import { launchN8n, type N8nProcess } from '../../sandbox/n8n/process';
import { startSandbox, type Sandbox } from '../../sandbox/run';
import { rounds } from '../support/fault-rounds';
import { waitFor } from '../support/wait-for';
import { assertInvariants, figures, leasesRunOut, untilQuiet, type Books } from './support/invariants';
import { startLoad, type LoadRecord, type LoadTarget } from './support/load';
import { between, runSeed, seededRandom } from './support/random';
import { timePasses } from './support/time-passes';
import { startReadinessGate, type ReadinessGate } from './support/readiness-gate';

const KILLS = rounds(50, 3);
/** Milliseconds that n8n lives after its first own answer: short, so that many kills fit; long enough for turns to be under way. */
const LIFE_MS: [number, number] = [50, 4_000];
/** One kill in so many strikes while n8n starts, before its webhooks answer. */
const STARTING_SHARE = 0.2;
const START_TIMEOUT_MS = 180_000;
/** A lease (60 s) must run out on its own in the end, and what it held is answered after that. */
const QUIET_TIMEOUT_MS = 180_000;
/** The short form does not wait for the leases of the dead. */
const HURRY_MS = rounds(QUIET_TIMEOUT_MS, 10_000);

let sandbox: Sandbox;
let gate: ReadinessGate;
let pool: Pool;
let target: LoadTarget;
const seed = runSeed();
const random = seededRandom(seed);

beforeAll(async () => {
	const folder = join(checkoutFolder(), '.sandbox', 'n8n-kills');
	mkdirSync(folder, { recursive: true });
	gate = await startReadinessGate();
	sandbox = await startSandbox({
		durable: false,
		folder,
		webhookUrl: `${gate.url}/webhook/${webhookPath}`,
	});
	gate.target = sandbox.state.n8n.url;
	// Sees all tenants: even the owner of the tables is bound by row level security.
	pool = new Pool({
		connectionString: sandbox.databases.factory.connectionString,
		max: 3,
		options: '-c role=agent_factory_doors',
	});
	await pool.query('update agent_factory.agents set debounce_seconds = 0, debounce_max_seconds = 0');
	target = {
		webhookUrl: sandbox.state.webhook.url,
		appSecret: sandbox.state.webhook.appSecrets[0],
		phoneNumberIds: sandbox.state.tenants.map(
			({ channels }) => channels.find(({ kind }) => kind === 'whatsapp')!.externalId,
		),
	};
}, 600_000);

afterAll(async () => {
	await pool?.end();
	const failures = (await sandbox?.stop()) ?? [];
	await gate?.close();
	expect(failures).toEqual([]);
}, 120_000);

const answered = (record: LoadRecord): number => record.answers['200'] ?? 0;

test(`killed ${KILLS} times under a running load, n8n loses nothing, answers nothing twice and keeps the order`, async () => {
	const load = startLoad(target, { random, pauseMs: [200, 1_500] });
	let n8n: Pick<N8nProcess, 'pid' | 'kill' | 'stop'> = sandbox.n8n.instance;
	const kill = async (): Promise<void> => {
		await n8n.kill();
		// A minute without n8n, of which only the clock is spared: what it held when it died is due again.
		if (random() < 0.5) await leasesRunOut(pool);
		n8n = launchN8n(sandbox.n8n.options);
	};
	const upAgain = async (before: number): Promise<void> =>
		void (await waitFor(() => answered(load.record) > before, {
			timeoutMs: START_TIMEOUT_MS,
			what: 'a webhook with a 200',
		}));
	try {
		await upAgain(0);
		for (let done = 0; done < KILLS; done++) {
			await timePasses(between(random, ...LIFE_MS));
			const before = answered(load.record);
			await kill();
			if (done + 1 < KILLS && random() < STARTING_SHARE) {
				await timePasses(between(random, 500, 8_000));
				await kill();
				done++;
			}
			await upAgain(before);
		}
		await load.stop();
		const books: Books = { pool, graphUrl: sandbox.graphUrl, record: load.record };
		const byPerson = await untilQuiet(books, {
			timeoutMs: QUIET_TIMEOUT_MS,
			hurryAfterMs: HURRY_MS,
			connectionString: sandbox.databases.factory.connectionString,
		});
		process.stderr.write(
			`n8n killed ${KILLS} times (FAULTS_SEED=${seed}): ${JSON.stringify({ ...(await figures(books)), byPerson })}\n`,
		);
		await assertInvariants(books);
	} catch (error) {
		throw new Error(`FAULTS_SEED=${seed}: ${(error as Error).message}`, { cause: error });
	} finally {
		await load.stop(1_000);
		sandbox.n8n.instance = { ...sandbox.n8n.instance, pid: n8n.pid, stop: n8n.stop, kill: n8n.kill };
	}
}, 3_600_000);
