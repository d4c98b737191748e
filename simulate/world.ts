import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import type { LeadFacts } from '../core/leads';
import { randomOf } from './random';

/** Beside the sources, where the compiled files find it too. */
const FOLDER = path.join(process.cwd(), 'simulate');

export interface World {
	features: number;
	featureShare: { from: number; to: number };
	sharedWeight: { sd: number };
	tenantWeight: { sd: number };
	persona: { believes: number; noise: number; pointsPerLogOdd: number; hotFrom: number; hysteresis: number };
	niches: Array<{ name: string; baseRate: number; shareTilt: number; instagram: number; fromAd: number }>;
	hotCapacity: number;
	capacitySlack: number;
	explorationShare: number;
	conversion: { qualifiedWorked: number; qualifiedNotWorked: number; other: number };
	conversionDelayDays: { logMean: number; logSd: number };
	verdict: { meanDelayDays: number; accuracy: number; shareWorked: number; shareOther: number };
	breakEvenPrecision: number;
	lastDays: number;
}

/** The frozen parameters, and whether they still are what was frozen. */
export function readWorld(): { world: World; sha256: string; frozen: boolean } {
	const text = readFileSync(path.join(FOLDER, 'world.json'), 'utf8');
	const sha256 = createHash('sha256').update(text).digest('hex');
	const committed = readFileSync(path.join(FOLDER, 'world.sha256'), 'utf8').trim();
	return { world: JSON.parse(text) as World, sha256, frozen: sha256 === committed };
}

/** One tenant's leads with everything that will ever be true of them, drawn before any loop runs. */
export interface Stream {
	tenantId: string;
	niche: string;
	count: number;
	/** Days since the beginning. */
	at: Float64Array;
	facts: LeadFacts[];
	/** The cues of each lead. */
	active: number[][];
	/** What each cue is worth in truth, and each lead, in log-odds: only the oracle and the worst adversary see it. */
	weights: number[];
	truth: Float64Array;
	qualified: Uint8Array;
	/** Whether a conversion or a verdict happens is this number against the chance that the treatment gives. */
	conversionDraw: Float64Array;
	conversionDelay: Float64Array;
	verdictDraw: Float64Array;
	verdictDelay: Float64Array;
	verdict: Uint8Array;
	explorationDraw: Float64Array;
	leadKey: string[];
}

const sigmoid = (z: number): number => 1 / (1 + Math.exp(-z));

export function streamOf(world: World, seed: number, tenant: number, days: number, perDay: number): Stream {
	const count = days * perDay;
	const niche = world.niches[tenant % world.niches.length];
	const { shares, weights, points } = tenantOf(world, seed, tenant);
	const active = drawActive(shares, count, randomOf(seed, tenant, 'leads'));
	const pull = active.map((cues) => cues.reduce((sum, cue) => sum + weights[cue], 0));
	const intercept = levelFor(pull, niche.baseRate);
	const rest = randomOf(seed, tenant, 'outcomes');
	const draw = (of: (i: number) => number): Float64Array => Float64Array.from({ length: count }, (_, i) => of(i));
	const truth = draw((i) => intercept + pull[i]);
	const qualified = Uint8Array.from(truth, (z) => (rest.next() < sigmoid(z) ? 1 : 0));
	const { logMean, logSd } = world.conversionDelayDays;
	return {
		tenantId: `tenant-${seed}-${tenant}`,
		niche: niche.name,
		count,
		at: draw((i) => Math.floor(i / perDay) + ((i % perDay) + 0.5) / perDay),
		facts: factsOf(world, active, points, niche, randomOf(seed, tenant, 'channel')),
		active,
		weights,
		truth,
		qualified,
		conversionDraw: draw(() => rest.next()),
		conversionDelay: draw(() => Math.exp(logMean + logSd * rest.normal())),
		verdictDraw: draw(() => rest.next()),
		verdictDelay: draw(() => rest.exponential(world.verdict.meanDelayDays)),
		verdict: qualified.map((is) => (rest.next() < world.verdict.accuracy ? is : 1 - is)),
		explorationDraw: draw(() => rest.next()),
		leadKey: Array.from({ length: count }, (_, i) => `whatsapp:${seed}.${tenant}.${i}`),
	};
}

/** Cues are equally common and alike for all, but for the niche and the tenant; the persona knows them only roughly. */
function tenantOf(
	world: World,
	seed: number,
	tenant: number,
): { shares: number[]; weights: number[]; points: number[] } {
	const niche = tenant % world.niches.length;
	const shared = randomOf(seed, 'shared');
	const tilt = randomOf(seed, 'niche', niche);
	const own = randomOf(seed, 'tenant', tenant);
	const { from, to } = world.featureShare;
	const cues = Array.from({ length: world.features }, () => {
		const share = from + (to - from) * shared.next();
		const weight = world.sharedWeight.sd * shared.normal() + world.tenantWeight.sd * own.normal();
		const believed = world.persona.believes * weight + world.persona.noise * own.normal();
		return {
			share: Math.min(0.5, share * Math.exp(world.niches[niche].shareTilt * tilt.normal())),
			weight,
			points: Math.round(world.persona.pointsPerLogOdd * believed),
		};
	});
	return {
		shares: cues.map(({ share }) => share),
		weights: cues.map(({ weight }) => weight),
		points: cues.map(({ points }) => points),
	};
}

const drawActive = (shares: readonly number[], count: number, random: { next(): number }): number[][] =>
	Array.from({ length: count }, () => shares.flatMap((share, cue) => (random.next() < share ? [cue] : [])));

/** The intercept at which the mean chance is `rate`. */
function levelFor(pull: readonly number[], rate: number): number {
	const sample = pull.slice(0, 2_000);
	let [low, high] = [-10, 10];
	for (let step = 0; step < 40; step++) {
		const middle = (low + high) / 2;
		const mean = sample.reduce((sum, z) => sum + sigmoid(middle + z), 0) / sample.length;
		if (mean < rate) low = middle;
		else high = middle;
	}
	return low;
}

/** What the classifier sees: the persona's points for each cue, on a base at which the capacity's share is HOT. */
function factsOf(
	world: World,
	active: readonly number[][],
	points: readonly number[],
	niche: World['niches'][number],
	random: { next(): number },
): LeadFacts[] {
	const cuePoints = points.map((value, cue) => ({
		axis: 'fit' as const,
		rule: `cue_${cue}`,
		points: value,
		evidence: `c${cue}`,
	}));
	const sums = active.map((cues) => cues.reduce((sum, cue) => sum + points[cue], 0));
	const sorted = sums.slice(0, 2_000).sort((a, b) => b - a);
	const base = world.persona.hotFrom - sorted[Math.floor(world.hotCapacity * sorted.length)];
	return active.map((cues, i) => ({
		score: Math.max(0, Math.min(100, base + sums[i])),
		points: cues.map((cue) => cuePoints[cue]),
		platform: random.next() < niche.instagram ? 'instagram' : 'whatsapp',
		fromAd: random.next() < niche.fromAd,
	}));
}
