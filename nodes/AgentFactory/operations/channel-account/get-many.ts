import { listChannelAccounts } from '../../../../core/tenancy';
import { limitField, showFor, tenantField, tenantId, type Operation } from '../../../shared';
import { toItems } from '../../../shared/rows';
import { limitOf } from '../../../shared/text';

export const description: Operation['description'] = showFor({ resource: ['channelAccount'], operation: ['getMany'] }, [
	tenantField(),
	limitField(),
]);

export const whenEmpty =
	'This tenant has no channel account, so nobody can write to it. Connect one with Channel Account > Create; that needs the Vault Key credential.';

export const execute: Operation['execute'] = async (call) =>
	toItems(
		await listChannelAccounts(
			call.database,
			await tenantId(call.context, call.database, call.itemIndex),
			limitOf(call),
		),
	);
