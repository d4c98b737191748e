import { MAX_SLOTS } from './defaults';
import { DAY_MS, instantOf, MINUTE_MS, minutesOf, nextDate, wallTime, type Interval } from './time';

/** `{mon: [["09:00", "12:00"], ["14:00", "18:00"]]}`, on the wall of the calendar. A day that is absent is closed. */
export type WorkingHours = Record<string, Array<[string, string]>>;

/** When people may book. */
export interface BookingRules {
	timeZone: string;
	workingHours: WorkingHours;
	slotMinutes: number;
	bufferMinutes: number;
	minNoticeMinutes: number;
	maxDaysAhead: number;
}

export interface Search {
	from: number;
	to: number;
	durationMinutes: number;
	now: number;
}

/** The opening times of a day of the calendar, as instants. */
function openOn(date: string, weekday: string, rules: BookingRules): Interval[] {
	return (rules.workingHours[weekday] ?? [])
		.filter(([from, to]) => minutesOf(from) < minutesOf(to))
		.map(([from, to]) => ({
			start: instantOf(date, from, rules.timeZone),
			end: instantOf(date, to, rules.timeZone),
		}));
}

/** Whether one lies within the opening times of its day. */
export function isWithinHours({ start, end }: Interval, rules: BookingRules): boolean {
	const { date, weekday } = wallTime(start, rules.timeZone);
	return openOn(date, weekday, rules).some((open) => open.start <= start && end <= open.end);
}

/** From when to when anybody may book at all. */
export const bookable = (now: number, rules: BookingRules): Interval => ({
	start: now + rules.minNoticeMinutes * MINUTE_MS,
	end: now + rules.maxDaysAhead * DAY_MS,
});

/** Whether a time and the pause around it meet any that is taken. */
export const meets = ({ start, end }: Interval, taken: readonly Interval[], bufferMinutes: number): boolean =>
	taken.some((other) => other.start < end + bufferMinutes * MINUTE_MS && other.end > start - bufferMinutes * MINUTE_MS);

/** Free times in order, `MAX_SLOTS` at most. Each day begins at its opening, and goes on in steps of the calendar. */
export function freeSlots(search: Search, rules: BookingRules, taken: readonly Interval[]): Interval[] {
	const limits = bookable(search.now, rules);
	const from = Math.max(search.from, limits.start);
	const to = Math.min(search.to, limits.end);
	const slots: Interval[] = [];
	if (from >= to) return slots;
	let { date } = wallTime(from, rules.timeZone);
	for (; slots.length < MAX_SLOTS && instantOf(date, '00:00', rules.timeZone) < to; date = nextDate(date)) {
		// Noon names the day even where midnight does not exist.
		const { weekday } = wallTime(instantOf(date, '12:00', rules.timeZone), rules.timeZone);
		for (const open of openOn(date, weekday, rules)) {
			for (
				let start = open.start;
				start + search.durationMinutes * MINUTE_MS <= open.end;
				start += rules.slotMinutes * MINUTE_MS
			) {
				const slot = { start, end: start + search.durationMinutes * MINUTE_MS };
				if (start >= from && slot.end <= to && !meets(slot, taken, rules.bufferMinutes)) slots.push(slot);
			}
		}
	}
	return slots.slice(0, MAX_SLOTS);
}
