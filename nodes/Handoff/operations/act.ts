import { actOnHandoffPage } from '../../../core/handoff';
import { jsonParameter, showFor, type Operation } from '../../shared';
import { answerPage } from '../answer-page';
import { languageField, languageOf, portsOf } from '../fields';

export const description: Operation['description'] = showFor({ operation: ['act'] }, [
	{
		displayName: 'Form',
		name: 'form',
		type: 'json',
		required: true,
		default: '={{ $json.body }}',
		description: 'What the form of the page sent: the token of the link, the conversation, what to do and its text',
	},
	languageField,
]);

export const execute: Operation['execute'] = async (call) => {
	const form = jsonParameter<Record<string, unknown> | null>(call.context, 'form', call.itemIndex) ?? {};
	const ports = await portsOf(call);
	return await answerPage(languageOf(call), async () => {
		const acted = await actOnHandoffPage(call.database, form, ports);
		return { httpStatus: acted.problem ? 409 : 200, ...acted };
	});
};
