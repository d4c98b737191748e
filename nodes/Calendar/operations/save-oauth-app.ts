import { GOOGLE, saveOAuthApp } from '../../../core/crm';
import { actorOf, nodeVault, requiredText, showFor, tenantField, tenantId, type Operation } from '../../shared';
import { toItem } from '../../shared/rows';
import { textOf } from '../../shared/text';
import { localFields } from '../fields';

export const description: Operation['description'] = showFor({ operation: ['saveOAuthApp'] }, [
	tenantField(),
	{
		displayName: 'Client ID',
		name: 'clientId',
		type: 'string',
		required: true,
		default: '',
		placeholder: '1234567890-abc.apps.googleusercontent.com',
		description: 'Of the OAuth client in the Google Cloud console; the same one may serve every tenant',
	},
	{
		displayName: 'Client Secret',
		name: 'clientSecret',
		type: 'string',
		typeOptions: { password: true },
		required: true,
		default: '',
		description: 'Of the same client; it is kept sealed and does not come back',
	},
	...localFields,
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
	return toItem(await saveOAuthApp(database, tenant, GOOGLE, app, await nodeVault(context), actorOf(context)));
};
