import { reschedule } from '../../../core/crm';
import { actorOf, locatorId, requiredText, showFor, tenantField, tenantId, type Operation } from '../../shared';
import { textOf } from '../../shared/text';
import { answered, calendarPorts } from '../calls';
import { answerField, appointmentField, conversationIdField, keyField, startField, timeZoneField } from '../fields';

export const description: Operation['description'] = showFor({ operation: ['reschedule'] }, [
	tenantField(),
	appointmentField,
	startField,
	timeZoneField,
	conversationIdField,
	keyField,
	answerField,
]);

export const execute: Operation['execute'] = async (call) => {
	const { context, itemIndex, database } = call;
	const tenant = await tenantId(context, database, itemIndex);
	const ports = await calendarPorts(context);
	return await answered(call, async () => {
		const request = {
			appointmentId: locatorId(context, 'appointment', itemIndex),
			key: requiredText(call, 'key'),
			start: requiredText(call, 'start'),
			timeZone: textOf(call, 'timeZone'),
			conversationId: textOf(call, 'conversationId'),
			actor: actorOf(context),
		};
		return await reschedule(database, tenant, request, ports);
	});
};
