import { createGoogleLink } from '../../../core/crm';
import { jsonParameter, requiredText, showFor, tenantField, tenantId, type Operation } from '../../shared';
import { textOf } from '../../shared/text';
import { calendarPorts } from '../calls';
import { callbackField, settingsField } from '../fields';

export const description: Operation['description'] = showFor({ operation: ['createConnectLink'] }, [
	tenantField(),
	callbackField,
	{
		displayName: 'Person',
		name: 'person',
		type: 'string',
		required: true,
		default: '',
		description: 'Name of who is asked to connect their account; stands in the audit log',
	},
	{
		displayName: 'Google Calendar ID',
		name: 'googleCalendarId',
		type: 'string',
		default: 'primary',
		description: 'Which calendar of the account; primary for its main one',
	},
	{
		displayName: 'Valid for (Hours)',
		name: 'hours',
		type: 'number',
		typeOptions: { minValue: 1, maxValue: 720, numberPrecision: 0 },
		default: 72,
		description: 'Hours after which the link no longer works',
	},
	settingsField,
]);

export const execute: Operation['execute'] = async (call) => {
	const { context, itemIndex, database } = call;
	const tenant = await tenantId(context, database, itemIndex);
	const request = {
		callbackUrl: requiredText(call, 'callbackUrl'),
		person: requiredText(call, 'person'),
		calendarId: textOf(call, 'googleCalendarId'),
		hours: Number(context.getNodeParameter('hours', itemIndex)),
		settings: jsonParameter(context, 'settings', itemIndex),
	};
	return { tenantId: tenant, ...(await createGoogleLink(database, tenant, request, await calendarPorts(context))) };
};
