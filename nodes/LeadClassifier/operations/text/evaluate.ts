import { evaluateCases } from '../../../../core/leads';
import { jsonParameter, showFor, tenantField, tenantId, type Operation } from '../../../shared';
import { refuse } from '../../../shared/text';
import { classifyPorts } from '../../classify-items';

export const description: Operation['description'] = showFor({ resource: ['text'], operation: ['evaluate'] }, [
	tenantField(),
	{
		displayName: 'Messages',
		name: 'cases',
		type: 'json',
		required: true,
		default: '={{ $input.all().map((item) => item.json) }}',
		description:
			'List of {"text", "label"} with optional "profile" and "known"; label is a class, or LEAD where the temperature is open. The node runs once for all of it: set Execute Once.',
	},
	{
		displayName: 'Ask Model',
		name: 'askModel',
		type: 'boolean',
		default: false,
		description: 'Whether the model is asked where the rules are unsure, which costs tokens',
	},
]);

export const execute: Operation['execute'] = async ({ context, database, itemIndex }) => {
	const tenant = await tenantId(context, database, itemIndex);
	const cases = jsonParameter(context, 'cases', itemIndex);
	if (!Array.isArray(cases)) throw refuse('cases', 'is not a list. Give e.g. [{"text": "oi", "label": "LEAD_COLD"}].');
	const askModel = context.getNodeParameter('askModel', itemIndex) as boolean;
	return await evaluateCases(database, tenant, cases, classifyPorts(context), { askModel });
};
