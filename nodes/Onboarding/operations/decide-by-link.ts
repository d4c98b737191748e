import { codeOf, decideOnboardingLink } from '../../../core/onboarding';
import { nodeVault, requiredText, showFor, type Operation } from '../../shared';
import { textOf } from '../../shared/text';
import { answerPage } from '../answer-page';
import { pageLanguageField, pageLanguageOf, tokenField } from '../fields';

export const description: Operation['description'] = showFor({ operation: ['decideByLink'] }, [
	tokenField('body'),
	{
		displayName: 'Decision',
		name: 'decision',
		type: 'string',
		required: true,
		default: '={{ $json.body.decision }}',
		description: 'What the person pressed: approve or changes',
	},
	{
		displayName: 'Note',
		name: 'note',
		type: 'string',
		default: '={{ $json.body.note }}',
		description: 'What should change',
	},
	pageLanguageField,
]);

export const execute: Operation['execute'] = async (call) => {
	const language = pageLanguageOf(call);
	const ports = { vault: await nodeVault(call.context), now: Date.now };
	const given = { decision: textOf(call, 'decision'), note: textOf(call, 'note') };
	const decide = async () => {
		const decided = await decideOnboardingLink(call.database, requiredText(call, 'token'), given, language, ports);
		return { httpStatus: 200, code: codeOf({ tenantId: decided.tenantId, id: decided.onboardingId }), ...decided };
	};
	return await answerPage(language, decide, given.note);
};
