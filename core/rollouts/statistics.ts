import { POSTERIOR_GRID, Z_80 } from './defaults';

export interface Counts {
	n: number;
	won: number;
}

/** Complementary error function (Abramowitz and Stegun 7.1.26; error below 1.5e-7). */
export function erfc(x: number): number {
	if (x < 0) return 2 - erfc(-x);
	const t = 1 / (1 + 0.3275911 * x);
	const series = t * (0.254829592 + t * (-0.284496736 + t * (1.421413741 + t * (-1.453152027 + t * 1.061405429))));
	return series * Math.exp(-x * x);
}

/** Lower end of the two-sided 80 % interval of candidate - incumbent; each share with one win and one loss added (Agresti and Caffo). */
export function differenceLow80(incumbent: Counts, candidate: Counts): number {
	const [a, b] = [incumbent, candidate].map(({ n, won }) => {
		const share = (won + 1) / (n + 2);
		return { share, variance: (share * (1 - share)) / (n + 2) };
	});
	return b.share - a.share - Z_80 * Math.sqrt(a.variance + b.variance);
}

export interface ArmDescription extends Counts {
	mean: number;
	/** Ends of the 80 % interval. */
	low: number;
	high: number;
}

/** For people to read, never to decide on: Beta(1,1) posteriors of both arms, and the chance that the candidate is better. */
export function describeArms(
	incumbent: Counts,
	candidate: Counts,
): { incumbent: ArmDescription; candidate: ArmDescription; candidateBetter: number } {
	const [a, b] = [posterior(incumbent), posterior(candidate)];
	let below = 0;
	let candidateBetter = 0;
	for (let i = 0; i < POSTERIOR_GRID; i++) {
		candidateBetter += b[i] * (below + a[i] / 2);
		below += a[i];
	}
	return { incumbent: describe(incumbent, a), candidate: describe(candidate, b), candidateBetter };
}

const at = (i: number): number => (i + 0.5) / POSTERIOR_GRID;

function posterior({ n, won }: Counts): Float64Array {
	const logs = Float64Array.from(
		{ length: POSTERIOR_GRID },
		(_, i) => won * Math.log(at(i)) + (n - won) * Math.log(1 - at(i)),
	);
	const top = logs.reduce((best, log) => Math.max(best, log), -Infinity);
	const masses = logs.map((log) => Math.exp(log - top));
	const total = masses.reduce((sum, mass) => sum + mass, 0);
	return masses.map((mass) => mass / total);
}

function describe({ n, won }: Counts, masses: Float64Array): ArmDescription {
	const quantile = (share: number): number => {
		let sum = 0;
		const i = masses.findIndex((mass) => (sum += mass) >= share);
		return at(i === -1 ? POSTERIOR_GRID - 1 : i);
	};
	return { n, won, mean: (won + 1) / (n + 2), low: quantile(0.1), high: quantile(0.9) };
}
