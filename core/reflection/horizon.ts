import { HORIZON } from './defaults';

/** A person: days until they were won, or for how many days nothing has been heard of it. */
export interface Delay {
	days: number;
	won: boolean;
}

export interface DelayPoint {
	days: number;
	/** Share of everybody that was won by then. */
	share: number;
}

/** The delay curve by Kaplan and Meier: who is still open counts for as long as they have been watched. */
export function delayCurve(delays: readonly Delay[]): DelayPoint[] {
	const order = delays.filter(({ days }) => Number.isFinite(days) && days >= 0).sort((a, b) => a.days - b.days);
	const curve: DelayPoint[] = [];
	let open = 1;
	for (let i = 0; i < order.length;) {
		const { days } = order[i];
		let leaving = 0;
		let won = 0;
		for (; i + leaving < order.length && order[i + leaving].days === days; leaving++)
			won += order[i + leaving].won ? 1 : 0;
		if (won > 0) {
			open *= 1 - won / (order.length - i);
			curve.push({ days, share: 1 - open });
		}
		i += leaving;
	}
	return curve;
}

/**
 * Days after which an open lead counts as lost: where the delay curve reaches most of its own plateau, within bounds. With few
 * conversions the longest. Never shorter than `atLeast`, so that a running roll-out keeps its measure.
 */
export function horizonOf(delays: readonly Delay[], atLeast: number = HORIZON.shortest): number {
	const { shortest, longest, plateauShare, conversions } = HORIZON;
	if (delays.filter(({ won }) => won).length < conversions) return longest;
	const curve = delayCurve(delays);
	const plateau = curve[curve.length - 1].share;
	const reached = curve.find(({ share }) => share >= plateauShare * plateau)!;
	return Math.min(longest, Math.max(shortest, atLeast, Math.ceil(reached.days)));
}
