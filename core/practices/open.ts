import { createDashboardLink, mayDecide, openLink, refused, viewerOf, type Viewer } from '../dashboard';
import type { Database } from '../database';
import { pageLanguage } from '../pages';
import { inTenant, type PageLinkPorts, type Role } from '../tenancy';
import { recordPracticeConsent } from './consent';
import { PRACTICES_PURPOSE } from './defaults';
import { practicesPage, type PracticesSaid } from './page';
import { readPractices } from './store';

/** What the address says, or a form. */
type Query = Readonly<Record<string, unknown>>;

interface OpenedPractices {
	html: string;
	tenantId: string;
	userId: string | null;
}
export interface ActedPractices extends OpenedPractices {
	/** A receipt was written. */
	done: boolean;
	/** Something of others may have to be taken back now. */
	withdrawn: boolean;
}

/** A link with which one member opens the page of their business. */
export const createPracticesLink = async (
	database: Database,
	tenantId: string,
	request: { userId: string; pageUrl: string; hours?: number | null },
	ports: PageLinkPorts,
): Promise<{ url: string; expiresAt: string; name: string; role: Role }> =>
	await createDashboardLink(database, tenantId, request, ports, PRACTICES_PURPOSE);

const viewer = async (database: Database, query: Query, ports: PageLinkPorts): Promise<Viewer> => {
	const link = openLink(query.token, PRACTICES_PURPOSE, ports);
	return await inTenant(database, link.tenantId, async (db) => await viewerOf(db, link));
};

async function page(database: Database, query: Query, seen: Viewer, said?: PracticesSaid): Promise<OpenedPractices> {
	const view = await inTenant(database, seen.tenantId, readPractices);
	const language = query.lang === undefined ? seen.language : pageLanguage(query.lang);
	const html = practicesPage(
		view,
		{ viewer: seen, language, token: String(query.token), mayDecide: mayDecide(seen) },
		said,
	);
	return { html, tenantId: seen.tenantId, userId: seen.userId };
}

/** The page behind a link. Opening it changes nothing: messengers fetch links for their preview. */
export const openPractices = async (database: Database, query: Query, ports: PageLinkPorts): Promise<OpenedPractices> =>
	await page(database, query, await viewer(database, query, ports));

/** Gives or withdraws a consent in the name of who pressed the button. */
export async function actOnPractices(database: Database, form: Query, ports: PageLinkPorts): Promise<ActedPractices> {
	const seen = await viewer(database, form, ports);
	const granted = form.action === 'give';
	if (!mayDecide(seen) || (!granted && form.action !== 'withdraw')) throw refused();
	const language = form.lang === undefined ? seen.language : pageLanguage(form.lang);
	const given = { purpose: form.purpose, source: form.source === '' ? null : form.source };
	const how = { granted, person: seen.name, language, givenOn: 'page' as const };
	const { changed } = await recordPracticeConsent(database, seen.tenantId, { ...given, ...how });
	const said = !changed ? 'unchanged' : granted ? 'given' : 'withdrawn';
	return { ...(await page(database, form, seen, said)), done: changed, withdrawn: changed && !granted };
}
