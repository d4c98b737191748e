import { BREAK_EVEN_PRECISION, gateSuggestion } from '../../../core/improvement';
import { HORIZON_DAYS } from '../../../core/leads';
import { type Operation, refuse, showFor, tenantField, tenantId } from '../../shared';
import { actorFor, refOf, suggestionField, targetField } from '../fields';

export const description: Operation['description'] = showFor({ operation: ['gate'] }, [
	tenantField(),
	targetField,
	suggestionField,
	{
		displayName: 'Horizon (Days)',
		name: 'horizonDays',
		type: 'number',
		typeOptions: { minValue: 7, maxValue: 365, numberPrecision: 0 },
		default: HORIZON_DAYS,
		description: 'Days after which a lead that was not won counts as lost',
	},
	{
		displayName: 'Break-Even Precision',
		name: 'breakEvenPrecision',
		type: 'number',
		typeOptions: { minValue: 0.01, maxValue: 0.99, numberPrecision: 2 },
		default: BREAK_EVEN_PRECISION,
		description: 'Share of HOT leads that must be won for working them to pay',
	},
]);

export const execute: Operation['execute'] = async (call) => {
	const tenant = await tenantId(call.context, call.database, call.itemIndex);
	const number = (name: string): number => Number(call.context.getNodeParameter(name, call.itemIndex));
	const [horizonDays, breakEvenPrecision] = [number('horizonDays'), number('breakEvenPrecision')];
	if (!Number.isInteger(horizonDays) || horizonDays < 1 || horizonDays > 3_650)
		throw refuse('horizonDays', 'must be a whole number of days. Correct it.');
	if (!(breakEvenPrecision > 0 && breakEvenPrecision < 1))
		throw refuse('breakEvenPrecision', 'must lie between 0 and 1. Correct it.');
	const options = { horizonDays, breakEvenPrecision };
	const { result, suggestion } = await gateSuggestion(call.database, tenant, refOf(call), actorFor(call), options);
	return { tenantId: tenant, result, ...suggestion };
};
