import { createOperatorLink } from '../../../core/dashboard';
import { requiredText, showFor, type Operation } from '../../shared';
import { hoursField, hoursOf, linkPageUrlField, portsOf } from '../fields';

export const description: Operation['description'] = showFor({ operation: ['createOperatorLink'] }, [
	{
		displayName: 'Person',
		name: 'person',
		type: 'string',
		required: true,
		default: '',
		placeholder: 'e.g. Ana Souza',
		description: 'Who the link is for. It shows every client: give it to nobody outside the agency.',
	},
	linkPageUrlField,
	hoursField,
]);

export const execute: Operation['execute'] = async (call) => {
	const request = {
		person: requiredText(call, 'person'),
		pageUrl: requiredText(call, 'pageUrl'),
		hours: hoursOf(call),
	};
	return createOperatorLink(request, await portsOf(call));
};
