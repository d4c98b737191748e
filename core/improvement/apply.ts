import { canonicalSha256 } from '../agents';
import { FactoryError } from '../errors';
import { keywordKey } from '../leads';
import type { PersonaOperation, PromptOperation, SuggestionOperation } from './operations';
import { ruleText, type TemplateId } from './rule-templates';
import type { LearnedRule, PersonaState, PromptState, Versioned } from './state';

const LISTS = { pos: 'positiveKeywords', neg: 'negativeKeywords' } as const;
const ALIASES = { title: 'idealJobTitles', niche: 'idealNiches', business: 'idealBusinessTypes' } as const;

export const hasKeyword = (keywords: readonly string[], stem: string): boolean =>
	keywords.some((keyword) => keywordKey(keyword) === stem);

const without = (record: Readonly<Record<string, number>>, key: string): Record<string, number> =>
	Object.fromEntries(Object.entries(record).filter(([name]) => name !== key));

function changePersona<P extends PersonaState>(persona: P, operation: PersonaOperation): P {
	switch (operation.op) {
		case 'add_keyword': {
			const list = LISTS[operation.polarity];
			return hasKeyword(persona[list], operation.stem)
				? persona
				: { ...persona, [list]: [...persona[list], operation.stem] };
		}
		case 'remove_keyword': {
			const list = LISTS[operation.polarity];
			return {
				...persona,
				[list]: persona[list].filter((keyword) => keywordKey(keyword) !== operation.stem),
				keywordWeights: without(persona.keywordWeights, operation.stem),
			};
		}
		case 'set_keyword_weight':
			return { ...persona, keywordWeights: { ...persona.keywordWeights, [operation.stem]: operation.points } };
		case 'add_alias': {
			const list = ALIASES[operation.list];
			const known = persona[list].some((value) => keywordKey(value) === keywordKey(operation.value));
			return known ? persona : { ...persona, [list]: [...persona[list], operation.value] };
		}
		case 'set_range':
			return { ...persona, minFollowers: operation.minFollowers, maxFollowers: operation.maxFollowers };
		case 'set_threshold':
			return { ...persona, thresholdShift: operation.shift };
		case 'refit_scorer':
			return { ...persona, scoringModelId: operation.modelId };
	}
}

/** The same rule has the same id wherever it is taught. */
export const ruleId = (templateId: TemplateId): string => canonicalSha256({ rule: templateId }).slice(0, 12);

function changePrompt<P extends PromptState>(prompt: P, operation: PromptOperation): P {
	switch (operation.op) {
		case 'add_rule': {
			const { templateId, count } = operation;
			const rule: LearnedRule = {
				id: ruleId(templateId),
				text: ruleText(templateId, count, prompt.language),
				template: templateId,
			};
			const known = prompt.learnedRules.some(({ id }) => id === rule.id);
			return known ? prompt : { ...prompt, learnedRules: [...prompt.learnedRules, rule] };
		}
		case 'edit_learned_rule':
			return {
				...prompt,
				learnedRules: prompt.learnedRules.map((rule) =>
					rule.id === operation.id ? { ...rule, text: operation.text, template: null } : rule,
				),
			};
		case 'delete_learned_rule':
			return { ...prompt, learnedRules: prompt.learnedRules.filter(({ id }) => id !== operation.id) };
		case 'config_change': {
			const { model, maxTokens, effort } = operation;
			return {
				...prompt,
				modelConfig: {
					...prompt.modelConfig,
					...(model === null ? {} : { model }),
					...(maxTokens === null ? {} : { maxOutputTokens: maxTokens }),
					...(effort === null ? {} : { effort }),
				},
			};
		}
	}
}

/** A persona with the operations applied: a copy, the one given stays whole. Applying twice is applying once. */
export const applyToPersona = <P extends PersonaState>(persona: P, operations: readonly PersonaOperation[]): P =>
	operations.reduce((state, operation) => changePersona(state, operation), structuredClone(persona));

/** A prompt with the operations applied: a copy, the one given stays whole. Applying twice is applying once. */
export const applyToPrompt = <P extends PromptState>(prompt: P, operations: readonly PromptOperation[]): P =>
	operations.reduce((state, operation) => changePrompt(state, operation), structuredClone(prompt));

const PROMPT_OPS: ReadonlySet<string> = new Set([
	'add_rule',
	'edit_learned_rule',
	'delete_learned_rule',
	'config_change',
]);
export const isPromptOperation = (operation: SuggestionOperation): operation is PromptOperation =>
	PROMPT_OPS.has(operation.op);
export const isPersonaOperation = (operation: SuggestionOperation): operation is PersonaOperation =>
	!isPromptOperation(operation);

/** Either, by its target. An operation of the other target is a mistake of the caller. */
export function applyOperations(base: Versioned, operations: readonly SuggestionOperation[]): Versioned {
	const fitting =
		base.target === 'persona' ? operations.every(isPersonaOperation) : operations.every(isPromptOperation);
	if (!fitting)
		throw new FactoryError(
			'SUGGESTION_INVALID',
			`An operation of this suggestion is not one of a ${base.target}. Propose it for the other target.`,
			{ item: 'operations' },
		);
	return base.target === 'persona'
		? { target: 'persona', state: applyToPersona(base.state, operations.filter(isPersonaOperation)) }
		: { target: 'prompt', state: applyToPrompt(base.state, operations.filter(isPromptOperation)) };
}
