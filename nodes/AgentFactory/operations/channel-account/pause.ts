import { pauseChannelAccount } from '../../../../core/tenancy';
import { actorOf, locatorId, showFor, tenantField, tenantId, type Operation } from '../../../shared';
import { requiredText } from '../../../shared/text';
import { channelAccountField } from '../../fields';

export const description: Operation['description'] = showFor({ resource: ['channelAccount'], operation: ['pause'] }, [
	tenantField(),
	channelAccountField(),
	{
		displayName: 'Reason',
		name: 'reason',
		type: 'string',
		required: true,
		default: 'Paused by hand',
		description: 'Shown wherever the paused account is listed',
	},
]);

export const execute: Operation['execute'] = async (call) => {
	const { context, itemIndex, database } = call;
	const tenant = await tenantId(context, database, itemIndex);
	const channelAccountId = locatorId(context, 'channelAccount', itemIndex);
	const reason = requiredText(call, 'reason');
	const changed = await pauseChannelAccount(database, tenant, channelAccountId, reason, actorOf(context));
	return { tenantId: tenant, channelAccountId, changed };
};
