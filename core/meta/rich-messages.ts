import { FactoryError } from '../errors';
import { RICH_LIMITS as LIMITS } from './defaults';
import type { OutboundMessage } from './messages';
import { asArray, asRecord } from './read';

export interface ReplyButton {
	/** Comes back when the person taps; the title where there is none. */
	id?: string;
	title: string;
}

export interface ListRow extends ReplyButton {
	description?: string;
}

export interface ListSection {
	/** Needed where there is more than one section. */
	title?: string;
	rows: readonly ListRow[];
}

export const MEDIA_KINDS = ['image', 'video', 'audio', 'document'] as const;
export type MediaKind = (typeof MEDIA_KINDS)[number];

/** A file at a public address, or one that was uploaded to Meta before. */
export interface MediaInput {
	kind: MediaKind;
	link?: string;
	id?: string;
	caption?: string;
	/** Name that the person sees of a document. */
	filename?: string;
}

/** Text with up to three buttons that answer. */
export function buttonsMessage(input: {
	text: string;
	buttons: readonly ReplyButton[];
	footer?: string;
}): OutboundMessage {
	const { text, buttons, footer } = input;
	bounded('text', text, LIMITS.buttonsText);
	if (buttons.length < 1 || buttons.length > LIMITS.buttons)
		throw refuse('buttons', `takes 1 to ${LIMITS.buttons} buttons, got ${buttons.length}; more choices fit in a list`);
	const replies = buttons.map(({ id, title }) => ({ id: id?.trim() || title.trim(), title: title.trim() }));
	for (const { id, title } of replies) {
		bounded('buttons', title, LIMITS.buttonTitle);
		bounded('buttons', id, LIMITS.buttonId);
	}
	distinct('buttons', replies);
	const action = { buttons: replies.map((reply) => ({ type: 'reply', reply })) };
	return interactive('button', text, footer, action);
}

/** Text with a button that opens up to ten rows. */
export function listMessage(input: {
	text: string;
	button: string;
	sections: readonly ListSection[];
	footer?: string;
}): OutboundMessage {
	const { text, button, sections, footer } = input;
	bounded('text', text, LIMITS.listText);
	bounded('button', button, LIMITS.listButton);
	const rows = sections.flatMap((section) => section.rows);
	if (rows.length < 1 || rows.length > LIMITS.listRows)
		throw refuse('sections', `takes 1 to ${LIMITS.listRows} rows in all, got ${rows.length}`);
	const named = sections.map((section) => ({
		...(section.title || sections.length > 1
			? { title: bounded('sections', section.title ?? '', LIMITS.sectionTitle) }
			: {}),
		rows: section.rows.map(({ id, title, description }) => ({
			id: bounded('sections', id?.trim() || title.trim(), LIMITS.rowId),
			title: bounded('sections', title, LIMITS.rowTitle),
			...(description ? { description: bounded('sections', description, LIMITS.rowDescription) } : {}),
		})),
	}));
	distinct(
		'sections',
		named.flatMap((section) => section.rows),
	);
	return interactive('list', text, footer, { button: button.trim(), sections: named });
}

/** A picture, video, sound or document, by address or by the id of an upload. */
export function mediaMessage({ kind, link, id, caption, filename }: MediaInput): OutboundMessage {
	if (!MEDIA_KINDS.includes(kind)) throw refuse('kind', `is not one of ${MEDIA_KINDS.join(', ')}`);
	if (!link === !id) throw refuse('link', 'or "id" is needed, and only one of them');
	if (link && !isWebAddress(link))
		throw refuse('link', 'is not a complete address. Write e.g. https://example.com/a.jpg');
	if (caption && kind === 'audio') throw refuse('caption', 'cannot go with a sound. Send it as a text of its own');
	if (caption) bounded('caption', caption, LIMITS.caption);
	const content = {
		...(link ? { link } : { id }),
		...(caption ? { caption } : {}),
		...(filename && kind === 'document' ? { filename } : {}),
	};
	return { type: kind, [kind]: content };
}

/** The same message as an answer to one of the conversation: WhatsApp shows that one above it. */
export const quoted = (message: OutboundMessage, providerMessageId: string): OutboundMessage => ({
	...message,
	context: { message_id: providerMessageId },
});

/** What the history shows of a message. */
export function shownText(message: OutboundMessage): string {
	const part = (name: string): Record<string, unknown> => asRecord(message[name]);
	const word = (value: unknown): string => (typeof value === 'string' ? value : '');
	if (message.type === 'text') return word(part('text').body);
	if (MEDIA_KINDS.includes(message.type as MediaKind)) {
		const media = part(message.type as string);
		return [`[${message.type as string}]`, word(media.filename), word(media.caption)].filter(Boolean).join(' ');
	}
	const { body, action } = part('interactive');
	const { buttons, sections } = asRecord(action);
	const choices = [
		...asArray(buttons).map((button) => asRecord(asRecord(button).reply).title),
		...asArray(sections).flatMap((section) => asArray(asRecord(section).rows).map((row) => asRecord(row).title)),
	];
	return [word(asRecord(body).text), ...choices.map((title) => `[${word(title)}]`)].filter(Boolean).join('\n');
}

function interactive(
	type: 'button' | 'list',
	text: string,
	footer: string | undefined,
	action: Record<string, unknown>,
): OutboundMessage {
	return {
		type: 'interactive',
		interactive: {
			type,
			body: { text },
			...(footer ? { footer: { text: bounded('footer', footer, LIMITS.footer) } } : {}),
			action,
		},
	};
}

function bounded(field: string, text: string, most: number): string {
	const value = text.trim();
	if (value === '') throw refuse(field, 'has an empty text. Write one');
	if (value.length > most) throw refuse(field, `has a text of ${value.length} characters; Meta takes ${most}`);
	return value;
}

/** Meta refuses two choices of one id, and people could not tell two of one title apart. */
function distinct(field: string, choices: ReadonlyArray<{ id: string; title: string }>): void {
	for (const key of ['id', 'title'] as const) {
		if (new Set(choices.map((choice) => choice[key])).size < choices.length)
			throw refuse(field, `has two choices of one ${key}. Give each its own`);
	}
}

function isWebAddress(link: string): boolean {
	try {
		return ['https:', 'http:'].includes(new URL(link).protocol);
	} catch {
		return false;
	}
}

const refuse = (field: string, problem: string): FactoryError =>
	new FactoryError('VALUE_REFUSED', `"${field}" ${problem}.`, { item: field });
