import { SEND_API_TEXT_MAX_BYTES, WHATSAPP_TEXT_MAX_CHARS } from './defaults';
import { isRecord, readText } from './read';
import type { ChannelKind, ContactRef } from './types';

/** Where a message goes. One kind of id is enough; `contactAddress` picks it. A comment id: the one private reply to it. */
export interface ContactAddress {
	kind: 'phone' | 'bsuid' | 'igsid' | 'psid' | 'comment';
	value: string;
}

/** The kinds of id that stand in a person's ledger. */
type PersonId = Exclude<ContactAddress['kind'], 'comment'>;

/** The body of a message as the outbox stores it, in WhatsApp's words; the Graph client translates it for the others. */
export type OutboundMessage = Record<string, unknown>;

export interface TemplateInput {
	name: string;
	language: string;
	/** As Meta's API takes them; empty for a template without parameters. */
	components?: readonly unknown[];
}

export const textMessage = (text: string): OutboundMessage => ({
	type: 'text',
	text: { body: text, preview_url: false },
});

/** Webhooks spell the language `pt-BR`, the API `pt_BR`. */
export const templateMessage = ({ name, language, components = [] }: TemplateInput): OutboundMessage => ({
	type: 'template',
	template: {
		name,
		language: { code: language.replace('-', '_') },
		...(components.length > 0 ? { components: [...components] } : {}),
	},
});

/** The id to send to on this channel; a phone number wins, because Meta prefers it too. */
export function contactAddress(channel: ChannelKind, contact: Pick<ContactRef, PersonId>): ContactAddress | null {
	const kinds: Record<ChannelKind, readonly PersonId[]> = {
		whatsapp: ['phone', 'bsuid'],
		instagram: ['igsid'],
		messenger: ['psid'],
	};
	for (const kind of kinds[channel]) {
		const value = contact[kind];
		if (value) return { kind, value };
	}
	return null;
}

/** Of a message that answers a comment in private: where it goes. The outbox writes the comment beside the text. */
export function privateReplyAddress(message: OutboundMessage): ContactAddress | null {
	const value = isRecord(message.privateReply) ? readText(message.privateReply.commentId) : null;
	return value ? { kind: 'comment', value } : null;
}

const GRAPHEMES = new Intl.Segmenter('und', { granularity: 'grapheme' });

/** How much of a channel's limit a text uses. */
const sizeOf = (text: string, channel: ChannelKind): number =>
	channel === 'whatsapp' ? text.length : Buffer.byteLength(text, 'utf8');

const limitOf = (channel: ChannelKind): number =>
	channel === 'whatsapp' ? WHATSAPP_TEXT_MAX_CHARS : SEND_API_TEXT_MAX_BYTES;

/** A text as messages the channel accepts: cut between paragraphs, else lines, sentences, words, else characters. */
export function splitText(text: string, channel: ChannelKind): string[] {
	const limit = limitOf(channel);
	const parts: string[] = [];
	let rest = text.trim();
	while (sizeOf(rest, channel) > limit) {
		const head = longestPrefix(rest, channel, limit);
		const cut = breakIn(rest, head);
		const part = rest.slice(0, cut).trimEnd();
		if (part !== '') parts.push(part);
		rest = rest.slice(cut).trimStart();
	}
	if (rest !== '') parts.push(rest);
	return parts;
}

/** The length of the longest prefix that fits and ends between two characters as people see them. */
function longestPrefix(text: string, channel: ChannelKind, limit: number): number {
	const window = text.slice(0, limit + 1);
	let used = 0;
	let end = 0;
	for (const { segment, index } of GRAPHEMES.segment(window)) {
		used += sizeOf(segment, channel);
		if (used > limit || index + segment.length > limit) break;
		end = index + segment.length;
	}
	return end > 0 ? end : longestCodePointPrefix(text, channel, limit);
}

/** For one visible character that is larger than the limit. */
function longestCodePointPrefix(text: string, channel: ChannelKind, limit: number): number {
	let used = 0;
	let end = 0;
	for (const character of text) {
		used += sizeOf(character, channel);
		if (used > limit) break;
		end += character.length;
	}
	return end;
}

const BREAKS = [/\n\s*\n/g, /\n/g, /[.!?…]+["')\]]*\s/g, /\s/g];

/** The best place to cut at or before `end`: a better kind of break wins unless it wastes more than half of the room. */
function breakIn(text: string, end: number): number {
	const head = text.slice(0, end + 1);
	let fallback = 0;
	for (const pattern of BREAKS) {
		let last = 0;
		for (const match of head.matchAll(pattern)) {
			const stop = match.index + match[0].trimEnd().length;
			if (stop <= end) last = stop;
		}
		if (last >= end / 2) return last;
		fallback = Math.max(fallback, last);
	}
	return fallback > 0 ? fallback : end;
}
