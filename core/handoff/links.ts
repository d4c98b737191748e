import type { Database } from '../database';
import { FactoryError, isFactoryError } from '../errors';
import { inTenant, openPageLink, sealPageLink, type PageLinkPorts, type TenantConnection } from '../tenancy';
import { HANDOFF_PURPOSE } from './defaults';
import { readSettings } from './settings';
import { readViewer, type Viewer } from './store';

/** What a link without a hand-over is about. */
const QUEUE = 'queue';

/** A link with which one member opens the queue, or one hand-over, until it expires. */
export async function createHandoffLink(
	database: Database,
	tenantId: string,
	request: { userId: string; handoffId?: string | null; pageUrl?: string | null; hours?: number | null },
	ports: PageLinkPorts,
): Promise<{ url: string; expiresAt: string; userId: string; name: string; role: string }> {
	const { viewer, settings } = await inTenant(database, tenantId, async (db) => ({
		viewer: await readViewer(db, request.userId),
		settings: await readSettings(db),
	}));
	if (!viewer) {
		throw new FactoryError(
			'NOT_FOUND',
			`${request.userId} is no member of this tenant. Add the person with Agent Factory > Member > Save.`,
			{ item: 'userId' },
		);
	}
	const { url, expiresAt } = sealPageLink(
		{
			purpose: HANDOFF_PURPOSE,
			tenantId,
			subject: request.handoffId ?? QUEUE,
			person: viewer.userId,
			hours: request.hours ?? settings.linkHours,
		},
		request.pageUrl ?? settings.pageUrl ?? '',
		ports,
	);
	return { url, expiresAt: expiresAt.toISOString(), userId: viewer.userId, name: viewer.name, role: viewer.role };
}

export interface OpenedHandoffLink {
	tenantId: string;
	/** The hand-over the link was made for; null: the queue. */
	handoffId: string | null;
	userId: string;
}

/** Forged, foreign, expired, or of somebody who left: one answer, so that nobody learns which. */
export const neutral = (): FactoryError =>
	new FactoryError('HANDOFF_LINK_REFUSED', 'This link opens nothing. Ask for a new one.');

export function openHandoffLink(token: unknown, ports: Pick<PageLinkPorts, 'vault' | 'now'>): OpenedHandoffLink {
	try {
		const link = openPageLink(typeof token === 'string' ? token : '', HANDOFF_PURPOSE, ports);
		return {
			tenantId: link.tenantId,
			userId: link.person,
			handoffId: link.subject === QUEUE ? null : link.subject,
		};
	} catch (error) {
		if (isFactoryError(error) && error.code.startsWith('PAGE_LINK')) throw neutral();
		throw error;
	}
}

const UUID = /^[0-9a-f]{8}-([0-9a-f]{4}-){3}[0-9a-f]{12}$/i;

/** Who stands behind a link today; refused when they are no member any more. */
export async function viewerOf(db: TenantConnection, link: OpenedHandoffLink): Promise<Viewer> {
	const viewer = UUID.test(link.userId) ? await readViewer(db, link.userId) : null;
	if (!viewer) throw neutral();
	return viewer;
}

export const isId = (value: unknown): value is string => typeof value === 'string' && UUID.test(value);
