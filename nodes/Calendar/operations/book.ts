import { book } from '../../../core/crm';
import { actorOf, requiredText, showFor, tenantField, tenantId, type Operation } from '../../shared';
import { textOf } from '../../shared/text';
import { answered, calendarPorts, choiceOf, minutesOf } from '../calls';
import {
	agentIdField,
	answerField,
	calendarField,
	conversationIdField,
	durationField,
	keyField,
	providerField,
	startField,
	timeZoneField,
} from '../fields';

const text = (displayName: string, name: string, description: string) =>
	({ displayName, name, type: 'string', default: '', description }) as const;

export const description: Operation['description'] = showFor({ operation: ['book'] }, [
	tenantField(),
	calendarField,
	providerField,
	agentIdField,
	startField,
	durationField,
	timeZoneField,
	text('Name', 'name', 'Who comes; stands in the calendar'),
	{ ...text('Email', 'email', 'Of who comes; Cal.com books only with one'), placeholder: 'name@email.com' },
	text('Notes', 'notes', 'What the person said it is about; goes to the calendar alone'),
	text('Title', 'title', 'Of the appointment; empty for the name of who comes'),
	text('Contact ID', 'contactId', 'Whose appointment it is; known by itself where there is a conversation'),
	conversationIdField,
	keyField,
	answerField,
]);

export const execute: Operation['execute'] = async (call) => {
	const tenant = await tenantId(call.context, call.database, call.itemIndex);
	const ports = await calendarPorts(call.context);
	return await answered(
		call,
		async () =>
			await book(
				call.database,
				tenant,
				{
					...choiceOf(call),
					key: requiredText(call, 'key'),
					start: requiredText(call, 'start'),
					durationMinutes: minutesOf(call),
					timeZone: textOf(call, 'timeZone'),
					title: textOf(call, 'title'),
					attendee: { name: textOf(call, 'name'), email: textOf(call, 'email'), notes: textOf(call, 'notes') },
					contactId: textOf(call, 'contactId'),
					conversationId: textOf(call, 'conversationId'),
					actor: actorOf(call.context),
				},
				ports,
			),
	);
};
