import { chooseTreatment } from '../core/leads';
import type { Stream, World } from './world';
import type { Version } from './versions';

export const INCUMBENT = 0;
export const CANDIDATE = 1;

/** What happened to a tenant's leads: who was called HOT, who was worked, whose verdict has come. */
export interface Track {
	hot: Uint8Array;
	worked: Uint8Array;
	/** Points above the threshold of the version that decided. */
	margin: Float64Array;
	/** Rollout that the lead belongs to, from 1, and its arm. */
	rollout: Int32Array;
	arm: Uint8Array;
	/** Leads whose verdict has come, in the order in which it came. */
	known: number[];
	/** Leads by the day on which their verdict comes. */
	due: number[][];
	/** Leads, and those with a verdict, by worked or not. */
	seen: [number, number];
	labelled: [number, number];
}

export function newTrack(stream: Stream, days: number): Track {
	return {
		hot: new Uint8Array(stream.count),
		worked: new Uint8Array(stream.count),
		margin: new Float64Array(stream.count),
		rollout: new Int32Array(stream.count),
		arm: new Uint8Array(stream.count),
		known: [],
		due: Array.from({ length: days }, () => []),
		seen: [0, 0],
		labelled: [0, 0],
	};
}

/** Classifies and treats one lead; `places` are what is left of the day's HOT capacity. Answers whether one was taken. */
export function treat(
	world: World,
	stream: Stream,
	track: Track,
	i: number,
	version: Version,
	places: number,
): boolean {
	const score = version.scoreOf(i);
	const isHot = score >= version.threshold;
	const { treatment } = chooseTreatment({
		classification: isHot ? 'LEAD_HOT' : 'LEAD_WARM',
		score,
		hot: version.threshold,
		hysteresis: world.persona.hysteresis,
		explorationShare: world.explorationShare,
		hotPlacesLeft: places,
		injection: false,
		optedOut: false,
		random: stream.explorationDraw[i],
	});
	const worked = treatment === 'hot' && places > 0;
	track.hot[i] = Number(isHot);
	track.worked[i] = Number(worked);
	track.margin[i] = score - version.threshold;
	track.seen[Number(worked)]++;
	const share = worked ? world.verdict.shareWorked : world.verdict.shareOther;
	const day = Math.floor(stream.at[i] + stream.verdictDelay[i]);
	if (stream.verdictDraw[i] < share && day < track.due.length) track.due[day].push(i);
	return worked;
}

/** Takes in the verdicts that come on a day. */
export function receiveVerdicts(track: Track, day: number): number[] {
	for (const i of track.due[day]) {
		track.known.push(i);
		track.labelled[track.worked[i]]++;
	}
	return track.due[day];
}

/** Chance that a lead's verdict is known, as seen so far among those that were treated like it. */
export const propensityOf = (track: Track, i: number): number =>
	(track.labelled[track.worked[i]] + 1) / (track.seen[track.worked[i]] + 1);

/** Does the lead buy in the end? */
export function converts({ conversion }: World, stream: Stream, track: Track, i: number): boolean {
	const { qualifiedWorked, qualifiedNotWorked, other } = conversion;
	const chance = stream.qualified[i] === 0 ? other : track.worked[i] === 1 ? qualifiedWorked : qualifiedNotWorked;
	return stream.conversionDraw[i] < chance;
}
