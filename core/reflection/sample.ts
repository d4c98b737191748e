import { SAMPLE } from './defaults';
import { drawKey } from './random';

/** A conversation that may be drawn, with what is known of it without reading it. */
export interface Candidate {
	id: string;
	leadKey: string;
	/** HOT and lost, or not HOT and won: where something is to be learned. */
	discordant: boolean;
	/** Close to the threshold. */
	lowMargin: boolean;
}

export type Stratum = 'discordant' | 'low_margin' | 'rest' | 'golden';

export interface Drawn {
	id: string;
	leadKey: string;
	stratum: Stratum;
	/** Probability with which it came into the sample. */
	inclusion: number;
}

export interface Sample {
	drawn: Drawn[];
	/** Fixed conversations that people have scored: they measure the judge, and weigh nothing in the score. */
	golden: Drawn[];
	/** Conversations by stratum, of which `drawn` were taken. */
	population: Record<Exclude<Stratum, 'golden'>, number>;
}

const stratumOf = ({ discordant, lowMargin }: Candidate): Exclude<Stratum, 'golden'> =>
	discordant ? 'discordant' : lowMargin ? 'low_margin' : 'rest';

/** Whole numbers that add up to `total` as far as room allows: largest remainders first, what finds no room goes to the others. */
function allot(total: number, wanted: readonly number[], room: readonly number[]): number[] {
	const places = wanted.map((want, i) => Math.min(room[i], Math.floor(want)));
	const order = wanted
		.map((want, i) => ({ i, rest: want - Math.floor(want) }))
		.sort((a, b) => b.rest - a.rest || a.i - b.i);
	let left =
		Math.min(
			total,
			room.reduce((a, b) => a + b, 0),
		) - places.reduce((a, b) => a + b, 0);
	for (; left < 0; left++) places[places.indexOf(Math.max(...places))] -= 1;
	while (left > 0) {
		for (const { i } of order) {
			if (left === 0 || places[i] >= room[i]) continue;
			places[i] += 1;
			left -= 1;
		}
	}
	return places;
}

/**
 * A stratified draw. The uniform share is spread over all strata in proportion to their size, so that every conversation has a
 * known chance above zero; within a stratum the order is a hash, so that the same seed draws the same conversations.
 */
export function drawSample(
	candidates: readonly Candidate[],
	goldenIds: readonly string[],
	{ seed, size = SAMPLE.size }: { seed: string; size?: number },
): Sample {
	const golden = goldenIds.length === 0 ? 0 : Math.min(goldenIds.length, Math.round(size * SAMPLE.golden));
	const places = size - golden;
	const share = SAMPLE.uniform + SAMPLE.discordant + SAMPLE.lowMargin;
	const strata = ['discordant', 'low_margin', 'rest'] as const;
	const members = strata.map((stratum) => candidates.filter((candidate) => stratumOf(candidate) === stratum));
	const extra = { discordant: SAMPLE.discordant, low_margin: SAMPLE.lowMargin, rest: 0 };
	const wanted = strata.map(
		(stratum, i) =>
			(places * (extra[stratum] + (SAMPLE.uniform * members[i].length) / Math.max(1, candidates.length))) / share,
	);
	// A stratum that is never drawn from would be missing in the score: each that has members gives one.
	const atLeastOne = wanted.map((want, i) => (members[i].length > 0 ? Math.max(1, want) : 0));
	const counts = allot(
		places,
		atLeastOne,
		members.map((list) => list.length),
	);
	const drawn = strata.flatMap((stratum, i) =>
		inDrawOrder(members[i], seed)
			.slice(0, counts[i])
			.map(({ id, leadKey }) => ({ id, leadKey, stratum, inclusion: counts[i] / members[i].length })),
	);
	return {
		drawn,
		// Without the window in the seed: the same ones every time, so that a drift of the judge shows.
		golden: inDrawOrder(
			goldenIds.map((id) => ({ id, leadKey: id })),
			'golden',
		)
			.slice(0, golden)
			.map(({ id, leadKey }) => ({ id, leadKey, stratum: 'golden' as const, inclusion: 1 })),
		population: { discordant: members[0].length, low_margin: members[1].length, rest: members[2].length },
	};
}

const inDrawOrder = <T extends { id: string }>(items: readonly T[], seed: string): T[] =>
	items
		.map((item) => ({ item, key: drawKey(seed, item.id) }))
		.sort((a, b) => (a.key < b.key ? -1 : 1))
		.map(({ item }) => item);
