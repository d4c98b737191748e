/** What can be told; an endpoint hears all of it unless it says otherwise. */
export const EVENT_TYPES = [
	'lead.hot',
	'plan.leads_limit',
	'conversation.handoff',
	'suggestion.created',
	'suggestion.applied',
	'suggestion.escalated',
	'rollout.advanced',
	'rollout.promoted',
	'rollout.rolled_back',
	'rollout.expired',
	'breaker.opened',
	'channel.trouble',
	'endpoint.disabled',
	'proactive.breaker_opened',
	'plan.message_spend',
] as const;
export type EventType = (typeof EVENT_TYPES)[number];

/** What also goes to the people named for e-mails: not what happens many times a day. */
export type MailedEvent = Exclude<EventType, 'lead.hot' | 'plan.leads_limit' | 'conversation.handoff'>;

/** The body of a notice. */
export interface NoticePayload {
	type: string;
	timestamp: string;
	data: Record<string, unknown>;
}
