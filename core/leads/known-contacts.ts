import { z } from 'zod/v4';
import type { Database } from '../database';
import { FactoryError } from '../errors';
import { inTenant } from '../tenancy';
import { IMPORT_LIMIT, LEAD_LIST_LIMIT } from './defaults';
import { LEAD_CLASSES } from './types';

export const CONTACT_TYPES = ['amigo', 'familia', 'socio', 'equipe', 'cliente', 'fornecedor', 'outro'] as const;
export const KNOWN_CLASSES = [...LEAD_CLASSES, 'CLIENTE_VIP'] as const;
export const PLATFORMS = ['whatsapp', 'instagram', 'messenger', 'telegram'] as const;

const contact = z.object({
	platform: z.enum(PLATFORMS).default('whatsapp'),
	username: z.string().trim().min(1).max(255),
	fullName: z.string().trim().max(200).nullish(),
	contactType: z.enum(CONTACT_TYPES).default('cliente'),
	notes: z.string().max(2_000).nullish(),
	tags: z.array(z.string().trim().min(1).max(50)).max(50).default([]),
	autoClassifyAs: z.enum(KNOWN_CLASSES).default('PESSOAL'),
	skipAiAnalysis: z.boolean().default(true),
	autoRespond: z.boolean().default(false),
});

export type NewKnownContact = z.input<typeof contact>;
export type KnownContactChange = Partial<Omit<NewKnownContact, 'platform' | 'username'>>;

export interface KnownContactRow {
	id: string;
	platform: string;
	username: string;
	fullName: string | null;
	contactType: string;
	notes: string | null;
	tags: string[];
	autoClassifyAs: string;
	skipAiAnalysis: boolean;
	autoRespond: boolean;
	createdAt: Date;
	updatedAt: Date;
}

/** Rows that were taken, and those that were not, with what is wrong with them. */
export interface ImportReport {
	added: number;
	changed: number;
	refused: Array<{ row: number; field: string; why: string }>;
}

const COLUMNS = `id, platform, username, full_name as "fullName", contact_type as "contactType", notes, tags, auto_classify_as as "autoClassifyAs",
	skip_ai_analysis as "skipAiAnalysis", auto_respond as "autoRespond", created_at as "createdAt", updated_at as "updatedAt"`;
const LIST = `select ${COLUMNS} from tenant_known_contacts
	where tenant_id = $1::uuid and ($2::text is null or position(lower($2::text) in lower(coalesce(full_name, '') || ' ' || username)) > 0)
	order by full_name nulls last, username limit $3::integer`;
const PUT = `insert into tenant_known_contacts (tenant_id, platform, username, full_name, contact_type, notes, tags, auto_classify_as, skip_ai_analysis, auto_respond)
	select $1::uuid, r.platform, r.username, r."fullName", r."contactType", r.notes, coalesce(r.tags, '{}'), r."autoClassifyAs", r."skipAiAnalysis", r."autoRespond"
	from jsonb_to_recordset($2::jsonb) r(platform text, username text, "fullName" text, "contactType" text, notes text, tags text[], "autoClassifyAs" text,
		"skipAiAnalysis" boolean, "autoRespond" boolean)
	on conflict (tenant_id, platform, username_key) do update set full_name = coalesce(excluded.full_name, tenant_known_contacts.full_name),
		contact_type = excluded.contact_type, notes = coalesce(excluded.notes, tenant_known_contacts.notes), tags = excluded.tags,
		auto_classify_as = excluded.auto_classify_as, skip_ai_analysis = excluded.skip_ai_analysis, auto_respond = excluded.auto_respond
	returning ${COLUMNS}, xmax = 0 as added`;
const CHANGE = `update tenant_known_contacts set full_name = coalesce($3::jsonb ->> 'fullName', full_name), contact_type = coalesce($3::jsonb ->> 'contactType', contact_type),
		notes = coalesce($3::jsonb ->> 'notes', notes),
		tags = case when $3::jsonb ? 'tags' then array(select jsonb_array_elements_text($3::jsonb -> 'tags')) else tags end,
		auto_classify_as = coalesce($3::jsonb ->> 'autoClassifyAs', auto_classify_as),
		skip_ai_analysis = coalesce(($3::jsonb ->> 'skipAiAnalysis')::boolean, skip_ai_analysis),
		auto_respond = coalesce(($3::jsonb ->> 'autoRespond')::boolean, auto_respond)
	where tenant_id = $1::uuid and id = $2::uuid returning ${COLUMNS}`;
const REMOVE = `delete from tenant_known_contacts where tenant_id = $1::uuid and id = $2::uuid returning ${COLUMNS}`;
const SAME = `select id from tenant_known_contacts where tenant_id = $1::uuid and platform = $2::text and username_key = identity_key($3::text)`;

type Row = KnownContactRow & Record<string, unknown>;

export const listKnownContacts = async (
	database: Database,
	tenantId: string,
	options: { search?: string; limit?: number } = {},
): Promise<KnownContactRow[]> =>
	await inTenant(
		database,
		tenantId,
		async (db) => await db.all<Row>(LIST, [tenantId, options.search ?? null, options.limit ?? LEAD_LIST_LIMIT]),
	);

/** The first thing that is wrong with a row; null where it is fine. */
function wrongWith(given: unknown): { field: string; why: string } | null {
	const parsed = contact.safeParse(given);
	if (parsed.success) return null;
	const { path, message } = parsed.error.issues[0];
	return { field: path.join('.') || 'row', why: message };
}

/** Adds one person; somebody who is on the list already, in whatever spelling, is changed. */
export async function addKnownContact(
	database: Database,
	tenantId: string,
	given: NewKnownContact,
	actor?: string,
): Promise<KnownContactRow> {
	const wrong = wrongWith(given);
	if (wrong) {
		throw new FactoryError('VALUE_REFUSED', `Field "${wrong.field}": ${wrong.why}. Correct it.`, { item: wrong.field });
	}
	const row = await inTenant(
		database,
		tenantId,
		async (db) => {
			const [saved] = await db.all<Row & { added: boolean }>(PUT, [tenantId, JSON.stringify([contact.parse(given)])]);
			await db.one(`select record_audit($1::uuid, 'leads.known_contact_saved', 'known_contact', $2::text, '{}')`, [
				tenantId,
				saved.id,
			]);
			return saved;
		},
		{ actor },
	);
	const { added: _, ...saved } = row;
	return saved;
}

/** Adds or changes many; a row that is wrong is reported and keeps nobody else out. */
export async function importKnownContacts(
	database: Database,
	tenantId: string,
	rows: readonly unknown[],
	actor?: string,
): Promise<ImportReport> {
	if (rows.length > IMPORT_LIMIT) {
		throw new FactoryError(
			'VALUE_REFUSED',
			`The import has ${rows.length} rows; ${IMPORT_LIMIT} fit into one. Split it.`,
			{ item: 'rows' },
		);
	}
	const report: ImportReport = { added: 0, changed: 0, refused: [] };
	const good: NewKnownContact[] = [];
	rows.forEach((given, index) => {
		const wrong = wrongWith(given);
		if (wrong) report.refused.push({ row: index + 1, ...wrong });
		else good.push(contact.parse(given));
	});
	await inTenant(
		database,
		tenantId,
		async (db) => {
			// One at a time: a list may name a person twice, and one statement cannot change a row twice.
			for (const row of good) {
				const [saved] = await db.all<Row & { added: boolean }>(PUT, [tenantId, JSON.stringify([row])]);
				if (saved.added) report.added += 1;
				else report.changed += 1;
			}
			await db.one(`select record_audit($1::uuid, 'leads.known_contacts_imported', 'tenant', $1::text, $2::jsonb)`, [
				tenantId,
				JSON.stringify({ added: report.added, changed: report.changed, refused: report.refused.length }),
			]);
		},
		{ actor },
	);
	return report;
}

const missing = (id: string): FactoryError =>
	new FactoryError('NOT_FOUND', `The tenant has no known contact ${id}. List them to see who is there.`, { item: id });

export async function updateKnownContact(
	database: Database,
	tenantId: string,
	id: string,
	change: KnownContactChange,
	actor?: string,
): Promise<KnownContactRow> {
	const row = await inTenant(
		database,
		tenantId,
		async (db) => await db.one<Row>(CHANGE, [tenantId, id, JSON.stringify(change)]),
		{ actor },
	);
	if (!row) throw missing(id);
	return row;
}

/** Takes somebody off the list, by id or by any spelling of number or name; answers who it was. */
export async function removeKnownContact(
	database: Database,
	tenantId: string,
	who: { id: string } | { platform: string; username: string },
	actor?: string,
): Promise<KnownContactRow> {
	const row = await inTenant(
		database,
		tenantId,
		async (db) => {
			const id =
				'id' in who ? who.id : (await db.one<{ id: string }>(SAME, [tenantId, who.platform, who.username]))?.id;
			const removed = id === undefined ? undefined : await db.one<Row>(REMOVE, [tenantId, id]);
			if (removed) {
				await db.one(`select record_audit($1::uuid, 'leads.known_contact_removed', 'known_contact', $2::text, '{}')`, [
					tenantId,
					removed.id,
				]);
			}
			return removed;
		},
		{ actor },
	);
	if (!row) throw missing('id' in who ? who.id : who.username);
	return row;
}
