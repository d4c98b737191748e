import { openReportLink } from '../../../core/onboarding';
import { nodeVault, requiredText, showFor, type Operation } from '../../shared';
import { answerPage } from '../answer-page';
import { pageLanguageField, pageLanguageOf, tokenField } from '../fields';

export const description: Operation['description'] = showFor({ operation: ['openReport'] }, [
	tokenField('query'),
	pageLanguageField,
]);

export const execute: Operation['execute'] = async (call) => {
	const language = pageLanguageOf(call);
	const ports = { vault: await nodeVault(call.context), now: Date.now };
	return await answerPage(language, async () => ({
		httpStatus: 200,
		...(await openReportLink(call.database, requiredText(call, 'token'), language, ports)),
	}));
};
