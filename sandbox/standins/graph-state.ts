import type { BehaviourList } from './graph-behaviour';
import type { MediaStore } from './graph-media';
import type { GraphAccount } from './graph-reads';
import type { GraphSetupState } from './graph-setup';
import type { StatusSender, WebhookTarget } from './graph-statuses';

/** An entry of `GET /_sandbox/sent`, oldest first. `accepted` false: Meta refused it, `errorCode` says why. */
export interface SentMessage {
	id: string | null;
	phoneNumberId?: string;
	accountId?: string;
	to: string;
	type: string;
	text: string | null;
	template: unknown;
	callbackData: string | null;
	/** ISO 8601. */
	at: string;
	body: unknown;
	accepted: boolean;
	errorCode: number | null;
}

export interface Receipt {
	accountId: string;
	kind: string;
	to: string;
	at: string;
}

/** What one stand-in knows. */
export interface GraphState {
	sent: SentMessage[];
	receipts: Receipt[];
	unsubscribed: Set<string>;
	behaviours: BehaviourList;
	webhook: WebhookTarget | null;
	accounts: GraphAccount[];
	statuses: StatusSender;
	setup: GraphSetupState;
	media: MediaStore;
	/** Aborts when the stand-in closes, so that no delayed answer holds the process. */
	closing: AbortSignal;
	now: () => Date;
	onSent?: (message: SentMessage) => void;
}
