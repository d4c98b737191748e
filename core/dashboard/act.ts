import type { Database } from '../database';
import { isFactoryError } from '../errors';
import { restoreVersion, setBreaker, type Actor } from '../rollouts';
import { inTenant } from '../tenancy';
import { DASHBOARD_PURPOSE, REASON_CHARACTERS } from './defaults';
import { DETAIL_WORDS } from './detail-words';
import { mayDecide, openLink, refused, signIn, signInByKey, viewerOf, type Viewer } from './links';
import {
	askRestore,
	contextOf,
	isUuid,
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
	/** The same page again: it says beside a field what is wrong. */
	isRefused: boolean;
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
const stranger = (html: string, action: string, more: Partial<ActedPage> = {}): ActedPage => ({
	...{ html, action, done: false, isRefused: false, mail: null, tenantId: null, userId: null },
	...more,
});
const text = (value: unknown): string => (typeof value === 'string' ? value.trim() : '');

async function askForLink({ database, form, pageUrl, ports }: Acts): Promise<ActedPage> {
	const [language, email] = [pageLanguage(form.lang), text(form.email)];
	const { sendsMail } = ports;
	// A page that was opened before the mails were switched off.
	if (!sendsMail) return stranger(signInPage(language), 'requestSignIn');
	if (!MAIL_ADDRESS.test(email)) {
		const html = signInPage(language, { said: 'badEmail', email, sendsMail });
		return stranger(html, 'requestSignIn', { isRefused: true });
	}
	const mail = await requestSignIn(database, { email, pageUrl }, ports);
	return stranger(signInPage(language, { said: 'sent', sendsMail }), 'requestSignIn', { done: true, mail });
}

async function enter({ database, form, pageUrl, ports }: Acts): Promise<ActedPage> {
	const { token, viewer } = await signIn(database, form.token, pageUrl, ports);
	const context = contextOf(form, viewer, token, ports);
	const html = overviewPage(await readFigures(database, viewer, {}), viewer, context);
	return stranger(html, 'signIn', { done: true, tenantId: viewer.tenantId, userId: viewer.userId });
}

async function enterByKey({ database, form, pageUrl, ports }: Acts): Promise<ActedPage> {
	const key = text(form.accessKey);
	const refuse = (said: 'badKey' | 'noKey'): ActedPage => {
		const html = signInPage(pageLanguage(form.lang), { said, sendsMail: ports.sendsMail });
		return stranger(html, 'signInByKey', { isRefused: true });
	};
	if (key === '') return refuse('noKey');
	try {
		const { token } = await signInByKey(database, key, pageUrl, ports);
		const opened = await openDashboard(database, { token, lang: form.lang }, ports);
		return stranger(opened.html, 'signInByKey', { ...opened, done: true });
	} catch (error) {
		if (!isFactoryError(error) || error.code !== 'DASHBOARD_LINK_REFUSED') throw error;
		return refuse('badKey');
	}
}

type Decision = (
	acts: Acts,
	viewer: Viewer,
	context: PageContext,
	actor: Actor,
) => Promise<{ html: string; done: boolean; isRefused?: boolean }>;

const targetOf = (value: unknown): 'persona' | 'prompt' => (value === 'persona' ? 'persona' : 'prompt');

/** What is wrong with a reason before anything is tried. */
function reasonProblem(reason: string, context: PageContext): string | null {
	const said = DETAIL_WORDS[context.language];
	if (reason === '') return said.reasonMissing;
	return reason.length > REASON_CHARACTERS ? said.reasonTooLong(REASON_CHARACTERS) : null;
}

/** What kept an act from being done, in the words of the page; anything that may pass is thrown on. */
function failureText(error: unknown, context: PageContext): string {
	if (!isFactoryError(error) || error.retryable) throw error;
	return DETAIL_WORDS[context.language].failures[error.code] ?? error.message;
}

const restore: Decision = async ({ database, form }, viewer, context, actor) => {
	const said = DETAIL_WORDS[context.language];
	const reason = text(form.reason);
	const refuse = async (problem: string) => ({
		...{ html: await askRestore(database, viewer, form, context, { reason, problem }), done: false, isRefused: true },
	});
	const wrong = reasonProblem(reason, context);
	if (wrong) return await refuse(wrong);
	try {
		const change = { target: targetOf(form.target), versionId: String(form.id), reason };
		const { changed } = await restoreVersion(database, viewer.tenantId, change, actor);
		const html = await versionsOf(database, viewer, context, (versions) => {
			const version = versions.find((row) => row.target === change.target && row.versionId === change.versionId);
			return { text: changed && version ? said.restored(version.version) : said.unchanged, isBad: false };
		});
		return { html, done: changed };
	} catch (error) {
		return await refuse(failureText(error, context));
	}
};

const closeBreaker: Decision = async ({ database, form }, viewer, context, actor) => {
	const said = DETAIL_WORDS[context.language];
	const reason = text(form.reason);
	const [target, agentId] = [targetOf(form.target), text(form.agent) || null];
	if (agentId !== null && !isUuid(agentId)) throw refused();
	const refuse = async (problem: string) => {
		const outcome = { text: problem, isBad: true, breaker: { target, agentId, reason } };
		return { html: await versionsOf(database, viewer, context, outcome), done: false, isRefused: true };
	};
	const wrong = reasonProblem(reason, context);
	if (wrong) return await refuse(wrong);
	try {
		const to = form.to === 'closed' ? ('closed' as const) : ('half_open' as const);
		const { changed } = await setBreaker(database, viewer.tenantId, { target, agentId, to, reason }, actor);
		if (!changed) return await refuse(said.breakerMoved);
		return { html: await versionsOf(database, viewer, context, { text: said.breakerSet, isBad: false }), done: true };
	} catch (error) {
		return await refuse(failureText(error, context));
	}
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
	const { html, done, isRefused = false } = await decide(acts, viewer, context, { name: viewer.name, isPerson: true });
	return { html, action, done, isRefused, mail: null, tenantId: viewer.tenantId, userId: viewer.userId };
}
