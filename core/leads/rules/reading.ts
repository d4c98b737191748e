import { TEXT_BOUNDS } from '../defaults';
import { normaliseText, type NormalisedText } from '../text/normalise';
import type { LeadMessage } from '../types';
import { lineOf, type Line } from './cues';
import { isInjected } from './injection';

/** A burst as the rules read it: one line, and which part of it came from which message. */
export interface Reading {
	line: Line;
	words: string[];
	language: NormalisedText['language'];
	capitals: number;
	shouts: number;
	disguised: boolean;
	/** A sentence gives orders to a machine; the line holds what is left without it. */
	injection: boolean;
	messageAt(at: number): string | null;
}

const SENTENCES = /(?<=[.!?;\n])/u;

/** A text as the rules read it, without the sentences that give orders to a machine. */
function withoutOrders(raw: string): { text: NormalisedText; injection: boolean } {
	const text = normaliseText(raw);
	if (!isInjected(text.line, raw)) return { text, injection: false };
	const rest = raw
		.split(SENTENCES)
		.filter((sentence) => !isInjected(normaliseText(sentence).line, sentence))
		.join('');
	const left = normaliseText(rest);
	// Orders that only show across sentences leave nothing to trust.
	return { text: isInjected(left.line, rest) ? normaliseText('') : left, injection: true };
}

/** Does a text give orders to a machine? Of a long one its beginning and its end are read. */
export const givesOrders = (raw: string): boolean => withoutOrders(bounded(raw)).injection;

export function read(messages: readonly LeadMessage[]): Reading {
	const starts: Array<{ from: number; id: string }> = [];
	let line = ' ';
	const all = { words: [] as string[], capitals: 0, shouts: 0, disguised: false, injection: false };
	let language: Reading['language'] = 'pt';
	for (const message of messages.slice(-TEXT_BOUNDS.messages)) {
		const raw = typeof message.text === 'string' ? bounded(message.text) : '';
		const { text, injection } = withoutOrders(raw);
		all.injection ||= injection;
		if (text.words.length === 0) continue;
		starts.push({ from: line.length - 1, id: message.id });
		line += `${starts.length > 1 ? '. ' : ''}${text.line.trim()} `;
		all.words.push(...text.words);
		all.capitals = Math.max(all.capitals, text.capitals);
		all.shouts += text.shouts;
		all.disguised ||= text.disguised;
		if (text.words.length > 2) language = text.language;
	}
	return {
		line: lineOf(line),
		language,
		...all,
		messageAt: (at) => starts.findLast(({ from }) => from <= at)?.id ?? null,
	};
}

/** Of a very long text its beginning and its end: what people want stands there, and the work stays bounded. */
function bounded(text: string): string {
	if (text.length <= TEXT_BOUNDS.head + TEXT_BOUNDS.tail) return text;
	return `${text.slice(0, TEXT_BOUNDS.head)}\n${text.slice(-TEXT_BOUNDS.tail)}`;
}
