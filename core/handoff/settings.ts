import { z } from 'zod/v4';
import type { Database } from '../database';
import { FactoryError } from '../errors';
import { addKnownContact } from '../leads';
import { inTenant, type TenantConnection } from '../tenancy';
import { LIST_LIMIT } from './defaults';

export interface HandoffSettings {
	quietMinutes: number | null;
	slaMinutes: number;
	escalationMinutes: number;
	linkHours: number;
	pageUrl: string | null;
	whatsappAccountId: string | null;
	whatsappTemplateId: string | null;
	recipients: Recipient[];
}

/** A member who is told: level 0 at once, 1 and on when the first answer is overdue. */
export interface Recipient {
	userId: string;
	name: string | null;
	email: string;
	level: number;
	byEmail: boolean;
	whatsappNumber: string | null;
}

const change = z.strictObject({
	/** null or 0: the bot never gets a conversation back by itself. */
	quietMinutes: z.number().int().min(0).max(43_200).nullish(),
	slaMinutes: z.number().int().min(1).max(1_440).optional(),
	escalationMinutes: z.number().int().min(1).max(1_440).optional(),
	linkHours: z.number().int().min(1).max(720).optional(),
	pageUrl: z
		.url({ protocol: /^https?$/ })
		.max(500)
		.nullish(),
	whatsappAccountId: z.uuid().nullish(),
	whatsappTemplateId: z.uuid().nullish(),
});
export type SettingsChange = z.input<typeof change>;

const READ = `select s.quiet_minutes as "quietMinutes", s.sla_minutes as "slaMinutes", s.escalation_minutes as "escalationMinutes", s.link_hours as "linkHours",
		s.page_url as "pageUrl", s.whatsapp_account_id as "whatsappAccountId", s.whatsapp_template_id as "whatsappTemplateId"
	from handoff_settings s where s.tenant_id = $1::uuid`;
const RECIPIENTS = `select r.user_id as "userId", u.full_name as name, u.email, r.level::integer as level, r.by_email as "byEmail", r.whatsapp_number as "whatsappNumber"
	from handoff_recipients r join users u on u.id = r.user_id where r.tenant_id = $1::uuid order by r.level, u.email limit $2::integer`;
const SAVE = `update handoff_settings s set
		quiet_minutes = case when $2::jsonb ? 'quietMinutes' then nullif(($2::jsonb ->> 'quietMinutes')::integer, 0) else s.quiet_minutes end,
		sla_minutes = coalesce(($2::jsonb ->> 'slaMinutes')::integer, s.sla_minutes),
		escalation_minutes = coalesce(($2::jsonb ->> 'escalationMinutes')::integer, s.escalation_minutes),
		link_hours = coalesce(($2::jsonb ->> 'linkHours')::integer, s.link_hours),
		page_url = case when $2::jsonb ? 'pageUrl' then $2::jsonb ->> 'pageUrl' else s.page_url end,
		whatsapp_account_id = case when $2::jsonb ? 'whatsappAccountId' then ($2::jsonb ->> 'whatsappAccountId')::uuid else s.whatsapp_account_id end,
		whatsapp_template_id = case when $2::jsonb ? 'whatsappTemplateId' then ($2::jsonb ->> 'whatsappTemplateId')::uuid else s.whatsapp_template_id end
	where s.tenant_id = $1::uuid returning record_audit($1::uuid, 'handoff.settings_saved', 'tenant', $1::text, $2::jsonb - 'pageUrl')`;
const PUT_RECIPIENT = `insert into handoff_recipients (tenant_id, user_id, level, by_email, whatsapp_number) values ($1::uuid, $2::uuid, $3::smallint, $4::boolean, $5::text)
	on conflict (tenant_id, user_id, level) do update set by_email = excluded.by_email, whatsapp_number = excluded.whatsapp_number`;
const DROP_RECIPIENT = `delete from handoff_recipients where tenant_id = $1::uuid and user_id = $2::uuid and ($3::smallint is null or level = $3::smallint) returning 1`;

export async function readSettings(db: TenantConnection): Promise<HandoffSettings> {
	const row = await db.one<Omit<HandoffSettings, 'recipients'> & Record<string, unknown>>(READ, [db.tenantId]);
	if (!row)
		throw new FactoryError('NOT_FOUND', 'This tenant does not exist. Pick one from the list.', { item: 'tenant' });
	return {
		...row,
		recipients: await db.all<Recipient & Record<string, unknown>>(RECIPIENTS, [db.tenantId, LIST_LIMIT]),
	};
}

export const getHandoffSettings = async (database: Database, tenantId: string): Promise<HandoffSettings> =>
	await inTenant(database, tenantId, readSettings);

/** Changes what is named and leaves the rest. */
export async function saveHandoffSettings(
	database: Database,
	tenantId: string,
	given: SettingsChange,
	actor?: string,
): Promise<HandoffSettings> {
	const parsed = change.safeParse(given);
	if (!parsed.success) {
		const [{ path, message }] = parsed.error.issues;
		throw new FactoryError('VALUE_REFUSED', `Field "${path.join('.')}" is refused: ${message}. Correct it.`, {
			item: path.join('.'),
		});
	}
	return await inTenant(
		database,
		tenantId,
		async (db) => {
			await db.one(SAVE, [tenantId, JSON.stringify(parsed.data)]);
			return await readSettings(db);
		},
		{ actor },
	);
}

const NUMBER = /^[1-9]\d{7,14}$/;

/** A member hears of hand-overs of one level. Their WhatsApp number becomes a known contact of the team: the bot does not answer it. */
export async function saveRecipient(
	database: Database,
	tenantId: string,
	recipient: { userId: string; level?: number; byEmail?: boolean; whatsappNumber?: string | null },
	actor?: string,
): Promise<HandoffSettings> {
	const number = recipient.whatsappNumber ? recipient.whatsappNumber.replace(/[\s()+.-]/g, '') : null;
	if (number !== null && !NUMBER.test(number)) {
		throw new FactoryError('VALUE_REFUSED', 'A WhatsApp number has the country code and digits only. Correct it.', {
			item: 'whatsappNumber',
		});
	}
	if (number !== null) {
		const team = { username: number, contactType: 'equipe', autoClassifyAs: 'PESSOAL' } as const;
		await addKnownContact(database, tenantId, team, actor);
	}
	return await inTenant(
		database,
		tenantId,
		async (db) => {
			const values = [tenantId, recipient.userId, recipient.level ?? 0, recipient.byEmail ?? true, number];
			await db.one(PUT_RECIPIENT, values);
			return await readSettings(db);
		},
		{ actor },
	);
}

export const removeRecipient = async (
	database: Database,
	tenantId: string,
	userId: string,
	level: number | null,
	actor?: string,
): Promise<{ removed: number }> =>
	await inTenant(
		database,
		tenantId,
		async (db) => ({ removed: (await db.all(DROP_RECIPIENT, [tenantId, userId, level])).length }),
		{ actor },
	);
