import type { Database } from '../database';
import { FactoryError } from '../errors';
import { inTenant } from '../tenancy';
import { EXPORT_ROWS, LIST_LIMIT } from './defaults';

/** A record of the person in another system, which the tenant looks after itself. */
export interface Elsewhere {
	system: string;
	what: string;
	id: string;
}

export interface ContactExport {
	/** Rows by table, as they are kept. */
	data: Record<string, Array<Record<string, unknown>>>;
	/** Rows a table that holds any. */
	counts: Record<string, number>;
	elsewhere: Elsewhere[];
	/** False: there are more messages or classifications than one export holds; the newest are in it. */
	complete: boolean;
}

export interface ErasureReceipt {
	receiptId: string;
	counts: Record<string, number>;
	elsewhere: Elsewhere[];
}

const LIST = `select id, kind, contact_id, reason, requested_by, counts, elsewhere, created_at from privacy_requests
	where tenant_id = $1::uuid order by created_at desc limit $2::integer`;

/** Everything that is kept of a person, with a receipt. NOT_FOUND when the tenant has no such contact. */
export const exportContact = async (
	database: Database,
	tenantId: string,
	contactId: string,
	reason: string,
	actor?: string,
): Promise<ContactExport> =>
	await inTenant(
		database,
		tenantId,
		async (db) =>
			(await db.one<{ export: ContactExport }>(
				`select export_contact($1::uuid, $2::uuid, $3::text, $4::integer) as export`,
				[tenantId, contactId, required(reason), EXPORT_ROWS],
			))!.export,
		{ actor },
	);

/** Removes a person from every table. It cannot be undone; the receipt says what went and where else the person stands. */
export const eraseContact = async (
	database: Database,
	tenantId: string,
	contactId: string,
	reason: string,
	actor?: string,
): Promise<ErasureReceipt> =>
	await inTenant(
		database,
		tenantId,
		async (db) =>
			(await db.one<{ receipt: ErasureReceipt }>(`select erase_contact($1::uuid, $2::uuid, $3::text) as receipt`, [
				tenantId,
				contactId,
				required(reason),
			]))!.receipt,
		{ actor },
	);

export const listPrivacyRequests = async (
	database: Database,
	tenantId: string,
	limit = LIST_LIMIT,
): Promise<Array<Record<string, unknown>>> =>
	await inTenant(database, tenantId, async (db) => await db.all(LIST, [tenantId, limit]));

function required(reason: string): string {
	if (reason.trim() !== '') return reason.trim();
	throw new FactoryError(
		'VALUE_REFUSED',
		'A request about personal data needs its reason, e.g. "asked by e-mail on 2026-11-22". Fill it in.',
		{ item: 'reason' },
	);
}
