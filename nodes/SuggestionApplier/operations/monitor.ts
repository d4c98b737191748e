import { isFactoryError } from '../../../core/errors';
import { monitorRollouts } from '../../../core/rollouts';
import { showFor, type Operation } from '../../shared';

export const description: Operation['description'] = showFor({ operation: ['monitor'] }, [
	{
		displayName: 'Limit',
		name: 'limit',
		type: 'number',
		typeOptions: { minValue: 1, maxValue: 1000 },
		default: 500,
		description: 'Max number of results to return',
	},
]);

/** One item a running roll-out, of all tenants. */
export const execute: Operation['execute'] = async ({ context, itemIndex, database }) => {
	const reports = await monitorRollouts(database, Number(context.getNodeParameter('limit', itemIndex)));
	return reports.map((report) =>
		report instanceof Error
			? { moved: false, reason: isFactoryError(report) ? report.code : 'INTERNAL' }
			: { ...report },
	);
};
