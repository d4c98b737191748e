import { saveApiKey } from '../../../../core/tenancy';
import { actorOf, nodeVault, requiredText, showFor, tenantField, tenantId, type Operation } from '../../../shared';
import { toItem } from '../../../shared/rows';
import { textOf, timeOf } from '../../../shared/text';

export const description: Operation['description'] = showFor({ resource: ['apiKey'], operation: ['save'] }, [
	tenantField(),
	{
		displayName: 'Service',
		name: 'service',
		type: 'string',
		required: true,
		default: '',
		placeholder: 'my_service',
		description:
			'Name of the service in lower case; the nodes of the pack that connect a service store its key themselves',
	},
	{
		displayName: 'Key Name',
		name: 'keyName',
		type: 'string',
		default: '',
		description: 'Tells several keys of one service apart; empty for the usual one',
	},
	{
		displayName: 'Key',
		name: 'secret',
		type: 'string',
		typeOptions: { password: true },
		required: true,
		default: '',
		description: 'The key; it does not come back',
	},
	{
		displayName: 'Base URL',
		name: 'baseUrl',
		type: 'string',
		default: '',
		placeholder: 'https://api.example.com',
		description: 'Where the service answers, if not at its usual address',
	},
	{
		displayName: 'Expires At',
		name: 'expiresAt',
		type: 'dateTime',
		default: '',
		description: 'When the key ends; empty when it does not',
	},
]);

export const execute: Operation['execute'] = async (call) => {
	const tenant = await tenantId(call.context, call.database, call.itemIndex);
	const key = {
		service: requiredText(call, 'service'),
		name: textOf(call, 'keyName'),
		secret: requiredText(call, 'secret'),
		baseUrl: textOf(call, 'baseUrl'),
		expiresAt: timeOf('expiresAt', call.context.getNodeParameter('expiresAt', call.itemIndex, '')),
	};
	const vault = await nodeVault(call.context);
	return toItem(await saveApiKey(call.database, tenant, key, vault, actorOf(call.context)));
};
