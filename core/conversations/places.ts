import { IDLE_PAUSE_MAX_MS, IDLE_PAUSE_MS, PLACE_GRACE_MAX_MS, PLACE_GRACE_MS } from './defaults';

/** One execution that was started; `claims` is how many claims had been made by then. */
export interface Place {
	since: number;
	claims: number;
}

/** The executions a dispatcher has running. A place whose execution never reports back is given up. */
export function createPlaces(graceMs = PLACE_GRACE_MS) {
	const taken = new Set<Place>();
	let lostInARow = 0;
	return {
		count: (): number => taken.size,
		take(now: number, claims: number): Place {
			const place = { since: now, claims };
			taken.add(place);
			return place;
		},
		leave(place: Place): void {
			if (taken.delete(place)) lostInARow = 0;
		},
		/** Places whose execution should have ended, or shown a lease, by now; oldest first. */
		overdue(now: number): Place[] {
			// Where no execution comes back, none runs: starting more of them helps less and less.
			const grace = Math.min(graceMs * 2 ** lostInARow, Math.max(graceMs, PLACE_GRACE_MAX_MS));
			return [...taken].filter(({ since }) => now - since >= grace);
		},
		giveUp(places: Place[]): void {
			for (const place of places) taken.delete(place);
			if (places.length > 0) lostInARow++;
		},
	};
}

/** Holds starts back, ever longer, while executions end without having claimed anything: their work is still due. */
export function createBrake() {
	let idleInARow = 0;
	let heldUntil = 0;
	let claimsSeen = -1;
	return {
		/** Judges the executions that had ended before `claims` was read. */
		judge(now: number, ended: Place[], claims: number): void {
			const moved = claims !== claimsSeen;
			claimsSeen = claims;
			if (ended.length > 0 && ended.every((place) => place.claims === claims)) {
				heldUntil = now + Math.min(IDLE_PAUSE_MS * 2 ** idleInARow, IDLE_PAUSE_MAX_MS);
				idleInARow++;
			} else if (moved) {
				idleInARow = 0;
				heldUntil = 0;
			}
		},
		leftMs: (now: number): number => Math.max(0, heldUntil - now),
	};
}
