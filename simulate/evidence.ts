import { splitOf, type GatePair } from '../core/improvement/gate';
import type { Safeguards } from './safeguards';
import { propensityOf, type Track } from './track';
import type { Version } from './versions';
import type { Stream } from './world';

/** A lead with what the loop holds for its outcome. */
export interface Known {
	i: number;
	won: boolean;
	propensity: number;
}

/** The simulation's day 0; only differences count. */
const START = Date.UTC(2026, 0, 1);
export const dateOf = (days: number): Date => new Date(START + Math.round(days * 86_400_000));

/** The leads of one side of the split whose outcome the loop may use by `day`, in order of time. */
export function knownLeads(
	stream: Stream,
	track: Track,
	safeguards: Safeguards,
	side: 'propose' | 'gate',
	day: number,
): Known[] {
	const now = dateOf(day);
	const split = safeguards.holdOut ? side : 'propose';
	const leads = safeguards.maturity
		? track.known.map((i) => ({ i, won: stream.verdict[i] === 1 }))
		: allSoFar(stream, track, day);
	const ofSplit = leads
		.filter(({ i }) => splitOf(stream.tenantId, stream.leadKey[i], dateOf(stream.at[i]), now) === split)
		.sort((a, b) => a.i - b.i)
		.map(({ i, won }) => ({ i, won, propensity: safeguards.maturity ? propensityOf(track, i) : 1 }));
	if (!safeguards.onePerPerson) return ofSplit;
	return [...new Map(ofSplit.map((lead) => [stream.leadKey[lead.i], lead])).values()].sort((a, b) => a.i - b.i);
}

/** Everybody until now; who has no verdict yet is taken for lost. */
function allSoFar(stream: Stream, track: Track, day: number): Array<{ i: number; won: boolean }> {
	const known = new Set(track.known);
	const count = stream.at.findIndex((at) => at >= day + 1);
	return Array.from({ length: count === -1 ? stream.count : count }, (_, i) => ({
		i,
		won: known.has(i) && stream.verdict[i] === 1,
	}));
}

/** The same leads through both versions, as the gate takes them. */
export const judgedPairs = (
	stream: Stream,
	leads: readonly Known[],
	incumbent: Version,
	candidate: Version,
	onePerPerson = true,
): GatePair[] =>
	leads.map(({ i, won, propensity }) => {
		const { platform, fromAd } = stream.facts[i];
		return {
			leadKey: onePerPerson ? stream.leadKey[i] : String(i),
			won,
			propensity,
			incumbentHot: incumbent.scoreOf(i) >= incumbent.threshold,
			candidateScore: candidate.scoreOf(i),
			incumbentProbability: incumbent.probabilityOf(i) ?? undefined,
			candidateProbability: candidate.probabilityOf(i) ?? undefined,
			stratum: `${platform}/${fromAd ? 'ad' : 'organic'}`,
		};
	});
