import { isFactoryError } from '../../core/errors';
import { failurePage, type OnboardingLanguage } from '../../core/onboarding';

/** What the webhook answers, for Respond to Webhook. */
export interface PageAnswer {
	httpStatus: number;
	html: string;
	[facts: string]: unknown;
}

/** Who holds a link reads what is wrong; anything else is an error of the workflow. */
const STATUS: Record<string, number> = {
	// Forged, foreign and expired look alike.
	PAGE_LINK_EXPIRED: 404,
	PAGE_LINK_INVALID: 404,
	ONBOARDING_NOT_FOUND: 404,
	PAGE_LINK_USED: 410,
	ONBOARDING_CHANGED: 410,
	ONBOARDING_NOTE_MISSING: 422,
	VALUE_REFUSED: 400,
	WRONG_STATE: 409,
};

/** A page, also where the link or the decision does not work: then with what was typed. */
export async function answerPage(
	language: OnboardingLanguage | null,
	work: () => Promise<PageAnswer>,
	typed = '',
): Promise<PageAnswer> {
	try {
		return await work();
	} catch (error) {
		if (!isFactoryError(error) || !(error.code in STATUS)) throw error;
		// The page with its field marked, where one can be shown.
		const shown = (error.details as { html?: unknown } | undefined)?.html;
		const html = typeof shown === 'string' ? shown : failurePage(error, language ?? 'pt-BR', typed);
		return { httpStatus: STATUS[error.code], html, decision: null, errorCode: error.code };
	}
}
