import type { Database } from '../database';
import { isFactoryError } from '../errors';
import { restoreVersion, setBreaker, type Actor } from '../rollouts';
import { inTenant } from '../tenancy';
import { DASHBOARD_PURPOSE } from './defaults';
import { DETAIL_WORDS } from './detail-words';
import { mayDecide, openLink, refused, signIn, signInByKey, viewerOf, type Viewer } from './links';
import {
	askRestore,
	contextOf,
	openDashboard,
	readFigures,
	versionsOf,
	type OpenedPage,
	type PagePorts,
	type PageQuery,
} from './open';
import { overviewPage } from './overview-page';
import { signInPage } from './sign-in-page';
import { requestSignIn, type SignInMail } from './sign-in';
import type { PageContext } from './view';
import { pageLanguage } from '../pages';

/** What a form did: the page as it is then, and a mail to send, if one is due. */
export interface ActedPage extends OpenedPage {
	action: string;
	done: boolean;
	mail: SignInMail | null;
}

interface Acts {
	database: Database;
	form: PageQuery;
	/** Of this very page. */
	pageUrl: string;
	ports: PagePorts;
}

const MAIL_ADDRESS = /^[^\s@]{1,64}@[^\s@]{1,189}$/;
const stranger = (html: string, action: string, done: boolean, mail: SignInMail | null = null): ActedPage => ({
	...{ html, action, done, mail, tenantId: null, userId: null },
});
const text = (value: unknown): string => (typeof value === 'string' ? value.trim() : '');

async function askForLink({ database, form, pageUrl, ports }: Acts): Promise<ActedPage> {
	const [language, email] = [pageLanguage(form.lang), text(form.email)];
	const { sendsMail } = ports;
	// A page that was opened before the mails were switched off.
	if (!sendsMail) return stranger(signInPage(language), 'requestSignIn', false);
	if (!MAIL_ADDRESS.test(email))
		return stranger(signInPage(language, { said: 'badEmail', email, sendsMail }), 'requestSignIn', false);
	const mail = await requestSignIn(database, { email, pageUrl }, ports);
	return stranger(signInPage(language, { said: 'sent', sendsMail }), 'requestSignIn', true, mail);
}

async function enter({ database, form, pageUrl, ports }: Acts): Promise<ActedPage> {
	const { token, viewer } = await signIn(database, form.token, pageUrl, ports);
	const context = contextOf(form, viewer, token, ports);
	const html = overviewPage(await readFigures(database, viewer, {}), viewer, context);
	return { html, action: 'signIn', done: true, mail: null, tenantId: viewer.tenantId, userId: viewer.userId };
}

async function enterByKey({ database, form, pageUrl, ports }: Acts): Promise<ActedPage> {
	try {
		const { token } = await signInByKey(database, text(form.accessKey), pageUrl, ports);
		const opened = await openDashboard(database, { token, lang: form.lang }, ports);
		return { ...opened, action: 'signInByKey', done: true, mail: null };
	} catch (error) {
		if (!isFactoryError(error) || error.code !== 'DASHBOARD_LINK_REFUSED') throw error;
		return stranger(
			signInPage(pageLanguage(form.lang), { said: 'badKey', sendsMail: ports.sendsMail }),
			'signInByKey',
			false,
		);
	}
}

type Decision = (
	acts: Acts,
	viewer: Viewer,
	context: PageContext,
	actor: Actor,
) => Promise<{ html: string; done: boolean }>;

const restore: Decision = async ({ database, form }, viewer, context, actor) => {
	const said = DETAIL_WORDS[context.language];
	const reason = text(form.reason);
	if (reason === '') {
		return { html: await askRestore(database, viewer, form, context, { problem: said.reasonMissing }), done: false };
	}
	const target = form.target === 'persona' ? ('persona' as const) : ('prompt' as const);
	try {
		const change = { target, versionId: String(form.id), reason: reason.slice(0, 500) };
		const { changed } = await restoreVersion(database, viewer.tenantId, change, actor);
		const outcome = { text: changed ? said.breakerSet : said.unchanged, isBad: false };
		return { html: await versionsOf(database, viewer, context, outcome), done: changed };
	} catch (error) {
		if (!isFactoryError(error) || error.retryable) throw error;
		const problem = `${said.problem}: ${error.message}`;
		return { html: await askRestore(database, viewer, form, context, { reason, problem }), done: false };
	}
};

const closeBreaker: Decision = async ({ database, form }, viewer, context, actor) => {
	const said = DETAIL_WORDS[context.language];
	const reason = text(form.reason);
	const target = form.target === 'persona' ? ('persona' as const) : ('prompt' as const);
	const to = form.to === 'closed' ? ('closed' as const) : ('half_open' as const);
	if (reason === '') {
		return {
			html: await versionsOf(database, viewer, context, { text: said.reasonMissing, isBad: true }),
			done: false,
		};
	}
	const change = { target, agentId: text(form.agent) || null, to, reason: reason.slice(0, 500) };
	const { changed } = await setBreaker(database, viewer.tenantId, change, actor);
	const outcome = { text: changed ? said.breakerSet : said.problem, isBad: !changed };
	return { html: await versionsOf(database, viewer, context, outcome), done: changed };
};

const DECISIONS: Record<string, Decision> = { restore, setBreaker: closeBreaker };

/** Does what a form of the page asks, in the name of who sent it. */
export async function actOnDashboard(acts: Acts): Promise<ActedPage> {
	const { database, form, ports } = acts;
	const action = text(form.action);
	if (action === 'requestSignIn') return await askForLink(acts);
	if (action === 'signIn') return await enter(acts);
	if (action === 'signInByKey') return await enterByKey(acts);
	const decide = Object.hasOwn(DECISIONS, action) ? DECISIONS[action] : undefined;
	const link = openLink(form.token, DASHBOARD_PURPOSE, ports);
	const viewer = await inTenant(database, link.tenantId, async (db) => await viewerOf(db, link));
	if (!decide || !mayDecide(viewer)) throw refused();
	const context = contextOf(form, viewer, String(form.token), ports);
	const { html, done } = await decide(acts, viewer, context, { name: viewer.name, isPerson: true });
	return { html, action, done, mail: null, tenantId: viewer.tenantId, userId: viewer.userId };
}
