import { confirmationPage, readVerdictLink, type PageLanguage } from '../../../core/leads';
import { nodeVault, requiredText, showFor, type Operation } from '../../shared';
import { answerPage } from '../answer-page';
import { languageField, tokenField } from '../fields';

export const description: Operation['description'] = showFor({ operation: ['openVerdictLink'] }, [
	tokenField('query'),
	languageField,
]);

export const execute: Operation['execute'] = async (call) => {
	const { context, itemIndex } = call;
	const language = context.getNodeParameter('language', itemIndex) as PageLanguage;
	const vault = await nodeVault(context);
	return await answerPage(language, async () => {
		const token = requiredText(call, 'token');
		const link = readVerdictLink(token, { vault, now: Date.now });
		return { httpStatus: 200, html: confirmationPage(link.verdict, token, language), recorded: false, ...link };
	});
};
