import { toDatabaseError, type Database } from '../database';
import { sealPageLink, type PageLinkPorts } from '../tenancy';
import {
	FIRST_MAIL_RETRY_SECONDS,
	MAIL_LEASE_SECONDS,
	MAX_MAIL_ATTEMPTS,
	MAX_MAIL_CLAIM,
	MAX_MAIL_ERROR,
} from './defaults';
import type { NoticePayload } from './events';
import { mailText, type MailLanguage } from './mail-text';
import { retryDelaySeconds, settleNotice, type NoticeLease, type Settlement } from './settle';

/** An e-mail that whoever claimed it sends and then settles. */
export interface Mail extends NoticeLease {
	eventType: string;
	to: string;
	subject: string;
	text: string;
}

interface ClaimedMail {
	id: string;
	tenant_id: string;
	attempts: number;
	email: string;
	payload: NoticePayload;
	tenant_name: string;
	language: MailLanguage;
}

/** Leases the e-mails that are due, of all tenants, in the tenant's language. Who does not settle one gets it again after its lease. */
export async function claimMails(
	database: Database,
	options: { limit?: number; links?: PageLinkPorts } = {},
): Promise<Mail[]> {
	const limit = Math.min(options.limit ?? MAX_MAIL_CLAIM, MAX_MAIL_CLAIM);
	try {
		const { rows } = await database.pool.query<ClaimedMail>({
			text: `select * from ${database.qualified}claim_mail_notices($1::integer, $2::integer, $3::integer)`,
			values: [limit, MAIL_LEASE_SECONDS, MAX_MAIL_ATTEMPTS],
		});
		return rows.map(({ id, tenant_id, attempts, email, payload, tenant_name, language }) => ({
			tenantId: tenant_id,
			noticeId: id,
			attempts,
			eventType: payload.type,
			to: email,
			...mailText(payload, tenant_name, language, linkOf(tenant_id, payload, options.links)),
		}));
	} catch (error) {
		throw toDatabaseError(error);
	}
}

/** The page that a notice is about, for the person it goes to; made here, so that no table holds a link that opens something. */
function linkOf(tenantId: string, { data }: NoticePayload, ports: PageLinkPorts | undefined): string | null {
	const page = data.page as
		{ purpose: string; subject: string; person: string; url: string; hours: number } | undefined;
	if (!ports || typeof page?.url !== 'string' || !URL.canParse(page.url)) return null;
	const { purpose, subject, person, hours } = page;
	return sealPageLink({ purpose, tenantId, subject, person, hours }, page.url, ports).url;
}

/** Sent is what the mail server took under a message id; anything else, a sender that was switched off too, is tried again. */
export async function settleMail(
	database: Database,
	lease: NoticeLease,
	result: { messageId?: string; error?: string },
	random: () => number,
): Promise<string> {
	return await settleNotice(database, lease, settlementOfMail(lease.attempts, result, random));
}

function settlementOfMail(
	attempts: number,
	{ messageId, error }: { messageId?: string; error?: string },
	random: () => number,
): Settlement {
	if (messageId && !error) return { outcome: 'delivered', httpStatus: null, error: null };
	const why = withoutAddresses(error ?? 'the e-mail was not sent: is the sending node switched on?');
	if (attempts >= MAX_MAIL_ATTEMPTS) return { outcome: 'dead', httpStatus: null, error: why };
	const delaySeconds = retryDelaySeconds(attempts, random, FIRST_MAIL_RETRY_SECONDS);
	return { outcome: 'retry', delaySeconds, httpStatus: null, error: why };
}

/** Mail servers quote addresses; the audit log holds none. */
export const withoutAddresses = (error: string): string => error.slice(0, MAX_MAIL_ERROR).replace(/\S+@\S+/g, '…');
