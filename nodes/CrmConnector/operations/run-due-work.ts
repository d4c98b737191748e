import { runCrmWork } from '../../../core/crm';
import { showFor, WORKER_ID, type Operation } from '../../shared';
import { crmPorts } from '../ports';

export const description: Operation['description'] = showFor({ operation: ['runDueWork'] }, [
	{
		displayName: 'Jobs at Most',
		name: 'limit',
		type: 'number',
		typeOptions: { minValue: 1, maxValue: 50, numberPrecision: 0 },
		default: 25,
		description: 'Max number of jobs of all tenants that one run works on',
	},
]);

export const execute: Operation['execute'] = async ({ context, database, itemIndex }) => {
	const limit = Number(context.getNodeParameter('limit', itemIndex));
	return await runCrmWork(database, { workerId: WORKER_ID, limit }, await crmPorts(context));
};
