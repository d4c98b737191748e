import { randomBytes } from 'node:crypto';
import { createWebhookSecret } from '../../../core/notifications';
import { actorOf, nodeVault, requiredText, showFor, tenantField, tenantId, type Operation } from '../../shared';

export const description: Operation['description'] = showFor({ operation: ['createWebhookSecret'] }, [
	tenantField(),
	{
		displayName: 'The secret is in the output of this run only. Copy it now; a lost one is replaced by a new one.',
		name: 'secretNotice',
		type: 'notice',
		default: '',
	},
	{
		displayName: 'Secret Name',
		name: 'secretName',
		type: 'string',
		required: true,
		default: '',
		placeholder: 'Pipedrive',
		description: 'Which system signs with it',
	},
]);

export const execute: Operation['execute'] = async (call) => {
	const { context, itemIndex, database } = call;
	const tenant = await tenantId(context, database, itemIndex);
	const ports = { vault: await nodeVault(context), randomBytes };
	return await createWebhookSecret(database, tenant, requiredText(call, 'secretName'), ports, actorOf(context));
};
