import type { PageLanguage } from '../pages';

interface Words {
	title: string;
	byMail: string;
	email: string;
	sendLink: string;
	byKey: string;
	accessKey: string;
	enter: string;
	sent: string;
	noMail: string;
	problems: Record<'badEmail' | 'badKey' | 'noKey', string>;
	confirmTitle: string;
	confirm: string;
	confirmButton: string;
	refusedTitle: string;
	refused: string;
	signInAgain: string;
	mailSubject: string;
	mailIntro(minutes: number): string;
	mailClose: string;
}

export const SIGN_IN_WORDS: Record<PageLanguage, Words> = {
	en: {
		title: 'Sign in',
		byMail: 'By e-mail',
		email: 'Your e-mail address',
		sendLink: 'Send me a link',
		byKey: 'With an access key',
		accessKey: 'Access key',
		enter: 'Open',
		sent: 'If this address belongs to a member, a link is on its way. It works once, for 15 minutes. Nothing after five minutes? Look among the spam; if it is not there, the mail may not have left: ask whoever set this up for you.',
		noMail:
			'Links by mail are not switched on here. Ask whoever set this up for you for a link of your own, or come in with an access key.',
		problems: {
			badEmail: 'This is not an e-mail address. Write it like name@company.com.',
			badKey: 'This key opens nothing. It may have expired, or lack the scope "dashboard".',
			noKey: 'Paste the access key first.',
		},
		confirmTitle: 'Sign in',
		confirm: 'Press the button to go on. The link works once.',
		confirmButton: 'Sign in',
		refusedTitle: 'Nothing here',
		refused: 'This link opens nothing. It may have expired or been used.',
		signInAgain: 'Sign in again',
		mailSubject: 'Your link to sign in',
		mailIntro: (minutes) =>
			`Somebody, most likely you, asked for a link to sign in. It works once, for ${minutes} minutes.`,
		mailClose: 'If it was not you, do nothing: without the link nobody gets in.',
	},
	'pt-BR': {
		title: 'Entrar',
		byMail: 'Por e-mail',
		email: 'Seu e-mail',
		sendLink: 'Enviar um link',
		byKey: 'Com uma chave de acesso',
		accessKey: 'Chave de acesso',
		enter: 'Abrir',
		sent: 'Se este e-mail for de um membro, um link já está a caminho. Ele vale uma vez, por 15 minutos. Nada depois de cinco minutos? Olhe no spam; se não estiver lá, o e-mail pode não ter saído: fale com quem instalou isto para você.',
		noMail:
			'Os links por e-mail não estão ligados aqui. Peça um link a quem instalou isto para você, ou entre com uma chave de acesso.',
		problems: {
			badEmail: 'Isto não é um e-mail. Escreva como nome@empresa.com.br.',
			badKey: 'Esta chave não abre nada. Ela pode ter expirado ou não ter o escopo "dashboard".',
			noKey: 'Cole primeiro a chave de acesso.',
		},
		confirmTitle: 'Entrar',
		confirm: 'Aperte o botão para continuar. O link vale uma vez.',
		confirmButton: 'Entrar',
		refusedTitle: 'Nada aqui',
		refused: 'Este link não abre nada. Ele pode ter expirado ou já ter sido usado.',
		signInAgain: 'Entrar de novo',
		mailSubject: 'Seu link para entrar',
		mailIntro: (minutes) =>
			`Alguém, provavelmente você, pediu um link para entrar. Ele vale uma vez, por ${minutes} minutos.`,
		mailClose: 'Se não foi você, não faça nada: sem o link ninguém entra.',
	},
};
