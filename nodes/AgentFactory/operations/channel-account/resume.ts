import { resumeChannelAccount } from '../../../../core/tenancy';
import { actorOf, locatorId, showFor, tenantField, tenantId, type Operation } from '../../../shared';
import { channelAccountField } from '../../fields';

export const description: Operation['description'] = showFor({ resource: ['channelAccount'], operation: ['resume'] }, [
	tenantField(),
	channelAccountField(),
]);

export const execute: Operation['execute'] = async ({ context, itemIndex, database }) => {
	const tenant = await tenantId(context, database, itemIndex);
	const channelAccountId = locatorId(context, 'channelAccount', itemIndex);
	const changed = await resumeChannelAccount(database, tenant, channelAccountId, actorOf(context));
	return { tenantId: tenant, channelAccountId, changed };
};
