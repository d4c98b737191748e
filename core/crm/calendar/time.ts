import { FactoryError } from '../../errors';

/** A stretch of time, in milliseconds since 1970; the end does not belong to it. */
export interface Interval {
	start: number;
	end: number;
}

export const MINUTE_MS = 60_000;
export const DAY_MS = 86_400_000;

const formats = new Map<string, Intl.DateTimeFormat>();

function formatOf(zone: string): Intl.DateTimeFormat {
	let format = formats.get(zone);
	if (!format) {
		try {
			format = new Intl.DateTimeFormat('en-CA', {
				timeZone: zone,
				...{ year: 'numeric', month: '2-digit', day: '2-digit', weekday: 'short' },
				...{ hour: '2-digit', minute: '2-digit', second: '2-digit', hourCycle: 'h23' },
			});
		} catch {
			throw new FactoryError(
				'TIME_ZONE_UNKNOWN',
				`There is no time zone "${zone.slice(0, 60)}". Use a name such as America/Sao_Paulo or Europe/Lisbon.`,
				{ item: 'timeZone' },
			);
		}
		formats.set(zone, format);
	}
	return format;
}

/** Refuses a name that is no time zone. */
export function checkTimeZone(zone: string): string {
	formatOf(zone);
	return zone;
}

/** What a clock and a calendar on the wall show. `weekday`: mon, tue ... */
export interface WallTime {
	date: string;
	time: string;
	weekday: string;
}

function partsAt(instant: number, zone: string): Record<string, string> {
	return Object.fromEntries(
		formatOf(zone)
			.formatToParts(instant)
			.map(({ type, value }) => [type, value]),
	);
}

export function wallTime(instant: number, zone: string): WallTime {
	const { year, month, day, hour, minute, weekday } = partsAt(instant, zone);
	return { date: `${year}-${month}-${day}`, time: `${hour}:${minute}`, weekday: weekday.toLowerCase() };
}

/** How far the wall is ahead of UTC, in milliseconds. */
function offsetAt(instant: number, zone: string): number {
	const { year, month, day, hour, minute, second } = partsAt(instant, zone);
	return Date.parse(`${year}-${month}-${day}T${hour}:${minute}:${second}Z`) - Math.floor(instant / 1_000) * 1_000;
}

/** The instant of a wall time. One that a change of the clock skips is as much later; of one that comes twice it is the first. */
export function instantOf(date: string, time: string, zone: string): number {
	// `24:00` is the end of a day.
	const wall = Date.parse(`${date}T00:00:00Z`) + minutesOf(time) * MINUTE_MS;
	const [before, after] = [offsetAt(wall - DAY_MS, zone), offsetAt(wall + DAY_MS, zone)];
	for (const offset of [before, after]) if (offsetAt(wall - offset, zone) === offset) return wall - offset;
	return wall - before;
}

/** Minutes since midnight of `HH:MM`. */
export function minutesOf(time: string): number {
	const [hours, minutes] = time.split(':').map(Number);
	return hours * 60 + minutes;
}

export const nextDate = (date: string): string =>
	new Date(Date.parse(`${date}T00:00:00Z`) + DAY_MS).toISOString().slice(0, 10);

const WITH_ZONE = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}(:\d{2}(\.\d+)?)?(Z|[+-]\d{2}:?\d{2})$/i;
const WALL = /^(\d{4}-\d{2}-\d{2})(?:[T ](\d{2}:\d{2})(?::\d{2}(?:\.\d+)?)?)?$/;

/** An instant as people and models write it; without an offset it is a time on the wall of `zone`. */
export function readInstant(text: string, zone: string, name: string): number {
	const given = text.trim();
	const wall = WALL.exec(given);
	const isDate = wall && new Date(`${wall[1]}T00:00:00Z`).toJSON()?.startsWith(wall[1]);
	const instant =
		isDate && minutesOf(wall[2] ?? '00:00') <= 1_440
			? instantOf(wall[1], wall[2] ?? '00:00', zone)
			: WITH_ZONE.test(given)
				? Date.parse(given)
				: NaN;
	// Calendars keep whole seconds: anything finer would look as if people had moved it.
	if (Number.isFinite(instant)) return Math.floor(instant / 1_000) * 1_000;
	throw new FactoryError('VALUE_REFUSED', `"${name}" is no time. Write it as 2026-03-31T14:30 or with an offset.`, {
		item: name,
	});
}

/** ISO 8601 with the offset of the zone: what a model and a person read alike. */
export function isoIn(instant: number, zone: string): string {
	const offset = Math.round(offsetAt(instant, zone) / MINUTE_MS);
	const local = new Date(instant + offset * MINUTE_MS).toISOString().slice(0, 19);
	const two = (value: number): string => String(value).padStart(2, '0');
	const sign = offset < 0 ? '-' : '+';
	return `${local}${sign}${two(Math.floor(Math.abs(offset) / 60))}:${two(Math.abs(offset) % 60)}`;
}
