import { openPractices } from '../../../core/practices';
import { jsonParameter, showFor, type Operation } from '../../shared';
import { answerPage } from '../answer-page';
import { languageField, languageOf, portsOf } from '../fields';

export const description: Operation['description'] = showFor({ operation: ['openPage'] }, [
	{
		displayName: 'Query',
		name: 'query',
		type: 'json',
		required: true,
		default: '={{ $json.query }}',
		description: 'What stands in the address: the token of the link, and the language',
	},
	languageField,
]);

export const execute: Operation['execute'] = async (call) => {
	const query = jsonParameter<Record<string, unknown> | null>(call.context, 'query', call.itemIndex) ?? {};
	const ports = await portsOf(call);
	return await answerPage(languageOf(call), async () => await openPractices(call.database, query, ports));
};
