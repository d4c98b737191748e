import { claimTurns, completeTurn, renewLease, startDispatcher, type ClaimedTurn } from '../../../core/conversations';
import { IDLE_PAUSE_MS } from '../../../core/conversations/defaults';
import type { Database } from '../../../core/database';
import { ingest } from '../../../core/ingest';
import { signBody } from '../../../core/meta';
import { createTestDatabase, waitFor, type TestDatabase } from '../../support/database';
import { databaseFor, dropDatabase, makeTenant, textBody, type TestTenant } from '../../support/factory';

let test_: TestDatabase;
let database: Database;
let tenant: TestTenant;
let dispatcher: { close(): Promise<void> } | undefined;

beforeEach(async () => {
	test_ = await createTestDatabase();
	database = databaseFor(test_);
	tenant = await makeTenant(database);
});
afterEach(async () => {
	await dispatcher?.close();
	await dropDatabase(database, test_);
});

async function customersWrite(count: number): Promise<void> {
	const messages = Array.from({ length: count }, (_, i) => ({ from: `55119666${10_000 + i}`, text: 'oi' }));
	const rawBody = Buffer.from(JSON.stringify(textBody(tenant.phoneNumberId, messages)));
	await ingest(database, { rawBody, signature: signBody(rawBody, 'secret'), secrets: ['secret'] });
}

const claim = async (leaseSeconds = 60): Promise<ClaimedTurn | undefined> =>
	(await claimTurns(database, { workerId: 'w', leaseSeconds }))[0];

const silence = {
	action: 'silence' as const,
	...{ messages: [], handoffReason: null, deferUntil: null, optOut: false, checks: [], usage: [] },
	...{ agentVersionId: null, systemPromptId: null, personaId: null },
};

test.each([true, false])(
	'executions that claim nothing start ever more slowly (waits: %s), and at once again when a claim is made',
	async (waits) => {
		await customersWrite(3);
		const starts: number[] = [];
		let claims = false;
		const start = async (): Promise<void> => {
			starts.push(performance.now());
			if (claims) await claim();
		};
		const options = { kind: 'turns' as const, maxConcurrent: 1, batchSize: 1, waits, pollMs: 20 };
		dispatcher = startDispatcher(database, { ...options, start });
		await waitFor(() => starts.length >= 4);
		const gaps = starts.slice(1).map((at, i) => at - starts[i]);
		expect(gaps[1]).toBeGreaterThanOrEqual(IDLE_PAUSE_MS * 1.5);
		expect(gaps[2]).toBeGreaterThanOrEqual(IDLE_PAUSE_MS * 3);
		claims = true;
		const count = starts.length;
		const before = performance.now();
		// Whoever claims, the brake comes off: the next poll sees it, long before the pause of two seconds is over.
		await claim();
		await waitFor(() => starts.length > count);
		expect(performance.now() - before).toBeLessThan(IDLE_PAUSE_MS * 7);
	},
);

test('executions that claim are not held back', async () => {
	await customersWrite(40);
	let settled = 0;
	const start = async (): Promise<void> => {
		const turn = await claim();
		if (!turn) return;
		await completeTurn(database, turn, silence);
		settled++;
	};
	dispatcher = startDispatcher(database, {
		kind: 'turns',
		maxConcurrent: 3,
		batchSize: 1,
		waits: true,
		pollMs: 50,
		start,
	});
	const before = performance.now();
	await waitFor(() => settled === 40);
	// Held back they would take half a minute.
	expect(performance.now() - before).toBeLessThan(15_000);
});

test('the place of a worker that died comes back after its lease, and the turn is taken again', async () => {
	await customersWrite(1);
	const tries: number[] = [];
	const start = async (): Promise<void> => {
		const turn = await claim(tries.length === 0 ? 1 : 60);
		tries.push(turn?.attempts ?? 0);
		// A worker that was killed never reports back.
		if (tries.length === 1) return await new Promise(() => undefined);
		if (turn) await completeTurn(database, turn, silence);
	};
	const options = { kind: 'turns' as const, maxConcurrent: 1, batchSize: 1, waits: true, pollMs: 50, graceMs: 1_500 };
	dispatcher = startDispatcher(database, { ...options, start });
	await waitFor(() => tries.length === 2);
	expect(tries).toEqual([1, 2]);
});

test('the place of an execution that renews its lease stays its own', async () => {
	await customersWrite(2);
	let running = 0;
	let atOnce = 0;
	let done = 0;
	const start = async (): Promise<void> => {
		atOnce = Math.max(atOnce, ++running);
		const turn = await claim(30);
		const until = performance.now() + 6_000;
		// A model that thinks longer as an execution may be silent.
		await waitFor(
			async () => {
				if (turn) await renewLease(database, turn, 30);
				return performance.now() > until;
			},
			{ pollMs: 100 },
		);
		if (turn) await completeTurn(database, turn, silence);
		running--;
		done++;
	};
	const options = { kind: 'turns' as const, maxConcurrent: 1, batchSize: 1, waits: true, pollMs: 50, graceMs: 4_000 };
	dispatcher = startDispatcher(database, { ...options, start });
	await waitFor(() => done === 2, { timeoutMs: 40_000 });
	expect(atOnce).toBe(1);
});
