import { ALPHA_PER_YEAR, ECE_BINS, MIN_Z } from './defaults';

/** z that the n-th query of a year must exceed: the errors 0.05 * 6 / (pi n)^2 add up to 0.05. */
export const requiredZ = (query: number): number =>
	Math.max(MIN_Z, upperQuantile((ALPHA_PER_YEAR * 6) / (Math.PI * Math.max(1, query)) ** 2));

/** z above which a standard normal lies with probability p below one half (Abramowitz and Stegun 26.2.23; error below 5e-4). */
export function upperQuantile(p: number): number {
	const t = Math.sqrt(-2 * Math.log(p));
	return t - (2.515517 + t * (0.802853 + t * 0.010328)) / (1 + t * (1.432788 + t * (0.189269 + t * 0.001308)));
}

/** Sum and standard error of the sum of independent values, around their own mean. */
export function sumWithError(values: readonly number[]): { sum: number; error: number } {
	const sum = values.reduce((total, value) => total + value, 0);
	const mean = sum / values.length;
	const squares = values.reduce((total, value) => total + (value - mean) ** 2, 0);
	return { sum, error: Math.sqrt((squares * values.length) / Math.max(1, values.length - 1)) };
}

/** Mean distance of promised and real share of wins over bins of equal size. */
export function calibrationError(leads: ReadonlyArray<{ probability: number; won: boolean; weight: number }>): number {
	const order = [...leads].sort((a, b) => a.probability - b.probability);
	const total = order.reduce((sum, { weight }) => sum + weight, 0);
	let error = 0;
	for (let bin = 0; bin < ECE_BINS; bin++) {
		const part = order.slice(
			Math.floor((bin * order.length) / ECE_BINS),
			Math.floor(((bin + 1) * order.length) / ECE_BINS),
		);
		error += Math.abs(
			part.reduce((sum, { probability, won, weight }) => sum + weight * (probability - Number(won)), 0),
		);
	}
	return error / total;
}
