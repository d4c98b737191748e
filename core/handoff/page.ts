import type { Database } from '../database';
import { pageLanguage, type PageLanguage } from '../pages';
import { inTenant, type PageLinkPorts } from '../tenancy';
import { actOnHandoff, type Acted, type PageForm } from './act';
import { FORM_KEY_BYTES } from './defaults';
import { isId, neutral, openHandoffLink, viewerOf } from './links';
import { refusedPage, type PageContext } from './page-frame';
import { queuePage } from './page-queue';
import { threadPage } from './page-thread';
import { conversationOf, readDrafted, readQueue, readThread, type Viewer } from './store';

export interface HandoffPage {
	html: string;
	tenantId: string;
	userId: string;
	/** null: the queue. */
	conversationId: string | null;
}

/** What the address bar says: the token, the conversation `c`, a filter, a language. */
export type PageQuery = Readonly<Record<string, unknown>>;

const languageOf = (query: PageQuery, viewer: Viewer): PageLanguage => pageLanguage(query.lang ?? viewer.language);

const contextOf = (query: PageQuery, viewer: Viewer, ports: PageLinkPorts): PageContext => ({
	language: languageOf(query, viewer),
	token: String(query.token),
	timezone: viewer.timezone,
	formKey: ports.randomBytes(FORM_KEY_BYTES).toString('base64url'),
	isReloading: query.reload === '1',
});

const filterOf = (value: unknown): 'all' | 'mine' | 'past' => (value === 'mine' || value === 'past' ? value : 'all');

/** The page behind a link: a conversation, or the queue. Opening it changes nothing: messengers fetch links for their preview. */
export async function openHandoffPage(
	database: Database,
	query: PageQuery,
	ports: PageLinkPorts,
): Promise<HandoffPage> {
	const opened = openHandoffLink(query.token, ports);
	return await inTenant(database, opened.tenantId, async (db) => {
		const viewer = await viewerOf(db, opened);
		const context = contextOf(query, viewer, ports);
		const facts = { tenantId: opened.tenantId, userId: viewer.userId };
		const wantsQueue = query.c === undefined && (query.filter !== undefined || query.lang !== undefined);
		const asked = query.c ?? (opened.handoffId && !wantsQueue ? await conversationOf(db, opened.handoffId) : undefined);
		if (asked !== undefined && asked !== null) {
			const thread = isId(asked) ? await readThread(db, asked) : null;
			if (!thread) throw neutral();
			return { ...facts, html: threadPage({ thread, viewer }, context), conversationId: thread.conversationId };
		}
		const filter = filterOf(query.filter);
		const handoffs = await readQueue(db, {
			assignedTo: filter === 'mine' ? viewer.userId : null,
			withReturned: filter === 'past',
		});
		const drafted = await readDrafted(db);
		const view = { tenantName: viewer.tenantName, viewerId: viewer.userId, filter, handoffs, drafted };
		return { ...facts, html: queuePage(view, context), conversationId: null };
	});
}

/** Does what a form asks and shows the conversation as it is then, with what was typed where it was refused. */
export async function actOnHandoffPage(
	database: Database,
	form: PageForm,
	ports: PageLinkPorts,
): Promise<HandoffPage & Pick<Acted, 'action' | 'problem' | 'outboxIds'>> {
	const acted = await actOnHandoff(database, form, ports);
	const thread = await inTenant(database, acted.tenantId, async (db) => await readThread(db, acted.conversationId));
	if (!thread) throw neutral();
	const context = contextOf(form, acted.viewer, ports);
	const html = threadPage({ thread, viewer: acted.viewer, acted, typed: form }, context);
	const { tenantId, conversationId, action, problem, outboxIds } = acted;
	return { html, tenantId, userId: acted.viewer.userId, conversationId, action, problem, outboxIds };
}

export { refusedPage };
