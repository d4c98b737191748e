import type { AgentSpec } from '../spec';
import { SENTINEL } from '../defaults';

export type OpeningHours = AgentSpec['openingHours'];

const DAYS = ['sunday', 'monday', 'tuesday', 'wednesday', 'thursday', 'friday', 'saturday'] as const;
const MINUTE_MS = 60_000;
const DAY_MINUTES = 24 * 60;
const DAY_MS = DAY_MINUTES * MINUTE_MS;

/** A wall clock in a time zone, as if it were UTC: only its date and its minutes are read. */
function wallClock(instant: Date, timeZone: string): Date {
	const parts = new Intl.DateTimeFormat('en-US', {
		timeZone,
		hourCycle: 'h23',
		year: 'numeric',
		month: 'numeric',
		day: 'numeric',
		hour: 'numeric',
		minute: 'numeric',
		second: 'numeric',
	}).formatToParts(instant);
	const read = (type: string) => Number(parts.find((part) => part.type === type)?.value);
	return new Date(Date.UTC(read('year'), read('month') - 1, read('day'), read('hour'), read('minute'), read('second')));
}

/** The instant at which the wall clock shows `wall`; twice, because the offset itself depends on the instant. */
function instantOf(wall: Date, timeZone: string): Date {
	let instant = wall;
	for (let round = 0; round < 2; round += 1) {
		instant = new Date(instant.getTime() + wall.getTime() - wallClock(instant, timeZone).getTime());
	}
	return instant;
}

const minutesOf = (clock: string): number => {
	const [hours, minutes] = clock.split(':').map(Number);
	return hours * 60 + minutes;
};

/** Ranges of a day in minutes from its midnight; one over midnight ends beyond the day. */
const rangesOf = (hours: OpeningHours, weekday: number): Array<{ from: number; to: number }> =>
	hours[DAYS[weekday]].map((range) => {
		const [from, to] = [minutesOf(range.from), minutesOf(range.to)];
		return { from, to: to > from ? to : to + DAY_MINUTES };
	});

export const hasOpeningHours = (hours: OpeningHours): boolean => DAYS.some((day) => hours[day].length > 0);

/** Whether the business is open; without any hours it always is. */
export function isOpen(hours: OpeningHours, timeZone: string, now: Date): boolean {
	if (!hasOpeningHours(hours)) return true;
	const wall = wallClock(now, timeZone);
	const minute = wall.getUTCHours() * 60 + wall.getUTCMinutes();
	const today = rangesOf(hours, wall.getUTCDay());
	const yesterday = rangesOf(hours, (wall.getUTCDay() + 6) % 7);
	return (
		today.some(({ from, to }) => minute >= from && minute < to) || yesterday.some(({ to }) => minute + DAY_MINUTES < to)
	);
}

/** The next instant at which the business opens; null when it never does. */
export function nextOpening(hours: OpeningHours, timeZone: string, now: Date): Date | null {
	const wall = wallClock(now, timeZone);
	const midnight = Date.UTC(wall.getUTCFullYear(), wall.getUTCMonth(), wall.getUTCDate());
	for (let day = 0; day <= SENTINEL.openingSearchDays; day += 1) {
		const start = midnight + day * DAY_MS;
		const openings = rangesOf(hours, new Date(start).getUTCDay())
			.map(({ from }) => instantOf(new Date(start + from * MINUTE_MS), timeZone))
			.filter((instant) => instant > now)
			.sort((a, b) => a.getTime() - b.getTime());
		if (openings.length > 0) return openings[0];
	}
	return null;
}
