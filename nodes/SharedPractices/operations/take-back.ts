import { runPracticeReverts } from '../../../core/practices';
import { showFor, WORKER_ID, type Operation } from '../../shared';

export const description: Operation['description'] = showFor({ operation: ['takeBack'] }, [
	{
		displayName: 'Limit',
		name: 'limit',
		type: 'number',
		typeOptions: { minValue: 1, maxValue: 50, numberPrecision: 0 },
		default: 50,
		description: 'Max number of results to return',
	},
]);

export const execute: Operation['execute'] = async ({ context, database, itemIndex }) => {
	const limit = Number(context.getNodeParameter('limit', itemIndex));
	return await runPracticeReverts(database, { workerId: WORKER_ID, limit, random: Math.random });
};

export const whenEmpty = 'Nothing to take back: no practice was withdrawn since the last look.';
