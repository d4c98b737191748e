import {
	CONFIDENCE,
	DEFAULT_THRESHOLDS,
	GATE,
	HISTORY_SHARE,
	SCORE_POINTS,
	TEXT_BOUNDS,
	UNVERIFIED_GAP,
} from './defaults';
import { verdictOf, weigh, type Evidence } from './gate/gate';
import { fitOf, type Fit } from './rules/fit';
import { intentOf, type Intent } from './rules/intent-points';
import { read, type Reading } from './rules/reading';
import type {
	GateVerdict,
	KnownContact,
	LeadClass,
	LeadInput,
	LeadThresholds,
	Persona,
	RuleResult,
	ScorePoint,
} from './types';

const clamp = (value: number): number => Math.max(0, Math.min(100, Math.round(value)));
const sum = (points: readonly ScorePoint[], axis?: ScorePoint['axis']): number =>
	points.reduce((total, point) => (axis === undefined || point.axis === axis ? total + point.points : total), 0);

/** What a person wrote earlier counts half for the score, and nothing for the gate. */
function pointsBefore(input: LeadInput, now: readonly ScorePoint[]): ScorePoint[] {
	const history = (input.history ?? []).slice(-TEXT_BOUNDS.history);
	if (history.length === 0) return [];
	const said = new Set(now.map(({ rule }) => rule));
	return intentOf(read(history))
		.points.filter(({ rule, points }) => !said.has(rule) && points > 0)
		.map((point) => ({ ...point, points: point.points * HISTORY_SHARE }));
}

const adPoints = (input: LeadInput): ScorePoint[] => {
	const from = input.messages.find(({ referral }) => referral !== null && referral !== undefined);
	return from === undefined
		? []
		: [
				{
					axis: 'intent',
					rule: 'ad_referral',
					points: SCORE_POINTS.adReferral,
					messageId: from.id,
					evidence: 'referral',
				},
			];
};

/** The classes in the order of their evidence. */
function ranked(
	evidence: Evidence,
	spamMinimum: boolean,
): Array<{ side: 'lead' | GateVerdict['classification']; units: number }> {
	return [
		{ side: 'lead' as const, units: evidence.lead },
		{ side: 'PESSOAL' as const, units: evidence.personal },
		{ side: 'SPAM' as const, units: spamMinimum ? evidence.spam : 0 },
		{ side: 'DESQUALIFICADO' as const, units: evidence.disqualified },
	].sort((a, b) => b.units - a.units);
}

const confidenceOf = (margin: number): number =>
	Math.round(100 / (1 + Math.exp(-(CONFIDENCE.slope * margin + CONFIDENCE.offset)))) / 100;

function temperature(score: number, thresholds: LeadThresholds): LeadClass {
	if (score >= thresholds.hot) return 'LEAD_HOT';
	return score >= thresholds.warm ? 'LEAD_WARM' : 'LEAD_COLD';
}

interface Scored {
	reading: Reading;
	intent: Intent;
	points: ScorePoint[];
	fit: number;
	intentScore: number;
	score: number;
	fitFound: Fit;
}

function scored(input: LeadInput, persona: Persona, thresholds: LeadThresholds): Scored {
	const reading = read(input.messages);
	const intent = intentOf(reading);
	const fit = fitOf(reading, input.profile, persona);
	const points = [...fit.points, ...intent.points, ...adPoints(input), ...pointsBefore(input, intent.points)];
	const total = clamp(SCORE_POINTS.base + sum(points));
	return {
		reading,
		intent,
		points,
		fit: clamp(sum(points, 'fit')),
		fitFound: fit,
		intentScore: clamp(sum(points, 'intent')),
		// Without a buying intent that a rule found nobody is HOT.
		score: intent.verified ? total : Math.min(total, thresholds.hot - UNVERIFIED_GAP),
	};
}

function known(
	contact: KnownContact,
	made: Scored,
	thresholds: LeadThresholds,
): Pick<RuleResult, 'classification' | 'personalReason'> {
	if (contact.autoClassifyAs !== 'CLIENTE_VIP') {
		return {
			classification: contact.autoClassifyAs,
			personalReason: contact.autoClassifyAs === 'PESSOAL' ? reasonOf(contact.contactType) : null,
		};
	}
	const wantsMore = made.intent.verified && made.score >= thresholds.hot;
	return wantsMore
		? { classification: 'LEAD_HOT', personalReason: null }
		: { classification: 'PESSOAL', personalReason: 'cliente_ativo' };
}

const reasonOf = (contactType: string): RuleResult['personalReason'] => {
	if (/^(?:cliente|client|customer|aluno|paciente)/iu.test(contactType)) return 'cliente_ativo';
	return /^(?:s[oó]cio|funcion|equipe|fornecedor|colaborador|staff|team|employee|interno)/iu.test(contactType)
		? 'interno'
		: 'familiar';
};

/** What the rules alone say of a burst: pure, at once, and without a token. */
export function classifyByRules(
	input: LeadInput,
	persona: Persona,
	thresholds: LeadThresholds = DEFAULT_THRESHOLDS,
): RuleResult {
	const made = scored(input, persona, thresholds);
	const { reading, intent, points, score } = made;
	const common = {
		fit: made.fit,
		intent: made.intentScore,
		score,
		points,
		language: reading.language,
		injection: reading.injection,
		verifiedIntent: intent.verified,
	};
	if (input.known !== null) {
		return {
			...common,
			...known(input.known, made, thresholds),
			confidence: CONFIDENCE.knownContact,
			gate: null,
			unsure: false,
		};
	}
	if (reading.words.length === 0) {
		const confidence = CONFIDENCE.nothingToRead;
		return {
			...common,
			classification: 'LEAD_COLD',
			personalReason: null,
			confidence,
			gate: null,
			unsure: confidence < thresholds.unsureBelow,
		};
	}
	const evidence = weigh(reading, intent, made.fitFound);
	const [best, second] = ranked(evidence, evidence.spam >= GATE.spamMinimum);
	const scarce = best.units < CONFIDENCE.scarceBelow;
	const confidence = Math.min(confidenceOf(best.units - second.units), scarce ? CONFIDENCE.scarce : 1);
	const unsure = confidence < thresholds.unsureBelow;
	if (best.side === 'lead') {
		return {
			...common,
			classification: temperature(score, thresholds),
			personalReason: null,
			confidence,
			gate: null,
			unsure,
		};
	}
	const gate = verdictOf(best.side, evidence, confidence, reading);
	return { ...common, classification: best.side, personalReason: gate.personalReason, confidence, gate, unsure };
}
