import { GRADIENT_TOLERANCE, MAX_STEPS, MEMORY, VALUE_TOLERANCE } from './defaults';

/** Writes the gradient at `x` into `gradient` and answers the value. */
export type Objective = (x: Float64Array, gradient: Float64Array) => number;

const dot = (a: Float64Array, b: Float64Array): number => {
	let sum = 0;
	for (let i = 0; i < a.length; i++) sum += a[i] * b[i];
	return sum;
};
const axpy = (factor: number, x: Float64Array, y: Float64Array): void => {
	for (let i = 0; i < y.length; i++) y[i] += factor * x[i];
};

interface Step {
	/** Change of x and of the gradient, and 1 / their product. */
	dx: Float64Array;
	dg: Float64Array;
	rho: number;
}

/** Minimises a smooth convex function: L-BFGS with backtracking (Nocedal and Wright, algorithms 7.4 and 3.1). */
export function minimise(objective: Objective, start: Float64Array): Float64Array {
	let x = Float64Array.from(start);
	let gradient = new Float64Array(x.length);
	let value = objective(x, gradient);
	const memory: Step[] = [];
	for (let step = 0; step < MAX_STEPS; step++) {
		if (Math.sqrt(dot(gradient, gradient)) <= GRADIENT_TOLERANCE * Math.max(1, Math.sqrt(dot(x, x)))) break;
		const direction = descent(gradient, memory);
		const slope = dot(direction, gradient);
		const next = new Float64Array(x.length);
		const nextGradient = new Float64Array(x.length);
		let nextValue = Infinity;
		let size = memory.length === 0 ? Math.min(1, 1 / Math.sqrt(dot(gradient, gradient))) : 1;
		for (; size > 1e-12; size /= 2) {
			next.set(x);
			axpy(size, direction, next);
			nextValue = objective(next, nextGradient);
			if (nextValue <= value + 1e-4 * size * slope) break;
		}
		if (!(nextValue < value)) break;
		const settled = value - nextValue <= VALUE_TOLERANCE * Math.abs(nextValue);
		remember(memory, x, next, gradient, nextGradient);
		x = next;
		gradient = nextGradient;
		value = nextValue;
		if (settled) break;
	}
	return x;
}

/** The two-loop recursion: the gradient, bent by what the last steps told of the curvature. */
function descent(gradient: Float64Array, memory: Step[]): Float64Array {
	const direction = gradient.map((value) => -value);
	const alphas: number[] = [];
	for (let i = memory.length - 1; i >= 0; i--) {
		alphas[i] = memory[i].rho * dot(memory[i].dx, direction);
		axpy(-alphas[i], memory[i].dg, direction);
	}
	const last = memory.at(-1);
	if (last) {
		const scale = 1 / (last.rho * dot(last.dg, last.dg));
		for (let i = 0; i < direction.length; i++) direction[i] *= scale;
	}
	memory.forEach(({ dx, dg, rho }, i) => axpy(alphas[i] - rho * dot(dg, direction), dx, direction));
	return direction;
}

function remember(memory: Step[], x: Float64Array, next: Float64Array, was: Float64Array, is: Float64Array): void {
	const dx = next.map((value, i) => value - x[i]);
	const dg = is.map((value, i) => value - was[i]);
	const curvature = dot(dx, dg);
	if (curvature <= 1e-12) return;
	memory.push({ dx, dg, rho: 1 / curvature });
	if (memory.length > MEMORY) memory.shift();
}
