import { bsuidOf, defaultWabaId, displayPhoneOf, newWamid, unixSeconds } from '../standins/graph-wire';

export interface CustomerText {
	phoneNumberId: string;
	displayPhone?: string;
	/** Digits only. */
	from: string;
	name: string;
	text: string;
	at: Date;
}

/** The webhook body that WhatsApp sends when a customer writes a text, with a fresh message id. */
export function textWebhook(message: CustomerText): { wamid: string; body: Record<string, unknown> } {
	const wamid = newWamid(message.from);
	const userId = bsuidOf(message.phoneNumberId, message.from);
	const value = {
		messaging_product: 'whatsapp',
		metadata: {
			display_phone_number: message.displayPhone ?? displayPhoneOf(message.phoneNumberId),
			phone_number_id: message.phoneNumberId,
		},
		contacts: [{ profile: { name: message.name }, wa_id: message.from, user_id: userId }],
		messages: [
			{
				from: message.from,
				from_user_id: userId,
				id: wamid,
				timestamp: unixSeconds(message.at),
				type: 'text',
				text: { body: message.text },
			},
		],
	};
	const entry = [{ id: defaultWabaId(message.phoneNumberId), changes: [{ value, field: 'messages' }] }];
	return { wamid, body: { object: 'whatsapp_business_account', entry } };
}
