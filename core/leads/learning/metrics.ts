import { CALIBRATION_BINS } from './defaults';
import { logLossAt, sigmoid } from './logistic';

/** A held-back lead with the calibrated log-odds that somebody gave it before its outcome was known. */
export interface Judged {
	z: number;
	y: 0 | 1;
	weight: number;
}

export interface Metrics {
	n: number;
	won: number;
	logLoss: number;
	auc: number;
	/** Mean distance of promised and real share of wins. */
	ece: number;
	/** Share on the right side of 50 %. */
	accuracy: number;
}

export function metricsOf(judged: readonly Judged[]): Metrics {
	const total = judged.reduce((sum, { weight }) => sum + weight, 0);
	const mean = (of: (one: Judged) => number): number =>
		judged.reduce((sum, one) => sum + one.weight * of(one), 0) / total;
	return {
		n: judged.length,
		won: judged.filter(({ y }) => y === 1).length,
		logLoss: mean(({ z, y }) => logLossAt(z, y)),
		auc: aucOf(judged),
		ece: calibrationError(judged),
		accuracy: mean(({ z, y }) => (z > 0 === (y === 1) ? 1 : 0)),
	};
}

/** Chance that a won lead stands before a lost one; ties count half. 0.5 where there is nothing to compare. */
export function aucOf(judged: readonly Judged[]): number {
	const order = [...judged].sort((a, b) => a.z - b.z);
	let lostBefore = 0;
	let pairs = 0;
	let won = 0;
	for (let i = 0; i < order.length;) {
		let tie = i;
		let wonHere = 0;
		let lostHere = 0;
		for (; tie < order.length && order[tie].z === order[i].z; tie++) {
			if (order[tie].y === 1) wonHere += order[tie].weight;
			else lostHere += order[tie].weight;
		}
		pairs += wonHere * (lostBefore + lostHere / 2);
		lostBefore += lostHere;
		won += wonHere;
		i = tie;
	}
	return won === 0 || lostBefore === 0 ? 0.5 : pairs / (won * lostBefore);
}

/** Bins of equal size, by promise. */
export function calibrationError(judged: readonly Judged[]): number {
	const order = [...judged].sort((a, b) => a.z - b.z);
	const total = order.reduce((sum, { weight }) => sum + weight, 0);
	let error = 0;
	for (let bin = 0; bin < CALIBRATION_BINS; bin++) {
		const from = Math.floor((bin * order.length) / CALIBRATION_BINS);
		const part = order.slice(from, Math.floor(((bin + 1) * order.length) / CALIBRATION_BINS));
		error += Math.abs(part.reduce((sum, { z, y, weight }) => sum + weight * (sigmoid(z) - y), 0));
	}
	return error / total;
}

/** Wins among the `count` that stand first. */
export const winsAmongFirst = (judged: readonly Judged[], count: number): number =>
	[...judged]
		.sort((a, b) => b.z - a.z)
		.slice(0, count)
		.reduce((sum, { y, weight }) => sum + y * weight, 0);

/** Mean gain in log-loss of `mine` over `theirs` on the same leads, and how many standard errors that is from none. */
export function pairedGain(mine: readonly Judged[], theirs: readonly Judged[]): { gain: number; z: number } {
	const gains = mine.map(({ z, y, weight }, i) => weight * (logLossAt(theirs[i].z, y) - logLossAt(z, y)));
	const mean = gains.reduce((sum, gain) => sum + gain, 0) / gains.length;
	const variance = gains.reduce((sum, gain) => sum + (gain - mean) ** 2, 0) / Math.max(1, gains.length - 1);
	const standardError = Math.sqrt(variance / gains.length);
	return { gain: mean, z: standardError > 0 ? mean / standardError : 0 };
}
