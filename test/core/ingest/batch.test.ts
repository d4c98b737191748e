import { FactoryError } from '../../../core/errors';
import { createIngestBatcher, type BatcherOptions, type StoredEvent } from '../../../core/ingest';
import type { MetaEvent } from '../../../core/meta';

const event = (providerId: string): MetaEvent => ({ providerId }) as MetaEvent;
const body = (...ids: string[]): MetaEvent[] => ids.map(event);
const idsOf = (stored: StoredEvent[]): string[] => stored.map((one) => one.event.providerId);
/** Everything that is ready to happen happens. */
const settled = async (): Promise<void> => await new Promise((resolve) => setImmediate(resolve));

/** A batcher over a database that answers when it is told to. */
function setUp(options: BatcherOptions = {}) {
	const calls: Array<{ ids: string[]; answer(): void; fail(error: unknown): void }> = [];
	const timers: Array<() => void> = [];
	const batcher = createIngestBatcher(
		async (events) =>
			await new Promise<StoredEvent[]>((resolve, reject) => {
				calls.push({
					ids: events.map(({ providerId }) => providerId),
					answer: () => resolve(events.map((one) => ({ event: one, outcome: 'queued' }) as StoredEvent)),
					fail: reject,
				});
			}),
		{
			later: (run) => {
				timers.push(run);
				return () => void timers.splice(timers.indexOf(run), 1);
			},
			...options,
		},
	);
	return { batcher, calls, timers };
}

test('a body that finds the door idle is stored at once', () => {
	const { batcher, calls, timers } = setUp();
	void batcher.store(body('a'));
	expect(calls.map(({ ids }) => ids)).toEqual([['a']]);
	expect(timers).toEqual([]);
});

test('bodies that come meanwhile share the next transaction, and each gets its own results back', async () => {
	const { batcher, calls } = setUp();
	const answers = [body('a'), body('b', 'c'), body('d')].map(async (events) => idsOf(await batcher.store(events)));
	expect(batcher.waiting).toBe(3);
	calls[0].answer();
	await settled();
	expect(calls[1].ids).toEqual(['b', 'c', 'd']);
	calls[1].answer();
	expect(await Promise.all(answers)).toEqual([['a'], ['b', 'c'], ['d']]);
	expect([batcher.waiting, batcher.inFlight]).toEqual([0, 0]);
});

test('nobody is answered before the commit of its own transaction', async () => {
	const { batcher, calls } = setUp();
	const answered: string[] = [];
	for (const id of ['a', 'b']) void batcher.store(body(id)).then(() => answered.push(id));
	await settled();
	expect(answered).toEqual([]);
	calls[0].answer();
	await settled();
	expect(answered).toEqual(['a']);
});

test('a slow transaction is not waited for longer than allowed while there is room for another', async () => {
	const { batcher, calls, timers } = setUp({ maxInFlight: 2 });
	void batcher.store(body('a'));
	void batcher.store(body('b'));
	void batcher.store(body('c'));
	expect([calls.length, timers.length]).toEqual([1, 1]);
	timers[0]();
	expect(calls[1].ids).toEqual(['b', 'c']);
	void batcher.store(body('d'));
	expect([calls.length, timers.length, batcher.waiting]).toEqual([2, 0, 1]);
	calls[1].answer();
	await settled();
	expect(calls[2].ids).toEqual(['d']);
});

test('a full batch does not wait, a big body goes alone, and order of arrival holds', async () => {
	const { batcher, calls } = setUp({ maxEvents: 2, maxInFlight: 2 });
	void batcher.store(body('a'));
	void batcher.store(body('b'));
	void batcher.store(body('c'));
	expect(calls.map(({ ids }) => ids)).toEqual([['a'], ['b', 'c']]);
	void batcher.store(body('d', 'e', 'f'));
	void batcher.store(body('g'));
	calls[0].answer();
	await settled();
	expect(calls[2].ids).toEqual(['d', 'e', 'f']);
	calls[1].answer();
	await settled();
	expect(calls[3].ids).toEqual(['g']);
});

test('when a shared transaction is refused each body is tried alone, and only its own failure reaches it', async () => {
	const { batcher, calls } = setUp();
	void batcher.store(body('a'));
	const answers = ['b', 'bad', 'c'].map(async (id) =>
		batcher.store(body(id)).then(idsOf, (error: FactoryError) => error.code),
	);
	calls[0].answer();
	await settled();
	calls[1].fail({ code: '54000' });
	await settled();
	calls[2].answer();
	await settled();
	calls[3].fail(new FactoryError('DATABASE_ERROR', 'too large'));
	await settled();
	calls[4].answer();
	expect(await Promise.all(answers)).toEqual([['b'], 'DATABASE_ERROR', ['c']]);
	expect(calls.map(({ ids }) => ids)).toEqual([['a'], ['b', 'bad', 'c'], ['b'], ['bad'], ['c']]);
});

test('without a database nothing is tried again: all of them hear it at once', async () => {
	const { batcher, calls } = setUp();
	void batcher.store(body('a'));
	const answers = ['b', 'c'].map(async (id) => batcher.store(body(id)).catch((error: { code: string }) => error.code));
	calls[0].answer();
	await settled();
	calls[1].fail({ code: '57P01' });
	expect(await Promise.all(answers)).toEqual(['57P01', '57P01']);
	expect(calls).toHaveLength(2);
});

test('who comes when too much waits is refused, and a body larger than the bound still gets in when nobody waits', async () => {
	const { batcher, calls } = setUp({ maxWaiting: 2 });
	void batcher.store(body('a', 'b', 'c'));
	void batcher.store(body('d', 'e'));
	await expect(batcher.store(body('f'))).rejects.toMatchObject({ code: 'INGEST_BUSY', retryable: true });
	calls[0].answer();
	await settled();
	expect(calls[1].ids).toEqual(['d', 'e']);
});
