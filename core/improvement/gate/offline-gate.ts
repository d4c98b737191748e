import {
	MAX_COST_FACTOR,
	MAX_ECE_RISE,
	MAX_IPS_WEIGHT,
	MAX_RECALL_LOSS,
	MAX_STRATUM_LOSS,
	MIN_DISCORDANT,
	MIN_LABELLED,
	Z_BOUND,
} from './defaults';
import { calibrationError, requiredZ, sumWithError } from './statistics';
import type { GateInput, GatePair, GateReason, GateResult, GateRow } from './types';

/** A pair with its weight and what both versions do with it at equal volume. */
interface Row extends GatePair {
	weight: number;
	candidateHot: boolean;
}

/** Judges a candidate against the incumbent on the same held-back leads, at equal HOT volume. One candidate a query. */
export function offlineGate(input: GateInput): GateResult {
	const pairs = [...new Map(input.pairs.map((pair) => [pair.leadKey, pair])).values()];
	const { rows, threshold } = atEqualVolume(pairs);
	const discordant = rows.filter((row) => row.candidateHot !== row.incumbentHot).length;
	const gains = rows.map((row) => gainOf(row, input.breakEvenPrecision));
	const { sum, error } = sumWithError(gains);
	const z = error > 0 ? sum / error : 0;
	const facts: Facts = {
		z,
		requiredZ: requiredZ(input.queryThisYear),
		table: tableOf(rows),
		strata: strataOf(rows, gains),
		costFactor: input.costFactor ?? 1,
	};
	const missing: GateReason[] = [];
	if (rows.length < MIN_LABELLED) missing.push('too_few_labelled');
	if (discordant < MIN_DISCORDANT) missing.push('too_few_discordant');
	const reasons = missing.length > 0 ? missing : objections(facts);
	return {
		verdict: missing.length > 0 ? 'needs_data' : reasons.length > 0 ? 'reject' : 'pass',
		reasons,
		labelled: rows.length,
		discordant,
		z,
		requiredZ: facts.requiredZ,
		candidateThreshold: threshold,
		table: facts.table,
		strata: facts.strata,
	};
}

/** Sets the candidate's threshold so that it calls as many HOT as the incumbent, or just fewer where scores tie. */
function atEqualVolume(pairs: readonly GatePair[]): { rows: Row[]; threshold: number | null } {
	const weighted = pairs.map((pair) => ({ ...pair, weight: Math.min(1 / pair.propensity, MAX_IPS_WEIGHT) }));
	const volume = weighted.reduce((sum, { incumbentHot, weight }) => sum + (incumbentHot ? weight : 0), 0);
	const order = [...weighted].sort((a, b) => b.candidateScore - a.candidateScore);
	let threshold: number | null = null;
	let called = 0;
	for (let i = 0; i < order.length; i++) {
		called += order[i].weight;
		// The same weights in another order add up to almost the same.
		if (called > volume * (1 + 1e-9)) break;
		if (order[i + 1]?.candidateScore !== order[i].candidateScore) threshold = order[i].candidateScore;
	}
	const rows = weighted.map((row) => ({ ...row, candidateHot: threshold !== null && row.candidateScore >= threshold }));
	return { rows, threshold };
}

/** What the change is worth on this lead: a lead called in addition must pay for itself, one left out must not have. */
function gainOf({ candidateHot, incumbentHot, won, weight }: Row, breakEven: number): number {
	if (candidateHot === incumbentHot) return 0;
	return (candidateHot ? 1 : -1) * (Number(won) - breakEven) * weight;
}

interface Facts extends Pick<GateResult, 'z' | 'requiredZ' | 'table' | 'strata'> {
	costFactor: number;
}

function objections({ z, requiredZ, table, strata, costFactor }: Facts): GateReason[] {
	const of = (name: GateRow['metric']): GateRow | undefined => table.find(({ metric }) => metric === name);
	const [recall, falsePositives, ece] = [of('recall'), of('false_positives_per_1000'), of('ece')];
	const holds: Record<Exclude<GateReason, 'too_few_labelled' | 'too_few_discordant'>, boolean> = {
		gain_not_shown: z <= requiredZ,
		recall_may_fall: recall!.low! <= -MAX_RECALL_LOSS,
		more_false_positives: falsePositives!.candidate > falsePositives!.incumbent,
		worse_calibrated: ece !== undefined && ece.candidate - ece.incumbent > MAX_ECE_RISE,
		a_stratum_loses: strata.some(({ high }) => high < -MAX_STRATUM_LOSS),
		too_expensive: costFactor > MAX_COST_FACTOR,
	};
	return (Object.keys(holds) as Array<keyof typeof holds>).filter((reason) => holds[reason]);
}

const weightOf = (rows: readonly Row[], counts: (row: Row) => boolean): number =>
	rows.reduce((sum, row) => sum + (counts(row) ? row.weight : 0), 0);
const ratio = (part: number, whole: number): number => (whole > 0 ? part / whole : 0);

function tableOf(rows: readonly Row[]): GateRow[] {
	const all = weightOf(rows, () => true);
	const wins = weightOf(rows, ({ won }) => won);
	const row = (metric: GateRow['metric'], of: (isHot: (row: Row) => boolean) => number, error?: number): GateRow => {
		const incumbent = of(({ incumbentHot }) => incumbentHot);
		const candidate = of(({ candidateHot }) => candidateHot);
		if (error === undefined) return { metric, incumbent, candidate, low: null, high: null };
		const difference = candidate - incumbent;
		return { metric, incumbent, candidate, low: difference - Z_BOUND * error, high: difference + Z_BOUND * error };
	};
	const changeOf = (counts: (row: Row) => boolean): number[] =>
		rows.map((one) => (counts(one) ? one.weight * (Number(one.candidateHot) - Number(one.incumbentHot)) : 0));
	const errorOf = (counts: (row: Row) => boolean, whole: number): number =>
		whole > 0 ? sumWithError(changeOf(counts)).error / whole : 0;
	const per1000 = (part: number): number => 1000 * ratio(part, all);
	return [
		row('hot_volume', (isHot) => weightOf(rows, isHot)),
		row('precision', (isHot) =>
			ratio(
				weightOf(rows, (one) => isHot(one) && one.won),
				weightOf(rows, isHot),
			),
		),
		row(
			'recall',
			(isHot) =>
				ratio(
					weightOf(rows, (one) => isHot(one) && one.won),
					wins,
				),
			errorOf(({ won }) => won, wins),
		),
		row(
			'false_positives_per_1000',
			(isHot) => per1000(weightOf(rows, (one) => isHot(one) && !one.won)),
			1000 * errorOf(({ won }) => !won, all),
		),
		row('false_negatives_per_1000', (isHot) => per1000(weightOf(rows, (one) => !isHot(one) && one.won))),
		...eceRow(rows),
	];
}

/** Only where both versions promise probabilities. */
function eceRow(rows: readonly Row[]): GateRow[] {
	const of = (probability: (row: Row) => number | undefined): number | null => {
		const known = rows.flatMap((row) => {
			const promised = probability(row);
			return promised === undefined ? [] : [{ probability: promised, won: row.won, weight: row.weight }];
		});
		return known.length === rows.length && rows.length > 0 ? calibrationError(known) : null;
	};
	const incumbent = of((row) => row.incumbentProbability);
	const candidate = of((row) => row.candidateProbability);
	if (incumbent === null || candidate === null) return [];
	return [{ metric: 'ece', incumbent, candidate, low: null, high: null }];
}

/** Gain per HOT lead of the incumbent in each stratum, and its upper bound: below the limit the loss is beyond doubt. */
function strataOf(rows: readonly Row[], gains: readonly number[]): GateResult['strata'] {
	return [...new Set(rows.map(({ stratum }) => stratum))].sort().map((stratum) => {
		const own = rows.flatMap((row, i) => (row.stratum === stratum ? [{ row, gain: gains[i] }] : []));
		const hot = weightOf(
			own.map(({ row }) => row),
			({ incumbentHot }) => incumbentHot,
		);
		const { sum, error } = sumWithError(own.map(({ gain }) => gain));
		return { stratum, leads: own.length, gain: ratio(sum, hot), high: ratio(sum + Z_BOUND * error, hot) };
	});
}
