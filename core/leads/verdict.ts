import { MODEL_CONFIDENCE } from './defaults';
import type { AiAnalysis, ModelAnswer } from './model';
import type { DecidedBy } from './store';
import type { KnownContact, LeadClass, LeadThresholds, PersonalReason, RuleResult } from './types';

/** The class that stands, and who decided it. */
export interface LeadVerdict {
	classification: LeadClass;
	personalReason: PersonalReason | null;
	fit: number;
	intent: number;
	score: number;
	confidence: number;
	decidedBy: DecidedBy;
	analysis: AiAnalysis | null;
}

/** Coldest first; who is no lead at all stands below. */
const WARMTH: Record<LeadClass, number> = {
	PESSOAL: 0,
	SPAM: 0,
	DESQUALIFICADO: 0,
	LEAD_COLD: 1,
	LEAD_WARM: 2,
	LEAD_HOT: 3,
};

/** A whole number from 0 to 100; what is no number is 0. */
const points = (value: number): number => (Number.isFinite(value) ? Math.min(100, Math.max(0, Math.round(value))) : 0);
const share = (value: number): number => (Number.isFinite(value) ? Math.min(1, Math.max(0, value)) : 0);

/** Where a class begins and ends on the scale, so that class and score never say two things. */
function withinClass(classification: LeadClass, score: number, { hot, warm, cold }: LeadThresholds): number {
	switch (classification) {
		case 'LEAD_HOT':
			return Math.max(score, hot);
		case 'LEAD_WARM':
			return Math.min(Math.max(score, warm), hot - 1);
		case 'LEAD_COLD':
			return Math.min(score, warm - 1);
		default:
			return Math.min(score, cold);
	}
}

const KNOWN_REASONS: Record<string, PersonalReason> = {
	familia: 'familiar',
	amigo: 'familiar',
	outro: 'familiar',
	socio: 'interno',
	equipe: 'interno',
	fornecedor: 'interno',
	cliente: 'cliente_ativo',
};

/** Of somebody on the tenant's list: as the tenant said, without a token. */
export function verdictOfKnown(known: KnownContact, thresholds: LeadThresholds): LeadVerdict {
	const isVip = known.autoClassifyAs === 'CLIENTE_VIP';
	const classification = known.autoClassifyAs === 'CLIENTE_VIP' ? 'PESSOAL' : known.autoClassifyAs;
	const score = withinClass(classification, WARMTH[classification] > 0 ? thresholds.cold : 0, thresholds);
	const reason = isVip ? 'cliente_ativo' : (KNOWN_REASONS[known.contactType] ?? 'familiar');
	return {
		classification,
		personalReason: classification === 'PESSOAL' ? reason : null,
		fit: score,
		intent: score,
		score,
		confidence: 1,
		decidedBy: 'known_contact',
		analysis: null,
	};
}

/** What the rules say; `decidedBy` is rules_fallback where a model was asked in vain. */
export const verdictOfRules = (
	rules: RuleResult,
	decidedBy: DecidedBy = rules.gate ? 'gate' : 'rules',
): LeadVerdict => {
	const unproven = rules.classification === 'LEAD_HOT' && !rules.verifiedIntent;
	return {
		classification: unproven ? 'LEAD_WARM' : rules.classification,
		personalReason: rules.personalReason,
		fit: points(rules.fit),
		intent: points(rules.intent),
		score: points(rules.score),
		confidence: share(rules.confidence),
		decidedBy,
		analysis: null,
	};
};

/**
 * What the model says, as far as it may: nobody is HOT without a buying intent that a rule found, and a text that gives orders to
 * machines lifts nobody above what the rules say.
 */
export function verdictOfModel(answer: ModelAnswer, rules: RuleResult, thresholds: LeadThresholds): LeadVerdict {
	const byRules = verdictOfRules(rules, 'model');
	const agrees = answer.classification === byRules.classification;
	if (rules.injection && WARMTH[answer.classification] > WARMTH[byRules.classification]) {
		return { ...byRules, analysis: answer.analysis };
	}
	const classification =
		answer.classification === 'LEAD_HOT' && !rules.verifiedIntent ? 'LEAD_WARM' : answer.classification;
	const score = withinClass(classification, points((answer.fit + answer.intent) / 2), thresholds);
	return {
		classification,
		personalReason: classification === 'PESSOAL' ? (answer.personalReason ?? 'familiar') : null,
		fit: points(answer.fit),
		intent: points(answer.intent),
		score: rules.injection ? Math.min(score, byRules.score) : score,
		confidence: agrees ? Math.max(byRules.confidence, MODEL_CONFIDENCE.agrees) : MODEL_CONFIDENCE.differs,
		decidedBy: 'model',
		analysis: answer.analysis,
	};
}

/** The class of a lead by a new score, such as a learned one; the intent that a rule must have found stays the condition of HOT. */
export function rescored(
	verdict: LeadVerdict,
	score: number,
	verifiedIntent: boolean,
	limits: LeadThresholds,
): LeadVerdict {
	const { hot, warm } = limits;
	const classification =
		score >= hot && verifiedIntent ? 'LEAD_HOT' : score >= warm ? ('LEAD_WARM' as const) : ('LEAD_COLD' as const);
	return {
		...verdict,
		classification,
		score: withinClass(classification, points(score), limits),
		decidedBy: 'learned',
	};
}

/** HOT and WARM are kept until the score has fallen clearly below their limit: nobody is to be hot, warm and hot again in three messages. */
export function withHysteresis(
	verdict: LeadVerdict,
	previous: LeadClass | null,
	verifiedIntent: boolean,
	{ hot, warm, hysteresis }: LeadThresholds,
): LeadVerdict {
	const { classification, score } = verdict;
	if (WARMTH[classification] === 0 || verdict.decidedBy === 'known_contact') return verdict;
	if (previous === 'LEAD_HOT' && verifiedIntent && WARMTH[classification] < 3 && score >= hot - hysteresis) {
		return { ...verdict, classification: 'LEAD_HOT' };
	}
	const wasWarm = previous === 'LEAD_HOT' || previous === 'LEAD_WARM';
	if (wasWarm && classification === 'LEAD_COLD' && score >= warm - hysteresis) {
		return { ...verdict, classification: 'LEAD_WARM' };
	}
	return verdict;
}
