import { listVersions } from '../../../../core/agents';
import { limitField, locatorId, showFor, tenantField, tenantId, type Operation } from '../../../shared';
import { toItems } from '../../../shared/rows';
import { limitOf } from '../../../shared/text';
import { agentField } from '../../fields';

export const description: Operation['description'] = showFor({ resource: ['agent'], operation: ['getVersions'] }, [
	tenantField(),
	agentField(),
	limitField(),
]);

export const execute: Operation['execute'] = async (call) => {
	const { context, itemIndex, database } = call;
	const tenant = await tenantId(context, database, itemIndex);
	return toItems(await listVersions(database, tenant, locatorId(context, 'agent', itemIndex), limitOf(call)));
};
