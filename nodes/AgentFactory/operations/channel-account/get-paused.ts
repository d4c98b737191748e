import { listPausedAccounts } from '../../../../core/tenancy';
import { limitField, showFor, type Operation } from '../../../shared';
import { toItems } from '../../../shared/rows';
import { limitOf } from '../../../shared/text';

export const description: Operation['description'] = showFor(
	{ resource: ['channelAccount'], operation: ['getPaused'] },
	[limitField()],
);

export const execute: Operation['execute'] = async (call) =>
	toItems(await listPausedAccounts(call.database, limitOf(call)));
