/** What can be told; an endpoint hears all of it unless it says otherwise. */
export const EVENT_TYPES = [
	'lead.hot',
	'plan.leads_limit',
	'conversation.handoff',
	'handoff.overdue',
	'suggestion.created',
	'suggestion.applied',
	'suggestion.escalated',
	'rollout.advanced',
	'rollout.promoted',
	'rollout.rolled_back',
	'rollout.expired',
	'breaker.opened',
	'practice.withdrawn',
	'channel.trouble',
	'endpoint.disabled',
	'call.due',
	'proactive.breaker_opened',
	'plan.message_spend',
] as const;
export type EventType = (typeof EVENT_TYPES)[number];

/** What also goes out as e-mail: not what happens many times a day. Of hand-overs only the members named for them hear. */
export type MailedEvent = Exclude<EventType, 'lead.hot' | 'plan.leads_limit'>;

/** The body of a notice. */
export interface NoticePayload {
	type: string;
	timestamp: string;
	data: Record<string, unknown>;
}
