import { setAccessToken } from '../../../../core/tenancy';
import { actorOf, locatorId, nodeVault, showFor, tenantField, tenantId, type Operation } from '../../../shared';
import { toItem } from '../../../shared/rows';
import { requiredText, textOf, timeOf } from '../../../shared/text';
import { accessTokenField, channelAccountField, tokenExpiryField } from '../../fields';
import { found } from '../../found-account';

export const description: Operation['description'] = showFor(
	{ resource: ['channelAccount'], operation: ['setAccessToken'] },
	[
		tenantField(),
		channelAccountField(),
		accessTokenField({
			required: true,
			description: 'Token of a system user that may send for this account; stored encrypted with the Vault credential',
		}),
		tokenExpiryField,
	],
);

export const execute: Operation['execute'] = async (call) => {
	const { context, itemIndex, database } = call;
	const tenant = await tenantId(context, database, itemIndex);
	const account = locatorId(context, 'channelAccount', itemIndex);
	const token = {
		accessToken: requiredText(call, 'accessToken'),
		expiresAt: timeOf('tokenExpiresAt', textOf(call, 'tokenExpiresAt')) ?? null,
	};
	const row = await setAccessToken(database, tenant, account, token, await nodeVault(context), actorOf(context));
	return toItem(found(row, account));
};
