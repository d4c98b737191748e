import type { Verdict } from './record';

export type PageLanguage = 'pt-BR' | 'en' | 'es';

interface Words {
	verdicts: Record<Verdict, string>;
	question: string;
	confirm: string;
	done: string;
	doneText: string;
	failed: string;
}

const WORDS: Record<PageLanguage, Words> = {
	'pt-BR': {
		verdicts: { bom: 'Lead bom', ruim: 'Lead ruim', pessoal: 'Pessoal', spam: 'Spam', concorrente: 'Concorrente' },
		question: 'Confirmar a avaliação deste lead?',
		confirm: 'Confirmar',
		done: 'Anotado',
		doneText: 'Obrigado. Pode fechar esta página.',
		failed: 'Não deu certo',
	},
	en: {
		verdicts: { bom: 'Good lead', ruim: 'Bad lead', pessoal: 'Personal', spam: 'Spam', concorrente: 'Competitor' },
		question: 'Confirm your verdict on this lead?',
		confirm: 'Confirm',
		done: 'Noted',
		doneText: 'Thank you. You may close this page.',
		failed: 'That did not work',
	},
	es: {
		verdicts: { bom: 'Buen lead', ruim: 'Mal lead', pessoal: 'Personal', spam: 'Spam', concorrente: 'Competidor' },
		question: '¿Confirmar la evaluación de este lead?',
		confirm: 'Confirmar',
		done: 'Anotado',
		doneText: 'Gracias. Puede cerrar esta página.',
		failed: 'No funcionó',
	},
};

const ENTITIES: Record<string, string> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;', "'": '&#39;' };
const escape = (text: string): string => text.replace(/[&<>"']/g, (found) => ENTITIES[found]);

const STYLE =
	'body{font:18px system-ui,sans-serif;margin:15vh auto;max-width:22rem;padding:0 1rem;text-align:center}button{font:inherit;width:100%;padding:.9rem;border:0;border-radius:.5rem;background:#16324f;color:#fff}';

const page = (language: PageLanguage, title: string, body: string): string =>
	`<!doctype html><html lang="${language}"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width,initial-scale=1"><meta name="robots" content="noindex"><meta name="referrer" content="no-referrer"><title>${escape(title)}</title><style>${STYLE}</style></head><body><h1>${escape(title)}</h1>${body}</body></html>`;

/** Opening a link changes nothing: messengers fetch it for their preview. The button records. */
export const confirmationPage = (verdict: Verdict, token: string, language: PageLanguage): string => {
	const words = WORDS[language];
	return page(
		language,
		words.verdicts[verdict],
		`<p>${escape(words.question)}</p><form method="post"><input type="hidden" name="token" value="${escape(token)}"><button>${escape(words.confirm)}</button></form>`,
	);
};

export const thanksPage = (verdict: Verdict, language: PageLanguage): string => {
	const words = WORDS[language];
	return page(language, words.done, `<p>${escape(words.verdicts[verdict])}</p><p>${escape(words.doneText)}</p>`);
};

export const failurePage = (why: string, language: PageLanguage): string =>
	page(language, WORDS[language].failed, `<p>${escape(why)}</p>`);
