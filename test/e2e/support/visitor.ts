import type { Locator, Page, Response } from 'playwright-core';
import { violationsOf, WIDTHS } from './accessible';
import { openBrowser, type Browser } from './editor';

/** A page of n8n on a busy machine of two cores; the form's own script asks once a second at first. */
const STEP_MS = 60_000;
/** Fields and links of the longest page, several times over. */
const MOST_TABS = 250;

const FOCUS = `(() => {
	const at = document.activeElement;
	if (!at || at === document.body || at === document.documentElement) return null;
	const { outlineStyle, outlineWidth, boxShadow } = getComputedStyle(at);
	const box = at.getBoundingClientRect();
	const name = at.getAttribute('aria-label') || at.textContent || at.getAttribute('name') || '';
	return {
		what: (at.tagName + ' ' + name).replace(/\\s+/g, ' ').trim().slice(0, 60),
		isMarked: (outlineStyle !== 'none' && parseFloat(outlineWidth) > 0) || boxShadow !== 'none',
		isOnScreen: box.width > 0 && box.bottom > 0 && box.top < innerHeight && box.right > 0 && box.left < innerWidth,
	};
})()`;

interface Focus {
	what: string;
	isMarked: boolean;
	isOnScreen: boolean;
}

/** A person at a keyboard without a mouse, who sees where they are. */
export class Visitor {
	/** What was wrong with our pages on the way. */
	readonly found: string[] = [];
	/** The same of n8n's own form pages, which are not ours to mend. */
	readonly foreign: string[] = [];

	private constructor(
		private readonly browser: Browser,
		readonly page: Page,
	) {}

	static async open(login: { username: string; password: string }): Promise<Visitor> {
		const browser = await openBrowser({ viewport: WIDTHS.desktop, locale: 'pt-BR', httpCredentials: login });
		browser.page.setDefaultTimeout(STEP_MS);
		return new Visitor(browser, browser.page);
	}

	async close(): Promise<void> {
		await this.browser.close();
	}

	/** Another tab of the same browser. */
	async newTab(): Promise<Visitor> {
		const page = await this.page.context().newPage();
		page.setDefaultTimeout(STEP_MS);
		return new Visitor({ page, close: async () => await page.close() }, page);
	}

	async goTo(url: string): Promise<Response> {
		return (await this.page.goto(url))!;
	}

	/** Looks at the page on a laptop and on a phone, in both colour schemes. */
	async look(name: string, isOurs = true): Promise<void> {
		(isOurs ? this.found : this.foreign).push(...(await violationsOf(this.page, name)));
	}

	/** How wide the window is from here on. */
	async resize(width: keyof typeof WIDTHS): Promise<void> {
		await this.page.setViewportSize(WIDTHS[width]);
	}

	/** Tab by tab; each stop on the way must be marked and on the screen. */
	async tabTo(target: Locator, isOurs = true): Promise<void> {
		const { page } = this;
		await target.waitFor();
		const passed: string[] = [];
		for (let tabs = 0; tabs < MOST_TABS; tabs++) {
			if (await target.evaluate((element) => element === element.ownerDocument.activeElement)) return;
			await page.keyboard.press('Tab');
			const focus = await page.evaluate<Focus | null>(FOCUS);
			if (!focus) continue;
			passed.push(focus.what);
			const problem = focus.isMarked ? (focus.isOnScreen ? '' : 'is off the screen') : 'does not show its focus';
			if (problem) (isOurs ? this.found : this.foreign).push(`${await page.title()}: ${focus.what} ${problem}`);
		}
		throw new Error(`No key reaches ${target.toString()} past ${[...new Set(passed)].join(' | ')}`);
	}

	/** In place of what stands there. */
	async type(target: Locator, text: string, isOurs = true): Promise<void> {
		await this.tabTo(target, isOurs);
		await this.page.keyboard.press('ControlOrMeta+A');
		await this.page.keyboard.press('Delete');
		await this.page.keyboard.type(text);
	}

	/** A choice of a list, by the beginning of its name. */
	async choose(target: Locator, name: string, isOurs = true): Promise<void> {
		await this.tabTo(target, isOurs);
		await this.page.keyboard.type(name);
	}

	async press(target: Locator, key = 'Enter', isOurs = true): Promise<void> {
		await this.tabTo(target, isOurs);
		await this.page.keyboard.press(key);
	}

	/** Presses what the page calls so, and waits for the heading of the next one. */
	async follow(role: 'link' | 'button', name: string | RegExp, heading: string | RegExp): Promise<void> {
		await this.press(this.page.getByRole(role, { name }).first());
		await this.heading(heading);
	}

	async heading(name: string | RegExp): Promise<void> {
		await this.page.getByRole('heading', { name }).first().waitFor();
	}

	/** Until the page says so by itself. */
	async sees(text: string | RegExp): Promise<void> {
		await this.page.getByText(text).first().waitFor();
	}
}
