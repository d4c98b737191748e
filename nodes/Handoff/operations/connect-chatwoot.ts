import { connectChatwoot } from '../../../core/handoff';
import { actorOf, requiredText, showFor, tenantField, tenantId, type Operation } from '../../shared';
import { allowLocalField, chatwootPortsOf } from '../fields';

const number = (displayName: string, name: string, description: string) => ({
	...{ displayName, name, description, type: 'number' as const, default: 1, required: true },
	typeOptions: { minValue: 1, numberPrecision: 0 },
});

export const description: Operation['description'] = showFor({ operation: ['connectChatwoot'] }, [
	tenantField(),
	{
		displayName:
			'The webhook URL in the output holds a key. Put it into the API inbox in Chatwoot (Settings > Inboxes) as Webhook URL.',
		name: 'webhookNotice',
		type: 'notice',
		default: '',
	},
	{
		displayName: 'Base URL',
		name: 'baseUrl',
		type: 'string',
		required: true,
		default: 'https://app.chatwoot.com',
		description: 'Where Chatwoot is',
	},
	{
		displayName: 'Access Token',
		name: 'token',
		type: 'string',
		typeOptions: { password: true },
		required: true,
		default: '',
		description: 'Of a user who sees the inbox: Profile Settings > Access Token in Chatwoot. Stored encrypted.',
	},
	number('Account ID', 'accountId', 'The number after /accounts/ in the address of Chatwoot'),
	number('Inbox ID', 'inboxId', 'The number after /inbox/ in the address of the API inbox'),
	{
		displayName: 'Webhook URL',
		name: 'webhookUrl',
		type: 'string',
		required: true,
		default: '',
		placeholder: 'https://n8n.example.com/webhook/agent-factory/chatwoot',
		description: 'Production URL of the Chatwoot webhook of workflow 61',
	},
	allowLocalField,
]);

export const execute: Operation['execute'] = async (call) => {
	const { context, itemIndex, database } = call;
	const tenant = await tenantId(context, database, itemIndex);
	const given = {
		baseUrl: requiredText(call, 'baseUrl'),
		token: requiredText(call, 'token'),
		accountId: Number(context.getNodeParameter('accountId', itemIndex)),
		inboxId: Number(context.getNodeParameter('inboxId', itemIndex)),
		webhookUrl: requiredText(call, 'webhookUrl'),
	};
	return {
		tenantId: tenant,
		...(await connectChatwoot(database, tenant, given, await chatwootPortsOf(call), actorOf(context))),
	};
};
