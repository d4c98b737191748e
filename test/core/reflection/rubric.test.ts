import {
	CHECKS,
	CHECK_CODES,
	CRITERIA,
	CRITERION_WEIGHTS,
	factsOf,
	levelOf,
	levelsOf,
	overallOf,
	RUBRIC_VERSION,
	type Answers,
} from '../../../core/reflection';
import { countedAnswers } from '../../../core/reflection/facts';
import { seeded } from '../../faults/support/seeded';
import { GOOD_TALK, rawTurns, talk } from './support';
import { conversationOf } from '../../../core/reflection';

const all = (answer: 'yes' | 'no' | 'na'): Answers =>
	Object.fromEntries(CHECK_CODES.map((code) => [code, { answer, turns: [1] }]));

test('five criteria weigh 20, 25, 15, 20 and 20, with four to six checks each', () => {
	expect(CRITERION_WEIGHTS).toEqual({ completeness: 20, depth: 25, tone: 15, scope: 20, missed_opportunities: 20 });
	for (const criterion of CRITERIA) {
		const checks = CHECK_CODES.filter((code) => CHECKS[code].criterion === criterion);
		expect(checks.length).toBeGreaterThanOrEqual(4);
		expect(checks.length).toBeLessThanOrEqual(6);
	}
	expect(RUBRIC_VERSION).toMatch(/^r[0-9a-f]{12}$/);
});

test('all yes is 5, all no is 1, nothing that applies is no score', () => {
	expect(overallOf(levelsOf(all('yes')))).toBe(5);
	expect(overallOf(levelsOf(all('no')))).toBe(1);
	expect(overallOf(levelsOf(all('na')))).toBeNull();
});

test('a check that does not apply drops out of its criterion, and a criterion out of the sum', () => {
	const answers = all('yes');
	for (const code of CHECK_CODES.filter((code) => CHECKS[code].criterion === 'scope'))
		answers[code] = { answer: 'na', turns: [] };
	for (const code of CHECK_CODES.filter((code) => CHECKS[code].criterion === 'depth'))
		answers[code] = { answer: 'no', turns: [1] };
	expect(levelOf('scope', answers)).toBeNull();
	// 5 x (20 + 15 + 20) + 1 x 25 over 80.
	expect(overallOf(levelsOf(answers))).toBeCloseTo((5 * 55 + 25) / 80, 6);
});

test('turning one no into a yes never lowers the score (2,000 drawn answer sheets)', () => {
	const random = seeded(7, 0);
	for (let round = 0; round < 2_000; round++) {
		const sheet: Answers = Object.fromEntries(
			CHECK_CODES.map((code) => [code, { answer: random.of(['yes', 'no', 'na'] as const), turns: [1] }]),
		);
		const no = CHECK_CODES.filter((code) => sheet[code]!.answer === 'no');
		if (no.length === 0) continue;
		const better: Answers = { ...sheet, [random.of(no)]: { answer: 'yes', turns: [1] } };
		expect(overallOf(levelsOf(better))!).toBeGreaterThan(overallOf(levelsOf(sheet))!);
	}
});

test('what can be counted is counted: replies, waits, questions, repeats, languages, lengths', () => {
	const facts = factsOf(
		talk([
			'Oi, quanto custa o plano de vocês para a minha loja?',
			'Hello, our plan is one hundred a month and you can have it today.',
			'e tem desconto para quem paga no ano todo?',
			'Hello, our plan is one hundred a month and you can have it today.',
			'alguém aí?',
		]),
	);
	expect(facts).toMatchObject({
		customerQuestions: 3,
		agentQuestions: 0,
		medianReplySeconds: 30,
		unanswered: [5],
		repeatedReplies: [4],
		otherLanguage: [2, 4],
	});
});

test('a good talk passes every counted check, and a talk without a reply has nothing to say of replies', () => {
	const good = talk(GOOD_TALK);
	expect(Object.values(countedAnswers(good, factsOf(good))).map(({ answer }) => answer)).toEqual(Array(5).fill('yes'));
	const silent = conversationOf('c', 'l', rawTurns(['oi, alguém?']).slice(0, 1));
	const counted = countedAnswers(silent, factsOf(silent));
	expect(counted.nothing_pending).toEqual({ answer: 'no', turns: [1] });
	expect(counted.asks_back).toEqual({ answer: 'na', turns: [] });
});
