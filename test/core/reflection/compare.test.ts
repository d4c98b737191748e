import {
	compareAll,
	comparePair,
	CRITERIA,
	sellerText,
	verdictsInMemory,
	type PairVerdict,
} from '../../../core/reflection';
import { FactoryError } from '../../../core/errors';
import { seeded } from '../../faults/support/seeded';
import { judgeWith, scriptedPort, talk } from './support';

const choose = (choice: string): unknown => Object.fromEntries(CRITERIA.map((criterion) => [criterion, choice]));
const pair = (candidate = 'Custa R$ 100. Quer fechar?', incumbent = 'Custa R$ 100.') => ({
	conversation: talk(['Oi, quanto custa?'], 'pair'),
	incumbent: sellerText(incumbent),
	candidate: sellerText(candidate),
});
const isCandidateFirst = (content: string): boolean => content.indexOf('fechar') < content.lastIndexOf('R$ 100."');

test('who always takes the first place prefers nobody', async () => {
	const { verdict } = await comparePair(judgeWith(scriptedPort(() => choose('first'))), pair());
	expect(verdict).toMatchObject({ overall: 'tie', criteria: { depth: 'tie' } });
});

test('who prefers the same reply in both places prefers it', async () => {
	const port = scriptedPort(({ messages }) => choose(isCandidateFirst(messages[0].content) ? 'first' : 'second'));
	const { verdict } = await comparePair(judgeWith(port), pair());
	expect(verdict).toMatchObject({ overall: 'candidate' });
	expect(verdict!.lengthRatio).toBeGreaterThan(0);
	expect(port.calls).toBe(2);
});

test('compared again it is read from the store; an answer off the schema is no comparison; away is away', async () => {
	const store = verdictsInMemory();
	const port = scriptedPort(() => choose('tie'));
	const first = await comparePair(judgeWith(port, { store }), pair());
	expect((await comparePair(judgeWith(port, { store }), pair())).verdict).toEqual(first.verdict);
	expect(port.calls).toBe(2);
	expect((await comparePair(judgeWith(scriptedPort(() => choose('both'))), pair())).verdict).toBeNull();
	const away = scriptedPort(() => new FactoryError('LLM_UNAVAILABLE', 'away'));
	await expect(comparePair(judgeWith(away), pair())).rejects.toMatchObject({ code: 'LLM_UNAVAILABLE' });
});

test('a judge who only likes length shows no preference at equal length', () => {
	const random = seeded(4, 0);
	const verdicts = Array.from({ length: 200 }, (): PairVerdict => {
		const lengthRatio = 0.5 + random.next() - 0.2;
		return {
			conversationId: 'c',
			leadKey: 'l',
			criteria: {} as PairVerdict['criteria'],
			overall: random.next() < 0.5 + lengthRatio / 2 ? 'candidate' : 'incumbent',
			lengthRatio,
			inputTokens: 0,
			outputTokens: 0,
			costUsd: 0,
		};
	});
	const { preference, atEqualLength } = compareAll(verdicts);
	expect(preference).toBeGreaterThan(0.5);
	expect(Math.abs(atEqualLength!.preference)).toBeLessThan(2 * atEqualLength!.standardError);
	expect(compareAll([])).toEqual({ pairs: 0, candidate: 0, incumbent: 0, ties: 0, preference: 0, atEqualLength: null });
});
