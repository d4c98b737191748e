import { escape, type PageLanguage } from './html';
import { STYLE } from './style';

/** Sellers who speak Spanish give verdicts too. */
export type FrameLanguage = PageLanguage | 'es';

const SKIP: Record<FrameLanguage, string> = {
	'pt-BR': 'Ir para o conteúdo',
	en: 'Skip to the content',
	es: 'Ir al contenido',
};

export interface PageSettings {
	/** Of the page itself, where the tab of the browser says more. */
	heading?: string;
	/** Links between pages; who goes by keyboard may skip them. */
	navigation?: string;
	/** HTML under the heading. */
	intro?: string;
	/** Seconds after which the page asks for itself again: only for who asked for that, see `reloadLink`. */
	refreshSeconds?: number;
	/** For tables and charts; text pages stay narrow. */
	isWide?: boolean;
}

/** A page that needs nothing from outside and no script: header with one heading, then `main` with the body. */
export const frame = (
	language: FrameLanguage,
	title: string,
	body: string,
	{ heading = title, navigation = '', intro = '', refreshSeconds, isWide }: PageSettings = {},
): string =>
	[
		`<!doctype html><html lang="${language}"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width,initial-scale=1">`,
		'<meta name="robots" content="noindex"><meta name="referrer" content="no-referrer">',
		refreshSeconds ? `<meta http-equiv="refresh" content="${refreshSeconds}">` : '',
		`<title>${escape(title)}</title><style>${STYLE}</style></head><body${isWide ? ' class="wide"' : ''}>`,
		navigation ? `<a class="skip" href="#content">${SKIP[language]}</a>` : '',
		`<header>${navigation}<h1>${escape(heading)}</h1>${intro}</header><main id="content">${body}</main></body></html>`,
	].join('');
