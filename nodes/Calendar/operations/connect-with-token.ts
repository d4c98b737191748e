import { connectCalCom } from '../../../core/crm';
import { actorOf, jsonParameter, requiredText, showFor, tenantField, tenantId, type Operation } from '../../shared';
import { toItem } from '../../shared/rows';
import { textOf } from '../../shared/text';
import { calendarPorts } from '../calls';
import { localFields, settingsField, timeZoneField } from '../fields';

export const description: Operation['description'] = showFor({ operation: ['connectWithToken'] }, [
	tenantField(),
	{
		displayName: 'API Key',
		name: 'apiKey',
		type: 'string',
		typeOptions: { password: true },
		required: true,
		default: '',
		description: 'Made in Cal.com under Settings > Developer > API keys; it is kept sealed and does not come back',
	},
	{
		displayName: 'Event Type ID',
		name: 'eventTypeId',
		type: 'number',
		typeOptions: { minValue: 0, numberPrecision: 0 },
		required: true,
		default: 0,
		description: 'The number in the address of the event type that is booked',
	},
	{ ...timeZoneField, required: true, default: 'America/Sao_Paulo', description: 'Time zone of the calendar' },
	...localFields,
	settingsField,
]);

export const execute: Operation['execute'] = async (call) => {
	const { context, itemIndex, database } = call;
	const tenant = await tenantId(context, database, itemIndex);
	const request = {
		apiKey: requiredText(call, 'apiKey'),
		eventTypeId: Number(context.getNodeParameter('eventTypeId', itemIndex)),
		timeZone: requiredText(call, 'timeZone'),
		baseUrl: textOf(call, 'baseUrl') ?? null,
		allowLocal: context.getNodeParameter('allowLocal', itemIndex, false) === true,
		settings: jsonParameter(context, 'settings', itemIndex),
	};
	return toItem(await connectCalCom(database, tenant, request, await calendarPorts(context), actorOf(context)));
};
