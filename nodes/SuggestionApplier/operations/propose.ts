import { proposeFrom } from '../../../core/improvement';
import { findingsSchema } from '../../../core/reflection';
import { fromItem, jsonParameter, refuse, showFor, tenantField, tenantId, type Operation } from '../../shared';
import { actorFor, languageField, languageOf } from '../fields';

export const description: Operation['description'] = showFor({ operation: ['propose'] }, [
	tenantField(),
	{
		displayName: 'Findings',
		name: 'findings',
		type: 'json',
		required: true,
		default: fromItem('findings'),
		description: 'What the reflection found, as the Reflection Judge gives it: enums, numbers and shared stems',
	},
	languageField,
]);

export const execute: Operation['execute'] = async (call) => {
	const tenant = await tenantId(call.context, call.database, call.itemIndex);
	const findings = findingsSchema.safeParse(jsonParameter(call.context, 'findings', call.itemIndex));
	// What is wrong is not repeated: it may be somebody's text.
	if (!findings.success) throw refuse('findings', 'is not what a reflection gives. Pass the findings on as they came.');
	const options = { language: languageOf(call), now: new Date() };
	const { suggestion, ...proposal } = await proposeFrom(call.database, tenant, findings.data, options, actorFor(call));
	return { tenantId: tenant, ...proposal, proposed: suggestion !== null, ...suggestion };
};
