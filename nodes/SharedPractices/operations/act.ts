import { actOnPractices } from '../../../core/practices';
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
		description: 'What a form of the page sent',
	},
	languageField,
]);

export const execute: Operation['execute'] = async (call) => {
	const form = jsonParameter<Record<string, unknown> | null>(call.context, 'form', call.itemIndex) ?? {};
	const ports = await portsOf(call);
	return await answerPage(languageOf(call), async () => await actOnPractices(call.database, form, ports));
};
