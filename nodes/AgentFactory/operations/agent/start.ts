import { switchAgent } from '../../../../core/agents';
import { actorOf, locatorId, showFor, tenantField, tenantId, type Operation } from '../../../shared';
import { agentField } from '../../fields';

export const description: Operation['description'] = showFor({ resource: ['agent'], operation: ['start'] }, [
	tenantField(),
	agentField(),
]);

export const execute: Operation['execute'] = async ({ context, itemIndex, database }) => {
	const tenant = await tenantId(context, database, itemIndex);
	const agent = locatorId(context, 'agent', itemIndex);
	return await switchAgent(database, tenant, agent, { status: 'active' }, actorOf(context));
};
