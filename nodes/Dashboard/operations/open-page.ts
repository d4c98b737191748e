import { openDashboard, type PageQuery } from '../../../core/dashboard';
import { jsonParameter, placeNotice, showFor, type Operation } from '../../shared';
import { answerPage } from '../answer-page';
import { approvalUrlField, languageField, languageOf, mailNodeField, pagePortsOf } from '../fields';

export const description: Operation['description'] = showFor({ operation: ['openPage'] }, [
	placeNotice('Stands behind a webhook of workflow 62. For a link that you give somebody choose Create Page Link.'),
	{
		displayName: 'Query',
		name: 'query',
		type: 'json',
		required: true,
		default: '={{ $json.query }}',
		description: 'What stands in the address: the token of the link, and which view of the page',
	},
	approvalUrlField,
	mailNodeField,
	languageField,
]);

export const execute: Operation['execute'] = async (call) => {
	const query = jsonParameter<PageQuery | null>(call.context, 'query', call.itemIndex) ?? {};
	const language = languageOf(call);
	const ports = await pagePortsOf(call);
	return await answerPage(
		language,
		async () => await openDashboard(call.database, { lang: language, ...query }, ports),
	);
};
