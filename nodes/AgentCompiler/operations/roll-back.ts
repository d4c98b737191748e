import { rollBack } from '../../../core/agents';
import { actorOf, locatorId, showFor, tenantField, tenantId, type Operation } from '../../shared';
import { agentField } from '../version-fields';

export const description: Operation['description'] = showFor({ operation: ['rollBack'] }, [
	tenantField(),
	agentField(),
]);

export const execute: Operation['execute'] = async ({ context, itemIndex, database }) => {
	const tenant = await tenantId(context, database, itemIndex);
	const agent = locatorId(context, 'agent', itemIndex);
	return { tenantId: tenant, ...(await rollBack(database, tenant, agent, actorOf(context))) };
};
