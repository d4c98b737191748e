import { handoffFigures } from '../../../core/handoff';
import { showFor, tenantField, tenantId, type Operation } from '../../shared';
import { toItems } from '../../shared/rows';

export const description: Operation['description'] = showFor({ operation: ['getFigures'] }, [
	tenantField(),
	{
		displayName: 'Days',
		name: 'days',
		type: 'number',
		typeOptions: { minValue: 1, maxValue: 366, numberPrecision: 0 },
		default: 30,
		description: 'How many days to look back',
	},
]);

export const execute: Operation['execute'] = async (call) => {
	const tenant = await tenantId(call.context, call.database, call.itemIndex);
	const { days, labels } = await handoffFigures(
		call.database,
		tenant,
		Number(call.context.getNodeParameter('days', call.itemIndex)),
	);
	return { tenantId: tenant, days: toItems(days), labels: toItems(labels) };
};
