import { INTENT_POINTS, LATER_WITHOUT_BUYING } from '../defaults';
import type { ScorePoint } from '../types';
import { cueFinder } from './cues';
import { PURCHASE, type IntentRule } from './intent';
import { INTEREST } from './interest';
import type { Reading } from './reading';

const FAMILIES = [...PURCHASE, ...INTEREST];
const cuesOf = cueFinder(FAMILIES);

const snake = (rule: string): string => rule.replace(/[A-Z]/gu, (letter) => `_${letter.toLowerCase()}`);

export interface Intent {
	points: ScorePoint[];
	/** Units of evidence that this is a lead at all. */
	lead: number;
	/** Somebody is about to buy, in words a rule knows. */
	verified: boolean;
	rules: ReadonlySet<IntentRule>;
}

export function intentOf(reading: Reading): Intent {
	const cues = cuesOf(reading.line);
	const found = FAMILIES.map(({ rule, lead }, family) => ({ rule, lead, cue: cues[family].at(0) })).filter(
		(entry) => entry.cue !== undefined,
	);
	// "é a" names what a price is asked of, and says nothing without one.
	const named = found.filter(
		({ rule }) => rule !== 'priceOfSomething' || found.some((other) => other.rule === 'price'),
	);
	const rules = new Set(named.map(({ rule }) => rule));
	const buys = rules.has('buying') || rules.has('booking') || rules.has('pressingNeed');
	// Who wants to talk today about next month is not putting off.
	const actsNow = rules.has('buying') && rules.has('booking') && rules.has('urgency');
	const points = named
		.filter(({ rule }) => !(rule === 'booking' && rules.has('buying')))
		.filter(({ rule }) => !(rule === 'pressingNeed' && (rules.has('buying') || rules.has('booking'))))
		.filter(({ rule }) => !(rule === 'interestNamed' && (buys || !(rules.has('interest') || rules.has('price')))))
		.filter(({ rule }) => !(rule === 'later' && actsNow))
		.map(({ rule, cue }): ScorePoint => {
			const putOff = rule === 'later' || rule === 'hesitation';
			const urgent = rule === 'urgency' && !buys;
			const worth = putOff && !buys ? LATER_WITHOUT_BUYING : urgent ? 0 : INTENT_POINTS[rule];
			return {
				axis: 'intent',
				rule: snake(rule),
				points: worth,
				messageId: reading.messageAt(cue?.at ?? 0),
				evidence: cue?.evidence ?? '',
			};
		})
		.filter(({ points: worth }) => worth !== 0);
	return { points, lead: named.reduce((sum, { lead }) => sum + lead, 0), verified: buys, rules };
}
