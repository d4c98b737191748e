import { isFactoryError } from '../../../core/errors';
import { judgeDue } from '../../../core/reflection';
import { showFor, type Operation } from '../../shared';
import { judgePorts } from '../fields';

export const description: Operation['description'] = showFor({ operation: ['judgeDue'] }, [
	{
		displayName: 'Limit',
		name: 'limit',
		type: 'number',
		typeOptions: { minValue: 1, maxValue: 500 },
		default: 50,
		description: 'Max number of results to return',
	},
]);

/** One item a target that is due, of all tenants. */
export const execute: Operation['execute'] = async ({ context, itemIndex, database }) => {
	const limit = Number(context.getNodeParameter('limit', itemIndex));
	const judged = await judgeDue(database, await judgePorts(context, itemIndex), limit);
	return judged.map(({ result, ...due }) => ({
		...due,
		...(result instanceof Error
			? { ran: false, reasons: [isFactoryError(result) ? result.code : 'INTERNAL'] }
			: { ...result }),
	}));
};
