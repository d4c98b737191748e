import { refusedPage } from '../../core/dashboard';
import { isFactoryError } from '../../core/errors';

/** What the webhook answers, for Respond to Webhook. */
export interface PageAnswer {
	httpStatus: number;
	html: string;
	[facts: string]: unknown;
}

/** A source that the page does not name is no slip of who presses its buttons. */
const REFUSED = ['DASHBOARD_LINK_REFUSED', 'VALUE_REFUSED'];

/** One page for every link that opens nothing; anything else is an error of the workflow. */
export async function answerPage(language: 'pt-BR' | 'en', work: () => Promise<{ html: string }>): Promise<PageAnswer> {
	try {
		return { ...(await work()), httpStatus: 200 };
	} catch (error) {
		if (!isFactoryError(error) || !REFUSED.includes(error.code)) throw error;
		return { httpStatus: 404, html: refusedPage(language), done: false, withdrawn: false, code: error.code };
	}
}
