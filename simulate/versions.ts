import { scoreLead, type ScoringModel } from '../core/leads';
import type { Stream } from './world';

/** A version of the persona: what it gives a lead, and from where on a lead is HOT. */
export interface Version {
	id: number;
	threshold: number;
	scoreOf(i: number): number;
	/** Of being won; null where it promises none. */
	probabilityOf(i: number): number | null;
}

/** Scores are asked for again and again by the gate. */
function remembered(count: number, of: (i: number) => number): (i: number) => number {
	const scores = new Float64Array(count).fill(Number.NaN);
	return (i) => {
		if (Number.isNaN(scores[i])) scores[i] = of(i);
		return scores[i];
	};
}

export const personaVersion = (stream: Stream, threshold: number): Version => ({
	id: 0,
	threshold,
	scoreOf: (i) => stream.facts[i].score,
	probabilityOf: () => null,
});

/** A fitted scorer, through the function that classifies live leads. */
export function scorerVersion(stream: Stream, id: number, model: ScoringModel, threshold: number): Version {
	const probabilities = new Float64Array(stream.count);
	const scoreOf = remembered(stream.count, (i) => {
		const { score, probability } = scoreLead(model, stream.facts[i], '');
		probabilities[i] = probability;
		return score;
	});
	return {
		id,
		threshold,
		scoreOf,
		probabilityOf: (i) => {
			scoreOf(i);
			return probabilities[i];
		},
	};
}

/** The persona with other points for its cues. */
export const editedVersion = (stream: Stream, id: number, edits: readonly number[], threshold: number): Version => ({
	id,
	threshold,
	scoreOf: remembered(stream.count, (i) =>
		Math.max(
			0,
			Math.min(
				100,
				stream.active[i].reduce((sum, cue) => sum + edits[cue], stream.facts[i].score),
			),
		),
	),
	probabilityOf: () => null,
});

/** The model turned upside down: what it held for the best leads is the worst. */
export function upsideDown(model: ScoringModel): ScoringModel {
	const { slope, shift } = model.calibration;
	const falling = [...model.knots].reverse();
	return {
		linear: model.linear,
		calibration: { slope: -slope, shift },
		knots: model.knots.map(({ score }, i) => ({ z: 2 * shift - falling[i].z, score })),
	};
}
