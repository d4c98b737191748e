import { canonicalSha256 } from '../agents';
import type { LlmPort, LlmUsage } from '../llm';
import { applyOperations } from './apply';
import { chooseAmong } from './choose';
import { MAX_OPERATIONS, RULES_PER_CANDIDATE } from './defaults';
import { diffLines } from './diff';
import { lintSuggestion, type LintBase } from './lint';
import { offersOf, type Offer, type OfferInput } from './offers';
import type { SuggestionOperation, Target } from './operations';
import { describeEvidence, ESCALATION, EXPECTED, RISK, type CardLanguage } from './texts';

export type SuggestionType = 'keywords_update' | 'scoring_weights' | 'prompt_update' | 'config_change' | 'escalation';

/** A suggestion before it is stored. Every text in it is a template of ours with numbers in it. */
export interface Candidate {
	target: Target;
	baseVersionId: string;
	reflectionId: string | null;
	type: SuggestionType;
	operations: SuggestionOperation[];
	diff: string[];
	rationale: string;
	expectedEffect: string;
	risk: string;
	focusAreas: string[];
	sha256: string;
}

export interface Proposal {
	candidate: Candidate | null;
	/** Why there is none: nothing to mend, no operation that the figures carry, or another version decides by now. */
	reason: 'proposed' | 'escalated' | 'no_action' | 'no_operation' | 'old_version';
	usage: LlmUsage[];
	/** Code of the error that kept a model from choosing. */
	modelError: string | null;
}

/** What a suggestion is known by: the same change of the same version is the same suggestion. */
export const suggestionSha256 = (
	target: Target,
	baseVersionId: string,
	operations: readonly SuggestionOperation[],
): string => canonicalSha256({ target, baseVersionId, operations });

const SCORING: ReadonlySet<string> = new Set(['set_keyword_weight', 'set_threshold', 'refit_scorer', 'set_range']);

export function suggestionType(target: Target, operations: readonly SuggestionOperation[]): SuggestionType {
	if (operations.length === 0) return 'escalation';
	if (target === 'prompt')
		return operations.every(({ op }) => op === 'config_change') ? 'config_change' : 'prompt_update';
	return operations.every(({ op }) => SCORING.has(op)) ? 'scoring_weights' : 'keywords_update';
}

/** A change of thresholds, of the scorer or of the model moves more people than a word does. */
const isBroad = ({ op }: SuggestionOperation): boolean =>
	op === 'set_threshold' || op === 'refit_scorer' || op === 'config_change';

const lints = (base: LintBase, operations: readonly SuggestionOperation[]): boolean =>
	lintSuggestion({ target: base.target, baseVersionId: base.versionId, operations }, base).ok;

/** As many offers as one suggestion takes, in their order, without those that contradict one before them. */
function bundle(offers: readonly Offer[], base: LintBase): Offer[] {
	const taken: Offer[] = [];
	for (const offer of offers) {
		const rules = taken.filter(({ operation }) => operation.op === 'add_rule').length;
		if (taken.length === MAX_OPERATIONS) break;
		if (offer.operation.op === 'add_rule' && rules >= RULES_PER_CANDIDATE) continue;
		if (
			lints(
				base,
				[...taken, offer].map(({ operation }) => operation),
			)
		)
			taken.push(offer);
	}
	return taken;
}

function candidateOf(input: OfferInput, taken: readonly Offer[], language: CardLanguage): Candidate {
	const { base, findings } = input;
	const operations = taken.map(({ operation }) => operation);
	const focus = taken.flatMap(({ evidence }) => (evidence.kind === 'failure' ? [evidence.slot] : [evidence.kind]));
	const shared = { target: base.target, baseVersionId: base.versionId, reflectionId: findings.reflectionId };
	return {
		...shared,
		type: suggestionType(base.target, operations),
		operations,
		diff: diffLines(base, applyOperations(base, operations)),
		rationale: [...new Set(taken.map(({ evidence }) => describeEvidence(evidence, language)))].join(' '),
		expectedEffect: EXPECTED[language][base.target],
		risk: RISK[language][operations.some(isBroad) ? 'medium' : 'low'],
		focusAreas: [...new Set<string>(focus)],
		sha256: suggestionSha256(base.target, base.versionId, operations),
	};
}

function escalation({ base, findings }: OfferInput, language: CardLanguage): Candidate {
	const { rationale, expected, risk } = ESCALATION[language];
	return {
		target: base.target,
		baseVersionId: base.versionId,
		reflectionId: findings.reflectionId,
		type: 'escalation',
		operations: [],
		diff: [],
		rationale,
		expectedEffect: expected,
		risk,
		focusAreas: ['escalation'],
		sha256: canonicalSha256({ escalation: findings.reflectionId, baseVersionId: base.versionId }),
	};
}

/** From findings to at most one candidate. Code makes the operations; a model, if there is one, only picks numbers of them. */
export async function propose(
	input: OfferInput,
	options: { language: CardLanguage; model?: { llm: LlmPort; model: string } },
): Promise<Proposal> {
	const { findings, base } = input;
	const none = (reason: Proposal['reason']): Proposal => ({ candidate: null, reason, usage: [], modelError: null });
	if (findings.versionId !== base.versionId || findings.target !== base.target) return none('old_version');
	if (findings.action === 'none') return none('no_action');
	if (findings.action === 'escalate') return { ...none('escalated'), candidate: escalation(input, options.language) };
	const offers = offersOf(input);
	if (offers.length === 0) return none('no_operation');
	const choice = options.model ? await chooseAmong(offers, options.model) : { chosen: null, usage: [], error: null };
	const wanted = choice.chosen?.map((index) => offers[index]) ?? offers;
	const taken = bundle(wanted, base);
	const spent = { usage: choice.usage, modelError: choice.error };
	if (taken.length === 0) return { ...none('no_operation'), ...spent };
	return { candidate: candidateOf(input, taken, options.language), reason: 'proposed', ...spent };
}
