import { NO_TENANT, sealPageLink, type PageLinkPorts } from '../tenancy';
import { CHECKLIST_HOURS, CHECKLIST_PURPOSE } from './defaults';

/** A link to the checklist of this installation. It shows how far one is and nothing of any client. */
export function createChecklistLink(pageUrl: string, ports: PageLinkPorts): { url: string; expiresAt: string } {
	const link = { purpose: CHECKLIST_PURPOSE, tenantId: NO_TENANT, subject: 'setup', person: 'setup' };
	const { url, expiresAt } = sealPageLink({ ...link, hours: CHECKLIST_HOURS }, pageUrl, ports);
	return { url, expiresAt: expiresAt.toISOString() };
}
