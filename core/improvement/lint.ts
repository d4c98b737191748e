import { renderPrompt, type CompiledAgentBundle } from '../agents';
import { keywordKey, normaliseText, stemKey } from '../leads';
import { PRICES } from '../llm';
import { applyOperations, hasKeyword } from './apply';
import { MAX_LEARNED_RULES, THRESHOLD_STEP } from './defaults';
import { jsonPatch } from './diff';
import { readOperations, type SuggestionOperation, type Target } from './operations';
import { aliasFaults, keywordFaults, ruleFaults, type TextFault } from './rule-lint';
import { countFits, RULE_TEMPLATES, ruleText } from './rule-templates';
import type { PersonaState, PromptState, Versioned } from './state';

export type LintCode =
	| TextFault
	| 'off_schema'
	| 'too_many_operations'
	| 'unknown_base'
	| 'contradiction'
	| 'no_effect'
	| 'keyword_there'
	| 'keyword_missing'
	| 'not_a_stem'
	| 'weight_sign'
	| 'range_order'
	| 'threshold_step'
	| 'rule_missing'
	| 'too_many_rules'
	| 'slot_of_another'
	| 'count_out_of_bounds'
	| 'unknown_model'
	| 'protected_changed';

export interface LintIssue {
	code: LintCode;
	/** Index of the operation; null where it is the suggestion as a whole. */
	operation: number | null;
}

export interface LintResult {
	ok: boolean;
	issues: LintIssue[];
}

/** The version a suggestion starts from. */
export type LintBase = Versioned & {
	versionId: string;
	/** Of the agent's version, for a prompt: its base text is what must stay byte for byte. */
	bundle?: CompiledAgentBundle;
};

/** Whether the classifier would read the stem in a message as what it is. */
function isReadBack(stem: string): boolean {
	const { words } = normaliseText(stem);
	return words.length === 1 && stemKey(words[0]) === stem;
}

const LISTS = { pos: 'positiveKeywords', neg: 'negativeKeywords' } as const;

function keywordIssues(operation: SuggestionOperation & { stem: string }, persona: PersonaState): LintCode[] {
	const { stem } = operation;
	const has = (polarity: 'pos' | 'neg') => hasKeyword(persona[LISTS[polarity]], stem);
	if (operation.op === 'add_keyword') {
		return [
			...(has(operation.polarity) ? (['keyword_there'] as const) : []),
			...(isReadBack(stem) ? [] : (['not_a_stem'] as const)),
			...keywordFaults(stem, [stem]),
		];
	}
	if (operation.op === 'remove_keyword') return has(operation.polarity) ? [] : ['keyword_missing'];
	return [];
}

function personaIssues(operation: SuggestionOperation, base: PersonaState, after: PersonaState): LintCode[] {
	switch (operation.op) {
		case 'add_keyword':
		case 'remove_keyword':
			return keywordIssues(operation, base);
		case 'set_keyword_weight': {
			const [pos, neg] = [after.positiveKeywords, after.negativeKeywords].map((list) =>
				hasKeyword(list, operation.stem),
			);
			if (!pos && !neg) return ['keyword_missing'];
			return (pos && operation.points < 0) || (neg && operation.points > 0) ? ['weight_sign'] : [];
		}
		case 'add_alias':
			return aliasFaults(operation.value);
		case 'set_range': {
			const { minFollowers, maxFollowers } = operation;
			return minFollowers !== null && maxFollowers !== null && minFollowers > maxFollowers ? ['range_order'] : [];
		}
		case 'set_threshold':
			return Math.abs(operation.shift - base.thresholdShift) > THRESHOLD_STEP ? ['threshold_step'] : [];
		default:
			return [];
	}
}

const knownModel = (model: string, provider: string): boolean =>
	Object.hasOwn(PRICES.models, model.replace(/-\d{8}$/, '')) &&
	model.startsWith('claude') === (provider === 'anthropic');

function promptIssues(operation: SuggestionOperation, base: PromptState): LintCode[] {
	switch (operation.op) {
		case 'add_rule': {
			const { templateId, count, slot } = operation;
			if (RULE_TEMPLATES[templateId].slot !== slot) return ['slot_of_another'];
			if (!countFits(templateId, count)) return ['count_out_of_bounds'];
			return ruleFaults(ruleText(templateId, count, base.language), base.language);
		}
		case 'edit_learned_rule':
		case 'delete_learned_rule': {
			const missing = !base.learnedRules.some(({ id }) => id === operation.id);
			if (missing) return ['rule_missing'];
			return operation.op === 'edit_learned_rule' ? ruleFaults(operation.text, base.language) : [];
		}
		case 'config_change':
			return operation.model !== null && !knownModel(operation.model, base.modelConfig.provider)
				? ['unknown_model']
				: [];
		default:
			return [];
	}
}

/** What an operation decides: two of one suggestion must not decide the same. */
function decides(operation: SuggestionOperation): string {
	switch (operation.op) {
		case 'add_keyword':
		case 'remove_keyword':
			return `keyword:${operation.stem}`;
		case 'set_keyword_weight':
			return `weight:${operation.stem}`;
		case 'add_alias':
			return `alias:${operation.list}:${keywordKey(operation.value)}`;
		case 'add_rule':
			return `rule:${operation.templateId}`;
		case 'edit_learned_rule':
		case 'delete_learned_rule':
			return `learned:${operation.id}`;
		default:
			return operation.op;
	}
}

/** Adding a keyword on one side and taking it from the other is one thought; anything else twice is two. */
function contradicts(a: SuggestionOperation, b: SuggestionOperation): boolean {
	if (decides(a) !== decides(b)) {
		const [removed, weighed] = a.op === 'remove_keyword' ? [a, b] : [b, a];
		return removed.op === 'remove_keyword' && weighed.op === 'set_keyword_weight' && removed.stem === weighed.stem;
	}
	if (a.op === 'add_keyword' && b.op === 'remove_keyword') return a.polarity === b.polarity;
	if (a.op === 'remove_keyword' && b.op === 'add_keyword') return a.polarity === b.polarity;
	return true;
}

function wholeIssues(base: LintBase, after: Versioned, operations: readonly SuggestionOperation[]): LintIssue[] {
	const whole = (code: LintCode): LintIssue => ({ code, operation: null });
	const issues: LintIssue[] = operations.flatMap((operation, index) =>
		operations.slice(0, index).some((earlier) => contradicts(earlier, operation))
			? [{ code: 'contradiction' as const, operation: index }]
			: [],
	);
	if (jsonPatch(base.state, after.state).length === 0) issues.push(whole('no_effect'));
	if (after.target === 'persona') {
		const { positiveKeywords, negativeKeywords } = after.state;
		const both = positiveKeywords.some((keyword) => hasKeyword(negativeKeywords, keywordKey(keyword)));
		const before = (base.state as PersonaState).positiveKeywords.some((keyword) =>
			hasKeyword((base.state as PersonaState).negativeKeywords, keywordKey(keyword)),
		);
		if (both && !before) issues.push(whole('contradiction'));
	} else {
		if (after.state.learnedRules.length > MAX_LEARNED_RULES) issues.push(whole('too_many_rules'));
		if (base.bundle && !keepsProtected(base.bundle, after.state)) issues.push(whole('protected_changed'));
	}
	return issues;
}

/** The compiled prompt, with all its protected sections, must stand first and unchanged in what the candidate says. */
export function keepsProtected(bundle: CompiledAgentBundle, after: PromptState): boolean {
	const rendered = renderPrompt(bundle, { learnedRules: after.learnedRules.map(({ text }) => text) });
	const base = Buffer.from(bundle.systemPrompt, 'utf8');
	return Buffer.from(rendered, 'utf8').subarray(0, base.length).equals(base) && !/\n#/u.test(tail(rendered, bundle));
}

/** What is said after the compiled prompt: one titled section of rules, and no other title. */
const tail = (rendered: string, bundle: CompiledAgentBundle): string =>
	rendered.slice(bundle.systemPrompt.length).replace(/^\n\n# [^\n]*/u, '');

/** All that speaks against a suggestion before anything is measured. */
export function lintSuggestion(
	suggestion: { target: Target; baseVersionId: string; operations: unknown },
	base: LintBase | null,
): LintResult {
	if (base === null || base.versionId !== suggestion.baseVersionId || base.target !== suggestion.target) {
		return { ok: false, issues: [{ code: 'unknown_base', operation: null }] };
	}
	const { operations, issues: malformed } = readOperations(suggestion.target, suggestion.operations);
	if (malformed) {
		const codes = malformed.map(({ path, message }): LintIssue => {
			const index = Number.parseInt(path, 10);
			const tooMany = path === '' && message === 'too_big';
			return { code: tooMany ? 'too_many_operations' : 'off_schema', operation: Number.isNaN(index) ? null : index };
		});
		return { ok: false, issues: codes };
	}
	const after = applyOperations(base, operations);
	const each = operations.flatMap((operation, index): LintIssue[] => {
		const codes =
			base.target === 'persona'
				? personaIssues(operation, base.state, after.state as PersonaState)
				: promptIssues(operation, base.state);
		return codes.map((code) => ({ code, operation: index }));
	});
	const issues = [...each, ...wholeIssues(base, after, operations)];
	return { ok: issues.length === 0, issues };
}
