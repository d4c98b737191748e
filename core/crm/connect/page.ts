import { isFactoryError } from '../../errors';
import { frame, paragraph, type PageLanguage } from '../../pages';

export type { PageLanguage };

const WORDS = {
	'pt-BR': {
		done: ['Conta conectada', (account: string) => `${account} está conectada. Você já pode fechar esta página.`],
		used: ['Link já usado', () => 'Este link já foi usado. Se a conta não estiver conectada, peça um novo.'],
		denied: ['Sem permissão', () => 'A permissão não foi dada. Abra o link de novo e aceite o que é pedido.'],
		expired: ['Este link não abre', () => 'O link expirou ou não é válido. Peça um novo a quem o enviou.'],
		failed: ['Não deu certo', () => 'A conta não pôde ser conectada agora. Tente de novo em alguns minutos.'],
	},
	en: {
		done: ['Account connected', (account: string) => `${account} is connected. You can close this page.`],
		used: [
			'Link already used',
			() => 'This link was used already. If the account is not connected, ask for a new one.',
		],
		denied: ['No permission', () => 'Permission was not given. Open the link again and allow what is asked for.'],
		expired: ['This link does not open', () => 'It has expired or is not valid. Ask whoever sent it for a new one.'],
		failed: ['That did not work', () => 'The account could not be connected now. Try again in a few minutes.'],
	},
} as const;
export type ConnectPage = keyof (typeof WORDS)['en'];

/** What the person sees who comes back from the service. Forged, foreign and expired links look alike. */
export function connectPage(page: ConnectPage, language: PageLanguage, account = ''): string {
	const [title, text] = WORDS[language][page];
	return frame(language, title, paragraph(text(account)));
}

const PAGE_OF: Record<string, { page: ConnectPage; status: number }> = {
	CONNECT_LINK_USED: { page: 'used', status: 200 },
	CONNECT_DENIED: { page: 'denied', status: 200 },
	PAGE_LINK_INVALID: { page: 'expired', status: 404 },
	PAGE_LINK_EXPIRED: { page: 'expired', status: 404 },
};

/** The page and HTTP status for an error of connecting. */
export const pageOfError = (error: unknown): { page: ConnectPage; status: number } =>
	(isFactoryError(error) && PAGE_OF[error.code]) || { page: 'failed', status: 502 };
