import type { Database } from '../database';
import { FactoryError, isFactoryError } from '../errors';
import { pageLanguage, type PageLanguage } from '../pages';
import {
	accessKeyOpens,
	hashAccessKey,
	inTenant,
	NO_TENANT,
	openPageLink,
	resolveTenant,
	sealPageLink,
	usePageLink,
	type NewPageLink,
	type OpenedPageLink,
	type PageLinkPorts,
	type Role,
	type TenantConnection,
} from '../tenancy';
import { noteOpened } from './store';
import {
	DASHBOARD_PURPOSE,
	DASHBOARD_SCOPE,
	LINK_HOURS,
	OPERATOR_PURPOSE,
	SESSION_HOURS,
	SIGN_IN_PURPOSE,
} from './defaults';

/** Who looks at a tenant's dashboard. */
export interface Viewer {
	tenantId: string;
	tenantName: string;
	timezone: string;
	language: PageLanguage;
	/** null: an access key, which looks and does nothing. */
	userId: string | null;
	/** Whose word an act is: name and address, so that two people of one name differ. */
	name: string;
	role: Role;
}

/** What a link says of the one it was made for. */
const MEMBER = 'member';
const KEY = 'key';

interface MemberRow extends Record<string, unknown> {
	user_id: string;
	name: string;
	email: string;
	role: Role;
	tenant_name: string;
	timezone: string;
	language: string;
}

const READ_MEMBER = 'select * from page_member($1::uuid, $2::uuid)';
const READ_TENANT = `select name, timezone, lead_settings_of(id) ->> 'analysisLanguage' as language from tenants where id = $1::uuid and status <> 'cancelled'`;
const NOTE_SIGN_IN = `select record_audit($1::uuid, 'member.signed_in', 'user', $2::text, jsonb_build_object('way', $3::text))`;

/** Forged, foreign, expired, used, or of somebody who left: one answer, so that nobody learns which. */
export const refused = (): FactoryError =>
	new FactoryError('DASHBOARD_LINK_REFUSED', 'This link opens nothing. Ask for a new one, or sign in again.');

/** Deciding, rolling back and closing a breaker are for who answers for the tenant. */
export const mayDecide = ({ userId, role }: Viewer): boolean =>
	userId !== null && (role === 'owner' || role === 'admin');

export function openLink(token: unknown, purpose: string, ports: Pick<PageLinkPorts, 'vault' | 'now'>): OpenedPageLink {
	try {
		return openPageLink(typeof token === 'string' ? token : '', purpose, ports);
	} catch (error) {
		if (isFactoryError(error) && error.code.startsWith('PAGE_LINK')) throw refused();
		throw error;
	}
}

async function readMember(db: TenantConnection, userId: string): Promise<Viewer | null> {
	const row = await db.one<MemberRow>(READ_MEMBER, [db.tenantId, userId]);
	if (!row) return null;
	const name = row.name === row.email ? row.email : `${row.name} <${row.email}>`;
	return {
		...{ tenantId: db.tenantId, tenantName: row.tenant_name, timezone: row.timezone },
		...{ language: pageLanguage(row.language), userId: row.user_id, name, role: row.role },
	};
}

/** Who stands behind a link today; refused when they are no member any more, or their key was revoked. */
export async function viewerOf(db: TenantConnection, link: OpenedPageLink): Promise<Viewer> {
	if (link.subject === KEY) {
		const { keyHash } = link.data;
		if (typeof keyHash !== 'string' || !(await accessKeyOpens(db, keyHash, DASHBOARD_SCOPE))) throw refused();
		const tenant = await db.one<{ name: string; timezone: string; language: string }>(READ_TENANT, [db.tenantId]);
		if (!tenant) throw refused();
		return {
			...{ tenantId: db.tenantId, tenantName: tenant.name, timezone: tenant.timezone },
			...{ language: pageLanguage(tenant.language), userId: null, name: link.person, role: 'viewer' },
		};
	}
	const viewer = link.subject === MEMBER ? await readMember(db, link.person) : null;
	if (!viewer) throw refused();
	return viewer;
}

/** Opens the dashboard of one tenant for one member until it expires. */
export async function createDashboardLink(
	database: Database,
	tenantId: string,
	request: { userId: string; pageUrl: string; hours?: number | null },
	ports: PageLinkPorts,
	/** Another page for the same people. */
	purpose = DASHBOARD_PURPOSE,
): Promise<{ url: string; expiresAt: string; name: string; role: Role }> {
	const viewer = await inTenant(database, tenantId, async (db) => await readMember(db, request.userId));
	if (!viewer) {
		throw new FactoryError(
			'NOT_FOUND',
			`${request.userId} is no member of this tenant. Add the person with Agent Factory > Member > Save.`,
			{ item: 'userId' },
		);
	}
	const link = { purpose, tenantId, subject: MEMBER, person: request.userId };
	const { url, expiresAt } = sealPageLink({ ...link, hours: request.hours ?? LINK_HOURS }, request.pageUrl, ports);
	return { url, expiresAt: expiresAt.toISOString(), name: viewer.name, role: viewer.role };
}

/** Opens the page across all tenants; made in n8n, by who runs it. */
export function createOperatorLink(
	request: { person: string; pageUrl: string; hours?: number | null },
	ports: PageLinkPorts,
): { url: string; expiresAt: string } {
	const link = { purpose: OPERATOR_PURPOSE, tenantId: NO_TENANT, subject: 'all', person: request.person };
	const { url, expiresAt } = sealPageLink({ ...link, hours: request.hours ?? LINK_HOURS }, request.pageUrl, ports);
	return { url, expiresAt: expiresAt.toISOString() };
}

const session = (
	who: Pick<NewPageLink, 'tenantId' | 'subject' | 'person' | 'data'>,
	pageUrl: string,
	ports: PageLinkPorts,
): string => sealPageLink({ ...who, purpose: DASHBOARD_PURPOSE, hours: SESSION_HOURS }, pageUrl, ports).token;

/** Uses a mailed link up; the token of the working day. */
export async function signIn(
	database: Database,
	token: unknown,
	pageUrl: string,
	ports: PageLinkPorts,
): Promise<{ token: string; viewer: Viewer }> {
	const link = openLink(token, SIGN_IN_PURPOSE, ports);
	return await inTenant(database, link.tenantId, async (db) => {
		const viewer = await viewerOf(db, link);
		if (!(await usePageLink(db, SIGN_IN_PURPOSE, link))) throw refused();
		await db.one(NOTE_SIGN_IN, [db.tenantId, link.person, 'mail']);
		await noteOpened(db, link.person);
		return { token: session({ tenantId: db.tenantId, subject: MEMBER, person: link.person }, pageUrl, ports), viewer };
	});
}

/** The token of the working day for who shows an access key with the scope `dashboard`. */
export async function signInByKey(
	database: Database,
	accessKey: string,
	pageUrl: string,
	ports: PageLinkPorts,
): Promise<{ token: string }> {
	const found = await resolveTenant(database, { accessKey }).catch((error: unknown) => {
		if (isFactoryError(error) && !error.retryable) throw refused();
		throw error;
	});
	if (!found.scopes?.includes(DASHBOARD_SCOPE)) throw refused();
	const { id: tenantId, slug } = found.tenant;
	const who = { tenantId, subject: KEY, person: `access key of ${slug}`, data: { keyHash: hashAccessKey(accessKey) } };
	return { token: session(who, pageUrl, ports) };
}
