import { readLoopSummary } from '../../../../core/reflection';
import { showFor, tenantField, tenantId, type Operation } from '../../../shared';
import { toItem } from '../../../shared/rows';

export const description: Operation['description'] = showFor(
	{ resource: ['selfImprovement'], operation: ['summary'] },
	[tenantField()],
);

export const execute: Operation['execute'] = async ({ context, database, itemIndex }) => {
	const tenant = await tenantId(context, database, itemIndex);
	return toItem(await readLoopSummary(database, tenant));
};
