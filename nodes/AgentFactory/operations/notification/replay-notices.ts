import { MAX_REPLAY, replayNotices } from '../../../../core/notifications';
import {
	actorOf,
	limitField,
	limitOf,
	locatorId,
	refuse,
	showFor,
	tenantField,
	tenantId,
	type Operation,
} from '../../../shared';
import { toItem } from '../../../shared/rows';
import { timeOf } from '../../../shared/text';
import { endpointField } from './fields';

export const description: Operation['description'] = showFor(
	{ resource: ['notification'], operation: ['replayNotices'] },
	[
		tenantField(),
		endpointField,
		{
			displayName: 'Since',
			name: 'since',
			type: 'dateTime',
			required: true,
			default: '',
			description: 'From when on what happened is told again; at most 30 days back',
		},
		limitField({
			default: MAX_REPLAY,
			description: `Max number of notices, the oldest first and at most ${MAX_REPLAY}; go on from Until when it is reached`,
		}),
	],
);

export const execute: Operation['execute'] = async (call) => {
	const { context, itemIndex, database } = call;
	const tenant = await tenantId(context, database, itemIndex);
	const endpointId = locatorId(context, 'endpointId', itemIndex);
	const since = timeOf('since', context.getNodeParameter('since', itemIndex));
	if (since === undefined) throw refuse('since', 'is empty. Say from when on.');
	const wanted = { since, limit: limitOf(call) };
	return toItem(await replayNotices(database, tenant, endpointId, wanted, actorOf(context)));
};
