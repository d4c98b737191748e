import { FactoryError } from '../errors';
import { SEND_API_LIMITS as LIMITS, SEND_API_TEXT_MAX_BYTES } from './defaults';
import { asArray, asRecord, isRecord, readText, type Json } from './read';
import type { OutboundMessage } from './messages';

/** The same message for the Send API of Instagram and Messenger, which knows neither templates nor lists. */
export function sendApiMessage(message: OutboundMessage): OutboundMessage {
	if (message.type === undefined) return message;
	if (message.context !== undefined) throw unsupported('a quoted reply', 'send the message without the quotation');
	const body = isRecord(message.text) ? readText(message.text.body) : null;
	if (message.type === 'text' && body !== null) return { text: body };
	if (message.type === 'interactive') return quickReplies(asRecord(message.interactive));
	const type = readText(message.type) ?? 'unknown';
	const attachment = ATTACHMENTS[type];
	if (attachment !== undefined) return attached(attachment, asRecord(message[type]));
	throw unsupported(`message of type ${type}`, "send text, or the Send API's own shape");
}

const ATTACHMENTS: Record<string, string | undefined> = {
	image: 'image',
	video: 'video',
	audio: 'audio',
	document: 'file',
};

function attached(type: string, { link, id, caption }: Json): OutboundMessage {
	if (caption !== undefined) throw unsupported('caption', 'send it as a text of its own');
	return {
		attachment: { type, payload: id === undefined ? { url: link, is_reusable: false } : { attachment_id: id } },
	};
}

/** Buttons and the rows of a list become quick replies; what describes a row joins the text. */
function quickReplies({ body, footer, action }: Json): OutboundMessage {
	const { buttons, sections } = asRecord(action);
	const rows = asArray(sections).flatMap((section) => asArray(asRecord(section).rows).map(asRecord));
	const choices = buttons === undefined ? rows : asArray(buttons).map((button) => asRecord(asRecord(button).reply));
	if (choices.length === 0 || choices.length > LIMITS.quickReplies)
		throw unsupported(`interactive message with ${choices.length} choices`, `offer 1 to ${LIMITS.quickReplies}`);
	const described = rows.filter(({ description }) => description !== undefined);
	const text = [
		readText(asRecord(body).text) ?? '',
		...described.map(({ title, description }) => `${String(title)}: ${String(description)}`),
		readText(asRecord(footer).text) ?? '',
	]
		.filter((line) => line !== '')
		.join('\n');
	if (Buffer.byteLength(text, 'utf8') > SEND_API_TEXT_MAX_BYTES)
		throw unsupported(`text of more than ${SEND_API_TEXT_MAX_BYTES} bytes with choices`, 'shorten it');
	const long = choices.find(({ title }) => String(title).length > LIMITS.quickReplyTitle);
	if (long !== undefined)
		throw unsupported(`choice longer than ${LIMITS.quickReplyTitle} characters`, `shorten "${String(long.title)}"`);
	return {
		text,
		quick_replies: choices.map(({ id, title }) => ({ content_type: 'text', title, payload: id })),
	};
}

const unsupported = (what: string, instead: string): FactoryError =>
	new FactoryError('META_MESSAGE_UNSUPPORTED', `Instagram and Messenger take no ${what}: ${instead}.`);
