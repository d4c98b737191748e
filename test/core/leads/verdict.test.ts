import { DEFAULT_THRESHOLDS } from '../../../core/leads/defaults';
import type { ModelAnswer } from '../../../core/leads/model';
import type { RuleResult } from '../../../core/leads';
import { verdictOfKnown, verdictOfModel, verdictOfRules, withHysteresis } from '../../../core/leads/verdict';

const rules = (changes: Partial<RuleResult> = {}): RuleResult => ({
	classification: 'LEAD_COLD',
	personalReason: null,
	fit: 30,
	intent: 20,
	score: 25,
	confidence: 0.4,
	gate: null,
	points: [],
	language: 'pt',
	injection: false,
	verifiedIntent: false,
	unsure: true,
	...changes,
});
const answer = (changes: Partial<ModelAnswer> = {}): ModelAnswer => ({
	classification: 'LEAD_HOT',
	personalReason: null,
	fit: 95,
	intent: 97,
	analysis: {
		reasoning: '',
		match_keywords: [],
		red_flags: [],
		qualification_signals: [],
		sentiment_analysis: 'neutro',
		next_steps: '',
	},
	...changes,
});
const T = DEFAULT_THRESHOLDS;

test('a model makes nobody HOT without a buying intent that a rule found', () => {
	expect(verdictOfModel(answer(), rules(), T)).toMatchObject({ classification: 'LEAD_WARM', score: T.hot - 1 });
	expect(verdictOfModel(answer(), rules({ verifiedIntent: true }), T)).toMatchObject({
		classification: 'LEAD_HOT',
		score: 96,
		decidedBy: 'model',
	});
	expect(verdictOfRules(rules({ classification: 'LEAD_HOT', score: 90 })).classification).toBe('LEAD_WARM');
});

test.each(['LEAD_COLD', 'SPAM', 'PESSOAL', 'DESQUALIFICADO'] as const)(
	'a text that gives orders stays %s, as the rules say, whatever the model answers',
	(classification) => {
		const ordered = rules({ classification, injection: true, verifiedIntent: true, score: 15 });
		expect(verdictOfModel(answer(), ordered, T)).toMatchObject({ classification, score: 15 });
		expect(verdictOfModel(answer({ classification: 'LEAD_WARM' }), ordered, T)).toMatchObject({ classification });
	},
);

test('a text that gives orders may be lowered, and its score rises in no class', () => {
	const ordered = rules({ injection: true, classification: 'LEAD_WARM', score: 50 });
	expect(verdictOfModel(answer({ classification: 'SPAM', fit: 90, intent: 90 }), ordered, T)).toMatchObject({
		classification: 'SPAM',
	});
	expect(verdictOfModel(answer({ classification: 'LEAD_WARM' }), ordered, T).score).toBe(50);
});

test.each([Number.NaN, Number.POSITIVE_INFINITY, -5, 400])('a score of %d becomes one that can be stored', (score) => {
	const verdict = verdictOfRules(rules({ score, fit: score, intent: score, confidence: score }));
	for (const value of [verdict.score, verdict.fit, verdict.intent]) {
		expect(value).toBeGreaterThanOrEqual(0);
		expect(value).toBeLessThanOrEqual(100);
	}
	expect(verdict.confidence).toBeGreaterThanOrEqual(0);
	expect(verdict.confidence).toBeLessThanOrEqual(1);
});

test.each<[string, number, 'LEAD_HOT' | 'LEAD_WARM' | null, boolean, string]>([
	['HOT stays within the width', 66, 'LEAD_HOT', true, 'LEAD_HOT'],
	['HOT is lost below it', 64, 'LEAD_HOT', true, 'LEAD_WARM'],
	['HOT is lost without verified intent', 69, 'LEAD_HOT', false, 'LEAD_WARM'],
	['nobody becomes HOT by it', 69, 'LEAD_WARM', true, 'LEAD_WARM'],
	['WARM stays within the width', 41, 'LEAD_WARM', false, 'LEAD_WARM'],
	['WARM is lost below it', 39, 'LEAD_WARM', false, 'LEAD_COLD'],
	['a newcomer has no width', 41, null, false, 'LEAD_COLD'],
])('%s', (_, score, previous, verified, expected) => {
	const classification = score >= T.warm ? 'LEAD_WARM' : 'LEAD_COLD';
	const verdict = verdictOfRules(rules({ classification, score }));
	expect(withHysteresis(verdict, previous, verified, T).classification).toBe(expected);
});

test('hysteresis keeps nobody a lead who is none now', () => {
	const spam = verdictOfRules(rules({ classification: 'SPAM', score: 69 }));
	expect(withHysteresis(spam, 'LEAD_HOT', true, T)).toBe(spam);
});

test.each([
	['familia', 'PESSOAL', 'PESSOAL', 'familiar'],
	['equipe', 'PESSOAL', 'PESSOAL', 'interno'],
	['fornecedor', 'PESSOAL', 'PESSOAL', 'interno'],
	['cliente', 'PESSOAL', 'PESSOAL', 'cliente_ativo'],
	['amigo', 'CLIENTE_VIP', 'PESSOAL', 'cliente_ativo'],
	['outro', 'SPAM', 'SPAM', null],
	['outro', 'LEAD_HOT', 'LEAD_HOT', null],
] as const)('a known %s listed as %s is %s (%s)', (contactType, autoClassifyAs, classification, personalReason) => {
	const known = { id: 'k', contactType, autoClassifyAs, skipAiAnalysis: true, autoRespond: false };
	const verdict = verdictOfKnown(known, T);
	expect(verdict).toMatchObject({ classification, personalReason, decidedBy: 'known_contact', confidence: 1 });
	if (classification === 'LEAD_HOT') expect(verdict.score).toBeGreaterThanOrEqual(T.hot);
});
