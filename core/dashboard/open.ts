import type { Database } from '../database';
import { isFactoryError } from '../errors';
import { createApprovalLink } from '../improvement';
import { pageLanguage } from '../pages';
import {
	DASHBOARD_DAYS,
	MOST_DASHBOARD_DAYS,
	compareVersions,
	dashboard,
	explainReply,
	operatorDashboard,
	rollbackEffect,
	type Dashboard,
} from '../reports';
import { CHECKLIST_PURPOSE, checklistPage, readChecklist } from '../setup';
import { inTenant, type PageLinkPorts } from '../tenancy';
import { DASHBOARD_PURPOSE, FORM_KEY_BYTES, OPERATOR_PURPOSE, SIGN_IN_PURPOSE } from './defaults';
import { mayDecide, openLink, refused, viewerOf, type Viewer } from './links';
import { operatorPage } from './operator-page';
import { overviewPage } from './overview-page';
import { repliesPage, whyPage } from './reply-pages';
import { confirmPage, signInPage } from './sign-in-page';
import { latestReplies, noteOpened, openBreakers, servedVersions, type ListedVersion } from './store';
import { comparePage, restorePage, versionsPage, type RestoreView, type Said } from './version-pages';
import type { PageContext } from './view';

/** What the address says, or a form: the token, which view, of what. */
export type PageQuery = Readonly<Record<string, unknown>>;

export interface PagePorts extends PageLinkPorts {
	/** Page on which suggestions are decided on. */
	approvalUrl?: string;
	/** Whether links to sign in with can be mailed. */
	sendsMail?: boolean;
}

export interface OpenedPage {
	html: string;
	/** null: the page across all tenants. */
	tenantId: string | null;
	userId: string | null;
	/** Where the browser goes on to instead of the page. */
	location?: string;
}

const UUID = /^[0-9a-f]{8}-([0-9a-f]{4}-){3}[0-9a-f]{12}$/i;
export const isUuid = (value: unknown): value is string => typeof value === 'string' && UUID.test(value);
const idOf = (value: unknown): string => {
	if (!isUuid(value)) throw refused();
	return value;
};
const targetOf = (value: unknown): 'persona' | 'prompt' => {
	if (value !== 'persona' && value !== 'prompt') throw refused();
	return value;
};

export const contextOf = (
	query: PageQuery,
	viewer: Pick<Viewer, 'language' | 'timezone'>,
	token: string,
	ports: PageLinkPorts,
): PageContext => ({
	language: query.lang === undefined ? viewer.language : pageLanguage(query.lang),
	token,
	timezone: viewer.timezone,
	formKey: ports.randomBytes(FORM_KEY_BYTES).toString('base64url'),
});

const daysOf = (value: unknown): number => {
	const days = Number(value);
	return Number.isInteger(days) && days >= 1 && days <= MOST_DASHBOARD_DAYS ? days : DASHBOARD_DAYS;
};

export const readFigures = async (database: Database, viewer: Viewer, query: PageQuery): Promise<Dashboard> =>
	await dashboard(database, viewer.tenantId, { days: daysOf(query.days) });

export async function versionsOf(
	database: Database,
	viewer: Viewer,
	context: PageContext,
	said?: Said | ((versions: readonly ListedVersion[]) => Said),
): Promise<string> {
	const found = await inTenant(database, viewer.tenantId, async (db) => ({
		versions: await servedVersions(db),
		breakers: await openBreakers(db),
	}));
	return versionsPage(found, viewer, context, typeof said === 'function' ? said(found.versions) : said);
}

/** The page that asks before a version comes back. */
export async function askRestore(
	database: Database,
	viewer: Viewer,
	query: PageQuery,
	context: PageContext,
	again: Pick<RestoreView, 'reason' | 'problem'> = {},
): Promise<string> {
	const [target, id] = [targetOf(query.target), idOf(query.id)];
	const versions = await inTenant(database, viewer.tenantId, servedVersions);
	const version = versions.find((row) => row.target === target && row.versionId === id);
	if (!version || !mayDecide(viewer)) throw refused();
	const serving = versions.find((row) => row.inService && sameLine(row, version));
	const effect = serving ? await rollbackEffect(database, viewer.tenantId, target, serving.versionId) : null;
	return restorePage({ version, effect, ...again }, context);
}

/** Versions of one kind of one agent replace each other. */
const sameLine = (a: ListedVersion, b: ListedVersion): boolean =>
	a.target === b.target && a.agentVersion === b.agentVersion;

async function tenantView(
	database: Database,
	query: PageQuery,
	viewer: Viewer,
	context: PageContext,
	ports: PagePorts,
): Promise<Pick<OpenedPage, 'html' | 'location'>> {
	switch (query.view) {
		case 'replies':
			return { html: repliesPage(await inTenant(database, viewer.tenantId, latestReplies), viewer, context) };
		case 'why': {
			const message = Number(query.message);
			const reply =
				Number.isSafeInteger(message) && message > 0 ? { messageId: message } : { outboxId: idOf(query.outbox) };
			return { html: whyPage(await explainReply(database, viewer.tenantId, reply), viewer, context) };
		}
		case 'versions':
			return { html: await versionsOf(database, viewer, context) };
		case 'compare': {
			const pair = { target: targetOf(query.target), beforeId: idOf(query.before), afterId: idOf(query.after) };
			return { html: comparePage(await compareVersions(database, viewer.tenantId, pair), viewer, context) };
		}
		case 'restore':
			return { html: await askRestore(database, viewer, query, context) };
		case 'suggestion': {
			if (!mayDecide(viewer) || !ports.approvalUrl) throw refused();
			const request = {
				...{ target: targetOf(query.target), suggestionId: idOf(query.id) },
				...{ person: viewer.name, baseUrl: ports.approvalUrl },
			};
			const { url } = await createApprovalLink(database, viewer.tenantId, request, ports);
			return { html: '', location: url };
		}
		default:
			return { html: overviewPage(await readFigures(database, viewer, query), viewer, context) };
	}
}

const stranger = (html: string): OpenedPage => ({ html, tenantId: null, userId: null });

/** The page behind a link, or the one to sign in on. Opening changes nothing but the note that it was opened: messengers fetch links for their preview. */
export async function openDashboard(database: Database, query: PageQuery, ports: PagePorts): Promise<OpenedPage> {
	const language = pageLanguage(query.lang);
	if (query.token === undefined || query.token === '')
		return stranger(signInPage(language, { sendsMail: ports.sendsMail }));
	const token = typeof query.token === 'string' ? query.token : 'several';
	const opens = (purpose: string): boolean => {
		try {
			openLink(token, purpose, ports);
			return true;
		} catch {
			return false;
		}
	};
	if (opens(SIGN_IN_PURPOSE)) return stranger(confirmPage(language, token));
	if (opens(CHECKLIST_PURPOSE)) {
		const shown = { token, isReloading: query.reload === '1' };
		return stranger(checklistPage(language, await readChecklist(database), shown));
	}
	if (opens(OPERATOR_PURPOSE)) {
		const context = contextOf(query, { language, timezone: 'UTC' }, token, ports);
		return stranger(operatorPage(await operatorDashboard(database), context));
	}
	const link = openLink(token, DASHBOARD_PURPOSE, ports);
	const viewer = await inTenant(database, link.tenantId, async (db) => {
		const found = await viewerOf(db, link);
		// A preview of the link follows none of the page's own.
		if (found.userId !== null && (query.view !== undefined || query.days !== undefined))
			await noteOpened(db, found.userId);
		return found;
	});
	const context = contextOf(query, viewer, token, ports);
	const page = await notFoundAsRefused(tenantView(database, query, viewer, context, ports));
	return { ...page, tenantId: viewer.tenantId, userId: viewer.userId };
}

/** Something of another tenant, or that never was: one answer. */
async function notFoundAsRefused<T>(page: Promise<T>): Promise<T> {
	try {
		return await page;
	} catch (error) {
		throw isFactoryError(error) && error.code === 'NOT_FOUND' ? refused() : error;
	}
}
