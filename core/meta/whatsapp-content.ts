import { SUMMARY_MAX_CHARS } from './defaults';
import { noMessage } from './event';
import { asArray, asRecord, firstId, isRecord, readId, readText, type Json } from './read';
import type { MessageContent } from './types';

/** Reads one section of a message (`item.text`, `item.image` ...); null when the section is not what Meta documents. */
type SectionReader = (section: unknown, item: Json, type: string) => MessageContent | null;

/** An emoji at the cut goes whole. */
const clip = (text: string): string =>
	text.length <= SUMMARY_MAX_CHARS ? text : `${text.slice(0, SUMMARY_MAX_CHARS - 1).replace(/[\ud800-\udbff]$/, '')}…`;

const joined = (parts: readonly (string | null)[], separator: string): string =>
	parts.filter((part): part is string => part !== null && part !== '').join(separator);

const readBody: SectionReader = (section, _item, type) => {
	const body = isRecord(section) ? readText(section.body) : null;
	return body === null ? null : noMessage(type, body);
};

const readMedia: SectionReader = (section, _item, type) => {
	if (!isRecord(section)) return null;
	const filename = readId(section.filename);
	const placeholder = filename === null ? `[${type}]` : `[${type}: ${filename}]`;
	return {
		...noMessage(type, readText(section.caption) || placeholder),
		media: { id: readId(section.id), mimeType: readId(section.mime_type), url: readText(section.url), filename },
	};
};

const readLocation: SectionReader = (section, _item, type) => {
	if (!isRecord(section)) return null;
	const point = joined([readText(section.latitude), readText(section.longitude)], ', ');
	const place = joined([readText(section.name), readText(section.address), point && `(${point})`], ', ');
	return noMessage(type, clip(joined(['[location]', place], ' ')));
};

const readCards: SectionReader = (section, _item, type) => {
	if (!Array.isArray(section)) return null;
	const cards = section.filter(isRecord).map((card) => {
		const name = asRecord(card.name);
		const vcardName = /^FN:(.+)$/m.exec(readText(card.vcard) ?? '')?.[1]?.trim() ?? null;
		const phones = asArray(card.phones).map((phone) => firstId(asRecord(phone).phone, asRecord(phone).wa_id));
		return joined([readId(name.formatted_name) ?? readId(name.first_name) ?? vcardName, ...phones], ' ');
	});
	return noMessage(type, clip(joined(['[contacts]', joined(cards, '; ')], ' ')));
};

const readOrder: SectionReader = (section, _item, type) => {
	if (!isRecord(section)) return null;
	const lines = asArray(section.product_items)
		.filter(isRecord)
		.map((product) => {
			const price = joined([readText(product.item_price), readText(product.currency)], ' ');
			const line = joined([readText(product.quantity), 'x', readText(product.product_retailer_id)], ' ');
			return joined([line, price && `(${price})`], ' ');
		});
	return noMessage(type, clip(joined(['[order]', readText(section.text), joined(lines, '; ')], ' ')));
};

const readButton: SectionReader = (section, _item, type) => {
	if (!isRecord(section)) return null;
	const text = readText(section.text) ?? readText(section.payload);
	return text === null ? null : { ...noMessage(type, text), replyId: readId(section.payload) };
};

/** The answers of a flow: a JSON text, not always of an object. The token is plumbing, not an answer. */
function flowAnswers(reply: Json): string {
	let answers: unknown = reply.response_json;
	if (typeof answers === 'string') {
		try {
			answers = JSON.parse(answers);
		} catch {
			return clip(`[flow reply] ${String(answers)}`);
		}
	}
	const lines = isRecord(answers)
		? Object.entries(answers)
				.filter(([key]) => key !== 'flow_token')
				.map(([key, value]) => `${key}: ${typeof value === 'string' ? value : JSON.stringify(value)}`)
		: [JSON.stringify(answers) ?? null];
	return clip(joined(['[flow reply]', joined(lines, '; ') || readText(reply.body)], ' '));
}

const readInteractive: SectionReader = (section) => {
	if (!isRecord(section)) return null;
	const kind = readId(section.type);
	const reply = kind === null ? null : section[kind];
	if (kind === null || !isRecord(reply)) return null;
	if (kind === 'nfm_reply') return { ...noMessage('flow_reply', flowAnswers(reply)), replyId: readId(reply.name) };
	const title = readText(reply.title);
	return { ...noMessage('interactive', title ?? `[${kind}]`), replyId: readId(reply.id) };
};

const readReaction: SectionReader = (section) => {
	if (!isRecord(section)) return null;
	// A removal has no emoji; before 2026 it had an empty one.
	const emoji = readText(section.emoji) || null;
	const content = emoji === null ? noMessage('reaction_removed', '[reaction removed]') : noMessage('reaction', emoji);
	return { ...content, targetProviderId: readId(section.message_id) };
};

const readEdit: SectionReader = (section) => {
	if (!isRecord(section)) return null;
	const inner = asRecord(section.message);
	const content = messageContent(inner) ?? noMessage('edit', '[edit]');
	return { ...content, type: 'edit', targetProviderId: readId(section.original_message_id) };
};

const readRevoke: SectionReader = (section) =>
	isRecord(section)
		? { ...noMessage('revoke', '[message deleted]'), targetProviderId: readId(section.original_message_id) }
		: null;

const readSystem: SectionReader = (section, _item, type) => {
	if (!isRecord(section)) return null;
	const name = readId(section.type) ?? type;
	return noMessage(name, readText(section.body) ?? `[${name}]`);
};

const readUnsupported: SectionReader = (section) => {
	const what = readId(asRecord(section).type);
	return noMessage('unsupported', what === null ? '[unsupported]' : `[unsupported: ${what}]`);
};

const SECTIONS: Record<string, SectionReader> = {
	text: readBody,
	image: readMedia,
	audio: readMedia,
	voice: readMedia,
	video: readMedia,
	document: readMedia,
	sticker: readMedia,
	location: readLocation,
	contacts: readCards,
	interactive: readInteractive,
	button: readButton,
	order: readOrder,
	reaction: readReaction,
	edit: readEdit,
	revoke: readRevoke,
	system: readSystem,
	unsupported: readUnsupported,
	unknown: readUnsupported,
	request_welcome: () => noMessage('request_welcome', '[opened the chat]'),
};

/** Meta's type of a message; where it is missing, the section that is there. */
export function messageType(item: Json): string | null {
	return readId(item.type) ?? Object.keys(SECTIONS).find((name) => isRecord(item[name])) ?? null;
}

/** The message as text and references; null when its type or shape is not known. */
export function messageContent(item: Json): MessageContent | null {
	const type = messageType(item);
	const read = type !== null && Object.hasOwn(SECTIONS, type) ? SECTIONS[type] : undefined;
	if (type === null || read === undefined) return null;
	const content = read(item[type], item, type);
	if (content === null) return null;
	const context = asRecord(item.context);
	return {
		...content,
		targetProviderId: content.targetProviderId ?? firstId(context.id, context.message_id),
		referral: readReferral(item.referral, context.referred_product),
	};
}

/** For echoes and history, where any type may stand and nothing is answered. */
export const anyContent = (item: Json): MessageContent => {
	const type = messageType(item) ?? 'unknown';
	return messageContent(item) ?? noMessage(type, `[${type}]`);
};

function readReferral(referral: unknown, product: unknown): Record<string, unknown> | null {
	if (!isRecord(referral) && !isRecord(product)) return null;
	return { ...asRecord(referral), ...(isRecord(product) ? { referred_product: product } : {}) };
}
