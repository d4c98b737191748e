import type { INodeProperties } from 'n8n-workflow';
import { fromItem, locatorField } from '../shared';

/** Fields that several operations of the node ask for. */

export const calendarField = locatorField({
	displayName: 'Calendar',
	name: 'calendar',
	description: 'Which calendar; empty for the one of this service and agent',
	searchMethod: 'searchCalendars',
	required: false,
});

export const providerField: INodeProperties = {
	displayName: 'Service',
	name: 'provider',
	type: 'options',
	options: [
		{ name: 'Any', value: '' },
		{ name: 'Cal.com', value: 'cal_com' },
		{ name: 'Google Calendar', value: 'google' },
	],
	default: '',
	description: 'Where no calendar is picked: of which service',
};

export const agentIdField: INodeProperties = {
	displayName: 'Agent ID',
	name: 'agentId',
	type: 'string',
	default: '',
	description: "Where no calendar is picked: this agent's own calendar comes before one that is everybody's",
};

export const appointmentField = locatorField({
	displayName: 'Appointment',
	name: 'appointment',
	description: 'Which appointment; the booking ID of Book',
	searchMethod: 'searchAppointments',
});

export const conversationIdField: INodeProperties = {
	displayName: 'Conversation ID',
	name: 'conversationId',
	type: 'string',
	default: '',
	description: 'Where it came up; an appointment of another conversation is then not found. Reminders go there.',
};

export const keyField: INodeProperties = {
	displayName: 'Idempotency Key',
	name: 'key',
	type: 'string',
	required: true,
	default: fromItem('idempotencyKey'),
	description: 'The same key again is the same booking or move, not another one',
};

export const startField: INodeProperties = {
	displayName: 'Start',
	name: 'start',
	type: 'string',
	required: true,
	default: '',
	placeholder: '2026-03-31T14:30',
	description: 'When it begins; without an offset it is a time in the time zone below',
};

export const timeZoneField: INodeProperties = {
	displayName: 'Time Zone',
	name: 'timeZone',
	type: 'string',
	default: '',
	placeholder: 'America/Sao_Paulo',
	description: "Of times without an offset, and of the answer; empty for the calendar's own",
};

export const durationField: INodeProperties = {
	displayName: 'Duration (Minutes)',
	name: 'durationMinutes',
	type: 'number',
	typeOptions: { minValue: 0, maxValue: 480, numberPrecision: 0 },
	default: 0,
	description: "How long it takes; 0 for the calendar's own length. Cal.com has one length an event type",
};

/** For a tool of an agent: errors become an answer that the agent can read. */
export const answerField: INodeProperties = {
	displayName: 'Answer As',
	name: 'answerAs',
	type: 'options',
	options: [
		{ name: 'Item', value: 'item', description: 'The result; an error is an error' },
		{ name: 'Tool Answer', value: 'toolAnswer', description: '{ok, result} or {ok, error}, as Agent Reply reads it' },
	],
	default: 'item',
	description: 'What comes out',
};

export const callbackField: INodeProperties = {
	displayName: 'Callback URL',
	name: 'callbackUrl',
	type: 'string',
	required: true,
	default: '',
	placeholder: 'https://n8n.example.com/webhook/agent-factory/connect/google',
	description: 'Production URL of the callback of workflow 70, registered letter by letter with the app at Google',
};

export const localFields: INodeProperties[] = [
	{
		displayName: 'Base URL',
		name: 'baseUrl',
		type: 'string',
		default: '',
		placeholder: 'https://cal.example.com/api',
		description: 'Where the service answers, if not at its usual address',
	},
	{
		displayName: 'Allow Local Address',
		name: 'allowLocal',
		type: 'boolean',
		default: false,
		description: 'Whether the base URL may be plain HTTP or a local address, for a service of your own',
	},
];

export const settingsField: INodeProperties = {
	displayName: 'Settings',
	name: 'settings',
	type: 'json',
	default: '{}',
	description:
		'What to set, all optional: name, agentId, userId, timeZone, workingHours {"mon": [["09:00", "18:00"]]}, slotMinutes, bufferMinutes, minNoticeMinutes, maxDaysAhead, reminderMinutes [1440, 120], rescheduleGoesTo (agent or person), isActive',
};
