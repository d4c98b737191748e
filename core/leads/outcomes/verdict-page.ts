import { button, form, frame, paragraph, type FrameLanguage } from '../../pages';
import type { Verdict } from './record';

export type PageLanguage = FrameLanguage;

interface Words {
	verdicts: Record<Verdict, string>;
	question: string;
	confirm: string;
	done: string;
	doneText: string;
	failed: string;
	/** What is wrong, by the error's code; of the others the error's own words. */
	failures: Readonly<Record<string, string>>;
}

const WORDS: Record<PageLanguage, Words> = {
	'pt-BR': {
		verdicts: { bom: 'Lead bom', ruim: 'Lead ruim', pessoal: 'Pessoal', spam: 'Spam', concorrente: 'Concorrente' },
		question: 'Confirmar a avaliação deste lead?',
		confirm: 'Confirmar',
		done: 'Anotado',
		doneText: 'Obrigado. Pode fechar esta página.',
		failed: 'Não deu certo',
		failures: {
			VERDICT_LINK_EXPIRED: 'Este link venceu. Peça um novo, ou anote a avaliação no n8n.',
			VERDICT_LINK_INVALID: 'Este link não abre nada. Peça um novo.',
			VALUE_REFUSED: 'Este link não abre nada. Peça um novo.',
			NOT_FOUND: 'Este lead não existe mais.',
		},
	},
	en: {
		verdicts: { bom: 'Good lead', ruim: 'Bad lead', pessoal: 'Personal', spam: 'Spam', concorrente: 'Competitor' },
		question: 'Confirm your verdict on this lead?',
		confirm: 'Confirm',
		done: 'Noted',
		doneText: 'Thank you. You may close this page.',
		failed: 'That did not work',
		failures: {},
	},
	es: {
		verdicts: { bom: 'Buen lead', ruim: 'Mal lead', pessoal: 'Personal', spam: 'Spam', concorrente: 'Competidor' },
		question: '¿Confirmar la evaluación de este lead?',
		confirm: 'Confirmar',
		done: 'Anotado',
		doneText: 'Gracias. Puede cerrar esta página.',
		failed: 'No funcionó',
		failures: {
			VERDICT_LINK_EXPIRED: 'Este enlace venció. Pida uno nuevo, o anote la evaluación en n8n.',
			VERDICT_LINK_INVALID: 'Este enlace no abre nada. Pida uno nuevo.',
			VALUE_REFUSED: 'Este enlace no abre nada. Pida uno nuevo.',
			NOT_FOUND: 'Este lead ya no existe.',
		},
	},
};

/** Opening a link changes nothing: messengers fetch it for their preview. The button records. */
export const confirmationPage = (verdict: Verdict, token: string, language: PageLanguage): string => {
	const words = WORDS[language];
	const asked = paragraph(words.question) + form({ token }, button(words.confirm, true));
	return frame(language, words.verdicts[verdict], asked);
};

export const thanksPage = (verdict: Verdict, language: PageLanguage): string => {
	const words = WORDS[language];
	return frame(language, words.done, paragraph(words.verdicts[verdict]) + paragraph(words.doneText));
};

/** What is wrong, by the error's code, in the words of who reads it. */
export const failurePage = (why: { code: string; message: string }, language: PageLanguage): string =>
	frame(language, WORDS[language].failed, paragraph(WORDS[language].failures[why.code] ?? why.message));
