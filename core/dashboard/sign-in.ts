import { toDatabaseError, type Database } from '../database';
import { withoutAddresses } from '../notifications';
import { pageLanguage, type PageLanguage } from '../pages';
import { inTenant, sealPageLink, type PageLinkPorts } from '../tenancy';
import { SIGN_IN_HOURS, SIGN_IN_PURPOSE } from './defaults';
import { SIGN_IN_WORDS } from './sign-in-words';

/** A mail for n8n's Send Email node. */
export interface SignInMail {
	to: string;
	subject: string;
	text: string;
	/** What whoever sends it settles. */
	requests: SignInRequest[];
}

export interface SignInRequest {
	tenantId: string;
	requestId: string;
}

interface RequestRow {
	tenant_id: string;
	request_id: string;
	tenant_name: string;
	user_id: string;
	email: string;
	language: string;
}

/** Longer ones are nobody's. */
const ADDRESS_CHARACTERS = 254;

function mailFor(rows: readonly RequestRow[], pageUrl: string, ports: PageLinkPorts): SignInMail {
	const language: PageLanguage = pageLanguage(rows[0].language);
	const words = SIGN_IN_WORDS[language];
	const lines = rows.map(({ tenant_id: tenantId, tenant_name: name, user_id: person }) => {
		const link = { purpose: SIGN_IN_PURPOSE, tenantId, subject: 'member', person, hours: SIGN_IN_HOURS };
		return `${name}\n${sealPageLink(link, pageUrl, ports).url}`;
	});
	const minutes = Math.round(SIGN_IN_HOURS * 60);
	return {
		to: rows[0].email,
		subject: words.mailSubject,
		text: [words.mailIntro(minutes), ...lines, words.mailClose].join('\n\n'),
		requests: rows.map(({ tenant_id: tenantId, request_id: requestId }) => ({ tenantId, requestId })),
	};
}

/**
 * One mail with a link a tenant, for a member who may be sent one now; null for a stranger, or for who asked too often.
 * The page says the same to all of them.
 */
export async function requestSignIn(
	database: Database,
	request: { email: string; pageUrl: string },
	ports: PageLinkPorts,
): Promise<SignInMail | null> {
	const email = request.email.trim();
	if (email === '' || email.length > ADDRESS_CHARACTERS) return null;
	try {
		const { rows } = await database.pool.query<RequestRow>(
			`select * from ${database.qualified}request_sign_in($1::text)`,
			[email],
		);
		return rows.length > 0 ? mailFor(rows, request.pageUrl, ports) : null;
	} catch (error) {
		throw toDatabaseError(error);
	}
}

const SETTLE = 'select settle_sign_in_mail($1::uuid, $2::uuid, $3::text)';
/** As many as one person is mailed links to. */
const MOST_REQUESTS = 20;

/** Sent is what the mail server took under a message id; a sender that was switched off took nothing. */
export async function settleSignInMail(
	database: Database,
	requests: readonly SignInRequest[],
	result: { messageId?: string; error?: string },
): Promise<'sent' | 'failed'> {
	const sent = Boolean(result.messageId) && !result.error;
	// Mail servers quote addresses; what is stored holds none.
	const error = sent
		? null
		: withoutAddresses(result.error ?? 'the e-mail was not sent: is the sending node switched on?');
	for (const { tenantId, requestId } of requests.slice(0, MOST_REQUESTS))
		await inTenant(database, tenantId, async (db) => await db.one(SETTLE, [tenantId, requestId, error]));
	return sent ? 'sent' : 'failed';
}
