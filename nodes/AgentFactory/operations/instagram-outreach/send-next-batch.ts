import { sendNextBatch, sendOpenRuns } from '../../../../core/leads';
import { actorOf, limitField, showFor, tenantField, tenantId, type Operation } from '../../../shared';
import { limitOf } from '../../../shared/text';
import { runIdField, runIdOf } from './fields';

const BATCH = 50;

export const description: Operation['description'] = showFor(
	{ resource: ['instagramOutreach'], operation: ['sendNextBatch'] },
	[
		tenantField(),
		runIdField({ default: 0, description: 'The number that Start Run told; 0 for every open run of the tenant' }),
		limitField({ default: BATCH, description: 'Max number of leads to write to in one run now' }),
	],
);

export const execute: Operation['execute'] = async (call) => {
	const { context, database, itemIndex } = call;
	const tenant = await tenantId(context, database, itemIndex);
	const runId = runIdOf(call);
	const options = { limit: limitOf(call), actor: actorOf(context) };
	const reports =
		runId === 0
			? await sendOpenRuns(database, tenant, options)
			: [await sendNextBatch(database, tenant, runId, options)];
	return reports.map((report) => ({ tenantId: tenant, ...report }));
};
