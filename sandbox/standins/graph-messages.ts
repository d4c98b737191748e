import { GRAPH_DEFAULTS } from './graph-defaults';
import { graphError } from './graph-errors';
import { digitsOf } from './graph-wire';
import type { HttpReply } from './http';

type Json = Record<string, unknown>;

/** A send that passed Meta's checks, reduced to what the stand-in keeps. */
export interface ParsedSend {
	channel: 'whatsapp' | 'page';
	to: string;
	type: string;
	text: string | null;
	template: Json | null;
	callbackData: string | null;
}

/** What a POST to /messages is: a message, a read receipt or typing sign, or a refusal. */
export type ParsedPost =
	{ send: ParsedSend } | { receipt: 'read' | 'typing' | 'sender_action'; to: string } | { refusal: HttpReply };

const WHATSAPP_TYPES = [
	'audio', 'contacts', 'document', 'image', 'interactive', 'location', 'reaction', 'sticker', 'template', 'text', 'video',
]; // prettier-ignore
const COMPONENT_TYPES = ['header', 'body', 'button', 'carousel', 'limited_time_offer', 'order_status'];
const BSUID = /^[A-Z]{2}\.(ENT\.)?[A-Za-z0-9]{1,128}$/;

export const isObject = (value: unknown): value is Json =>
	typeof value === 'object' && value !== null && !Array.isArray(value);
const isText = (value: unknown): value is string => typeof value === 'string' && value !== '';

/** WhatsApp where the body says so; else Instagram or Messenger where `recipient` is an object; else WhatsApp without its mark. */
export function parsePost(body: unknown): ParsedPost {
	if (!isObject(body)) return refuse(100, 'The request body must be a JSON object.');
	if (body.messaging_product === undefined && isObject(body.recipient)) return parsePage(body, body.recipient);
	if (body.messaging_product !== 'whatsapp') {
		return {
			refusal: graphError({
				code: 100,
				message: '(#100) The parameter messaging_product is required.',
				details: 'messaging_product must be "whatsapp".',
			}),
		};
	}
	if (body.status !== undefined) return parseReceipt(body);
	return parseWhatsApp(body);
}

function parseReceipt(body: Json): ParsedPost {
	if (body.status !== 'read') return refuse(100, 'status must be "read".');
	if (!isText(body.message_id)) return refuse(131008, 'message_id is missing.');
	if (body.typing_indicator === undefined) return { receipt: 'read', to: body.message_id };
	if (!isObject(body.typing_indicator) || body.typing_indicator.type !== 'text')
		return refuse(131009, 'typing_indicator.type must be "text".');
	return { receipt: 'typing', to: body.message_id };
}

function parseWhatsApp(body: Json): ParsedPost {
	const recipient = recipientOf(body);
	if (typeof recipient !== 'string') return recipient;
	const type = body.type ?? 'text';
	if (!isText(type) || !WHATSAPP_TYPES.includes(type)) {
		return refuse(100, `Param type must be one of {${WHATSAPP_TYPES.join(', ').toUpperCase()}}.`);
	}
	const content = body[type];
	if (!(type === 'contacts' ? Array.isArray(content) : isObject(content)))
		return refuse(131008, `Parameter "${type}" is missing.`);
	const fault = faultOf(type, content, body);
	if (fault) return fault;
	const text = type === 'text' && isObject(content) ? String(content.body) : null;
	const template = type === 'template' && isObject(content) ? content : null;
	const callbackData = isText(body.biz_opaque_callback_data) ? body.biz_opaque_callback_data : null;
	return { send: { channel: 'whatsapp', to: recipient, type, text, template, callbackData } };
}

/** `to` wins over `recipient`, as at Meta. */
function recipientOf(body: Json): string | ParsedPost {
	if (isText(body.to)) {
		const digits = digitsOf(body.to).length;
		const phone = /^\+?[\d\s()-]+$/.test(body.to) && digits >= 7 && digits <= 15;
		return phone || body.recipient_type === 'group' ? body.to : refuse(131009, 'Parameter "to" is not a phone number.');
	}
	if (isText(body.recipient))
		return BSUID.test(body.recipient)
			? body.recipient
			: refuse(131009, 'Parameter "recipient" is not a business-scoped user id.');
	return {
		refusal: graphError({
			code: 100,
			message: '(#100) The parameter to is required.',
			details: 'Give "to" or "recipient".',
		}),
	};
}

function faultOf(type: string, content: unknown, body: Json): ParsedPost | null {
	const opaque = body.biz_opaque_callback_data;
	if (opaque !== undefined && (typeof opaque !== 'string' || opaque.length > GRAPH_DEFAULTS.callbackDataMaxChars)) {
		return refuse(
			100,
			`Param biz_opaque_callback_data must be a string of at most ${GRAPH_DEFAULTS.callbackDataMaxChars} characters.`,
		);
	}
	if (type === 'text' && isObject(content)) return textFault(content);
	if (type === 'template' && isObject(content)) return templateFault(content);
	return null;
}

function textFault(text: Json): ParsedPost | null {
	if (!isText(text.body)) return refuse(100, "The parameter text['body'] is required.");
	if (text.body.length <= GRAPH_DEFAULTS.textMaxChars) return null;
	return refuse(100, `Param text['body'] must be at most ${GRAPH_DEFAULTS.textMaxChars} characters long.`);
}

function templateFault(template: Json): ParsedPost | null {
	if (!isText(template.name)) return refuse(131008, "Parameter template['name'] is missing.");
	if (!isObject(template.language) || !isText(template.language.code))
		return refuse(131008, "Parameter template['language']['code'] is missing.");
	const components = template.components ?? [];
	if (!Array.isArray(components)) return refuse(131009, "Parameter template['components'] must be a list.");
	for (const component of components) {
		if (!isObject(component) || !isText(component.type) || !COMPONENT_TYPES.includes(component.type.toLowerCase())) {
			return refuse(131009, `Component type must be one of {${COMPONENT_TYPES.join(', ').toUpperCase()}}.`);
		}
		const parameters = component.parameters ?? [];
		if (!Array.isArray(parameters)) return refuse(132012, 'Component parameters must be a list.');
		const broken = parameters.some(
			(parameter) =>
				!isObject(parameter) || !isText(parameter.type) || (parameter.type === 'text' && !isText(parameter.text)),
		);
		if (broken) return refuse(132012, 'Each parameter needs a type, and a text parameter needs text.');
	}
	return null;
}

function parsePage(body: Json, recipient: Json): ParsedPost {
	const to = [recipient.id, recipient.comment_id].find(isText);
	if (!to) return refusePage('The parameter recipient[id] is required.');
	if (isText(body.sender_action)) return { receipt: 'sender_action', to };
	if (!isObject(body.message)) return refusePage('The parameter message is required.');
	const { text, attachment, attachments } = body.message;
	if (text === undefined && !attachment && !attachments)
		return refusePage('Message cannot be empty, must provide valid attachment or text.');
	if (text !== undefined && !isText(text)) return refusePage('Param message[text] must be a non-empty string.');
	if (isText(text) && Buffer.byteLength(text, 'utf8') > GRAPH_DEFAULTS.pageTextMaxBytes) {
		return refusePage(
			`Length of param message[text] must be less than or equal to ${GRAPH_DEFAULTS.pageTextMaxBytes}.`,
		);
	}
	return {
		send: {
			channel: 'page',
			to,
			type: isText(text) ? 'text' : 'attachment',
			text: isText(text) ? text : null,
			template: null,
			callbackData: null,
		},
	};
}

const refuse = (code: number, details: string): ParsedPost => ({ refusal: graphError({ code, details }) });

const refusePage = (why: string): ParsedPost => ({
	refusal: graphError({ code: 100, message: `(#100) ${why}`, product: 'page' }),
});
