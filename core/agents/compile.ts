import { FactoryError } from '../errors';
import { resolveTools } from '../plugins';
import type { BundleDocument, CompiledAgentBundle, SentinelPolicy } from './bundle';
import { canonicalSha256, canonicalValue, sha256Hex } from './canonical';
import {
	BUNDLE_SCHEMA_VERSION,
	CHARACTERS_PER_TOKEN,
	DOCUMENT_TOKEN_CEILING,
	PROMPT_ADDITIONS,
	SENTINEL,
} from './defaults';
import { PROMPT_TEXTS } from './prompt-texts';
import { protectedSection, renderBasePrompt } from './prompt-sections';
import { parseAllowedLink } from './sentinel/text/links';
import { findPrices } from './sentinel/text/money';
import { findPersonalData } from './sentinel/text/personal-data';
import { subjectStems } from './sentinel/text/scope';
import { parseAgentSpec, specInvalid, type AgentSpec, type SpecDocument } from './spec';
import { wellFormed } from './well-formed';

export interface CompileInput {
	/** Checked here; may be raw JSON from a form. */
	spec: unknown;
	/** Documents beside those of the spec; they become part of the compiled spec. */
	documents?: readonly SpecDocument[];
	/** A random token, at least 8 letters and digits, passed in so that compiling stays a pure function. */
	canary: string;
}

/** What is laid over the frozen base when a prompt version is rendered. */
export interface PromptAdditions {
	learnedRules?: readonly string[];
	personaVoice?: string | null;
}

const CANARY = /^[A-Za-z0-9_-]{8,80}$/;

export const estimateTokens = (text: string): number => Math.ceil(text.length / CHARACTERS_PER_TOKEN);

/** The spec with the documents beside it; the same document given twice is one. */
function withDocuments(input: unknown, documents: readonly SpecDocument[]): AgentSpec {
	const spec = parseAgentSpec(input);
	if (documents.length === 0) return spec;
	const merged: SpecDocument[] = [...spec.documents];
	for (const { title, content } of documents) {
		const known = merged.find((entry) => entry.title === title?.trim());
		if (known && known.content !== content?.trim()) {
			const message = `"${title}" is given twice with different contents, in the spec and beside it: rename or remove one`;
			throw specInvalid([{ path: 'documents', message }]);
		}
		if (!known) merged.push({ title, content });
	}
	return parseAgentSpec({ ...spec, documents: merged });
}

function refuseTooLarge(documents: readonly SpecDocument[]): void {
	const sizes = documents.map(({ title, content }) => ({
		title,
		characters: content.length,
		tokens: estimateTokens(content),
	}));
	const total = sizes.reduce((sum, { tokens }) => sum + tokens, 0);
	if (total <= DOCUMENT_TOKEN_CEILING) return;
	const largest = [...sizes].sort((a, b) => b.tokens - a.tokens);
	const listed = largest.map(({ title, tokens }) => `"${title}" ${tokens}`).join(', ');
	throw new FactoryError(
		'DOCUMENTS_TOO_LARGE',
		`The documents take about ${total} tokens, the ceiling is ${DOCUMENT_TOKEN_CEILING}: ${listed}. ` +
			'Shorten or remove documents; every one of them goes to the model with every reply.',
		{ item: largest[0].title, details: { ceiling: DOCUMENT_TOKEN_CEILING, total, documents: sizes } },
	);
}

/** All that the business itself wrote about what it offers. */
const ownTexts = (spec: AgentSpec): string =>
	[
		spec.business.name,
		spec.business.type,
		spec.business.description,
		spec.business.address ?? '',
		spec.business.phone ?? '',
		spec.business.email ?? '',
		spec.business.taxId ?? '',
		...spec.goals,
		...spec.qualificationQuestions,
		...spec.documents.flatMap(({ title, content }) => [title, content]),
	].join('\n');

function policyOf(spec: AgentSpec, canary: string): SentinelPolicy {
	const own = ownTexts(spec);
	const { amounts, discounts, mentionsDiscount, mentionsFree } = findPrices(own);
	const links = spec.business.site === undefined ? spec.allowedLinks : [spec.business.site, ...spec.allowedLinks];
	const site = spec.business.site === undefined ? null : parseAllowedLink(spec.business.site);
	return {
		language: spec.language,
		timeZone: spec.timeZone,
		canary,
		protectedText: protectedSection(spec, PROMPT_TEXTS[spec.language]),
		forbiddenPhrases: spec.forbiddenPhrases,
		forbiddenTopics: spec.forbiddenTopics,
		// The business' own site is allowed as a whole, whatever page the spec names.
		allowedLinks: [...links.map(parseAllowedLink), site && { ...site, path: '' }].filter((link) => link !== null),
		prices: { amounts, discounts, mentionsDiscount, mentionsFree },
		ownData: findPersonalData(own),
		scopeStems: subjectStems(own).slice(0, SENTINEL.scopeStems).sort(),
		openingHours: spec.openingHours,
		outOfScope: spec.outOfScope,
		optOut: spec.optOut,
		handoff: { message: spec.handoff.message, apology: spec.handoff.apology },
		limits: {
			maxMessages: spec.limits.maxMessages,
			maxCharacters: spec.limits.maxCharacters,
			dailyReplies: spec.limits.dailyReplies,
		},
	};
}

const describeDocument = ({ title, content }: SpecDocument): BundleDocument => ({
	title,
	sha256: sha256Hex(content),
	characters: content.length,
});

/** The hash of a bundle: over everything but the hash itself. */
export const bundleSha256 = ({
	sha256: _,
	...rest
}: Omit<CompiledAgentBundle, 'sha256'> & { sha256?: string }): string => canonicalSha256(rest);

/** Compiles a spec into a frozen bundle. The same spec, documents and canary always give the same bundle. */
export function compileAgent({ spec: input, documents = [], canary }: CompileInput): CompiledAgentBundle {
	if (!CANARY.test(canary)) {
		throw new FactoryError(
			'CANARY_INVALID',
			'The canary must be 8 to 80 letters, digits, hyphens or underscores: pass a random token.',
		);
	}
	const spec = canonicalValue(withDocuments(input, documents));
	refuseTooLarge(spec.documents);
	const tools = resolveTools(spec.plugins, spec.language);
	const systemPrompt = renderBasePrompt(spec, PROMPT_TEXTS[spec.language], canary);
	const bundle = canonicalValue({
		schemaVersion: BUNDLE_SCHEMA_VERSION,
		spec,
		documents: spec.documents.map(describeDocument),
		systemPrompt,
		policy: policyOf(spec, canary),
		model: spec.model,
		tools: tools.length === 0 ? undefined : tools,
		debounce: { seconds: spec.limits.debounceSeconds, maxSeconds: spec.limits.debounceMaxSeconds },
		estimatedTokens: estimateTokens(systemPrompt),
	});
	return { ...bundle, sha256: bundleSha256(bundle) };
}

/** The prompt of a reply: frozen base, then learned rules, then the persona's voice. */
export function renderPrompt(bundle: CompiledAgentBundle, additions: PromptAdditions = {}): string {
	const { learned, voice } = PROMPT_TEXTS[bundle.spec.language];
	const rules = (additions.learnedRules ?? [])
		.map((rule) => wellFormed(rule.replace(/\s+/g, ' ').trim().slice(0, PROMPT_ADDITIONS.ruleCharacters)))
		.filter((rule) => rule !== '')
		.slice(0, PROMPT_ADDITIONS.learnedRules);
	const spoken = wellFormed((additions.personaVoice ?? '').trim().slice(0, PROMPT_ADDITIONS.voiceCharacters));
	return [
		bundle.systemPrompt,
		rules.length === 0 ? null : [`# ${learned.title}`, learned.rule, ...rules.map((rule) => `- ${rule}`)].join('\n'),
		spoken === '' ? null : [`# ${voice.title}`, voice.rule, spoken].join('\n'),
	]
		.filter((part) => part !== null)
		.join('\n\n');
}
