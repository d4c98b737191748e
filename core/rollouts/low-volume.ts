import { DAY_MS, EXPIRY_MS, MIN_HOT_PER_WEEK, ROLLBACK_EVIDENCE, TOLD_DROPS } from './defaults';

export interface VolumeInput {
	/** HOT leads a week whose outcome becomes known. */
	hotPerWeek: number;
	/** HOT precision today. */
	precision: number;
	/** Share of people that see the candidate. */
	share: number;
}

export interface Detectable {
	/** Loss of HOT precision, e.g. 0.1 for ten points. */
	drop: number;
	/** Labelled HOT leads, and days, until about half of such harms would be noticed; null where the precision cannot fall that far. */
	leads: number | null;
	days: number | null;
	/** Before a rollout expires. */
	inTime: boolean;
}

export interface VolumeReport {
	enough: boolean;
	detectable: Detectable[];
}

/** What could be noticed at this volume, and by when: below the minimum it is left to people. */
export function volumeReport(input: VolumeInput): VolumeReport {
	return {
		enough: input.hotPerWeek >= MIN_HOT_PER_WEEK,
		detectable: TOLD_DROPS.map((drop) => detect(drop, input)),
	};
}

function detect(drop: number, { hotPerWeek, precision, share }: VolumeInput): Detectable {
	const harmed = precision - drop;
	if (harmed <= 0 || hotPerWeek <= 0) return { drop, leads: null, days: null, inTime: false };
	const pooled = (1 - share) * precision + share * harmed;
	const perLead = (1 - share) * divergence(precision, pooled) + share * divergence(harmed, pooled);
	const leads = Math.ceil(Math.log(ROLLBACK_EVIDENCE) / perLead);
	const days = Math.ceil((leads / hotPerWeek) * 7);
	return { drop, leads, days, inTime: days * DAY_MS <= EXPIRY_MS };
}

/** Kullback-Leibler: how fast the log of the evidence grows with each lead. */
const divergence = (p: number, q: number): number =>
	p * Math.log(p / q) + (p < 1 ? (1 - p) * Math.log((1 - p) / (1 - q)) : 0);
