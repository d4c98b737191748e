import { readFileSync } from 'node:fs';
import type { CDPSession, Page } from 'playwright-core';
import { saveScreenshot } from './editor';

/** WCAG 2.0 and 2.1, levels A and AA. */
const LEVELS = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa'];
const AXE = readFileSync(require.resolve('axe-core/axe.min.js'), 'utf8');
/** A laptop, and the narrowest of the phones in use. */
export const WIDTHS = { desktop: { width: 1280, height: 900 }, phone: { width: 390, height: 844 } } as const;
/** Each width and each colour scheme once: what is too pale is so at any width. */
const LOOKS = [
	['desktop', 'light'],
	['phone', 'dark'],
] as const;

const RUN = `axe.run(document, { runOnly: { type: 'tag', values: ${JSON.stringify(LEVELS)} }, resultTypes: ['violations'] }).then(({ violations }) =>
	violations.flatMap(({ id, nodes }) => nodes.map(({ target, failureSummary }) => id + ' ' + target.join(' ') + ' ' + failureSummary.replace(/\\s+/g, ' ').slice(0, 300))))`;
const OVERFLOW = `(() => {
	const { scrollWidth, clientWidth } = document.documentElement;
	if (scrollWidth <= clientWidth) return '';
	const wide = [...document.querySelectorAll('body *')].filter((part) => part.getBoundingClientRect().right > clientWidth + 1 && !part.closest('.scroll'));
	return scrollWidth + ' px of ' + clientWidth + ': ' + wide.slice(0, 3).map((part) => part.tagName + '.' + part.className).join(', ');
})()`;

/** Asked through the browser's own door, which a page's content policy does not close. */
async function ask<T>(session: CDPSession, expression: string): Promise<T> {
	const { result, exceptionDetails } = await session.send('Runtime.evaluate', {
		...{ expression, awaitPromise: true, returnByValue: true },
	});
	if (exceptionDetails) throw new Error(`${exceptionDetails.text} ${exceptionDetails.exception?.description ?? ''}`);
	return result.value as T;
}

/** What is wrong with the page as it stands, on a laptop by day and on a phone by night; leaves it on the phone. */
export async function violationsOf(page: Page, name: string): Promise<string[]> {
	const session = await page.context().newCDPSession(page);
	const found = new Set<string>();
	try {
		await ask(session, AXE);
		for (const [width, colorScheme] of LOOKS) {
			await page.setViewportSize(WIDTHS[width]);
			await page.emulateMedia({ colorScheme });
			const where = `${name}, ${width}, ${colorScheme}`;
			for (const violation of await ask<string[]>(session, RUN)) found.add(`${where}: ${violation}`);
			const overflow = await ask<string>(session, OVERFLOW);
			if (overflow) found.add(`${where}: scrolls sideways, ${overflow}`);
			await saveScreenshot(page, `walk-${name}-${width}`, true);
		}
	} finally {
		await page.emulateMedia({ colorScheme: 'light' });
		await session.detach();
	}
	return [...found];
}
