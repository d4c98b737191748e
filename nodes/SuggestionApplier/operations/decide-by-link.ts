import { decideByLink } from '../../../core/improvement';
import { nodeVault, requiredText, showFor, type Operation } from '../../shared';
import { answerPage } from '../answer-page';
import { textOf } from '../../shared/text';
import { languageField, languageOf, tokenField } from '../fields';

export const description: Operation['description'] = showFor({ operation: ['decideByLink'] }, [
	tokenField('body'),
	{
		displayName: 'Decision',
		name: 'decision',
		type: 'string',
		required: true,
		default: '={{ $json.body.decision }}',
		description: 'What the person pressed: approve, reject, needs_data, edit or close',
	},
	{
		displayName: 'Reason',
		name: 'linkReason',
		type: 'string',
		default: '={{ $json.body.reason }}',
		description: 'Why not, when it was rejected',
	},
	{
		displayName: 'Edited Changes',
		name: 'edited',
		type: 'string',
		default: '={{ $json.body.operations }}',
		description: 'The operations as the person edited them',
	},
	languageField,
]);

export const execute: Operation['execute'] = async (call) => {
	const language = languageOf(call);
	const vault = await nodeVault(call.context);
	const given = {
		decision: textOf(call, 'decision'),
		reason: textOf(call, 'linkReason'),
		operations: textOf(call, 'edited'),
	};
	const decide = async () => {
		const token = requiredText(call, 'token');
		const made = await decideByLink(call.database, token, given, language, { vault, now: Date.now });
		return { httpStatus: 200, ...made };
	};
	return await answerPage(language, decide, given.decision === 'edit' ? given.operations : '');
};
