import { existsSync, readFileSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { chromium, type Page } from 'playwright-core';

/** Debian's package; another Chromium is named by the variable. */
const CHROMIUM = process.env.CHROMIUM_PATH?.trim() || '/usr/bin/chromium';
/** Why no page can be shown here, if none can. */
export const noBrowser = existsSync(CHROMIUM)
	? undefined
	: `no Chromium at ${CHROMIUM}: apt-get install chromium, or set CHROMIUM_PATH`;

const TAGS = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa'];
const AXE = readFileSync(require.resolve('axe-core/axe.min.js'), 'utf8');
const PHONE = { width: 390, height: 844 };
const DESKTOP = { width: 1280, height: 900 };
/** Pixels that a finger needs. */
const FINGER = 44;

export interface Shown {
	name: string;
	url: string;
	/** The second language has the same page with other words. */
	isTranslation?: boolean;
	/** Rules of axe that are not asked of this state. */
	without?: readonly string[];
	/** A stand-in for a phone is no page for one. */
	isForDesktop?: boolean;
	/** What to await before one looks: a page may draw itself. */
	ready?(page: Page): Promise<void>;
}

/** Kinds of faults with what has them; empty when all is well. */
export type Faults = Record<string, string[]>;

/** All that is wrong with the page as it is shown now. */
const LOOK = (without: readonly string[], isForFingers: boolean): string => `(async () => {
	const name = (element) => element.outerHTML.slice(0, 120);
	const rules = ${JSON.stringify(Object.fromEntries(without.map((rule) => [rule, { enabled: false }])))};
	const { violations } = await axe.run(document, { resultTypes: ['violations'], runOnly: ${JSON.stringify(TAGS)}, rules });
	const { scrollWidth } = document.documentElement;
	const out = (one) => one.getBoundingClientRect().right > innerWidth && !one.closest('.scroll');
	const controls = [...document.querySelectorAll('a, button, summary, select, textarea, input:not([type=hidden])')];
	const isSmall = (one) => one.checkVisibility() && !one.matches('.skip') && one.getBoundingClientRect().height < ${FINGER};
	return {
		violations: violations.flatMap(({ id, nodes }) => nodes.map((node) => id + ': ' + node.html.slice(0, 160) + ' ' + node.failureSummary)),
		'too wide': scrollWidth > innerWidth ? [scrollWidth + ' px', ...[...document.querySelectorAll('body *')].filter(out).map(name)] : [],
		'too small': ${isForFingers} ? controls.filter(isSmall).map(name) : [],
	};
})()`;

/** The controls in the order of the page; Tab starts over at its top. */
const CONTROLS = `(() => {
	const all = document.querySelectorAll('a[href], button, summary, select, textarea, input:not([type=hidden]), [tabindex="0"]');
	window.controls = [...all].filter((one) => one.checkVisibility() && !one.disabled);
	document.body.tabIndex = -1;
	document.body.focus();
	document.body.removeAttribute('tabindex');
	return window.controls.length;
})()`;
/** Where Tab came to, and whether one sees it. */
const FOCUSED = `(() => {
	const one = document.activeElement;
	const { outlineStyle, outlineWidth } = getComputedStyle(one);
	const box = one.getBoundingClientRect();
	const isInSight = box.width > 0 && box.left >= 0 && box.bottom > 0 && box.top < innerHeight;
	return { at: window.controls.indexOf(one), isSeen: outlineStyle !== 'none' && parseFloat(outlineWidth) >= 2 && isInSight, html: one.outerHTML.slice(0, 120) };
})()`;

async function walk(page: Page): Promise<string[]> {
	const count = await page.evaluate<number>(CONTROLS);
	const wrong: string[] = [];
	for (let at = 0; at < count; at++) {
		await page.keyboard.press('Tab');
		const focused = await page.evaluate<{ at: number; isSeen: boolean; html: string }>(FOCUSED);
		if (focused.at !== at || !focused.isSeen)
			wrong.push(`Tab ${at + 1} of ${count}: ${focused.at}, ${focused.isSeen ? 'seen' : 'not seen'}: ${focused.html}`);
	}
	return wrong;
}

/** How a page is shown: colours are a matter of the scheme alone, all else one of the width. */
const VIEWS = [
	{ ...{ viewport: DESKTOP, colorScheme: 'light' as const }, ofTranslations: false },
	{ ...{ viewport: PHONE, colorScheme: 'dark' as const }, ofTranslations: false },
	{ ...{ viewport: PHONE, colorScheme: 'light' as const }, ofTranslations: true },
];
type View = (typeof VIEWS)[number];

async function inspect(page: Page, shown: Shown, { viewport, colorScheme, ofTranslations }: View): Promise<Faults> {
	await page.goto(shown.url);
	await shown.ready?.(page);
	const isForFingers = viewport === PHONE && !shown.isForDesktop;
	const seen = await page.evaluate<Faults>(LOOK(shown.without ?? [], isForFingers));
	if (!ofTranslations) seen.keyboard = await walk(page);
	const faults = Object.entries(seen).filter(([, lines]) => lines.length > 0);
	return Object.fromEntries(faults.map(([kind, lines]) => [`${kind} (${colorScheme}, ${viewport.width})`, lines]));
}

/** Looks at each page: axe, both widths, both schemes, and with Tab. */
export async function inspectAll(pages: readonly Shown[]): Promise<Map<string, Faults>> {
	if (noBrowser) throw new Error(noBrowser);
	const browser = await chromium.launch({ executablePath: CHROMIUM, args: ['--no-sandbox', '--disable-gpu'] });
	const found = new Map<string, Faults>();
	try {
		for (const view of VIEWS) {
			const rest = pages.filter(({ isTranslation = false }) => isTranslation === view.ofTranslations);
			const worker = async (): Promise<void> => {
				const context = await browser.newContext({ viewport: view.viewport, colorScheme: view.colorScheme });
				await context.addInitScript(AXE);
				const page = await context.newPage();
				for (let shown = rest.shift(); shown; shown = rest.shift())
					found.set(shown.name, { ...found.get(shown.name), ...(await inspect(page, shown, view)) });
				await context.close();
			};
			await Promise.all(Array.from({ length: Math.min(4, availableParallelism()) }, worker));
		}
		return found;
	} finally {
		await browser.close();
	}
}
