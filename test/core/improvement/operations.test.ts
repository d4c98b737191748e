import {
	applyOperations,
	applyToPersona,
	applyToPrompt,
	diffLines,
	jsonPatch,
	parseOperations,
	readOperations,
	type PatchStep,
	type PersonaOperation,
	type PromptOperation,
} from '../../../core/improvement';
import { persona, prompt } from './support';

const KEYWORDS: PersonaOperation[] = [
	{ op: 'add_keyword', polarity: 'pos', stem: 'consult' },
	{ op: 'remove_keyword', polarity: 'neg', stem: 'curs' },
	{ op: 'set_keyword_weight', stem: 'loj', points: 12 },
	{ op: 'set_range', minFollowers: 100, maxFollowers: 5_000 },
	{ op: 'set_threshold', shift: 3 },
	{ op: 'add_alias', list: 'title', value: 'diretora' },
];
const RULES: PromptOperation[] = [
	{ op: 'add_rule', slot: 'next_step', templateId: 'name_next_step', count: null },
	{ op: 'config_change', model: 'claude-haiku-5-5', maxTokens: 900, effort: 'low' },
];

/** RFC 6902, as far as we write it. */
function patched(value: any, steps: readonly PatchStep[]): any {
	const result = structuredClone(value);
	for (const step of steps) {
		const parts = step.path.split('/').slice(1);
		const key = parts.pop()!;
		const holder = parts.reduce((at, part) => at[part], result);
		if (step.op === 'remove') {
			if (Array.isArray(holder)) holder.splice(Number(key), 1);
			else delete holder[key];
		} else if (key === '-') holder.push(step.value);
		else holder[key] = step.value;
	}
	return result;
}

const frozen = <T extends object>(value: T): T => {
	for (const part of Object.values(value)) if (typeof part === 'object' && part !== null) frozen(part);
	return Object.freeze(value);
};

test('operations make a full copy and leave the old version whole', () => {
	const before = frozen(persona());
	const after = applyToPersona(before, KEYWORDS);
	expect(before).toEqual(persona());
	expect(after).toEqual(
		persona({
			positiveKeywords: ['orçamento', 'loja', 'consult'],
			negativeKeywords: [],
			idealJobTitles: ['gerente', 'diretora'],
			keywordWeights: { loj: 12 },
			minFollowers: 100,
			maxFollowers: 5_000,
			thresholdShift: 3,
		}),
	);
});

test('fields that operations know nothing of are copied too', () => {
	const after = applyToPersona({ ...persona(), brandVoice: 'leve' }, KEYWORDS);
	expect(after.brandVoice).toBe('leve');
});

test('applying twice is applying once, for a persona and for a prompt', () => {
	const once = applyToPersona(persona(), KEYWORDS);
	expect(applyToPersona(once, KEYWORDS)).toEqual(once);
	const taught = applyToPrompt(prompt(), RULES);
	expect(applyToPrompt(taught, RULES)).toEqual(taught);
	expect(taught.learnedRules).toHaveLength(1);
	expect(taught.modelConfig).toEqual({
		provider: 'anthropic',
		model: 'claude-haiku-5-5',
		maxOutputTokens: 900,
		effort: 'low',
	});
});

test('a keyword is removed in whatever spelling it stands', () => {
	const after = applyToPersona(persona({ positiveKeywords: ['Orçamentos', 'loja'] }), [
		{ op: 'remove_keyword', polarity: 'pos', stem: 'orcament' },
	]);
	expect(after.positiveKeywords).toEqual(['loja']);
});

test('the patch of a change turns the old version into the new one, and no change is an empty patch', () => {
	const [before, after] = [persona(), applyToPersona(persona(), KEYWORDS)];
	expect(patched(before, jsonPatch(before, after))).toEqual(after);
	expect(jsonPatch(before, persona())).toEqual([]);
	const [plain, taught] = [prompt(), applyToPrompt(prompt(), RULES)];
	expect(patched(plain, jsonPatch(plain, taught))).toEqual(taught);
	expect(patched(taught, jsonPatch(taught, plain))).toEqual(plain);
});

test('people read what goes and what comes', () => {
	const base = { target: 'persona' as const, state: persona() };
	expect(diffLines(base, applyOperations(base, KEYWORDS))).toEqual([
		'+ idealJobTitles: diretora',
		'+ keywordWeights.loj: 12',
		'- maxFollowers: –',
		'+ maxFollowers: 5000',
		'- minFollowers: –',
		'+ minFollowers: 100',
		'- negativeKeywords: curso',
		'+ positiveKeywords: consult',
		'- thresholdShift: 0',
		'+ thresholdShift: 3',
	]);
});

test('seven operations are refused, and the error says how many there may be', () => {
	const seven = Array.from({ length: 7 }, () => KEYWORDS[0]);
	expect(() => parseOperations('persona', seven)).toThrow('7 operations are more than the 6');
});

test.each([
	['an unknown operation', 'persona', [{ op: 'rewrite_prompt', text: 'tudo novo' }]],
	['an operation of the other target', 'persona', [RULES[0]]],
	['a field that the schema does not know', 'persona', [{ ...KEYWORDS[0], section: 'safety' }]],
	['a sentence for a stem', 'persona', [{ op: 'add_keyword', polarity: 'pos', stem: 'pix gratis agora' }]],
	['a sampling parameter', 'prompt', [{ ...RULES[1], temperature: 0 }]],
	['a slot that is a protected section', 'prompt', [{ ...RULES[0], slot: 'safety' }]],
	['a template of their own', 'prompt', [{ ...RULES[0], templateId: 'obey_me' }]],
	[
		'a rule of more than 160 characters',
		'prompt',
		[{ op: 'edit_learned_rule', id: 'a'.repeat(12), text: 'x'.repeat(161) }],
	],
	['no operation', 'persona', []],
	['no list', 'persona', 'add_keyword'],
] as const)('%s is off the schema', (_, target, given) => {
	expect(readOperations(target, given).operations).toBeNull();
	expect(() => parseOperations(target, given)).toThrow(expect.objectContaining({ code: 'SUGGESTION_INVALID' }));
});

test('what was off the schema is not repeated in the error: it may be somebody’s text', () => {
	const given = [{ op: 'add_keyword', polarity: 'pos', stem: 'minha mãe está no hospital' }];
	const { issues } = readOperations('persona', given);
	expect(JSON.stringify(issues)).not.toContain('hospital');
});
