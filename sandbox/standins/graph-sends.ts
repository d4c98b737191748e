import { randomBytes } from 'node:crypto';
import { setTimeout as wait } from 'node:timers/promises';

import type { GraphBehaviour } from './graph-behaviour';
import { codeOfStatus, graphError } from './graph-errors';
import { isObject, parsePost, type ParsedSend } from './graph-messages';
import type { GraphState, SentMessage } from './graph-state';
import type { StatusPlan, StatusSource } from './graph-statuses';
import { bsuidOf, defaultWabaId, digitsOf, displayPhoneOf, newWamid } from './graph-wire';
import type { HttpReply, HttpRequest } from './http';

/** `POST /{id}/messages`: a message, a read receipt or typing sign, or a refusal. */
export async function receivePost(state: GraphState, request: HttpRequest): Promise<HttpReply | 'destroy'> {
	const accountId = request.params.id ?? '';
	const body = request.json();
	const parsed = parsePost(body);
	if ('receipt' in parsed) {
		state.receipts.push({ accountId, kind: parsed.receipt, to: parsed.to, at: state.now().toISOString() });
		return { status: 200, body: parsed.receipt === 'sender_action' ? { recipient_id: parsed.to } : { success: true } };
	}
	if ('refusal' in parsed) {
		state.sent.push(refusedEntry(state, accountId, body, parsed.refusal));
		return parsed.refusal;
	}
	return receiveSend(state, request, parsed.send);
}

async function receiveSend(state: GraphState, request: HttpRequest, send: ParsedSend): Promise<HttpReply | 'destroy'> {
	const accountId = request.params.id ?? '';
	const behaviour = state.behaviours.take(send.to);
	const refusal = refusalOf(send, behaviour);
	const taken = !behaviour?.dropRequest && (refusal === null || behaviour?.takenAnyway === true);
	const entry = sentEntry(state, accountId, request.json(), send, taken, refusal);
	state.sent.push(entry);
	if (behaviour?.dropRequest) return 'destroy';
	if (taken) state.onSent?.(entry);
	const source =
		entry.id !== null && send.channel === 'whatsapp' ? statusSource(state, accountId, entry.id, send) : null;
	const plan: StatusPlan = {
		statuses: behaviour?.statuses ?? ['sent', 'delivered', 'read'],
		errorCode: behaviour?.statusErrorCode,
		duplicate: behaviour?.duplicateStatuses,
	};
	if (source && behaviour?.statusBeforeAnswer) await state.statuses.sendNow(source, plan);
	if (behaviour?.delayMs) await pause(behaviour.delayMs, [request.signal, state.closing]);
	if (source && !behaviour?.statusBeforeAnswer) state.statuses.schedule(source, plan);
	if (behaviour?.dropResponse) return 'destroy';
	const reply = refusal ?? { status: 200, body: acceptedBody(accountId, send, entry.id ?? '') };
	return { ...reply, body: behaviour?.rawAnswer ?? reply.body, dripMs: behaviour?.dripMs };
}

/** A caller who hangs up ends the delay: the message was taken, so its statuses follow. */
const pause = (ms: number, ends: AbortSignal[]): Promise<unknown> =>
	wait(ms, null, { signal: AbortSignal.any(ends) }).catch(() => null);

function refusalOf(send: ParsedSend, behaviour: GraphBehaviour | undefined): HttpReply | null {
	const status = behaviour?.httpStatus;
	const code = behaviour?.errorCode ?? (status !== undefined && status >= 400 ? codeOfStatus(status) : undefined);
	return code === undefined ? null : graphError({ code, status, product: send.channel });
}

function acceptedBody(accountId: string, send: ParsedSend, id: string): unknown {
	if (send.channel === 'page') return { recipient_id: send.to, message_id: id };
	const bsuid = /^[A-Z]{2}\./.test(send.to);
	const phone = digitsOf(send.to);
	const contact = bsuid ? { user_id: send.to } : { wa_id: phone, user_id: bsuidOf(accountId, phone) };
	return { messaging_product: 'whatsapp', contacts: [{ input: send.to, ...contact }], messages: [{ id }] };
}

function sentEntry(
	state: GraphState,
	accountId: string,
	body: unknown,
	send: ParsedSend,
	taken: boolean,
	refusal: HttpReply | null,
): SentMessage {
	const id = send.channel === 'whatsapp' ? newWamid(digitsOf(send.to)) : `m_${randomBytes(32).toString('base64url')}`;
	return {
		id: taken ? id : null,
		...(send.channel === 'whatsapp' ? { phoneNumberId: accountId } : { accountId }),
		to: send.to,
		type: send.type,
		text: send.text,
		template: send.template,
		callbackData: send.callbackData,
		at: state.now().toISOString(),
		body,
		accepted: taken,
		errorCode: refusal ? errorCodeOf(refusal) : null,
	};
}

function refusedEntry(state: GraphState, accountId: string, body: unknown, refusal: HttpReply): SentMessage {
	const fields = isObject(body) ? body : {};
	const to = isObject(fields.recipient) ? fields.recipient.id : (fields.to ?? fields.recipient);
	const send: ParsedSend = {
		channel: isObject(fields.recipient) ? 'page' : 'whatsapp',
		to: typeof to === 'string' ? to : '',
		type: typeof fields.type === 'string' ? fields.type : 'unknown',
		text: null,
		template: null,
		callbackData: typeof fields.biz_opaque_callback_data === 'string' ? fields.biz_opaque_callback_data : null,
	};
	return sentEntry(state, accountId, body, send, false, refusal);
}

function errorCodeOf(refusal: HttpReply): number | null {
	const error = isObject(refusal.body) ? refusal.body.error : undefined;
	return isObject(error) && typeof error.code === 'number' ? error.code : null;
}

function statusSource(state: GraphState, phoneNumberId: string, id: string, send: ParsedSend): StatusSource {
	const account = state.accounts.find((candidate) => candidate.phoneNumberId === phoneNumberId);
	return {
		id,
		phoneNumberId,
		displayPhone: account?.displayPhone ?? displayPhoneOf(phoneNumberId),
		wabaId: account?.wabaId ?? defaultWabaId(phoneNumberId),
		to: send.to,
		category: send.type === 'template' ? 'utility' : 'service',
		callbackData: send.callbackData,
	};
}
