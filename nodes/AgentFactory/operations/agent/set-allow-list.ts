import { switchAgent } from '../../../../core/agents';
import { actorOf, locatorId, showFor, tenantField, tenantId, type Operation } from '../../../shared';
import { asText } from '../../../shared/text';
import { agentField } from '../../fields';

export const description: Operation['description'] = showFor({ resource: ['agent'], operation: ['setAllowList'] }, [
	tenantField(),
	agentField(),
	{
		displayName: 'Allow-List',
		name: 'allowList',
		type: 'string',
		typeOptions: { rows: 4 },
		default: '',
		placeholder: '+55 11 98888-0001',
		description:
			'Phone numbers, usernames or user IDs that the agent answers in test mode, one a line; empty for nobody',
	},
]);

export const execute: Operation['execute'] = async ({ context, itemIndex, database }) => {
	const tenant = await tenantId(context, database, itemIndex);
	const allowList = asText(context.getNodeParameter('allowList', itemIndex, '')).split(/[\n,;]+/);
	return await switchAgent(database, tenant, locatorId(context, 'agent', itemIndex), { allowList }, actorOf(context));
};
