import { isFactoryError } from '../../core/errors';
import { refusedPage } from '../../core/dashboard';

/** What the webhook answers, for Respond to Webhook. */
export interface PageAnswer {
	httpStatus: number;
	html: string;
	/** Empty unless the browser goes on to another page. */
	location: string;
	[facts: string]: unknown;
}

/** One page for every link that opens nothing; anything else is an error of the workflow. */
export async function answerPage<T extends { html: string; location?: string; isRefused?: boolean }>(
	language: 'pt-BR' | 'en',
	work: () => Promise<T>,
): Promise<PageAnswer> {
	try {
		const page = await work();
		// 422: the form comes back with what is wrong beside its field.
		const httpStatus = page.isRefused ? 422 : page.location ? 303 : 200;
		return { ...page, httpStatus, location: page.location ?? '' };
	} catch (error) {
		if (!isFactoryError(error) || error.code !== 'DASHBOARD_LINK_REFUSED') throw error;
		return { httpStatus: 404, html: refusedPage(language), location: '', code: error.code };
	}
}
