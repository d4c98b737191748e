import { converts, type Track } from './track';
import type { Stream, World } from './world';

/** What a tenant's last days came to. */
export interface Outcome {
	leads: number;
	hot: number;
	conversions: number;
	/** From the first day on: what the way there cost. */
	conversionsInAll: number;
	/** Of as many leads as the control called HOT: those that were not worth it. */
	falsePositives: number;
	/** Qualified leads among them. */
	found: number;
	qualified: number;
}

/** `volume` HOT leads, the hottest by whatever decided on each; the loop cannot shine by calling fewer. */
export function measure(world: World, stream: Stream, track: Track, from: number, volume: number): Outcome {
	const leads = Array.from({ length: stream.count - from }, (_, k) => from + k);
	const count = (of: (i: number) => boolean): number => leads.reduce((sum, i) => sum + Number(of(i)), 0);
	const hottest = [...leads].sort((a, b) => track.margin[b] - track.margin[a] || a - b).slice(0, volume);
	const found = hottest.filter((i) => stream.qualified[i] === 1).length;
	return {
		leads: leads.length,
		hot: count((i) => track.hot[i] === 1),
		conversions: count((i) => converts(world, stream, track, i)),
		conversionsInAll: stream.truth.reduce((sum, _, i) => sum + Number(converts(world, stream, track, i)), 0),
		falsePositives: hottest.length - found,
		found,
		qualified: count((i) => stream.qualified[i] === 1),
	};
}

/** The same, had every HOT place gone to the most promising lead in truth. */
export function measureOracle(world: World, stream: Stream, track: Track, from: number, volume: number): Outcome {
	const order = Array.from({ length: stream.count - from }, (_, k) => from + k).sort(
		(a, b) => stream.truth[b] - stream.truth[a],
	);
	const best: Track = {
		...track,
		hot: new Uint8Array(stream.count),
		worked: new Uint8Array(stream.count),
		margin: stream.truth,
	};
	for (const i of order.slice(0, volume)) best.hot[i] = best.worked[i] = 1;
	return measure(world, stream, best, from, volume);
}

export const addOutcomes = (a: Outcome, b: Outcome): Outcome => ({
	leads: a.leads + b.leads,
	hot: a.hot + b.hot,
	conversions: a.conversions + b.conversions,
	conversionsInAll: a.conversionsInAll + b.conversionsInAll,
	falsePositives: a.falsePositives + b.falsePositives,
	found: a.found + b.found,
	qualified: a.qualified + b.qualified,
});
export const NOTHING: Outcome = {
	leads: 0,
	hot: 0,
	conversions: 0,
	conversionsInAll: 0,
	falsePositives: 0,
	found: 0,
	qualified: 0,
};
