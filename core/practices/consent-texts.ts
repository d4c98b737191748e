import { sha256Hex } from '../agents';
import type { PageLanguage } from '../pages';
import type { Source } from './defaults';

/** The day of the wording: a new wording is a new version, and receipts name the one that was read. */
export const CONSENT_TEXT_VERSION = '2026-11-22';

export type ConsentPurpose = 'share' | 'receive';

const CHANNEL: Record<Source, string> = { instagram: 'Instagram', messenger: 'Messenger' };

const TEXTS: Record<PageLanguage, { share(channel: string): string; receive: string }> = {
	'pt-BR': {
		share: (channel) =>
			`Autorizo que resultados dos nossos testes com pessoas que nos escreveram pelo ${channel} contem, somados aos de pelo menos outros cinco negócios, como evidência de práticas compartilhadas. ` +
			'Saem daqui só números arredondados sobre mudanças de tipos conhecidos (limites de pontuação, aprendizados de uma lista nossa, esforço e tamanho das respostas). ' +
			'Nunca saem textos, nomes, contatos, palavras-chave nem dados do WhatsApp, e ninguém fica sabendo quem participou. Posso retirar esta autorização quando quiser, com efeito imediato.',
		receive:
			'Quero receber práticas que ajudaram outros negócios. Cada uma chega como uma sugestão comum: passa pelos mesmos testes, só vale depois da aprovação de uma pessoa nossa e começa com um décimo das conversas. ' +
			'Se uma prática perder o apoio de que precisa, o que veio dela é desfeito aqui e nós somos avisados.',
	},
	en: {
		share: (channel) =>
			`I agree that results of our own trials with people who wrote to us on ${channel} count, added to those of at least five other businesses, as evidence for shared practices. ` +
			'Only rounded figures about changes of known kinds leave here (score thresholds, rules from a list of ours, effort and length of answers). ' +
			'No texts, names, contacts or keywords leave, nothing from WhatsApp, and nobody learns who took part. I can take this back at any time, at once.',
		receive:
			'We want to receive practices that helped other businesses. Each arrives as an ordinary suggestion: it passes the same tests, counts only after one of our own people approved it, and begins with a tenth of the conversations. ' +
			'If a practice loses the support it needs, what came from it is undone here and we are told.',
	},
};

/** What somebody reads before they agree. */
export const consentText = (purpose: ConsentPurpose, source: Source | null, language: PageLanguage): string =>
	purpose === 'receive' || source === null ? TEXTS[language].receive : TEXTS[language].share(CHANNEL[source]);

export const consentTextSha256 = (purpose: ConsentPurpose, source: Source | null, language: PageLanguage): string =>
	sha256Hex(consentText(purpose, source, language));

export const channelName = (source: Source): string => CHANNEL[source];
