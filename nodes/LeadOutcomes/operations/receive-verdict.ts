import { recordVerdictLink, thanksPage, type PageLanguage, type Verdict } from '../../../core/leads';
import { nodeVault, requiredText, showFor, type Operation } from '../../shared';
import { answerPage } from '../answer-page';
import { languageField, tokenField } from '../fields';

export const description: Operation['description'] = showFor({ operation: ['receiveVerdict'] }, [
	tokenField('body'),
	languageField,
]);

export const execute: Operation['execute'] = async (call) => {
	const { context, itemIndex, database } = call;
	const language = context.getNodeParameter('language', itemIndex) as PageLanguage;
	const vault = await nodeVault(context);
	return await answerPage(language, async () => {
		const outcome = await recordVerdictLink(database, requiredText(call, 'token'), { vault, now: Date.now });
		return { httpStatus: 200, html: thanksPage(outcome.kind as Verdict, language), recorded: true, ...outcome };
	});
};
