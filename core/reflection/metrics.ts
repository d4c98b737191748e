import { COMPOSITE, MAX_IPS_WEIGHT, TARGETS, Z80 } from './defaults';
import { clip, ratioBootstrap, ratioOf, rounded, sum, wilson, type Interval } from './statistics';

/** A person with an outcome that is known by now, and how they were classified and treated. */
export interface MaturedLead {
	leadKey: string;
	/** 1 won within the horizon, 0 lost. */
	y: 0 | 1;
	score: number;
	isHot: boolean;
	/** Got the treatment of a HOT lead: what everybody's chances are compared under. */
	treated: boolean;
	/** Probability of the treatment that they got. */
	propensity: number;
}

export interface Estimate extends Interval {
	value: number | null;
	n: number;
}

export interface PersonaMetrics {
	leads: number;
	hot: number;
	/** Share of HOT leads that were won, by one over their propensity. */
	precision: Estimate;
	/** Share of the won that were HOT, among those treated alike. */
	recall: Estimate;
	falsePositiveRate: Estimate;
	conversion: Estimate;
	falsePositives: number;
	falseNegatives: number;
	falsePositivesPer1000: number | null;
	falseNegativesPer1000: number | null;
	/** Leads below HOT that were treated as HOT to learn of them; without any, recall sees nothing below the threshold. */
	explored: number;
}

const weightOf = ({ propensity }: MaturedLead): number =>
	Math.min(MAX_IPS_WEIGHT, 1 / Math.max(propensity, 1 / MAX_IPS_WEIGHT));

const isWon = ({ y }: MaturedLead): boolean => y === 1;
const isHot = (lead: MaturedLead): boolean => lead.isHot;

const CONFIDENCE = 0.8;

/** A share by weight. Where all weigh alike it is a count, with Wilson's interval; otherwise people are drawn again. */
function estimate(of: readonly MaturedLead[], hits: (lead: MaturedLead) => boolean, seed: string): Estimate {
	const parts = of.map((lead) => ({
		cluster: lead.leadKey,
		over: hits(lead) ? weightOf(lead) : 0,
		under: weightOf(lead),
	}));
	const value = ratioOf(parts);
	const bound = of.every((lead) => weightOf(lead) === 1)
		? wilson(of.filter(hits).length, of.length, Z80)
		: ratioBootstrap(parts, { seed, confidence: CONFIDENCE });
	return {
		value: value === null ? null : rounded(value),
		low: rounded(bound?.low ?? 0),
		high: rounded(bound?.high ?? 1),
		n: of.length,
	};
}

const per1000 = (hits: number, of: number): number | null => (of === 0 ? null : rounded((1_000 * hits) / of, 1));

/** Quality of a persona by what became of people. Everybody here has matured; who has not is not asked. */
export function personaMetrics(leads: readonly MaturedLead[], seed: string): PersonaMetrics {
	const hot = leads.filter((lead) => lead.isHot && lead.treated);
	const treated = leads.filter((lead) => lead.treated);
	const below = treated.filter((lead) => !lead.isHot);
	const lost = hot.filter((lead) => lead.y === 0);
	const missed = below.filter((lead) => lead.y === 1);
	return {
		leads: leads.length,
		hot: leads.filter(isHot).length,
		precision: estimate(hot, isWon, `${seed}|precision`),
		recall: estimate(treated.filter(isWon), isHot, `${seed}|recall`),
		falsePositiveRate: estimate(
			treated.filter((lead) => !isWon(lead)),
			isHot,
			`${seed}|fpr`,
		),
		conversion: conversionOf(leads),
		falsePositives: leads.filter((lead) => lead.isHot && lead.y === 0).length,
		falseNegatives: leads.filter((lead) => !lead.isHot && lead.y === 1).length,
		falsePositivesPer1000: per1000(sum(lost.map(weightOf)), leads.length),
		falseNegativesPer1000: per1000(sum(missed.map(weightOf)), leads.length),
		explored: below.length,
	};
}

/** Of everybody, however treated: what the business lives on. */
const conversionOf = (leads: readonly MaturedLead[]): Estimate =>
	estimate(
		leads.map((lead) => ({ ...lead, propensity: 1 })),
		isWon,
		'',
	);

/** 5 where the bound reaches the target, in proportion below. */
export const scoreAgainst = (value: number, target: number): number => 5 * clip(value / target);

export interface PersonaScore extends Interval {
	score: number;
	precision: number;
	conversion: number;
	/** Null: no reply could be judged; its weight goes to the others. */
	response: number | null;
}

/** The composite of outcomes and replies. The score is that of the lower bounds; `high` that of the upper ones. */
export function personaScore(
	metrics: PersonaMetrics,
	response: Interval | null,
	targets: { precision: number; conversion: number } = TARGETS,
): PersonaScore {
	const at = (end: 'low' | 'high'): number => {
		const parts = [
			{ weight: COMPOSITE.precision, value: scoreAgainst(metrics.precision[end], targets.precision) },
			{ weight: COMPOSITE.conversion, value: scoreAgainst(metrics.conversion[end], targets.conversion) },
			...(response ? [{ weight: COMPOSITE.response, value: response[end] }] : []),
		];
		return sum(parts.map(({ weight, value }) => weight * value)) / sum(parts.map(({ weight }) => weight));
	};
	return {
		score: rounded(at('low'), 2),
		low: rounded(at('low'), 2),
		high: rounded(at('high'), 2),
		precision: rounded(scoreAgainst(metrics.precision.low, targets.precision), 2),
		conversion: rounded(scoreAgainst(metrics.conversion.low, targets.conversion), 2),
		response: response ? rounded(response.low, 2) : null,
	};
}

/** The same people, with the `volume` that stand first by a score for HOT: versions are compared at equal volume or not at all. */
export function atHotVolume(
	leads: readonly MaturedLead[],
	scoreOf: (lead: MaturedLead) => number,
	volume: number,
): MaturedLead[] {
	const order = [...leads].sort((a, b) => scoreOf(b) - scoreOf(a) || (a.leadKey < b.leadKey ? -1 : 1));
	const hot = new Set(order.slice(0, Math.max(0, volume)));
	return leads.map((lead) => ({ ...lead, isHot: hot.has(lead) }));
}

/** Two scores of the same people, each with as many HOT leads as the first has at its own threshold. */
export function atEqualVolume(
	leads: readonly MaturedLead[],
	candidateScore: (lead: MaturedLead) => number,
	seed: string,
): { volume: number; incumbent: PersonaMetrics; candidate: PersonaMetrics } {
	const volume = leads.filter(isHot).length;
	return {
		volume,
		incumbent: personaMetrics(leads, seed),
		candidate: personaMetrics(atHotVolume(leads, candidateScore, volume), seed),
	};
}
