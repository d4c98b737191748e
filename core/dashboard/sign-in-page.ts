import { button, escape, form, frame, note, section, type PageLanguage } from '../pages';
import { SIGN_IN_WORDS } from './sign-in-words';

export interface SignInView {
	said?: 'sent' | 'badEmail' | 'badKey';
	/** Stands in its field again. A key does not: it is a secret. */
	email?: string;
}

/** Where members come in: by a mailed link, or with an access key. */
export function signInPage(language: PageLanguage, { said, email = '' }: SignInView = {}): string {
	const words = SIGN_IN_WORDS[language];
	const wrong = (field: 'badEmail' | 'badKey', id: string): [attributes: string, message: string] =>
		said === field
			? [
					` aria-invalid="true" aria-describedby="${id}"`,
					`<p class="bad" id="${id}" role="alert">${escape(words[field])}</p>`,
				]
			: ['', ''];
	const [emailState, emailProblem] = wrong('badEmail', 'email-problem');
	const [keyState, keyProblem] = wrong('badKey', 'key-problem');
	const mail = `<label for="email">${escape(words.email)}</label><input id="email" name="email" type="text" inputmode="email" autocomplete="email" value="${escape(email)}"${emailState}>${emailProblem}${button(words.sendLink, true)}`;
	const key = `<label for="key">${escape(words.accessKey)}</label><input id="key" name="accessKey" type="password" autocomplete="off"${keyState}>${keyProblem}${button(words.enter)}`;
	const body = [
		`<main><h1>${escape(words.title)}</h1>`,
		said === 'sent' ? note(words.sent) : '',
		section(words.byMail, form({ action: 'requestSignIn', lang: language }, mail)),
		section(words.byKey, form({ action: 'signInByKey', lang: language }, key)),
		'</main>',
	];
	return frame(language, words.title, body.join(''));
}

/** Behind a mailed link: mail programs open links by themselves, so only the button uses it up. */
export function confirmPage(language: PageLanguage, token: string): string {
	const words = SIGN_IN_WORDS[language];
	const inside = form({ action: 'signIn', token, lang: language }, button(words.confirmButton, true));
	const body = `<main><h1>${escape(words.confirmTitle)}</h1><p>${escape(words.confirm)}</p>${inside}</main>`;
	return frame(language, words.confirmTitle, body);
}

/** One page for every link that opens nothing. */
export function refusedPage(language: PageLanguage): string {
	const words = SIGN_IN_WORDS[language];
	const again = `<a href="?signIn=1&amp;lang=${language}">${escape(words.signInAgain)}</a>`;
	const body = `<main><h1>${escape(words.refusedTitle)}</h1><p>${escape(words.refused)}</p><p>${again}</p></main>`;
	return frame(language, words.refusedTitle, body);
}
