import { toDatabaseError, type Database } from '../database';
import { pageLanguage, type PageLanguage } from '../pages';
import { sealPageLink, type PageLinkPorts } from '../tenancy';
import { SIGN_IN_HOURS, SIGN_IN_PURPOSE } from './defaults';
import { SIGN_IN_WORDS } from './sign-in-words';

/** A mail for n8n's Send Email node. */
export interface SignInMail {
	to: string;
	subject: string;
	text: string;
}

interface RequestRow {
	tenant_id: string;
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
