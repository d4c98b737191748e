import { z } from 'zod/v4';
import { FactoryError } from '../errors';
import {
	ALIAS,
	FOLLOWERS_MOST,
	KEYWORD_POINTS,
	MAX_OPERATIONS,
	MODEL_NAME_CHARACTERS,
	OUTPUT_TOKENS,
	RULE_CHARACTERS,
	STEM_LETTERS,
	THRESHOLD_SHIFT,
} from './defaults';
import { RULE_SLOTS, TEMPLATE_IDS } from './rule-templates';

/** What is improved: the ideal customer of a tenant, or the prompt of an agent. */
export const TARGETS = ['persona', 'prompt'] as const;
export type Target = (typeof TARGETS)[number];

/** What no operation can name: these stand in the compiled prompt, and only a person who compiles a version changes them. */
export const PROTECTED_SECTIONS = [
	'identity',
	'opt_out',
	'window_24h',
	'handoff',
	'prices_discounts',
	'claims',
	'output_schema',
	'safety',
] as const;

const stem = z.string().regex(new RegExp(`^[a-z]{${STEM_LETTERS.least},${STEM_LETTERS.most}}$`));
const polarity = z.enum(['pos', 'neg']);
const followers = z.int().min(0).max(FOLLOWERS_MOST).nullable();
const ruleId = z.string().regex(/^[0-9a-f]{12}$/);

const PERSONA_OPS = [
	z.strictObject({ op: z.literal('add_keyword'), polarity, stem }),
	z.strictObject({ op: z.literal('remove_keyword'), polarity, stem }),
	z.strictObject({
		op: z.literal('set_keyword_weight'),
		stem,
		points: z.int().min(-KEYWORD_POINTS).max(KEYWORD_POINTS),
	}),
	z.strictObject({
		op: z.literal('add_alias'),
		list: z.enum(['title', 'niche', 'business']),
		value: z.string().min(2).max(ALIAS.letters),
	}),
	z.strictObject({ op: z.literal('set_range'), minFollowers: followers, maxFollowers: followers }),
	/** `shift` is the version's whole shift, so that applying twice is applying once. */
	z.strictObject({ op: z.literal('set_threshold'), shift: z.int().min(-THRESHOLD_SHIFT).max(THRESHOLD_SHIFT) }),
	z.strictObject({ op: z.literal('refit_scorer'), modelId: z.uuid() }),
] as const;

const PROMPT_OPS = [
	z.strictObject({
		op: z.literal('add_rule'),
		slot: z.enum(RULE_SLOTS),
		templateId: z.enum(TEMPLATE_IDS),
		/** What a template counts; null where it counts nothing. */
		count: z.int().min(1).max(4).nullable(),
	}),
	z.strictObject({
		op: z.literal('edit_learned_rule'),
		id: ruleId,
		text: z.string().trim().min(1).max(RULE_CHARACTERS),
	}),
	z.strictObject({ op: z.literal('delete_learned_rule'), id: ruleId }),
	/** No sampling parameters: Anthropic refuses them, and a turn must be repeatable. */
	z.strictObject({
		op: z.literal('config_change'),
		model: z
			.string()
			.regex(/^[A-Za-z0-9][\w.:/-]*$/)
			.max(MODEL_NAME_CHARACTERS)
			.nullable(),
		maxTokens: z.int().min(OUTPUT_TOKENS.least).max(OUTPUT_TOKENS.most).nullable(),
		effort: z.enum(['low', 'medium', 'high']).nullable(),
	}),
] as const;

const personaOperation = z.discriminatedUnion('op', PERSONA_OPS);
const promptOperation = z.discriminatedUnion('op', PROMPT_OPS);
export const suggestionOperation = z.discriminatedUnion('op', [...PERSONA_OPS, ...PROMPT_OPS]);

export type PersonaOperation = z.output<typeof personaOperation>;
export type PromptOperation = z.output<typeof promptOperation>;
export type SuggestionOperation = z.output<typeof suggestionOperation>;
export type OperationName = SuggestionOperation['op'];

const BY_TARGET = {
	persona: z.array(personaOperation).min(1).max(MAX_OPERATIONS),
	prompt: z.array(promptOperation).min(1).max(MAX_OPERATIONS),
} as const;

export interface OperationIssue {
	path: string;
	message: string;
}

/** The operations of a suggestion, or what is wrong with them. Never repeats a value: it may be somebody's text. */
export function readOperations(
	target: Target,
	given: unknown,
): { operations: SuggestionOperation[]; issues: null } | { operations: null; issues: OperationIssue[] } {
	const parsed = BY_TARGET[target].safeParse(given);
	if (parsed.success) return { operations: parsed.data, issues: null };
	const issues = parsed.error.issues.map(({ path, code }) => ({ path: path.map(String).join('.'), message: code }));
	return { operations: null, issues };
}

/** The same for a caller that has no use for anything else. */
export function parseOperations(target: Target, given: unknown): SuggestionOperation[] {
	const { operations, issues } = readOperations(target, given);
	if (operations) return operations;
	const tooMany = Array.isArray(given) && given.length > MAX_OPERATIONS;
	const what = tooMany
		? `${given.length} operations are more than the ${MAX_OPERATIONS} that one suggestion may have`
		: `${issues[0].path === '' ? 'the list' : `operation ${issues[0].path}`} is not what the schema of a ${target} allows`;
	throw new FactoryError('SUGGESTION_INVALID', `The suggestion cannot be used: ${what}. Correct the operations.`, {
		item: 'operations',
		details: issues,
	});
}

/** One name for the same change, whenever it is proposed. */
export function operationKey(operation: SuggestionOperation): string {
	switch (operation.op) {
		case 'add_keyword':
		case 'remove_keyword':
			return `${operation.op}:${operation.polarity}:${operation.stem}`;
		case 'set_keyword_weight':
			return `${operation.op}:${operation.stem}:${Math.sign(operation.points)}`;
		case 'add_alias':
			return `${operation.op}:${operation.list}:${operation.value.toLowerCase()}`;
		case 'set_range':
			return `${operation.op}:${operation.minFollowers ?? ''}:${operation.maxFollowers ?? ''}`;
		case 'set_threshold':
			return `${operation.op}:${operation.shift}`;
		case 'refit_scorer':
			return `${operation.op}:${operation.modelId}`;
		case 'add_rule':
			return `${operation.op}:${operation.templateId}`;
		case 'edit_learned_rule':
		case 'delete_learned_rule':
			return `${operation.op}:${operation.id}`;
		case 'config_change':
			return `${operation.op}:${operation.model ?? ''}:${operation.maxTokens ?? ''}:${operation.effort ?? ''}`;
	}
}
