import { classifyText, type TriedText } from '../../../../core/leads';
import { jsonParameter, showFor, tenantField, tenantId, type Operation } from '../../../shared';
import { refuse, requiredText, textOf } from '../../../shared/text';
import { classifyPorts } from '../../classify-items';

export const description: Operation['description'] = showFor({ resource: ['text'], operation: ['classify'] }, [
	tenantField(),
	{
		displayName: 'Text',
		name: 'text',
		type: 'string',
		typeOptions: { rows: 4 },
		required: true,
		default: '',
		placeholder: 'Oi, quanto custa o plano anual?',
		description: 'What the person wrote',
	},
	{
		displayName: 'Username or Phone',
		name: 'username',
		type: 'string',
		default: '',
		description: 'Who wrote, to look among the known contacts; may stay empty',
	},
	{
		displayName: 'Profile',
		name: 'profile',
		type: 'json',
		default: '{}',
		description: 'What is known of the person, e.g. {"bio": "Dona de loja", "followers_count": 5000}',
	},
]);

export const execute: Operation['execute'] = async (call) => {
	const { context, itemIndex, database } = call;
	const tenant = await tenantId(context, database, itemIndex);
	const profile = jsonParameter(context, 'profile', itemIndex);
	if (typeof profile !== 'object' || profile === null || Array.isArray(profile)) {
		throw refuse('profile', 'is not a JSON object. Write e.g. {}.');
	}
	const given: TriedText = {
		text: requiredText(call, 'text'),
		username: textOf(call, 'username'),
		profile: profile as Record<string, unknown>,
	};
	return await classifyText(database, tenant, given, classifyPorts(context));
};
