import {
	freeSlots,
	instantOf,
	isoIn,
	isWithinHours,
	readInstant,
	wallTime,
	type BookingRules,
} from '../../../../core/crm';

const RULES: BookingRules = {
	timeZone: 'America/Sao_Paulo',
	workingHours: {
		mon: [
			['09:00', '12:00'],
			['14:00', '18:00'],
		],
		tue: [['09:00', '18:00']],
		sun: [['00:00', '24:00']],
	},
	slotMinutes: 30,
	bufferMinutes: 0,
	minNoticeMinutes: 0,
	maxDaysAhead: 365,
};
const at = Date.parse;
/** A small generator with a seed: what fails can be run again. */
function numbers(seed: number): () => number {
	let state = seed;
	return () => {
		state = (state * 1_664_525 + 1_013_904_223) % 4_294_967_296;
		return state / 4_294_967_296;
	};
}

test('a Monday has its hours, less what is taken, in steps of the calendar', () => {
	const search = {
		from: at('2026-11-23T00:00:00-03:00'),
		to: at('2026-11-24T00:00:00-03:00'),
		durationMinutes: 60,
		now: 0,
	};
	const rules = { ...RULES, slotMinutes: 60, maxDaysAhead: 365_000 };
	const starts = (taken: Array<[string, string]>, change: Partial<BookingRules> = {}): string[] =>
		freeSlots(
			search,
			{ ...rules, ...change },
			taken.map(([a, b]) => ({ start: at(a), end: at(b) })),
		).map(({ start }) => wallTime(start, 'America/Sao_Paulo').time);
	expect(starts([])).toEqual(['09:00', '10:00', '11:00', '14:00', '15:00', '16:00', '17:00']);
	const lunch: [string, string] = ['2026-11-23T10:30:00-03:00', '2026-11-23T15:00:00-03:00'];
	expect(starts([lunch])).toEqual(['09:00', '15:00', '16:00', '17:00']);
	expect(starts([lunch], { bufferMinutes: 30 })).toEqual(['09:00', '16:00', '17:00']);
});

test('notice and horizon close what is too near and too far', () => {
	const now = at('2026-11-23T10:00:00-03:00');
	const found = freeSlots(
		{ from: now, to: now + 40 * 86_400_000, durationMinutes: 30, now },
		{ ...RULES, minNoticeMinutes: 120, maxDaysAhead: 1 },
		[],
	);
	expect(isoIn(found[0].start, RULES.timeZone)).toBe('2026-11-23T14:00:00-03:00');
	expect(found.at(-1)!.end).toBeLessThanOrEqual(now + 86_400_000);
});

describe('in any zone, at any time of the year', () => {
	const zones = [
		'America/Sao_Paulo',
		'Europe/Lisbon',
		'America/New_York',
		'Asia/Kolkata',
		'Australia/Lord_Howe',
		'Pacific/Apia',
		'UTC',
	];
	test.each(zones)('%s: free times are open, free, long enough, in order, and none twice', (timeZone) => {
		const random = numbers(zones.indexOf(timeZone) + 1);
		for (let round = 0; round < 15; round++) {
			const now = at('2026-01-01T00:00:00Z') + Math.floor(random() * 366 * 24 * 60) * 60_000;
			const rules = { ...RULES, timeZone, slotMinutes: [15, 30, 45][round % 3], bufferMinutes: [0, 10][round % 2] };
			const from = now + Math.floor(random() * 20) * 3_600_000;
			const taken = Array.from({ length: 8 }, () => {
				const start = from + Math.floor(random() * 7 * 24) * 3_600_000;
				return { start, end: start + Math.floor(1 + random() * 180) * 60_000 };
			});
			const durationMinutes = [20, 30, 90][round % 3];
			const to = from + 7 * 86_400_000;
			const slots = freeSlots({ from, to, durationMinutes, now }, rules, taken);
			for (const [index, slot] of slots.entries()) {
				expect(slot.end - slot.start).toBe(durationMinutes * 60_000);
				expect(slot.start >= from && slot.end <= to).toBe(true);
				expect(isWithinHours(slot, rules)).toBe(true);
				const pause = rules.bufferMinutes * 60_000;
				expect(taken.some((busy) => busy.start < slot.end + pause && busy.end > slot.start - pause)).toBe(false);
				if (index > 0) expect(slot.start).toBeGreaterThan(slots[index - 1].start);
			}
		}
	});

	test.each(zones)('%s: what is written is read back as the same moment', (timeZone) => {
		const random = numbers(7);
		for (let round = 0; round < 60; round++) {
			const instant = at('2025-06-01T00:00:00Z') + Math.floor(random() * 600 * 24 * 60) * 60_000;
			expect(readInstant(isoIn(instant, timeZone), 'UTC', 'x')).toBe(instant);
			const { date, time } = wallTime(instant, timeZone);
			const back = instantOf(date, time, timeZone);
			// An hour that comes twice is read as the first.
			expect([0, 1_800_000, 3_600_000]).toContain(instant - back);
			expect(wallTime(back, timeZone)).toEqual(wallTime(instant, timeZone));
		}
	});
});

test('a time that the change of the clock skips is as much later, one that comes twice is the first', () => {
	expect(isoIn(instantOf('2026-03-08', '02:30', 'America/New_York'), 'America/New_York')).toBe(
		'2026-03-08T03:30:00-04:00',
	);
	expect(isoIn(instantOf('2026-11-01', '01:30', 'America/New_York'), 'America/New_York')).toBe(
		'2026-11-01T01:30:00-04:00',
	);
	const day = freeSlots(
		{ from: at('2026-03-08T05:00:00Z'), to: at('2026-03-09T04:00:00Z'), durationMinutes: 60, now: 0 },
		{ ...RULES, timeZone: 'America/New_York', slotMinutes: 60, maxDaysAhead: 365_000 },
		[],
	);
	expect(day).toHaveLength(23);
});

test.each(['2026-13-01T10:00', 'x', '', '2026-02-30', '2026-11-23T25:00', '1'])('"%s" is no time', (text) => {
	expect(() => readInstant(text, 'UTC', 'start')).toThrow(expect.objectContaining({ code: 'VALUE_REFUSED' }));
});

test('a time is kept in whole seconds, as calendars keep it', () => {
	expect(readInstant('2026-11-23T14:30:00.987-03:00', 'UTC', 'start')).toBe(at('2026-11-23T17:30:00Z'));
});
