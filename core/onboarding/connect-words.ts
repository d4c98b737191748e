import type { OnboardingLanguage } from './fields';

/** What connecting a channel says, step by step. */
export interface ConnectWords {
	checkingToken: string;
	readingNumber: string;
	registering: string;
	subscribing: string;
	checkingSubscription: string;
	away(doing: string): string;
	refused(doing: string, code: string, advice: string, said: string): string;
	tokenInvalid(advice: string): string;
	tokenExpired(advice: string): string;
	validUntil(at: string): string;
	validForever: string;
	permissionMissing(scopes: readonly string[]): string;
	permissionElsewhere(scopes: readonly string[], account: string): string;
	permissions(scopes: readonly string[]): string;
	wabaMissing: string;
	registered(number: string): string;
	registeredNow(number: string): string;
	pinMissing: string;
	taken(kind: string, id: string): string;
	stored: string;
	accountEvents: string;
	appEvents: string;
	noApps: string;
	apps(count: number): string;
}

export const CONNECT_WORDS: Record<OnboardingLanguage, ConnectWords> = {
	'pt-BR': {
		checkingToken: 'Verificação do token',
		readingNumber: 'Leitura do número',
		registering: 'Registro do número',
		subscribing: 'Assinatura dos eventos',
		checkingSubscription: 'Verificação da assinatura',
		away: (doing) => `${doing}: a Meta não respondeu. Nada se perdeu: tente este passo de novo.`,
		refused: (doing, code, advice, said) =>
			`${doing}: a Meta recusou (código ${code}). ${advice}${said ? ` A Meta diz: “${said}”` : ''}`,
		tokenInvalid: (advice) => `O token não é válido. ${advice}`,
		tokenExpired: (advice) => `O token expirou. ${advice}`,
		validUntil: (at) => `Vale até ${at}.`,
		validForever: 'Vale sem data de fim.',
		permissionMissing: (scopes) =>
			`Falta ao token a permissão ${scopes.join(' e ')}. Dê a permissão ao app, gere um token novo com ela e tente de novo.`,
		permissionElsewhere: (scopes, account) =>
			`O token tem ${scopes.join(' e ')} para outras contas, não para ${account}. Atribua esta conta ao usuário do sistema e gere um token novo.`,
		permissions: (scopes) => `Tem ${scopes.join(', ')}.`,
		wabaMissing: 'Informe o ID da conta do WhatsApp Business (WABA): é dela que os eventos são assinados.',
		registered: (number) => `${number} está registrado.`,
		registeredNow: (number) => `${number} foi registrado agora.`,
		pinMissing:
			'O número ainda não está registrado: informe um PIN de seis dígitos. Ele passa a ser o PIN de verificação em duas etapas do número.',
		taken: (kind, id) => `Outro cliente já tem ${kind} ${id}. Confira o ID.`,
		stored: 'O token está guardado, cifrado pela chave do cofre.',
		accountEvents: 'O app recebe os eventos desta conta.',
		appEvents: 'O app está inscrito na conta do WhatsApp.',
		noApps:
			'A Meta não lista nenhum app inscrito nesta conta. Tente este passo de novo; sem isso nenhuma mensagem chega.',
		apps: (count) => `A Meta lista ${count} app(s) inscrito(s).`,
	},
	en: {
		checkingToken: 'Checking the token',
		readingNumber: 'Reading the number',
		registering: 'Registering the number',
		subscribing: 'Subscribing to events',
		checkingSubscription: 'Checking the subscription',
		away: (doing) => `${doing}: Meta did not answer. Nothing is lost: try this step again.`,
		refused: (doing, code, advice, said) =>
			`${doing}: Meta refused (code ${code}). ${advice}${said ? ` Meta says: “${said}”` : ''}`,
		tokenInvalid: (advice) => `The token is not valid. ${advice}`,
		tokenExpired: (advice) => `The token has expired. ${advice}`,
		validUntil: (at) => `Valid until ${at}.`,
		validForever: 'Valid, without an end.',
		permissionMissing: (scopes) =>
			`The token lacks the permission ${scopes.join(' and ')}. Give it to the app, make a new token with it, and try again.`,
		permissionElsewhere: (scopes, account) =>
			`The token has ${scopes.join(' and ')} for other accounts, not for ${account}. Assign this account to the system user and make a new token.`,
		permissions: (scopes) => `Has ${scopes.join(', ')}.`,
		wabaMissing: 'Give the ID of the WhatsApp Business account (WABA): its webhooks are subscribed.',
		registered: (number) => `${number} is registered.`,
		registeredNow: (number) => `${number} was registered now.`,
		pinMissing:
			'The number is not registered yet: give a PIN of six digits. It becomes the two-step verification PIN of the number.',
		taken: (kind, id) => `Another client has ${kind} ${id} already. Check the ID.`,
		stored: 'The token is stored, sealed by the vault key.',
		accountEvents: 'The app gets the events of this account.',
		appEvents: 'The app is subscribed to the WhatsApp account.',
		noApps: 'Meta lists no subscribed app for this account. Try this step again; without it no message arrives.',
		apps: (count) => `Meta lists ${count} subscribed app(s).`,
	},
};
