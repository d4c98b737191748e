import { givesOrders, normaliseText, plainText } from '../leads';
import { wellFormed } from '../agents';
import { addressesEvaluator } from './evaluator-cues';
import { FRAME } from './defaults';
import { customerText, sellerText, type CustomerText, type SellerText } from './taint';

/** A line of the ledger, as a conversation is read from it. */
export interface RawTurn {
	who: 'customer' | 'agent' | 'person';
	text: string;
	/** ISO 8601. */
	at: string;
}

/** One turn as a judge sees it. `agent` is the machine, `person` somebody of the business. */
export type Turn = { turn: number; at: string } & (
	{ who: 'customer'; text: CustomerText } | { who: 'agent' | 'person'; text: SellerText }
);

export interface Conversation {
	id: string;
	/** The person: the unit of every count. */
	leadKey: string;
	turns: Turn[];
	/** The customer speaks to whoever judges: such a conversation is in no sample. */
	tainted: boolean;
}

const INVISIBLE = /\p{Default_Ignorable_Code_Point}/gu;
const REPEATED = new RegExp(`(.)\\1{${FRAME.repeats},}`, 'gsu');

/** One spelling of what looks alike: plain letters, nothing invisible, no endless repeats, and a bound. */
export const canonicalText = (text: string): string =>
	wellFormed(
		plainText(text.slice(0, FRAME.turnCharacters * 4))
			.replace(INVISIBLE, '')
			.replace(REPEATED, (_run, sign: string) => sign.repeat(FRAME.repeats))
			.trim()
			.slice(0, FRAME.turnCharacters),
	);

/** Does a customer's text speak to a machine or to whoever judges the conversation? */
export const addressesMachine = (text: string): boolean =>
	givesOrders(text) || addressesEvaluator(normaliseText(text).line, text);

/** Orders may be cut into messages: each is read alone, and all of them as one. */
function isTainted(turns: readonly Turn[]): boolean {
	const said = turns.filter(({ who }) => who === 'customer').map(({ text }) => String(text));
	return said.some(addressesMachine) || pairs(said).some(addressesMachine);
}

/** Each message with the one after it: whatever spans two is seen whole. */
const pairs = (said: readonly string[]): string[] =>
	said.slice(1).map((text, index) => `${said[index].slice(-600)} ${text.slice(0, 600)}`);

/** The latest turns, numbered from 1, each in its canonical form. */
export function conversationOf(id: string, leadKey: string, raw: readonly RawTurn[], flagged = false): Conversation {
	const shown = raw
		.map((line) => ({ ...line, text: canonicalText(line.text) }))
		.filter(({ text }) => text !== '')
		.slice(-FRAME.turns);
	const turns = shown.map(({ who, text, at }, index): Turn => {
		const place = { turn: index + 1, at };
		return who === 'customer' ? { ...place, who, text: customerText(text) } : { ...place, who, text: sellerText(text) };
	});
	return { id, leadKey, turns, tainted: flagged || isTainted(turns) };
}
