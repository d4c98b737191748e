import { agentUsage } from '../../../../core/agents';
import { limitField, showFor, tenantField, tenantId, type Operation } from '../../../shared';
import { toItems } from '../../../shared/rows';
import { limitOf } from '../../../shared/text';

export const description: Operation['description'] = showFor({ resource: ['agent'], operation: ['getUsage'] }, [
	tenantField(),
	limitField({ description: 'Max number of months to return, newest first', default: 12 }),
]);

export const execute: Operation['execute'] = async (call) => {
	const tenant = await tenantId(call.context, call.database, call.itemIndex);
	return toItems(await agentUsage(call.database, tenant, limitOf(call)));
};
