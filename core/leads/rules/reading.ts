import { TEXT_BOUNDS } from '../defaults';
import { normaliseText, type NormalisedText } from '../text/normalise';
import type { LeadMessage } from '../types';
import { isInjected } from './injection';

/** A burst as the rules read it: one line, and which part of it came from which message. */
export interface Reading {
	line: string;
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

/** Sentences that a person wrote to us, and whether there were others. */
function withoutOrders(text: string): { kept: string; injection: boolean } {
	if (!isInjected(normaliseText(text).line, text)) return { kept: text, injection: false };
	const kept = text.split(SENTENCES).filter((sentence) => !isInjected(normaliseText(sentence).line, sentence));
	const rest = kept.join('');
	// Orders that only show across sentences leave nothing to trust.
	return { kept: isInjected(normaliseText(rest).line, rest) ? '' : rest, injection: true };
}

export function read(messages: readonly LeadMessage[]): Reading {
	const starts: Array<{ from: number; id: string }> = [];
	let line = ' ';
	const all = { words: [] as string[], capitals: 0, shouts: 0, disguised: false, injection: false };
	let language: Reading['language'] = 'pt';
	for (const message of messages.slice(-TEXT_BOUNDS.messages)) {
		const raw = typeof message.text === 'string' ? bounded(message.text) : '';
		const { kept, injection } = withoutOrders(raw);
		all.injection ||= injection;
		const text = normaliseText(kept);
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
		line,
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
