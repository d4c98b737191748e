import { EXECUTION_TIMEOUT_MS, FAILURE_PAUSE_MAX_MS, FAILURE_PAUSE_MS } from '../../../nodes/QueueTrigger/defaults';
import { QueueTrigger } from '../../../nodes/QueueTrigger/QueueTrigger.node';
import { createStarter } from '../../../nodes/QueueTrigger/start-execution';
import { triggerContext } from '../support/contexts';

const { description } = new QueueTrigger();

function starter(waits: boolean) {
	const { context, emitted } = triggerContext({ description });
	return { ...createStarter(context, { work: 'turns', waits }), emitted };
}

/** Whether a promise has settled by now, without waiting for it. */
async function isSettled(promise: Promise<unknown>): Promise<boolean> {
	const pending = Symbol('pending');
	await jest.advanceTimersByTimeAsync(0);
	return (await Promise.race([promise, Promise.resolve(pending)])) !== pending;
}

beforeEach(() => void jest.useFakeTimers());
afterEach(() => void jest.useRealTimers());

test('an execution starts with the work and how much of it is due', async () => {
	const { start, emitted } = starter(false);
	await start(7, 2);
	expect(emitted).toMatchObject([{ items: [{ json: { work: 'turns', due: 7 } }], done: null }]);
});

test.each([
	['succeeded', (run: { resolve(run: object): void }) => run.resolve({ status: 'success' })],
	['was skipped', (run: { resolve(run: object): void }) => run.resolve(undefined as never)],
])('its place is free as soon as it %s', async (_, end) => {
	const { start, emitted } = starter(true);
	const place = start(1, 1);
	expect(await isSettled(place)).toBe(false);
	end(emitted[0].done!);
	expect(await isSettled(place)).toBe(true);
});

test('an execution that never reports back frees its place in the end', async () => {
	const { start } = starter(true);
	const place = start(1, 1);
	await jest.advanceTimersByTimeAsync(EXECUTION_TIMEOUT_MS - 1);
	expect(await isSettled(place)).toBe(false);
	await jest.advanceTimersByTimeAsync(1);
	expect(await isSettled(place)).toBe(true);
});

test('executions that fail one after the other start ever more slowly, until one succeeds', async () => {
	const { start, emitted } = starter(true);
	const pauseAfter = async (
		end: (done: { resolve(run: object): void; reject(error: Error): void }) => void,
	): Promise<number> => {
		const place = start(1, 1);
		end(emitted[emitted.length - 1].done!);
		let waited = 0;
		while (!(await isSettled(place))) {
			await jest.advanceTimersByTimeAsync(FAILURE_PAUSE_MS);
			waited += FAILURE_PAUSE_MS;
		}
		return waited;
	};
	const failed = () => pauseAfter((done) => done.resolve({ status: 'error' }));
	expect(await failed()).toBe(FAILURE_PAUSE_MS);
	expect(await pauseAfter((done) => done.reject(new Error('could not start')))).toBe(FAILURE_PAUSE_MS * 2);
	for (let i = 0; i < 8; i++) await failed();
	expect(await failed()).toBe(FAILURE_PAUSE_MAX_MS);
	expect(await pauseAfter((done) => done.resolve({ status: 'success' }))).toBe(0);
	expect(await failed()).toBe(FAILURE_PAUSE_MS);
});

test('closing ends every wait', async () => {
	const { start, close } = starter(true);
	const places = [start(1, 1), start(1, 1)];
	close();
	await Promise.all(places);
	expect(jest.getTimerCount()).toBe(0);
});
