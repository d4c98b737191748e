import { openOnboardingLink } from '../../../core/onboarding';
import { nodeVault, requiredText, showFor, type Operation } from '../../shared';
import { answerPage } from '../answer-page';
import { pageLanguageField, pageLanguageOf, tokenField } from '../fields';

export const description: Operation['description'] = showFor({ operation: ['openApprovalLink'] }, [
	tokenField('query'),
	pageLanguageField,
]);

export const execute: Operation['execute'] = async (call) => {
	const language = pageLanguageOf(call);
	const ports = { vault: await nodeVault(call.context), now: Date.now };
	return await answerPage(language, async () => {
		const card = await openOnboardingLink(call.database, requiredText(call, 'token'), language, ports);
		return { httpStatus: 200, decision: null, ...card };
	});
};
