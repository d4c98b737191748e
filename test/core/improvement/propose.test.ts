import {
	offersOf,
	propose,
	type Findings,
	type OfferInput,
	type Proposal,
	type Rejection,
	type SuggestionOperation,
} from '../../../core/improvement';
import type { LlmPort } from '../../../core/llm';
import { findings, offerInput, personaBase, promptBase, stem } from './support';

const run = async (changes: Partial<OfferInput>, llm?: LlmPort): Promise<Proposal> =>
	await propose(offerInput(changes), { language: 'pt-BR', ...(llm ? { model: { llm, model: 'm' } } : {}) });
const stems = (...list: Findings['stems']): Findings => findings({ stems: list });
const failing = (...codes: string[]): Findings =>
	findings({ target: 'prompt', failures: codes.map((code) => ({ code, failed: 30, applied: 50, rate: 0.6 })) });
const rejection = (operation: SuggestionOperation, reason: Rejection['reason'], daysAgo: number): Rejection => ({
	operations: [operation],
	reason,
	at: new Date(Date.parse('2026-11-22T12:00:00Z') - daysAgo * 86_400_000),
});

/** A model that answers with numbers of its choice. */
const chooser = (answer: number[] | Error): LlmPort => ({
	provider: 'anthropic',
	generate: async (request) => {
		if (answer instanceof Error) throw answer;
		const usage = { provider: 'anthropic', model: 'm', inputTokens: 1, cachedInputTokens: 0, outputTokens: 1 };
		const output = request.schema.parse({ operations: answer });
		return { output, usage: { ...usage, costUsd: 0, latencyMs: 1, attempts: 1, requestId: null, outcome: 'ok' } };
	},
});

test('words whose users are won more often become keywords, words of the lost negative ones', async () => {
	const { candidate, reason } = await run({
		findings: stems(stem('consult'), stem('reform', { lift: -0.3, low: -0.4, high: -0.1, won: 2 })),
	});
	expect(reason).toBe('proposed');
	expect(candidate).toMatchObject({
		type: 'keywords_update',
		operations: [
			{ op: 'add_keyword', polarity: 'pos', stem: 'consult' },
			{ op: 'add_keyword', polarity: 'neg', stem: 'reform' },
		],
		diff: ['+ negativeKeywords: reform', '+ positiveKeywords: consult'],
	});
	expect(candidate!.rationale).toContain('"consult": 40 pessoas em 10 dias');
});

test('a word that is a keyword already gets points by what it is worth, on the careful side', async () => {
	const { candidate } = await run({ findings: stems(stem('loj')) });
	expect(candidate!.operations).toEqual([{ op: 'set_keyword_weight', stem: 'loj', points: 7 }]);
	expect(candidate!.type).toBe('scoring_weights');
});

test('a good keyword whose users are lost is removed', async () => {
	const { candidate } = await run({
		findings: stems(stem('orcament', { won: 2, lift: -0.3, low: -0.4, high: -0.1 })),
	});
	expect(candidate!.operations).toEqual([{ op: 'remove_keyword', polarity: 'pos', stem: 'orcament' }]);
});

test.each([
	['too few people', { leads: 19 }],
	['too few days', { days: 4 }],
	['an interval around nothing', { low: -0.05 }],
	['a form the classifier would read as another word', { stem: 'consultoria' }],
	['a word of payment', { stem: 'pix' }],
	['a word that speaks to the judge', { stem: 'avali' }],
])('%s makes no keyword', async (_, changes) => {
	const found = stem('consult', changes);
	expect((await run({ findings: stems(found) })).reason).toBe('no_operation');
});

test('a scorer that beats the rules is proposed first, and only while it is not in use', async () => {
	const scorerModelId = '33333333-3333-4333-8333-333333333333';
	const { candidate } = await run({ findings: stems(stem('consult')), scorerModelId });
	expect(candidate!.operations[0]).toEqual({ op: 'refit_scorer', modelId: scorerModelId });
	expect(candidate!.risk).toMatch(/^Médio/);
	expect((await run({ base: personaBase({ scoringModelId: scorerModelId }), scorerModelId })).reason).toBe(
		'no_operation',
	);
});

test('more HOT leads than the team can take raise the threshold', async () => {
	const { candidate } = await run({ load: { hotPerDay: 30, capacityPerDay: 20 } });
	expect(candidate!.operations).toEqual([{ op: 'set_threshold', shift: 3 }]);
	expect((await run({ load: { hotPerDay: 22, capacityPerDay: 20 } })).candidate).toBeNull();
});

test('failed checks become rules of the templates, at most three a candidate', async () => {
	const { candidate } = await run({
		base: promptBase(),
		findings: failing('next_step_clear', 'questions_answered', 'register', 'explains'),
	});
	expect(candidate!.operations).toHaveLength(3);
	expect(candidate!.operations.every(({ op }) => op === 'add_rule')).toBe(true);
	expect(candidate!.type).toBe('prompt_update');
});

test.each([
	'conditions_complete',
	'no_invention',
	'no_overpromise',
	'handoff_when_due',
	'redirects',
	'on_topic',
	'same_language',
])('a failure of %s belongs to a protected section: no rule is proposed', async (code) => {
	expect((await run({ base: promptBase(), findings: failing(code) })).reason).toBe('no_operation');
});

test('a rule that is taught already is not taught again, and a failure of a few is noise', async () => {
	const base = promptBase({ learnedRules: [{ id: 'abcdefabcdef', text: 'x', template: 'name_next_step' }] });
	expect((await run({ base, findings: failing('next_step_clear') })).candidate).toBeNull();
	const rare = findings({ target: 'prompt', failures: [{ code: 'register', failed: 4, applied: 50, rate: 0.08 }] });
	expect((await run({ base: promptBase(), findings: rare })).candidate).toBeNull();
});

test('a full list makes room by the oldest rule that answers no failure any more', async () => {
	const learnedRules = Array.from({ length: 12 }, (_, n) => ({
		id: `${n}`.padStart(12, '0'),
		text: 'quando x vier, então y sai',
		template: n === 0 ? null : ('never_twice' as const),
	}));
	const { candidate } = await run({ base: promptBase({ learnedRules }), findings: failing('register') });
	expect(candidate!.operations).toEqual([
		{ op: 'delete_learned_rule', id: '000000000001' },
		{ op: 'add_rule', slot: 'tone', templateId: 'write_as_they_do', count: null },
	]);
});

test('what a person rejected is not proposed again within 30 days', async () => {
	const operation: SuggestionOperation = { op: 'add_keyword', polarity: 'pos', stem: 'consult' };
	const input = { findings: stems(stem('consult')) };
	expect((await run({ ...input, rejected: [rejection(operation, 'wrong', 29)] })).candidate).toBeNull();
	expect((await run({ ...input, rejected: [rejection(operation, 'wrong', 31)] })).candidate).not.toBeNull();
});

test('"too risky" stands against the whole kind of operation, "off brand" against its place in the conversation', async () => {
	const other: SuggestionOperation = { op: 'add_keyword', polarity: 'neg', stem: 'reform' };
	const input = { findings: stems(stem('consult')) };
	expect((await run({ ...input, rejected: [rejection(other, 'too_risky', 1)] })).candidate).toBeNull();
	expect((await run({ ...input, rejected: [rejection(other, 'off_brand', 1)] })).candidate).not.toBeNull();
	const tone: SuggestionOperation = { op: 'add_rule', slot: 'tone', templateId: 'stay_kind', count: null };
	const { candidate } = await run({
		base: promptBase(),
		findings: failing('register', 'next_step_clear'),
		rejected: [rejection(tone, 'off_brand', 1)],
	});
	expect(candidate!.operations).toEqual([
		{ op: 'add_rule', slot: 'next_step', templateId: 'name_next_step', count: null },
	]);
});

test('findings of another version, or with nothing to do, propose nothing; an escalation asks a person', async () => {
	expect((await run({ findings: findings({ versionId: '99999999-9999-4999-8999-999999999999' }) })).reason).toBe(
		'old_version',
	);
	expect((await run({ findings: findings({ action: 'none' }) })).reason).toBe('no_action');
	const { candidate } = await run({ findings: findings({ action: 'escalate', stems: [stem('consult')] }) });
	expect(candidate).toMatchObject({ type: 'escalation', operations: [] });
});

test('a word that means nothing becomes no keyword, whatever it goes with', async () => {
	const { candidate } = await run({ findings: stems(stem('consult'), stem('pra'), stem('hoj')) });
	expect(candidate!.operations).toMatchObject([{ op: 'add_keyword', stem: 'consult' }]);
});

test('a model chooses by number among what code offers', async () => {
	const input = { findings: stems(stem('consult'), stem('reform', { low: 0.2 })) };
	const offered = offersOf(offerInput(input)).map(({ operation }) => operation);
	const { candidate, usage } = await run(input, chooser([2]));
	expect(candidate!.operations).toEqual([offered[1]]);
	expect(usage).toHaveLength(1);
});

test.each([
	['numbers that were not offered', [0, 99, -3]],
	['nothing', []],
	['an error', new Error('away')],
])('where a model answers with %s the strongest offers are taken', async (_, answer) => {
	const { candidate } = await run({ findings: stems(stem('consult')) }, chooser(answer));
	expect(candidate!.operations).toEqual([{ op: 'add_keyword', polarity: 'pos', stem: 'consult' }]);
});

test('the same change of the same version has the same hash', async () => {
	const [a, b] = [await run({ findings: stems(stem('consult')) }), await run({ findings: stems(stem('consult')) })];
	expect(a.candidate!.sha256).toBe(b.candidate!.sha256);
});
