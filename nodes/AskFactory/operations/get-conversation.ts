import { answerConversation } from '../../../core/reports';
import { requiredText, showFor, tenantField, tenantId, type Operation } from '../../shared';

export const description: Operation['description'] = showFor(
	{ resource: ['question'], operation: ['getConversation'] },
	[
		tenantField(),
		{
			displayName: 'Name, Username or Phone',
			name: 'search',
			type: 'string',
			required: true,
			default: '',
			placeholder: 'Ana Souza',
			description: 'Of the person; of several who fit, the one with the best score',
		},
	],
);

export const execute: Operation['execute'] = async (call) => {
	const tenant = await tenantId(call.context, call.database, call.itemIndex);
	return await answerConversation(call.database, tenant, requiredText(call, 'search'));
};
