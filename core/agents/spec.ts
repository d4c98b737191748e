import { z } from 'zod/v4';
import { FactoryError } from '../errors';
import { DEFAULT_LANGUAGE, DEFAULT_TEXTS } from './defaults';
import { agentSpecSchema } from './spec-schema';

export { agentSpecSchema } from './spec-schema';

/** A checked spec: every default filled in. */
export type AgentSpec = z.output<typeof agentSpecSchema>;
/** A spec as people write it: what has a default may be left out. */
export type AgentSpecInput = z.input<typeof agentSpecSchema>;
export type AgentLanguage = AgentSpec['language'];
export type SpecDocument = AgentSpec['documents'][number];

/** One wrong field of a spec. */
export interface SpecIssue {
	path: string;
	message: string;
}

/** Fields shown in the message of a SPEC_INVALID; the rest is in its details. */
const NAMED_FIELDS = 1;

type Loose = Record<string, unknown>;
const isRecord = (value: unknown): value is Loose =>
	typeof value === 'object' && value !== null && !Array.isArray(value);

/** Sets what is missing in one branch; a branch that is not an object is left for the schema to refuse. */
function fill(input: Loose, branch: string, defaults: Loose): Loose {
	const given = input[branch] === undefined ? {} : input[branch];
	return isRecord(given) ? { ...input, [branch]: { ...defaults, ...dropUndefined(given) } } : input;
}

const dropUndefined = (value: Loose): Loose =>
	Object.fromEntries(Object.entries(value).filter(([, entry]) => entry !== undefined));

/** The schema's own defaults are Brazilian Portuguese; an agent in another language gets that language's texts. */
function withLanguageDefaults(input: unknown): unknown {
	if (!isRecord(input)) return input;
	const language = input.language;
	if (language === DEFAULT_LANGUAGE || (language !== 'en' && language !== 'es')) return input;
	const texts = DEFAULT_TEXTS[language];
	let filled: Loose = { tone: texts.tone, goals: [texts.goal], ...dropUndefined(input) };
	if (isRecord(filled.identity)) filled = fill(filled, 'identity', { role: texts.role });
	filled = fill(filled, 'handoff', { when: [texts.handoffWhen], message: texts.handoff, apology: texts.apology });
	filled = fill(filled, 'outOfScope', { message: texts.outOfScope });
	filled = fill(filled, 'openingHours', { outsideMessage: texts.outsideHours });
	return fill(filled, 'optOut', { confirmation: texts.optOut });
}

const pathOf = (path: ReadonlyArray<PropertyKey>): string =>
	path.reduce<string>(
		(text, part) => (typeof part === 'number' ? `${text}[${part}]` : text ? `${text}.${String(part)}` : String(part)),
		'',
	) || '(the spec itself)';

const issuesOf = (error: z.ZodError): SpecIssue[] =>
	error.issues.flatMap((issue) =>
		issue.code === 'unrecognized_keys'
			? issue.keys.map((key) => ({
					path: pathOf([...issue.path, key]),
					message: 'is not a field of an AgentSpec: remove it',
				}))
			: [{ path: pathOf(issue.path), message: issue.message }],
	);

/** The error of every spec that cannot be compiled: names the first field, lists all. */
export function specInvalid(issues: SpecIssue[]): FactoryError {
	const [first] = issues;
	const others = issues.length - NAMED_FIELDS;
	const more = others > 0 ? ` (and ${others} more, see details.issues)` : '';
	return new FactoryError(
		'SPEC_INVALID',
		`The agent spec is not valid: ${first.path}: ${first.message}${more}. Correct the field and compile again.`,
		{ item: first.path, details: { issues } },
	);
}

/** Checks a spec and fills its defaults. Throws SPEC_INVALID. */
export function parseAgentSpec(input: unknown): AgentSpec {
	const result = agentSpecSchema.safeParse(withLanguageDefaults(input));
	if (!result.success) throw specInvalid(issuesOf(result.error));
	return result.data;
}

/** The JSON Schema (2020-12) of what people write; each field documents itself. */
export function agentSpecJsonSchema(): Record<string, unknown> {
	return z.toJSONSchema(agentSpecSchema, { io: 'input' });
}
