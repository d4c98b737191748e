import { isFactoryError } from '../../core/errors';
import { approvalFailurePage, type CardLanguage } from '../../core/improvement';

/** What the webhook answers, for Respond to Webhook. */
export interface PageAnswer {
	httpStatus: number;
	html: string;
	[facts: string]: unknown;
}

/** Who decides reads what is wrong; anything else is an error of the workflow. */
const STATUS: Record<string, number> = {
	// Forged, foreign and expired look alike.
	APPROVAL_LINK_EXPIRED: 404,
	APPROVAL_LINK_INVALID: 404,
	NOT_FOUND: 404,
	APPROVAL_LINK_USED: 410,
	SUGGESTION_INVALID: 400,
	VALUE_REFUSED: 400,
	WRONG_STATE: 409,
	ROLLOUT_REFUSED: 409,
};

/** A page, also where the link or the decision does not work: then with what was typed. */
export async function answerPage(
	language: CardLanguage,
	work: () => Promise<PageAnswer>,
	typed = '',
): Promise<PageAnswer> {
	try {
		return await work();
	} catch (error) {
		if (!isFactoryError(error) || !(error.code in STATUS)) throw error;
		// The card with its field marked, where one can be shown.
		const shown = (error.details as { html?: unknown } | undefined)?.html;
		const html = typeof shown === 'string' ? shown : approvalFailurePage(error, language, typed);
		return { httpStatus: STATUS[error.code], html, decided: null, code: error.code };
	}
}
