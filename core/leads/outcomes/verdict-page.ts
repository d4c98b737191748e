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

/** Forged, foreign, expired, or of a lead that is gone: one answer, so that nobody learns which. */
const REFUSED = ['VERDICT_LINK_EXPIRED', 'VERDICT_LINK_INVALID', 'VALUE_REFUSED', 'NOT_FOUND'];

const WORDS: Record<PageLanguage, Words> = {
	'pt-BR': {
		verdicts: { bom: 'Lead bom', ruim: 'Lead ruim', pessoal: 'Pessoal', spam: 'Spam', concorrente: 'Concorrente' },
		question: 'Confirmar a avaliação deste lead?',
		confirm: 'Confirmar',
		done: 'Anotado',
		doneText: 'Obrigado. Pode fechar esta página.',
		failed: 'Não deu certo',
		failures: Object.fromEntries(
			REFUSED.map((code) => [
				code,
				'Este link não abre nada. Ele pode ter vencido; peça um novo, ou anote a avaliação no n8n.',
			]),
		),
	},
	en: {
		verdicts: { bom: 'Good lead', ruim: 'Bad lead', pessoal: 'Personal', spam: 'Spam', concorrente: 'Competitor' },
		question: 'Confirm your verdict on this lead?',
		confirm: 'Confirm',
		done: 'Noted',
		doneText: 'Thank you. You may close this page.',
		failed: 'That did not work',
		failures: Object.fromEntries(
			REFUSED.map((code) => [
				code,
				'This link opens nothing. It may have expired; ask for a new one, or note the verdict in n8n.',
			]),
		),
	},
	es: {
		verdicts: { bom: 'Buen lead', ruim: 'Mal lead', pessoal: 'Personal', spam: 'Spam', concorrente: 'Competidor' },
		question: '¿Confirmar la evaluación de este lead?',
		confirm: 'Confirmar',
		done: 'Anotado',
		doneText: 'Gracias. Puede cerrar esta página.',
		failed: 'No funcionó',
		failures: Object.fromEntries(
			REFUSED.map((code) => [
				code,
				'Este enlace no abre nada. Puede haber vencido; pida uno nuevo, o anote la evaluación en n8n.',
			]),
		),
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
