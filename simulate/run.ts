import { createHash } from 'node:crypto';
import { runLoop, type Counts } from './loop';
import { addOutcomes, measure, measureOracle, NOTHING, type Outcome } from './measure';
import { runNaive } from './naive';
import { propose, type Judge } from './proposer';
import { REAL, type Safeguards } from './safeguards';
import { newTrack, treat, type Track } from './track';
import { personaVersion } from './versions';
import { readWorld, streamOf, type Stream, type World } from './world';

export interface RunSettings {
	seed: number;
	tenants: number;
	days: number;
	perDay: number;
	judge: Judge;
	naive: boolean;
	injectPastGate: boolean;
	aa: boolean;
}

/** One seed's tenants together. */
export interface SeedResult extends Counts {
	seed: number;
	tenants: number;
	breakersOpen: number;
	none: Outcome;
	loop: Outcome;
	oracle: Outcome;
	sha256: string;
}

/** Parts that a test replaces: a safeguard, who proposes, or the leads. */
export interface Parts {
	safeguards: Safeguards;
	propose: typeof propose;
	streamOf: typeof streamOf;
}

const NO_COUNTS: Counts = { proposals: 0, rollouts: 0, promoted: 0, rolledBack: 0, expired: 0, halted: 0 };

/** Runs every tenant of a seed twice over the same leads, without and with the loop, and compares their last days. */
export function runSeed(settings: RunSettings, replaced: Partial<Parts> = {}): SeedResult {
	const parts: Parts = { safeguards: REAL, propose, streamOf, ...replaced };
	const { world } = readWorld();
	const hash = createHash('sha256');
	const result: SeedResult = {
		...NO_COUNTS,
		seed: settings.seed,
		tenants: settings.tenants,
		breakersOpen: 0,
		none: NOTHING,
		loop: NOTHING,
		oracle: NOTHING,
		sha256: '',
	};
	for (let tenant = 0; tenant < settings.tenants; tenant++) {
		const stream = parts.streamOf(world, settings.seed, tenant, settings.days, settings.perDay);
		const none = runNone(world, stream, settings);
		const { track, counts, breakerOpen, log } = runTenant(world, stream, settings, parts);
		const from = (settings.days - Math.min(world.lastDays, settings.days)) * settings.perDay;
		const volume = none.hot.subarray(from).reduce((sum, is) => sum + is, 0);
		result.none = addOutcomes(result.none, measure(world, stream, none, from, volume));
		result.loop = addOutcomes(result.loop, measure(world, stream, track, from, volume));
		result.oracle = addOutcomes(result.oracle, measureOracle(world, stream, none, from, volume));
		for (const key of Object.keys(NO_COUNTS) as Array<keyof Counts>) result[key] += counts[key];
		result.breakersOpen += Number(breakerOpen);
		for (const line of log) hash.update(`${line}\n`);
		hash.update(track.hot).update(track.worked);
	}
	return { ...result, sha256: hash.digest('hex') };
}

function runTenant(
	world: World,
	stream: Stream,
	settings: RunSettings,
	{ safeguards, propose }: Parts,
): { track: Track; counts: Counts; breakerOpen: boolean; log: string[] } {
	if (!settings.naive) return runLoop(stream, { ...settings, world, safeguards, propose });
	const { track, applied, rolledBack, log } = runNaive(stream, { ...settings, world });
	const counts = { ...NO_COUNTS, proposals: applied, rollouts: applied, promoted: applied, rolledBack };
	return { track, counts, breakerOpen: false, log };
}

/** The persona as it was written, for ever. */
function runNone(world: World, stream: Stream, { days, perDay }: RunSettings): Track {
	const track = newTrack(stream, days);
	const persona = personaVersion(stream, world.persona.hotFrom);
	for (let day = 0; day < days; day++) {
		let places = Math.ceil(world.capacitySlack * world.hotCapacity * perDay);
		for (let i = day * perDay; i < (day + 1) * perDay; i++)
			if (treat(world, stream, track, i, persona, places)) places--;
	}
	return track;
}
