import { isEmptyStem, normaliseText, stemKey } from '../leads';
import { hasKeyword } from './apply';
import {
	FAILURE_FROM,
	KEYWORD_POINTS,
	MAX_LEARNED_RULES,
	OFFERED_MOST,
	OVER_CAPACITY,
	POINTS_PER_DOUBLING,
	REJECTED_DAYS,
	STEM_SUPPORT,
	THRESHOLD_PROPOSAL,
	THRESHOLD_SHIFT,
} from './defaults';
import type { Findings, RejectReason, StemEvidence } from './findings';
import { lintSuggestion, type LintBase } from './lint';
import { operationKey, type SuggestionOperation } from './operations';
import { RULE_TEMPLATES, templateFor } from './rule-templates';
import type { PersonaState, PromptState } from './state';
import type { Evidence } from './texts';

/** Something that a person said no to. */
export interface Rejection {
	operations: readonly SuggestionOperation[];
	reason: RejectReason;
	at: Date;
}

export interface OfferInput {
	findings: Findings;
	base: LintBase;
	rejected: readonly Rejection[];
	/** A trained scorer that beats the rules and is not this version's yet. */
	scorerModelId: string | null;
	/** How many HOT leads come, and how many the team can take; null where it is not known. */
	load: { hotPerDay: number; capacityPerDay: number } | null;
	now: Date;
}

/** One operation that may be proposed, with what speaks for it. */
export interface Offer {
	operation: SuggestionOperation;
	evidence: Evidence;
	/** More is stronger; only compared within a reflection. */
	strength: number;
}

const DAY_MS = 86_400_000;

/** Whether a fresh no stands against an operation: against itself, after "too risky" its whole kind, after "off brand" its place. */
function isRejected(operation: SuggestionOperation, { rejected, now }: OfferInput): boolean {
	const fresh = rejected.filter(({ at }) => now.getTime() - at.getTime() < REJECTED_DAYS * DAY_MS);
	return fresh.some(({ operations, reason }) =>
		operations.some((no) => {
			if (operationKey(no) === operationKey(operation)) return true;
			if (reason === 'too_risky') return no.op === operation.op;
			return (
				reason === 'off_brand' && no.op === 'add_rule' && operation.op === 'add_rule' && no.slot === operation.slot
			);
		}),
	);
}

const odds = (share: number): number =>
	Math.min(0.99, Math.max(0.01, share)) / (1 - Math.min(0.99, Math.max(0.01, share)));

/** Points by the end of the interval that is nearer to nothing: small evidence buys few points. */
export function pointsOf({ won, leads, lift, low, high }: StemEvidence): number {
	const without = won / leads - lift;
	const near = low > 0 ? low : high < 0 ? high : 0;
	const points = Math.round(POINTS_PER_DOUBLING * Math.log2(odds(without + near) / odds(without)));
	return Math.max(-KEYWORD_POINTS, Math.min(KEYWORD_POINTS, points));
}

const isReadBack = (stem: string): boolean => {
	const { words } = normaliseText(stem);
	return words.length === 1 && stemKey(words[0]) === stem;
};

function stemOffers(found: StemEvidence, persona: PersonaState): Offer[] {
	const { stem, leads, days, low, high } = found;
	if (leads < STEM_SUPPORT.leads || days < STEM_SUPPORT.days || !isReadBack(stem)) return [];
	const polarity = low > 0 ? 'pos' : high < 0 ? 'neg' : null;
	if (polarity === null) return [];
	const evidence: Evidence = { kind: 'stem', stem, leads, days, low, high };
	const strength = Math.max(low, -high);
	const offer = (operation: SuggestionOperation): Offer => ({ operation, evidence, strength });
	const wrongSide = polarity === 'pos' ? 'neg' : 'pos';
	const [own, other] =
		polarity === 'pos'
			? [persona.positiveKeywords, persona.negativeKeywords]
			: [persona.negativeKeywords, persona.positiveKeywords];
	if (hasKeyword(other, stem)) return [offer({ op: 'remove_keyword', polarity: wrongSide, stem })];
	// "para" may go with losses as any word may, and means nothing.
	if (!hasKeyword(own, stem)) return isEmptyStem(stem) ? [] : [offer({ op: 'add_keyword', polarity, stem })];
	const points = pointsOf(found);
	return points === 0 || persona.keywordWeights[stem] === points
		? []
		: [offer({ op: 'set_keyword_weight', stem, points })];
}

function personaOffers(input: OfferInput, persona: PersonaState): Offer[] {
	const offers = input.findings.stems.flatMap((found) => stemOffers(found, persona));
	if (input.scorerModelId !== null && input.scorerModelId !== persona.scoringModelId) {
		// A refit of everything beats any one word.
		offers.push({
			operation: { op: 'refit_scorer', modelId: input.scorerModelId },
			evidence: { kind: 'scorer' },
			strength: 1,
		});
	}
	const { load } = input;
	if (load && load.capacityPerDay > 0 && load.hotPerDay > OVER_CAPACITY * load.capacityPerDay) {
		const shift = Math.min(THRESHOLD_SHIFT, persona.thresholdShift + THRESHOLD_PROPOSAL);
		offers.push({ operation: { op: 'set_threshold', shift }, evidence: { kind: 'capacity', ...load }, strength: 0 });
	}
	return offers;
}

/** Wilson's lower bound, one-sided 95 %, of the share that failed. */
function failureLow(failed: number, applied: number): number {
	if (applied === 0) return 0;
	const z2 = 1.645 ** 2;
	const p = failed / applied;
	const centre = p + z2 / (2 * applied);
	const spread = 1.645 * Math.sqrt((p * (1 - p)) / applied + z2 / (4 * applied * applied));
	return (centre - spread) / (1 + z2 / applied);
}

function promptOffers({ findings }: OfferInput, prompt: PromptState): Offer[] {
	const rules = findings.failures.flatMap(({ code, failed, applied, rate }): Offer[] => {
		const templateId = templateFor(code);
		const strength = failureLow(failed, applied);
		if (templateId === null || strength < FAILURE_FROM) return [];
		if (prompt.learnedRules.some(({ template }) => template === templateId)) return [];
		const { slot, counts } = RULE_TEMPLATES[templateId];
		return [
			{
				operation: { op: 'add_rule', slot, templateId, count: counts?.usual ?? null },
				evidence: { kind: 'failure', slot, failed, applied, rate },
				strength,
			},
		];
	});
	if (rules.length === 0 || prompt.learnedRules.length < MAX_LEARNED_RULES) return rules;
	const stillNeeded = new Set(findings.failures.map(({ code }) => templateFor(code)));
	const idle = prompt.learnedRules.find(({ template }) => template !== null && !stillNeeded.has(template));
	if (!idle) return [];
	const room: Offer = {
		operation: { op: 'delete_learned_rule', id: idle.id },
		evidence: { kind: 'room' },
		strength: 1,
	};
	return [room, ...rules.slice(0, 1)];
}

const isClean = (offer: Offer, { base }: OfferInput): boolean =>
	lintSuggestion(
		{ target: base.target, baseVersionId: base.versionId, operations: [offer.operation] },
		base,
	).issues.every(
		// Room and the rule that fills it are only right together.
		({ code }) => code === 'too_many_rules',
	);

/** Everything that these findings allow, strongest first, without what was rejected lately. No text of a customer can be in it. */
export function offersOf(input: OfferInput): Offer[] {
	const { base } = input;
	const all = base.target === 'persona' ? personaOffers(input, base.state) : promptOffers(input, base.state);
	const seen = new Set<string>();
	return all
		.filter(({ operation }) => {
			const key = operationKey(operation);
			return !seen.has(key) && Boolean(seen.add(key));
		})
		.filter((offer) => !isRejected(offer.operation, input) && isClean(offer, input))
		.sort((a, b) => b.strength - a.strength)
		.slice(0, OFFERED_MOST);
}
