import { FactoryError } from '../../core/errors';
import { answerPage as answerVerdict } from '../../nodes/LeadOutcomes/answer-page';
import { answerPage as answerOnboarding } from '../../nodes/Onboarding/answer-page';
import { answerPage as answerSuggestion } from '../../nodes/SuggestionApplier/answer-page';
import { pageOfError } from '../../core/crm';

const failing = (code: string) => async (): Promise<never> =>
	await Promise.reject(new FactoryError(code, `The words of ${code}.`));

/** What each page answers to a link that it does not open. */
const PAGES = {
	verdict: {
		answer: answerVerdict,
		codes: ['VERDICT_LINK_INVALID', 'VERDICT_LINK_EXPIRED', 'NOT_FOUND', 'VALUE_REFUSED'],
	},
	onboarding: {
		answer: answerOnboarding,
		codes: ['PAGE_LINK_INVALID', 'PAGE_LINK_EXPIRED', 'ONBOARDING_NOT_FOUND'],
	},
	suggestion: {
		answer: answerSuggestion,
		codes: ['APPROVAL_LINK_INVALID', 'APPROVAL_LINK_EXPIRED', 'NOT_FOUND'],
	},
} as const;

test.each(
	Object.entries(PAGES).flatMap(([name, page]) =>
		(['pt-BR', 'en'] as const).map((lang) => [name, lang, page] as const),
	),
)(
	'the %s page answers a forged, a foreign and an expired link with one 404, in %s',
	async (_name, language, { answer, codes }) => {
		const answers = await Promise.all(codes.map(async (code) => await answer(language, failing(code))));
		expect(answers.map(({ httpStatus }) => httpStatus)).toEqual(codes.map(() => 404));
		expect(new Set(answers.map(({ html }) => html)).size).toBe(1);
	},
);

test('the page of connecting an account answers both alike too', () => {
	const found = ['PAGE_LINK_INVALID', 'PAGE_LINK_EXPIRED'].map((code) => pageOfError(new FactoryError(code, 'x')));
	expect(found).toEqual([found[0], found[0]]);
	expect(found[0].status).toBe(404);
});
