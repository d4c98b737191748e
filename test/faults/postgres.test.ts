import { listenForWork, workChannel } from '../../core/database';
import { rounds } from '../support/fault-rounds';
import { waitFor } from '../support/wait-for';
import { textBody, wamid } from '../support/factory';
import { acceptedSends, assertInvariants, figures, untilQuiet, type Books } from './support/invariants';
import { post, startLoad } from './support/load';
import { POSTGRES_FAULTS, startBadDatabase, untilServerAnswers, type BadDatabase } from './support/postgres-faults';
import { runSeed, seededRandom, shuffled } from './support/random';
import { startSmallFactory, type SmallFactory } from './support/small-factory';

const FAULTS = rounds(30, 6);
/** Far longer than any recovery that is waited for here: what wakes the workers is NOTIFY, not the poll. */
const POLL_MS = 20_000;
/** A half-open connection is given up after a statement's time-out, others at once. */
const RECOVERY_MS = 20_000;
/** The door's own deadline is 4.5 s; a crowded machine adds its part. */
const META_GIVES_UP_MS = 7_000;

let bad: BadDatabase;
let factory: SmallFactory;
let heard = 0;
let listener: ReturnType<typeof listenForWork>;
const seed = runSeed();
const random = seededRandom(seed);

beforeAll(async () => {
	bad = await startBadDatabase();
	factory = await startSmallFactory({ connectionString: bad.throughProxy, direct: bad.direct, pollMs: POLL_MS });
	listener = listenForWork(factory.database, () => void heard++);
}, 120_000);

afterAll(async () => {
	await listener?.close();
	await factory?.close();
	await bad?.close();
});

/** The faults of this run: each as often as the others, in random order. */
const chosen = Array.from({ length: Math.ceil(FAULTS / POSTGRES_FAULTS.length) })
	.flatMap(() => shuffled(POSTGRES_FAULTS, random))
	.slice(0, FAULTS);

test(`${FAULTS} faults of the database under load lose nothing and are got over without a restart`, async () => {
	const load = startLoad(factory.target, { random, pauseMs: [50, 400] });
	const books: Books = { pool: bad.admin, graphUrl: factory.graphUrl, record: load.record };
	const told: string[] = [];
	try {
		await probe();
		for (const fault of chosen) {
			await fault.strike(bad, random);
			await untilServerAnswers(bad);
			const answeredMs = await probe().catch((error: Error) => {
				throw new Error(`After "${fault.name}": ${error.message}`, { cause: error });
			});
			const heardMs = await untilNotifyIsHeard(fault.name);
			told.push(`${fault.name}: answers again after ${answeredMs} ms, hears NOTIFY after ${heardMs} ms more`);
		}
		await load.stop();
		const byPerson = await untilQuiet(books, { timeoutMs: 120_000, connectionString: bad.direct, hurryAfterMs: 5_000 });
		told.push(
			JSON.stringify({ ...(await figures(books)), byPerson, slowestMs: load.record.slowestMs, errors: factory.errors }),
		);
		// Nothing but "stored" and "send it again", and soon enough for Meta to hear it.
		expect(Object.keys(load.record.answers).sort()).toEqual(['200', '503']);
		expect(load.record.slowestMs).toBeLessThan(META_GIVES_UP_MS);
		await assertInvariants(books);
	} catch (error) {
		throw new Error(`FAULTS_SEED=${seed}: ${(error as Error).message}`, { cause: error });
	} finally {
		process.stderr.write(`${FAULTS} faults (FAULTS_SEED=${seed})\n${told.join('\n')}\n`);
		await load.stop(1_000);
	}
}, 1_800_000);

let probes = 0;

/** A new customer's message is taken and answered; the milliseconds it took, redeliveries included. */
async function probe(): Promise<number> {
	const started = performance.now();
	const [{ phoneNumberId }] = factory.tenants;
	const from = `55119${String(++probes).padStart(8, '0')}`;
	const body = JSON.stringify(textBody(phoneNumberId, [{ from, text: 'Oi #1', id: wamid() }]));
	await waitFor(async () => (await post(factory.target, body, META_GIVES_UP_MS)) === '200', {
		timeoutMs: RECOVERY_MS,
		what: 'a 200',
		pollMs: 100,
	});
	await waitFor(async () => (await acceptedSends(factory)).some(({ to }) => to.replace('+', '') === from), {
		timeoutMs: RECOVERY_MS,
		what: 'an answer to a new message',
	});
	return Math.round(performance.now() - started);
}

/** Milliseconds until a NOTIFY wakes a listener again, which it then does at once. */
async function untilNotifyIsHeard(fault: string): Promise<number> {
	const started = performance.now();
	const notifyWakes = async (withinMs: number): Promise<boolean> => {
		const before = heard;
		await bad.admin.query('select pg_notify($1, $2)', [workChannel(factory.database.schema), '']);
		return await waitFor(() => heard > before, { timeoutMs: withinMs, pollMs: 5 }).then(
			() => true,
			() => false,
		);
	};
	await waitFor(() => notifyWakes(200), { timeoutMs: RECOVERY_MS, what: `NOTIFY to be heard after "${fault}"` });
	const ms = Math.round(performance.now() - started);
	expect(await notifyWakes(1_000)).toBe(true);
	return ms;
}
