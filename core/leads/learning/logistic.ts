import { CALIBRATION_RIDGE, INTERCEPT_RIDGE, RIDGE_BY_COUNT } from './defaults';
import { priorWeight, type Features } from './features';
import { minimise } from './lbfgs';

const { abs, exp, log1p, max } = Math;

export interface Example {
	features: Features;
	/** Won or not. */
	y: 0 | 1;
	/** Inverse propensity, clipped. */
	weight: number;
}

/** Log-odds are linear in the features. Names that are not here have their prior. */
export interface LinearModel {
	intercept: number;
	weights: Record<string, number>;
}

/** Platt: calibrated log-odds = slope * log-odds + shift. */
export interface Calibration {
	slope: number;
	shift: number;
}

export const sigmoid = (z: number): number => (z >= 0 ? 1 / (1 + Math.exp(-z)) : Math.exp(z) / (1 + Math.exp(z)));
/** log(1 + e^z) without overflow. */
const softplus = (z: number): number => (z > 0 ? z + Math.log1p(Math.exp(-z)) : Math.log1p(Math.exp(z)));
/** Log-loss of one outcome at these log-odds. */
export const logLossAt = (z: number, y: 0 | 1): number => softplus(y === 1 ? -z : z);

const ridgeFor = (count: number): number => RIDGE_BY_COUNT.find(({ below }) => count < below)!.ridge;

/** Examples side by side, each feature by its column: what the search goes through some hundred times. */
interface Rows {
	/** Where each example's features begin; one more at the end. */
	starts: Int32Array;
	columns: Int32Array;
	values: Float64Array;
	y: Float64Array;
	weights: Float64Array;
}

function rowsOf(examples: readonly Example[], index: ReadonlyMap<string, number>): Rows {
	const starts = new Int32Array(examples.length + 1);
	examples.forEach(({ features }, i) => (starts[i + 1] = starts[i] + features.size));
	return {
		starts,
		columns: Int32Array.from(examples.flatMap(({ features }) => [...features.keys()].map((name) => index.get(name)!))),
		values: Float64Array.from(examples.flatMap(({ features }) => [...features.values()])),
		y: Float64Array.from(examples, ({ y }) => y),
		weights: Float64Array.from(examples, ({ weight }) => weight),
	};
}

/** Log-odds of example `i`; the intercept stands last. */
function oddsOf(rows: Rows, i: number, x: Float64Array): number {
	let z = x[x.length - 1];
	for (let k = rows.starts[i]; k < rows.starts[i + 1]; k++) z += x[rows.columns[k]] * rows.values[k];
	return z;
}

/** Weights at their most probable, given the examples and the prior w ~ N(prior, 1/ridge). */
export function fitLogistic(examples: readonly Example[]): LinearModel {
	const names = [...new Set(examples.flatMap(({ features }) => [...features.keys()]))].sort();
	const rows = rowsOf(examples, new Map(names.map((name, i) => [name, i])));
	const prior = Float64Array.from([...names.map(priorWeight), 0]);
	const ridge = ridgeFor(examples.length);
	const last = names.length;
	const fitted = minimise(
		(x, gradient) => {
			let value = 0;
			for (let i = 0; i <= last; i++) {
				const strength = i === last ? INTERCEPT_RIDGE : ridge;
				const off = x[i] - prior[i];
				value += (strength / 2) * off * off;
				gradient[i] = strength * off;
			}
			for (let i = 0; i < rows.y.length; i++) {
				const z = oddsOf(rows, i, x);
				// Loss and chance share one exponential: this line runs some million times in a training.
				const tail = exp(-abs(z));
				value += rows.weights[i] * (max(0, rows.y[i] === 1 ? -z : z) + log1p(tail));
				const slope = rows.weights[i] * ((z >= 0 ? 1 : tail) / (1 + tail) - rows.y[i]);
				for (let k = rows.starts[i]; k < rows.starts[i + 1]; k++) gradient[rows.columns[k]] += slope * rows.values[k];
				gradient[last] += slope;
			}
			return value;
		},
		startFrom(prior, rows),
	);
	return { intercept: fitted[last], weights: Object.fromEntries(names.map((name, i) => [name, fitted[i]])) };
}

/** The prior with an intercept that meets the share of wins: the search starts near its end. */
function startFrom(prior: Float64Array, rows: Rows): Float64Array {
	let [total, won, sum] = [0, 0, 0];
	rows.weights.forEach((weight, i) => {
		total += weight;
		won += weight * rows.y[i];
		sum += weight * oddsOf(rows, i, prior);
	});
	const start = Float64Array.from(prior);
	start[start.length - 1] = Math.log((won + 0.5) / (total - won + 0.5)) - sum / total;
	return start;
}

export const logOdds = ({ intercept, weights }: LinearModel, features: Features): number => {
	let sum = intercept;
	for (const [name, value] of features) sum += (weights[name] ?? priorWeight(name)) * value;
	return sum;
};

/** Slope and shift that make log-odds honest, held to "as they are" where there is little to learn from. */
export function fitCalibration(
	outcomes: ReadonlyArray<{ z: number; y: 0 | 1; weight: number }>,
	ridge = CALIBRATION_RIDGE,
): Calibration {
	const [slope, shift] = minimise(
		(x, gradient) => {
			let value = (ridge / 2) * ((x[0] - 1) ** 2 + x[1] ** 2);
			gradient[0] = ridge * (x[0] - 1);
			gradient[1] = ridge * x[1];
			for (const { z, y, weight } of outcomes) {
				const calibrated = x[0] * z + x[1];
				value += weight * logLossAt(calibrated, y);
				const off = weight * (sigmoid(calibrated) - y);
				gradient[0] += off * z;
				gradient[1] += off;
			}
			return value;
		},
		Float64Array.of(1, 0),
	);
	return { slope, shift };
}

export const calibrated = ({ slope, shift }: Calibration, z: number): number => slope * z + shift;
