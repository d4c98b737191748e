import { isFactoryError } from '../../core/errors';
import { failurePage, type PageLanguage } from '../../core/leads';

/** What the webhook answers, for Respond to Webhook. */
export interface PageAnswer {
	httpStatus: number;
	html: string;
	[facts: string]: unknown;
}

/** Who may tap reads what is wrong; anything else is an error of the workflow. */
const STATUS: Record<string, number> = {
	VERDICT_LINK_EXPIRED: 410,
	VERDICT_LINK_INVALID: 400,
	VALUE_REFUSED: 400,
	NOT_FOUND: 404,
};

/** A page, also where the link does not work. */
export async function answerPage(language: PageLanguage, work: () => Promise<PageAnswer>): Promise<PageAnswer> {
	try {
		return await work();
	} catch (error) {
		if (!isFactoryError(error) || !(error.code in STATUS)) throw error;
		return {
			httpStatus: STATUS[error.code],
			html: failurePage(error, language),
			recorded: false,
			code: error.code,
		};
	}
}
