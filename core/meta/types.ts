/** The kinds that core/ingest knows. A kind that Meta invents tomorrow is `unknown`: stored, never answered. */
export type EventKind =
	| 'message'
	| 'status'
	| 'echo'
	| 'reaction'
	| 'edit'
	| 'revoke'
	| 'system'
	| 'postback'
	| 'read'
	| 'referral'
	| 'optin'
	| 'preference'
	| 'template'
	| 'account'
	| 'leadgen'
	| 'comment'
	| 'mention'
	| 'call'
	| 'history'
	| 'standby'
	| 'handover'
	| 'group'
	| 'error'
	| 'unknown';

export type ChannelKind = 'whatsapp' | 'instagram' | 'messenger';

/** How the event finds its channel account. `externalId`: phone_number_id, Instagram account id or page id. `parentId`: WABA id. */
export interface EventRoute {
	channel: ChannelKind | null;
	externalId: string | null;
	parentId: string | null;
	displayPhone: string | null;
}

/** The person behind an event; any id may be missing (a username contact has no phone). Empty strings are null. */
export interface ContactRef {
	/** Digits only, no plus sign. */
	phone: string | null;
	bsuid: string | null;
	parentBsuid: string | null;
	igsid: string | null;
	psid: string | null;
	/** Without a leading @. */
	username: string | null;
	name: string | null;
	/** Ids of the same person that this event retires (number or BSUID changed). */
	previous: { phone: string | null; bsuid: string | null } | null;
}

/** A message as one line of text plus what cannot be said in text. */
export interface MessageContent {
	/** Meta's type: text, image, interactive, order, flow_reply ... */
	type: string;
	/** What the agent reads: body, caption, button title, "[image]" ... Never null. */
	text: string;
	/** Payload id of a button or list row, postback payload, quick reply. */
	replyId: string | null;
	/** Provider id of the message this one answers, edits, revokes or reacts to. */
	targetProviderId: string | null;
	media: { id: string | null; mimeType: string | null; url: string | null; filename: string | null } | null;
	/** Ad or post that brought the person (click-to-WhatsApp, ig.me, shop). */
	referral: Record<string, unknown> | null;
}

/** One delivery status of one outbound message. */
export interface StatusUpdate {
	status: 'sent' | 'delivered' | 'read' | 'played' | 'failed' | 'deleted' | 'warning';
	/** `biz_opaque_callback_data` as sent: the outbox id. */
	outboxId: string | null;
	errorCode: number | null;
	errorTitle: string | null;
	/** What failed is not the message but the lane: it stands until a person acts, and this says why. */
	pause?: 'number' | 'account' | 'tenant';
	pauseReason?: string;
	pricing: Record<string, unknown> | null;
}

/** One item of a webhook body: what is stored, deduplicated and routed on its own. */
export interface MetaEvent {
	object: string;
	/** phone_number_id where there is one, else entry.id: part of the dedupe key. */
	accountId: string;
	field: string;
	kind: EventKind;
	/** wamid, mid, or a sha256 of the item where Meta gives no id. */
	providerId: string;
	/** The status for kind `status`, else an empty string: three statuses share one wamid. */
	providerStatus: string;
	route: EventRoute;
	/** ISO 8601, from Meta's own timestamp; null where there is none. */
	occurredAt: string | null;
	contact: ContactRef | null;
	message: MessageContent | null;
	status: StatusUpdate | null;
	/** True when a person expects an answer to this. */
	wantsTurn: boolean;
	/** Why the event is stored as `ignored`; null when it is to be processed. */
	ignoredReason: string | null;
	/** The item as received, with the envelope it came in (`metadata`, `contacts` of that person). */
	payload: unknown;
}
