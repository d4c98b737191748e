import type { INodeProperties } from 'n8n-workflow';

/** What the node can do, in the order of the list. */
export const operationField: INodeProperties = {
	displayName: 'Operation',
	name: 'operation',
	type: 'options',
	noDataExpression: true,
	options: [
		{
			name: 'Book',
			value: 'book',
			action: 'Book an appointment',
			description: 'Book a free time, once however often the same key comes',
		},
		{
			name: 'Cancel',
			value: 'cancel',
			action: 'Cancel an appointment',
			description: 'Take an appointment out of the calendar and free its time',
		},
		{
			name: 'Check Availability',
			value: 'checkAvailability',
			action: 'Check which times are free',
			description: 'Free times between two moments, 31 days at most',
		},
		{
			name: 'Connect with Token',
			value: 'connectWithToken',
			action: 'Connect cal com with its key',
			description: 'Connect an event type of Cal.com with an API key; the key is tried first',
		},
		{
			name: 'Create Connect Link',
			value: 'createConnectLink',
			action: 'Create a link to connect a google calendar',
			description: 'A link with which the person who holds a Google account connects their calendar, once',
		},
		{
			name: 'Finish Connect',
			value: 'finishConnect',
			action: 'Finish connecting a calendar',
			description: 'Take what Google sends back, keep the calendar and answer the page for the person',
		},
		{
			name: 'Get Events',
			value: 'getEvents',
			action: 'Get appointments',
			description: 'Appointments of a tenant or conversation with their state and reminder, next first',
		},
		{
			name: 'Get Integrations',
			value: 'getIntegrations',
			action: 'Get connected calendars',
			description: 'Connected calendars of a tenant and how they stand; never their tokens',
		},
		{
			name: 'Reschedule',
			value: 'reschedule',
			action: 'Reschedule an appointment',
			description: 'Move an appointment to another free time; it stays where it is if that is taken',
		},
		{
			name: 'Save OAuth App',
			value: 'saveOAuthApp',
			action: 'Save an app of google',
			description: "Store the client ID and secret of the app with which a tenant's Google accounts are connected",
		},
		{
			name: 'Send Due Reminders',
			value: 'sendDueReminders',
			action: 'Send due reminders',
			description:
				'Of all tenants: remind of appointments that are due, once each, settle bookings that ended in the dark, and follow what people changed in their calendars',
		},
		{
			name: 'Update Integration',
			value: 'updateIntegration',
			action: 'Update a connected calendar',
			description: 'Opening hours, length, pause, notice and reminders of a calendar, or switch it off',
		},
	],
	default: 'checkAvailability',
};
