import { GATE } from '../defaults';
import { cueFinder, type Cue, type Line } from '../rules/cues';
import { COMPLIMENT, HELLO } from '../rules/address';
import type { Fit } from '../rules/fit';
import type { Intent } from '../rules/intent-points';
import type { Reading } from '../rules/reading';
import type { GateVerdict, PersonalReason } from '../types';
import { BULK } from './bulk';
import { FAMILIAR } from './family';
import { CLIENT, INTERNAL } from './house';
import { OTHERS } from './others';
import { SCAMS } from './scams';
import { SELLERS } from './sellers';
import type { GateFamily } from './types';

type Side = PersonalReason | 'SPAM' | 'DESQUALIFICADO';
interface Watched extends GateFamily {
	side: Side;
}
interface Found {
	side: Side;
	rule: string;
	weight: number;
	cue: Cue;
}

const watch = (side: Side, families: readonly GateFamily[]): Watched[] =>
	families.map((family) => ({ side, ...family }));

const WATCHED: readonly Watched[] = [
	...watch('familiar', FAMILIAR),
	...watch('interno', INTERNAL),
	...watch('cliente_ativo', CLIENT),
	...watch('SPAM', [...BULK, ...SCAMS]),
	...watch('DESQUALIFICADO', [...SELLERS, ...OTHERS]),
];
const watchedIn = cueFinder(WATCHED);
const addressesIn = cueFinder([HELLO, COMPLIMENT, { patterns: ['voces|vcs|you+guys|ustedes'] }]);
const ADDRESS_WEIGHTS = [HELLO.lead, COMPLIMENT.lead, GATE.addressed] as const;

/** Evidence for each side, in units. */
export interface Evidence {
	lead: number;
	personal: number;
	spam: number;
	disqualified: number;
	found: Found[];
}

function gather(line: Line): Found[] {
	const cues = watchedIn(line);
	return WATCHED.flatMap(({ side, rule, weight }, family) => {
		const list = cues[family];
		if (list.length === 0) return [];
		return [{ side, rule, cue: list[0], weight: weight * (list.length > 1 ? 1 + GATE.repeatShare : 1) }];
	});
}

const sumOf = (found: readonly Found[], side: Side): number =>
	found.reduce((sum, entry) => (entry.side === side ? sum + entry.weight : sum), 0);

/** A person who sends a link says something of their own with it. */
const FIRST_PERSON =
	/ (?:eu|meu|minha|meus|minhas|me|nosso|nossa|quero|queria|preciso|tenho|estou|to|gostaria|vi|sou|fiz|posso|my|i|im|quiero|mi|olha|olhe|vejam?) /u;

/** What no single word tells: links, shouting, disguise, coins and sirens. */
function bulkSigns(reading: Reading): number {
	const line = reading.line.text;
	const links = line.split(' _url').length - 1;
	const impersonal = links > 0 && !FIRST_PERSON.test(line);
	const has = (pattern: RegExp): boolean => pattern.test(line);
	return (
		(links > 0 ? GATE.link : 0) +
		(impersonal ? GATE.impersonalLink : 0) +
		(links > 1 ? GATE.link : 0) +
		(reading.capitals >= GATE.capitals ? GATE.shouting : 0) +
		(reading.shouts >= GATE.shouts ? GATE.shouting : 0) +
		(reading.disguised ? GATE.disguise : 0) +
		(has(/ _(?:money_emoji|alert|prize|point|adult) /u) ? GATE.sirens : 0) +
		(has(/ _(?:phone|user) /u) ? GATE.sirens : 0)
	);
}

export function weigh(reading: Reading, intent: Intent, { ownWords, outside }: Fit): Evidence {
	const found = gather(reading.line);
	if (outside !== null)
		found.push({ side: 'DESQUALIFICADO', rule: 'outside_area', weight: GATE.outsideArea, cue: outside });
	const spamCues = sumOf(found, 'SPAM');
	const bare = reading.words.length <= GATE.bareLinkWords && reading.line.text.includes(' _url');
	const spam =
		spamCues +
		(spamCues > 0 || bare || reading.line.text.includes(' _url') ? bulkSigns(reading) : 0) +
		(bare ? GATE.link : 0);
	const disqualified = sumOf(found, 'DESQUALIFICADO');
	const sides = (['familiar', 'interno', 'cliente_ativo'] as const)
		.map((side) => sumOf(found, side))
		.sort((a, b) => b - a);
	const words = reading.words.filter((word) => !word.startsWith('_')).length;
	const toOne = / (?:voce|vc|tu|te|contigo) /u.test(reading.line.text) && !/ (?:voces|vcs) /u.test(reading.line.text);
	const personal =
		sides[0] +
		(sides[1] + sides[2]) / 2 +
		(words >= GATE.personalPriorFromWords ? GATE.personalPrior : 0) +
		(toOne ? GATE.toOne : 0);
	const addressed = addressesIn(reading.line).reduce(
		(sum, cues, index) => sum + (cues.length > 0 ? ADDRESS_WEIGHTS[index] : 0),
		0,
	);
	let lead = intent.lead + addressed + Math.min(ownWords, GATE.ownWordsCap) * GATE.ownWord;
	if (words < GATE.personalPriorFromWords) lead += GATE.shortLead;
	if (sides[0] > 0) lead -= GATE.caution;
	if (disqualified >= GATE.strong && !intent.rules.has('buying')) lead *= GATE.dominated;
	if (spam >= GATE.spamMinimum) lead *= GATE.dominated;
	return { lead, personal, spam, disqualified, found };
}

/** The strongest reason of a side, as a verdict; null where the message is a lead's. */
export function verdictOf(
	classification: GateVerdict['classification'],
	evidence: Evidence,
	confidence: number,
	reading: Reading,
): GateVerdict {
	const sides: readonly Side[] =
		classification === 'PESSOAL' ? ['familiar', 'interno', 'cliente_ativo'] : [classification];
	const totals = sides.map((side) => ({ side, total: sumOf(evidence.found, side) })).sort((a, b) => b.total - a.total);
	const side = totals[0].side;
	const best = evidence.found
		.filter((entry) => entry.side === side)
		.sort((a, b) => b.weight - a.weight)
		.at(0);
	return {
		classification,
		personalReason: classification === 'PESSOAL' ? (side as PersonalReason) : null,
		rule: best?.rule ?? (classification === 'SPAM' ? 'bare_link' : 'no_sign_of_a_lead'),
		messageId: best === undefined ? null : reading.messageAt(best.cue.at),
		evidence: best?.cue.evidence ?? '',
		confidence,
	};
}
