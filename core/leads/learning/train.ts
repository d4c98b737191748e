import {
	CALIBRATION_SHARE,
	FIRST_JUDGED_BLOCK,
	HOT_SHARE_IF_NONE,
	MAX_IPS_WEIGHT,
	MIN_LABELS,
	MIN_PER_CLASS,
	MIN_Z,
	SCORE_KNOTS,
	TIME_BLOCKS,
} from './defaults';
import { featuresOf, type LeadFacts } from './features';
import {
	calibrated,
	fitCalibration,
	fitLogistic,
	logOdds,
	type Calibration,
	type Example,
	type LinearModel,
} from './logistic';
import { metricsOf, pairedGain, winsAmongFirst, type Judged, type Metrics } from './metrics';

/** A lead whose outcome is known. */
export interface LabelledLead extends LeadFacts {
	y: 0 | 1;
	/** Did what decided then call it HOT? */
	isHot: boolean;
	/** Of the treatment that it got. */
	propensity: number;
}

/** A scorer as it is stored and used. */
export interface ScoringModel {
	linear: LinearModel;
	calibration: Calibration;
	/** Calibrated log-odds at rising ranks, and the rules' score at the same ranks: as many are HOT as under the rules. */
	knots: Array<{ z: number; score: number }>;
}

export type Training =
	| { trained: false; reason: 'too_few_labels' | 'too_few_of_a_class'; n: number; won: number }
	| {
			trained: true;
			n: number;
			won: number;
			model: ScoringModel;
			/** On held-back leads, each judged from those before it alone. */
			held: {
				model: Metrics;
				rules: Metrics;
				gain: number;
				z: number;
				winsAtHotVolume: { model: number; rules: number };
			};
			beatsRules: boolean;
	  };

type Row = Example & { score: number; isHot: boolean };

/** Fits a scorer to leads in order of time, and says whether it beats the rules on those it had not seen. */
export function trainScorer(leads: readonly LabelledLead[]): Training {
	const n = leads.length;
	const won = leads.filter(({ y }) => y === 1).length;
	if (n < MIN_LABELS) return { trained: false, reason: 'too_few_labels', n, won };
	if (Math.min(won, n - won) < MIN_PER_CLASS) return { trained: false, reason: 'too_few_of_a_class', n, won };
	const rows = leads.map(toRow);
	const held = judgeHeldBack(rows);
	const { gain, z } = pairedGain(held.model, held.rules);
	const hot = held.rows.filter(({ isHot }) => isHot).length || Math.ceil(held.rows.length * HOT_SHARE_IF_NONE);
	const winsAtHotVolume = { model: winsAmongFirst(held.model, hot), rules: winsAmongFirst(held.rules, hot) };
	return {
		trained: true,
		n,
		won,
		model: fitScorer(rows),
		held: { model: metricsOf(held.model), rules: metricsOf(held.rules), gain, z, winsAtHotVolume },
		// Better promises, beyond luck, and as many wins among as many calls.
		beatsRules: gain > 0 && z >= MIN_Z && winsAtHotVolume.model >= winsAtHotVolume.rules,
	};
}

const toRow = (lead: LabelledLead): Row => ({
	features: featuresOf(lead),
	y: lead.y,
	weight: Math.min(1 / lead.propensity, MAX_IPS_WEIGHT),
	score: lead.score,
	isHot: lead.isHot,
});

/** Weights on the older part, calibration on the newest. */
function fitCalibrated(rows: readonly Row[]): { linear: LinearModel; calibration: Calibration } {
	const cut = Math.floor(rows.length * (1 - CALIBRATION_SHARE));
	const linear = fitLogistic(rows.slice(0, cut));
	const newest = rows.slice(cut).map(({ features, y, weight }) => ({ z: logOdds(linear, features), y, weight }));
	return { linear, calibration: fitCalibration(newest) };
}

/** The rules' score as log-odds: nothing but slope and shift is fitted, on all that came before. */
const fitRules = (rows: readonly Row[]): Calibration =>
	fitCalibration(
		rows.map(({ score, y, weight }) => ({ z: ruleLogOdds(score), y, weight })),
		1,
	);
const ruleLogOdds = (score: number): number => (score - 50) / 15;

/** Goes through time: each later block is judged from the blocks before it, by the scorer and by the rules. */
function judgeHeldBack(rows: readonly Row[]): { rows: Row[]; model: Judged[]; rules: Judged[] } {
	const edge = (block: number): number => Math.floor((block * rows.length) / TIME_BLOCKS);
	const judged: { rows: Row[]; model: Judged[]; rules: Judged[] } = { rows: [], model: [], rules: [] };
	for (let block = FIRST_JUDGED_BLOCK; block < TIME_BLOCKS; block++) {
		const seen = rows.slice(0, edge(block));
		const { linear, calibration } = fitCalibrated(seen);
		const rules = fitRules(seen);
		for (const row of rows.slice(edge(block), edge(block + 1))) {
			const { features, score, y, weight } = row;
			judged.rows.push(row);
			judged.model.push({ z: calibrated(calibration, logOdds(linear, features)), y, weight });
			judged.rules.push({ z: calibrated(rules, ruleLogOdds(score)), y, weight });
		}
	}
	return judged;
}

function fitScorer(rows: readonly Row[]): ScoringModel {
	const { linear, calibration } = fitCalibrated(rows);
	const z = rows.map(({ features }) => calibrated(calibration, logOdds(linear, features))).sort((a, b) => a - b);
	const scores = rows.map(({ score }) => score).sort((a, b) => a - b);
	const rank = (knot: number): number => Math.round((knot * (rows.length - 1)) / (SCORE_KNOTS - 1));
	const knots = Array.from({ length: SCORE_KNOTS }, (_, knot) => ({ z: z[rank(knot)], score: scores[rank(knot)] }));
	return { linear, calibration, knots };
}
