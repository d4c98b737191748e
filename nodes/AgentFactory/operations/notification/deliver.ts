import { deliverNotices, guardedPost, MAX_NOTICE_CLAIM } from '../../../../core/notifications';
import { limitField, limitOf, nodeVault, showFor, type Operation } from '../../../shared';

export const description: Operation['description'] = showFor({ resource: ['notification'], operation: ['deliver'] }, [
	limitField({ default: MAX_NOTICE_CLAIM, description: 'Max number of notices to send' }),
	{
		displayName: 'Allow Local Addresses',
		name: 'allowLocal',
		type: 'boolean',
		default: false,
		description:
			'Whether endpoints that ask for it may be local. For development: in production it would let a tenant reach what stands beside n8n.',
	},
]);

export const execute: Operation['execute'] = async (call) => {
	const { context, itemIndex, database } = call;
	const allowLocal = context.getNodeParameter('allowLocal', itemIndex) as boolean;
	const vault = await nodeVault(context);
	const ports = { post: guardedPost, vault, random: Math.random, now: Date.now, allowLocal };
	return await deliverNotices(database, ports, { limit: limitOf(call) });
};
