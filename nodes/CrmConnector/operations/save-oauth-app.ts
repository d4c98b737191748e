import { PIPEDRIVE, saveOAuthApp } from '../../../core/crm';
import { actorOf, nodeVault, requiredText, showFor, tenantField, tenantId, type Operation } from '../../shared';
import { toItem } from '../../shared/rows';
import { textOf } from '../../shared/text';

export const description: Operation['description'] = showFor({ operation: ['saveOAuthApp'] }, [
	tenantField(),
	{
		displayName: 'Client ID',
		name: 'clientId',
		type: 'string',
		required: true,
		default: '',
		description:
			'Of the app in the Developer Hub of Pipedrive, with the scopes deals:full, contacts:full, webhooks:full and admin; the same one may serve every tenant',
	},
	{
		displayName: 'Client Secret',
		name: 'clientSecret',
		type: 'string',
		typeOptions: { password: true },
		required: true,
		default: '',
		description: 'Of the same app; it is kept sealed and does not come back',
	},
	{
		displayName: 'Base URL',
		name: 'baseUrl',
		type: 'string',
		default: '',
		placeholder: 'https://oauth.example.com',
		description: 'Where the service answers, if not at its usual address',
	},
	{
		displayName: 'Allow Local Address',
		name: 'allowLocal',
		type: 'boolean',
		default: false,
		description: 'Whether the base URL may be plain HTTP or a local address, for a service of your own',
	},
]);

export const execute: Operation['execute'] = async (call) => {
	const { context, itemIndex, database } = call;
	const tenant = await tenantId(context, database, itemIndex);
	const app = {
		clientId: requiredText(call, 'clientId'),
		clientSecret: requiredText(call, 'clientSecret'),
		baseUrl: textOf(call, 'baseUrl') ?? null,
		allowLocal: context.getNodeParameter('allowLocal', itemIndex, false) === true,
	};
	return toItem(await saveOAuthApp(database, tenant, PIPEDRIVE, app, await nodeVault(context), actorOf(context)));
};
