import { isFactoryError } from '../../core/errors';
import { failurePage, type PageLanguage } from '../../core/leads';

/** What the webhook answers, for Respond to Webhook. */
export interface PageAnswer {
	httpStatus: number;
	html: string;
	[facts: string]: unknown;
}

/** What a link that opens nothing fails with: one page and one status for all; anything else is an error of the workflow. */
const REFUSED = new Set(['VERDICT_LINK_EXPIRED', 'VERDICT_LINK_INVALID', 'VALUE_REFUSED', 'NOT_FOUND']);

/** A page, also where the link does not work. */
export async function answerPage(language: PageLanguage, work: () => Promise<PageAnswer>): Promise<PageAnswer> {
	try {
		return await work();
	} catch (error) {
		if (!isFactoryError(error) || !REFUSED.has(error.code)) throw error;
		return { httpStatus: 404, html: failurePage(error, language), recorded: false, code: error.code };
	}
}
