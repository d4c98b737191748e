import {
	button,
	form,
	frame,
	inputField,
	note,
	pageLink,
	paragraph,
	problemSummary,
	section,
	type PageLanguage,
} from '../pages';
import { SIGN_IN_WORDS } from './sign-in-words';

export interface SignInView {
	said?: 'sent' | 'badEmail' | 'badKey' | 'noKey';
	/** Stands in its field again. A key does not: it is a secret. */
	email?: string;
	/** Whether this n8n sends mails: without it none is offered, and none is promised. */
	sendsMail?: boolean;
}

/** Where members come in: by a mailed link, or with an access key. */
export function signInPage(language: PageLanguage, { said, email = '', sendsMail = false }: SignInView = {}): string {
	const words = SIGN_IN_WORDS[language];
	const problem = (field: SignInView['said'], ...kinds: Array<keyof typeof words.problems>): string | undefined =>
		kinds.find((kind) => kind === field) && words.problems[field as keyof typeof words.problems];
	const emailProblem = problem(said, 'badEmail');
	const keyProblem = problem(said, 'badKey', 'noKey');
	const mail = inputField({
		...{ id: 'email', name: 'email', label: words.email, value: email, problem: emailProblem, isRequired: true },
		attributes: ' inputmode="email" autocomplete="email"',
	});
	const key = inputField({
		...{
			id: 'key',
			name: 'accessKey',
			type: 'password',
			label: words.accessKey,
			problem: keyProblem,
			isRequired: true,
		},
		attributes: ' autocomplete="off"',
	});
	const byMail = form({ action: 'requestSignIn', lang: language }, mail + button(words.sendLink, true));
	const byKey = form({ action: 'signInByKey', lang: language }, key + button(words.enter));
	const problems = [
		...(emailProblem ? [{ id: 'email', message: emailProblem }] : []),
		...(keyProblem ? [{ id: 'key', message: keyProblem }] : []),
	];
	const body = [
		problemSummary(language, problems),
		said === 'sent' ? note(words.sent) : '',
		section(words.byMail, sendsMail ? byMail : paragraph(words.noMail)),
		section(words.byKey, byKey),
	];
	return frame(language, words.title, body.join(''));
}

/** Behind a mailed link: mail programs open links by themselves, so only the button uses it up. */
export function confirmPage(language: PageLanguage, token: string): string {
	const words = SIGN_IN_WORDS[language];
	const inside = form({ action: 'signIn', token, lang: language }, button(words.confirmButton, true));
	return frame(language, words.confirmTitle, paragraph(words.confirm) + inside);
}

/** One page for every link that opens nothing. */
export function refusedPage(language: PageLanguage): string {
	const words = SIGN_IN_WORDS[language];
	const again = pageLink({ signIn: '1', lang: language }, words.signInAgain);
	return frame(language, words.refusedTitle, `${paragraph(words.refused)}<p>${again}</p>`);
}
