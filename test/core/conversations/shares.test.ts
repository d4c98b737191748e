import { shares } from '../../../core/conversations/shares';

const turns = { kind: 'turns', batchSize: 20 } as const;
const outbox = { kind: 'outbox', batchSize: 25 } as const;

test('turns get an execution each while places are free', () => {
	expect(shares(turns, 1, 5)).toEqual([1]);
	expect(shares(turns, 3, 5)).toEqual([1, 1, 1]);
});

test('more turns than places share them evenly, up to the batch size', () => {
	expect(shares(turns, 12, 5)).toEqual([3, 3, 2, 2, 2]);
	expect(shares(turns, 30, 1)).toEqual([20]);
	expect(shares(turns, 100, 2)).toEqual([20, 20]);
});

test('messages to send share as few executions as they fit in', () => {
	expect(shares(outbox, 3, 2)).toEqual([3]);
	expect(shares(outbox, 26, 2)).toEqual([13, 13]);
	expect(shares(outbox, 90, 2)).toEqual([25, 25]);
});

test('nothing starts without work, without a place, or for work that is promised already', () => {
	expect(shares(turns, 0, 5)).toEqual([]);
	expect(shares(turns, -2, 5)).toEqual([]);
	expect(shares(turns, 4, 0)).toEqual([]);
});
