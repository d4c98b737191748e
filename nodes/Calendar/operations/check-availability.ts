import { checkAvailability } from '../../../core/crm';
import { showFor, tenantField, tenantId, type Operation } from '../../shared';
import { textOf } from '../../shared/text';
import { answered, calendarPorts, choiceOf, minutesOf } from '../calls';
import { agentIdField, answerField, calendarField, durationField, providerField, timeZoneField } from '../fields';

export const description: Operation['description'] = showFor({ operation: ['checkAvailability'] }, [
	tenantField(),
	calendarField,
	providerField,
	agentIdField,
	{
		displayName: 'From',
		name: 'from',
		type: 'string',
		default: '',
		placeholder: '2026-03-30T08:00',
		description: 'From when on; empty for now',
	},
	{
		displayName: 'To',
		name: 'to',
		type: 'string',
		default: '',
		placeholder: '2026-04-05',
		description: 'Up to when; a date alone is all of that day. Empty for seven days',
	},
	durationField,
	timeZoneField,
	answerField,
]);

export const execute: Operation['execute'] = async (call) => {
	const tenant = await tenantId(call.context, call.database, call.itemIndex);
	const ports = await calendarPorts(call.context);
	return await answered(call, async () => {
		const request = {
			...choiceOf(call),
			from: textOf(call, 'from'),
			to: textOf(call, 'to'),
			durationMinutes: minutesOf(call),
			timeZone: textOf(call, 'timeZone'),
		};
		return await checkAvailability(call.database, tenant, request, ports);
	});
};
