import { closeProactiveBreaker } from '../../../../core/outbox';
import { actorOf, showFor, tenantField, tenantId, type Operation } from '../../../shared';

export const description: Operation['description'] = showFor({ resource: ['sending'], operation: ['closeBreaker'] }, [
	tenantField(),
	{
		displayName: 'Send What Was Stopped',
		name: 'sendBlocked',
		type: 'boolean',
		default: false,
		description:
			'Whether to queue again, at most 1,000 at a time, what the breaker or the spending cap stopped in the last 24 hours',
	},
]);

export const execute: Operation['execute'] = async ({ context, itemIndex, database }) => {
	const tenant = await tenantId(context, database, itemIndex);
	const sendBlocked = context.getNodeParameter('sendBlocked', itemIndex, false) === true;
	return { tenantId: tenant, ...(await closeProactiveBreaker(database, tenant, { sendBlocked }, actorOf(context))) };
};
