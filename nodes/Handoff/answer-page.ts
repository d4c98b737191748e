import { isFactoryError } from '../../core/errors';
import { refusedPage } from '../../core/handoff';

/** What the webhook answers, for Respond to Webhook. */
export interface PageAnswer {
	httpStatus: number;
	html: string;
	[facts: string]: unknown;
}

/** One page for every link that opens nothing; anything else is an error of the workflow. */
export async function answerPage(language: 'pt-BR' | 'en', work: () => Promise<PageAnswer>): Promise<PageAnswer> {
	try {
		return await work();
	} catch (error) {
		if (!isFactoryError(error) || error.code !== 'HANDOFF_LINK_REFUSED') throw error;
		return { httpStatus: 404, html: refusedPage(language), code: error.code };
	}
}
