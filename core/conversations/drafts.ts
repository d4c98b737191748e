import { wakeWorkers, type Database } from '../database';
import { splitText, type ChannelKind } from '../meta';
import { inTenant } from '../tenancy';

const LIST = `select d.id, d.conversation_id, d.turn_id, d.messages, d.sent_messages, d.status, d.decided_by, d.decided_at, d.created_at, k.full_name as contact_name
	from reply_drafts d
	join conversations c on c.tenant_id = d.tenant_id and c.id = d.conversation_id
	join contacts k on k.tenant_id = c.tenant_id and k.id = c.contact_id
	where d.tenant_id = $1::uuid and ($2::uuid is null or d.conversation_id = $2::uuid) and ($3::text is null or d.status = $3::text)
	order by d.created_at desc limit $4::integer`;
const CHANNEL = `select ca.kind, d.messages from reply_drafts d
	join conversations c on c.tenant_id = d.tenant_id and c.id = d.conversation_id
	join channel_accounts ca on ca.tenant_id = c.tenant_id and ca.id = c.channel_account_id
	where d.tenant_id = $1::uuid and d.id = $2::uuid`;

/** Drafts, newest first. */
export const listDrafts = async (
	database: Database,
	tenantId: string,
	options: { conversationId?: string; status?: string; limit: number },
): Promise<Array<Record<string, unknown>>> =>
	await inTenant(
		database,
		tenantId,
		async (db) => await db.all(LIST, [tenantId, options.conversationId ?? null, options.status ?? null, options.limit]),
	);

/** Sends a draft in a person's name, as it stands or with other texts. `done` false: it was sent before. */
export async function sendDraft(
	database: Database,
	tenantId: string,
	draftId: string,
	{ texts = [], person }: { texts?: string[]; person: string },
): Promise<Record<string, unknown>> {
	const sent = await inTenant(
		database,
		tenantId,
		async (db) => {
			const draft = await db.one<{ kind: ChannelKind; messages: string[] }>(CHANNEL, [tenantId, draftId]);
			const wanted = texts.length > 0 ? texts : (draft?.messages ?? []);
			const parts = wanted.flatMap((text) => splitText(text, draft?.kind ?? 'whatsapp'));
			return (await db.one<{ sent: Record<string, unknown> }>(
				`select send_draft($1::uuid, $2::uuid, $3::jsonb, $4::text) as sent`,
				[tenantId, draftId, JSON.stringify(parts), person],
			))!.sent;
		},
		{ actor: person },
	);
	wakeWorkers(database, 'outbox');
	return sent;
}

/** Ends a draft unsent; false when it was decided before. */
export const discardDraft = async (
	database: Database,
	tenantId: string,
	draftId: string,
	person: string,
): Promise<boolean> =>
	await inTenant(
		database,
		tenantId,
		async (db) =>
			(await db.one<{ done: boolean }>(`select discard_draft($1::uuid, $2::uuid, $3::text) as done`, [
				tenantId,
				draftId,
				person,
			]))!.done,
		{ actor: person },
	);
