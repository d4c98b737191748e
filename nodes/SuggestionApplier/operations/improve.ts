import { improveFrom } from '../../../core/improvement';
import { findingsSchema } from '../../../core/reflection';
import { fromItem, jsonParameter, refuse, showFor, tenantField, tenantId, type Operation } from '../../shared';
import { languageField, languageOf } from '../fields';

export const description: Operation['description'] = showFor({ operation: ['improve'] }, [
	tenantField(),
	{
		displayName: 'Findings',
		name: 'findings',
		type: 'json',
		required: true,
		default: fromItem('findings'),
		description: 'What the reflection found, as the Reflection Judge gives it',
	},
	{
		displayName: 'Automatic Changes Blocked',
		name: 'autoUpdateBlocked',
		type: 'boolean',
		default: '={{ $json.autoUpdateBlocked }}',
		description: 'Whether a person has to decide in any case; the Reflection Judge says so',
	},
	languageField,
]);

export const execute: Operation['execute'] = async (call) => {
	const { context, database, itemIndex } = call;
	const tenant = await tenantId(context, database, itemIndex);
	const findings = findingsSchema.safeParse(jsonParameter(context, 'findings', itemIndex));
	if (!findings.success) throw refuse('findings', 'is not what a reflection gives. Pass the findings on as they came.');
	const options = {
		language: languageOf(call),
		now: new Date(),
		autoUpdateBlocked: context.getNodeParameter('autoUpdateBlocked', itemIndex) !== false,
	};
	const { suggestion, ...rest } = await improveFrom(database, tenant, findings.data, options);
	return { tenantId: tenant, ...rest, ...suggestion };
};
