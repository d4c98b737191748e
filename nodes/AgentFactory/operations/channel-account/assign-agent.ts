import { assignAgent } from '../../../../core/tenancy';
import { actorOf, locatorId, showFor, tenantField, tenantId, type Operation } from '../../../shared';
import { toItem } from '../../../shared/rows';
import { agentField, channelAccountField } from '../../fields';
import { found } from '../../found-account';

export const description: Operation['description'] = showFor(
	{ resource: ['channelAccount'], operation: ['assignAgent'] },
	[
		tenantField(),
		channelAccountField(),
		agentField({ description: 'The agent that answers on this account from now on' }),
	],
);

export const execute: Operation['execute'] = async ({ context, itemIndex, database }) => {
	const tenant = await tenantId(context, database, itemIndex);
	const account = locatorId(context, 'channelAccount', itemIndex);
	const agent = locatorId(context, 'agent', itemIndex);
	return toItem(found(await assignAgent(database, tenant, account, agent, actorOf(context)), account));
};
