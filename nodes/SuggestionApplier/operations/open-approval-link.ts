import { openApproval } from '../../../core/improvement';
import { nodeVault, requiredText, showFor, type Operation } from '../../shared';
import { answerPage } from '../answer-page';
import { languageField, languageOf, tokenField } from '../fields';

export const description: Operation['description'] = showFor({ operation: ['openApprovalLink'] }, [
	tokenField('query'),
	languageField,
]);

export const execute: Operation['execute'] = async (call) => {
	const language = languageOf(call);
	const vault = await nodeVault(call.context);
	return await answerPage(language, async () => {
		const ports = { vault, now: Date.now };
		const card = await openApproval(call.database, requiredText(call, 'token'), language, ports);
		return { httpStatus: 200, decided: null, ...card };
	});
};
