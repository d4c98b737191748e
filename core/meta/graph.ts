import { FactoryError } from '../errors';
import { CALLBACK_DATA_MAX_CHARS, GRAPH_TIMEOUT_MS } from './defaults';
import { callGraph, failed, type FetchLike, type GraphFailed, type GraphResult } from './graph-http';
import type { ContactAddress, OutboundMessage } from './messages';
import { asArray, asRecord, readId, type Json } from './read';
import { sendApiMessage } from './send-api';
import type { ChannelKind } from './types';

export interface GraphClientOptions {
	fetch: FetchLike;
	baseUrl: string;
	/** E.g. v25.0. */
	version: string;
	timeoutMs?: number;
}

interface AccountCall {
	channel: ChannelKind;
	/** phone_number_id, Instagram account id or page id. */
	externalId: string;
	token: string;
	signal?: AbortSignal;
}

export interface SendMessageInput extends AccountCall {
	to: ContactAddress;
	message: OutboundMessage;
	/** The outbox id; WhatsApp returns it in every status, Instagram and Messenger have no such field. */
	callbackData: string;
}

export type SendResult = { ok: true; providerMessageId: string; raw: Json } | GraphFailed;

export interface MarkReadInput extends AccountCall {
	/** The message to mark (WhatsApp). */
	messageId: string;
	/** The person (Instagram, Messenger). */
	to?: ContactAddress;
	/** Show "typing" too, for at most 25 s. */
	typing?: boolean;
}

interface TokenCall {
	token: string;
	signal?: AbortSignal;
}

export interface GraphClient {
	sendMessage(input: SendMessageInput): Promise<SendResult>;
	markRead(input: MarkReadInput): Promise<GraphResult>;
	/** Scopes and expiry of a token. Graph takes the token under test only as a parameter. */
	debugToken(input: TokenCall & { inputToken: string }): Promise<GraphResult>;
	/** The apps that get this account's webhooks. */
	subscribedApps(input: TokenCall & { wabaId: string }): Promise<GraphResult>;
	phoneNumberHealth(input: TokenCall & { phoneNumberId: string }): Promise<GraphResult>;
	getLead(input: TokenCall & { leadgenId: string }): Promise<GraphResult>;
}

const HEALTH_FIELDS =
	'id,display_phone_number,verified_name,status,quality_rating,platform_type,throughput,health_status';
const LEAD_FIELDS =
	'id,created_time,form_id,ad_id,campaign_id,is_organic,platform,field_data,custom_disclaimer_responses';

/** A client of the Graph API. Network faults are results; only a call that cannot be right throws. */
export function createGraphClient({
	fetch,
	baseUrl,
	version,
	timeoutMs = GRAPH_TIMEOUT_MS,
}: GraphClientOptions): GraphClient {
	const root = `${baseUrl.replace(/\/+$/, '')}/${version}`;
	const urlOf = (path: readonly string[], query: Record<string, string> = {}): string => {
		const search = new URLSearchParams(query).toString();
		return `${root}/${path.map(encodeURIComponent).join('/')}${search === '' ? '' : `?${search}`}`;
	};
	const post = (path: readonly string[], { token, signal }: TokenCall, body: Json): Promise<GraphResult> =>
		callGraph(fetch, timeoutMs, { method: 'POST', url: urlOf(path), token, body, signal });
	const get = (path: readonly string[], { token, signal }: TokenCall, query?: Record<string, string>) =>
		callGraph(fetch, timeoutMs, { method: 'GET', url: urlOf(path, query), token, signal });

	return {
		async sendMessage(input) {
			return sent(await post([input.externalId, 'messages'], input, sendBody(input)));
		},
		async markRead(input) {
			const [first, ...more] = markReadBodies(input);
			let result = await post([input.externalId, 'messages'], input, first);
			for (const body of more) {
				if (!result.ok) return result;
				result = await post([input.externalId, 'messages'], input, body);
			}
			return result;
		},
		debugToken: (input) => get(['debug_token'], input, { input_token: input.inputToken }),
		subscribedApps: (input) => get([input.wabaId, 'subscribed_apps'], input),
		phoneNumberHealth: (input) => get([input.phoneNumberId], input, { fields: HEALTH_FIELDS }),
		getLead: (input) => get([input.leadgenId], input, { fields: LEAD_FIELDS }),
	};
}

/** The wire body of a message. Fixed fields come last, so that no stored message can change the recipient. */
export function sendBody({ channel, to, message, callbackData }: SendMessageInput): Json {
	checkAddress(channel, to);
	if (channel !== 'whatsapp') {
		const recipient = to.kind === 'comment' ? { comment_id: to.value } : { id: to.value };
		return { recipient, messaging_type: 'RESPONSE', message: sendApiMessage(message) };
	}
	if (callbackData.length > CALLBACK_DATA_MAX_CHARS) {
		throw new FactoryError(
			'META_CALLBACK_DATA_TOO_LONG',
			`biz_opaque_callback_data takes ${CALLBACK_DATA_MAX_CHARS} characters, got ${callbackData.length}: pass the outbox id.`,
		);
	}
	const { to: _to, recipient: _recipient, ...content } = message;
	return {
		...content,
		messaging_product: 'whatsapp',
		recipient_type: 'individual',
		...recipientOf(to),
		biz_opaque_callback_data: callbackData,
	};
}

/** With a plus sign, or Meta may put the business' country code in front; a user id put into `to` would be lost. */
const recipientOf = (to: ContactAddress): Json =>
	to.kind === 'phone' ? { to: `+${to.value.replace(/\D/g, '')}` } : { recipient: to.value };

const CHANNEL_ADDRESSES: Record<ChannelKind, readonly ContactAddress['kind'][]> = {
	whatsapp: ['phone', 'bsuid'],
	instagram: ['igsid', 'comment'],
	messenger: ['psid', 'comment'],
};

function checkAddress(channel: ChannelKind, to: ContactAddress): void {
	if (CHANNEL_ADDRESSES[channel].includes(to.kind) && to.value !== '') return;
	throw new FactoryError(
		'META_ADDRESS_MISMATCH',
		`${channel} cannot send to an id of kind ${to.kind}: use ${CHANNEL_ADDRESSES[channel].join(' or ')}.`,
	);
}

function markReadBodies({ channel, messageId, to, typing = false }: MarkReadInput): [Json, ...Json[]] {
	if (channel === 'whatsapp') {
		const body = { messaging_product: 'whatsapp', status: 'read', message_id: messageId };
		return [typing ? { ...body, typing_indicator: { type: 'text' } } : body];
	}
	if (to === undefined) {
		throw new FactoryError('META_ADDRESS_MISMATCH', `${channel} marks a person as read, not a message: pass "to".`);
	}
	checkAddress(channel, to);
	const action = (name: string): Json => ({ recipient: { id: to.value }, sender_action: name });
	return typing ? [action('mark_seen'), action('typing_on')] : [action('mark_seen')];
}

/** A 200 without an id of the message proves nothing: the outcome is unknown. */
function sent(result: GraphResult): SendResult {
	if (!result.ok) return result;
	const raw = result.data;
	const providerMessageId = readId(asRecord(asArray(raw.messages)[0]).id) ?? readId(raw.message_id);
	if (providerMessageId !== null) return { ok: true, providerMessageId, raw };
	return failed({ httpStatus: 200, message: 'Graph answered 200 without the id of a message' });
}
