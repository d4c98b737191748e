import { actOnDashboard, type PageQuery } from '../../../core/dashboard';
import { jsonParameter, placeNotice, requiredText, showFor, type Operation } from '../../shared';
import { answerPage } from '../answer-page';
import { approvalUrlField, languageField, languageOf, mailNodeField, pagePortsOf, pageUrlField } from '../fields';

export const description: Operation['description'] = showFor({ operation: ['act'] }, [
	placeNotice('Stands behind a webhook of workflow 62. For a link that you give somebody choose Create Page Link.'),
	{
		displayName: 'Form',
		name: 'form',
		type: 'json',
		required: true,
		default: '={{ $json.body }}',
		description: 'What a form of the page sent',
	},
	pageUrlField,
	approvalUrlField,
	mailNodeField,
	languageField,
]);

export const execute: Operation['execute'] = async (call) => {
	const form = jsonParameter<PageQuery | null>(call.context, 'form', call.itemIndex) ?? {};
	const ports = await pagePortsOf(call);
	const acts = { database: call.database, form, pageUrl: requiredText(call, 'pageUrl'), ports };
	return await answerPage(languageOf(call), async () => await actOnDashboard(acts));
};
