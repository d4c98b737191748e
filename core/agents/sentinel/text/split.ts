import type { ChannelKind } from '../../../meta';
import { CHANNEL_LIMITS, SPLIT_STUMP_SHARE } from '../../defaults';

/** How long one message may be: by the agent's own limit in characters and by the channel's. */
export interface MessageLimit {
	maxCharacters: number;
	channel: ChannelKind;
}

const encoder = new TextEncoder();

/** Whether a text is within both limits. WhatsApp counts UTF-16 units as JavaScript does, Instagram and Messenger UTF-8 bytes. */
export function fits(text: string, limit: MessageLimit): boolean {
	const { unit, maximum } = CHANNEL_LIMITS[limit.channel];
	const size = unit === 'bytes' ? encoder.encode(text).length : text.length;
	return text.length <= limit.maxCharacters && size <= maximum;
}

/** Where a text may be broken, best first: paragraph, line, sentence, word; at worst between two characters. */
const BREAKS = [/\n{2,}/gu, /\n/gu, /(?<=[.!?…])\s+/gu, /\s+/gu];

/** The longest whole-character head that fits; never half of a surrogate pair. */
function longestHead(text: string, limit: MessageLimit): number {
	let [low, high] = [0, text.length];
	while (low < high) {
		const middle = Math.ceil((low + high) / 2);
		if (fits(text.slice(0, middle), limit)) low = middle;
		else high = middle - 1;
	}
	const splitsPair = /[\uD800-\uDBFF]/.test(text[low - 1] ?? '') && /[\uDC00-\uDFFF]/.test(text[low] ?? '');
	return Math.max(1, splitsPair ? low - 1 : low);
}

/** The last good place to break before `head`; a break in the first third would leave a stump, so the next kind is tried. */
function breakBefore(text: string, head: number): number {
	for (const kind of BREAKS) {
		const places = [...text.slice(0, head + 1).matchAll(kind)]
			.map((match) => match.index)
			.filter((index) => index > head * SPLIT_STUMP_SHARE);
		if (places.length > 0) return places[places.length - 1];
	}
	return head;
}

/** Breaks a text into messages that fit, at paragraphs and sentences where possible. */
export function splitText(text: string, limit: MessageLimit): string[] {
	const parts: string[] = [];
	let rest = text.trim();
	while (rest !== '' && !fits(rest, limit)) {
		const place = breakBefore(rest, longestHead(rest, limit));
		parts.push(rest.slice(0, place).trim());
		rest = rest.slice(place).trim();
	}
	return (rest === '' ? parts : [...parts, rest]).filter((part) => part !== '');
}

/** At most `maximum` messages: short ones are joined first, and what is still too much is cut at a sentence. */
export function boundMessages(messages: string[], maximum: number, limit: MessageLimit): string[] {
	const bounded = [...messages];
	while (bounded.length > maximum) {
		const pair = bounded.findIndex((text, index) => index > 0 && fits(`${bounded[index - 1]}\n\n${text}`, limit));
		if (pair < 0) break;
		bounded.splice(pair - 1, 2, `${bounded[pair - 1]}\n\n${bounded[pair]}`);
	}
	return bounded.slice(0, maximum);
}
