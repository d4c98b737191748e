import type { ChannelKind } from '../meta';
import type { LlmUsage } from '../llm';

/** Where a check stands: on what came in (before a token is spent) or on what goes out. */
export type SentinelStage = 'input' | 'output';

/** What a verdict asks for, weakest first. */
export type SentinelAction = 'allow' | 'rewrite' | 'silence' | 'defer' | 'block' | 'handoff';

/** One check's word on one text, stored with the reply. Holds no customer text. */
export interface SentinelVerdict {
	check: string;
	stage: SentinelStage;
	fired: boolean;
	/** The check itself threw: it counts as fired and blocks. */
	broken: boolean;
	action: SentinelAction;
	/** One sentence for an ops person. */
	reason: string;
	details: Record<string, unknown>;
}

export interface HistoryEntry {
	role: 'contact' | 'agent' | 'human';
	text: string;
	/** ISO 8601. */
	at: string;
}

export interface IncomingEntry extends HistoryEntry {
	messageId: string;
	type: string;
	/** What became of the file that it carried; absent for a text. */
	reading?: string | null;
}

/** All that a turn may look at. Times are ISO 8601. */
export interface TurnContext {
	tenant: {
		id: string;
		slug: string;
		name: string;
		timezone: string;
		maxAutoResponsesPerDay: number | null;
		autoResponsesToday: number;
	};
	conversation: {
		id: string;
		status: 'open' | 'handoff' | 'closed';
		summary: string | null;
		/** Messages since the summary was written, without those of this turn; null or absent: not known. */
		messagesSinceSummary?: number | null;
	};
	contact: { name: string | null; optedOut: boolean };
	channel: { kind: ChannelKind };
	/** Oldest first; without the messages of this turn. */
	history: HistoryEntry[];
	/** The burst to answer, oldest first; at least one. */
	incoming: IncomingEntry[];
	/** What tools were asked in this conversation, oldest first; those of this turn stem from an attempt before. */
	toolCalls?: PastToolCall[];
	/** Agents to whom the conversation may be handed over. */
	transferTargets?: TransferTarget[];
}

export interface PastToolCall {
	turnId: number;
	plugin: string;
	tool: string;
	arguments: Record<string, unknown>;
	status: 'requested' | 'ok' | 'failed' | 'refused' | 'unknown';
	result: unknown;
	errorCode: string | null;
	/** ISO 8601. */
	at: string;
}

export interface TransferTarget {
	id: string;
	slug: string;
	name: string;
	purpose: string;
}

/** How a new conversation finds its agent. */
export interface Route {
	/** What the customer types in the menu; null: not in the menu. */
	key: string | null;
	label: string | null;
	words: string[];
	contactTypes: string[];
	agentId: string;
}

export interface Routing {
	greeting: string;
	/** How often the menu was sent already. */
	asks: number;
	/** The type of the contact on the tenant's list of people it knows. */
	contactType: string | null;
	/** In the order of the menu. */
	routes: Route[];
}

export type HandoffReason =
	| 'asked_for_person'
	| 'policy'
	| 'agent_decision'
	| 'model_unavailable'
	| 'out_of_scope'
	| 'limit'
	| 'known_client'
	| 'automation_stopped'
	| 'test_mode'
	| 'transfer_limit';

/** What is already known of who wrote: whether the agent answers, a person does, or nobody. */
export interface TurnRoute {
	action: 'answer' | 'person' | 'silence';
	/** A word for the ledger: known_client, personal, spam ... */
	reason: string;
	/** Holds even when the contact asks for a person: somebody the tenant knows hears no machine. */
	firm: boolean;
}

/** What becomes of a turn. `messages` are ready to send, in order. */
export interface TurnDecision {
	action: 'reply' | 'handoff' | 'silence' | 'defer' | 'transfer';
	/** The agent to hand over to, for action `transfer`: whoever answers turns does it and asks that agent. */
	transferTo?: string;
	/** The messages are the opening menu. */
	menuAsked?: boolean;
	messages: string[];
	handoffReason: HandoffReason | null;
	/** ISO 8601, for action `defer`. */
	deferUntil: string | null;
	/** The contact asked not to be written to any more. */
	optOut: boolean;
	/** The conversation so far in the model's words, for `conversation.summary`; absent or null: keep the old one. */
	summary?: string | null;
	checks: SentinelVerdict[];
	usage: LlmUsage[];
}
