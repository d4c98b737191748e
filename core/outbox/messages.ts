import { wakeWorkers, type Database } from '../database';
import { FactoryError } from '../errors';
import { outboundParts, templateMessage, type ChannelKind, type OutboundContent, type OutboundMessage } from '../meta';
import { inTenant, type TenantConnection } from '../tenancy';
import { LIST_LIMIT } from './defaults';
import { fillTemplate, type FillableTemplate, type TemplateValues } from './template-values';

/** A message without a turn: a person's or a schedule's. `key` makes a repeated call harmless. */
export interface DirectMessage {
	conversationId: string;
	key: string;
	content: OutboundContent | ({ templateId: string } & TemplateValues);
	/** `system` is what we start by ourselves: it needs consent, has caps and can be stopped. */
	author?: 'human' | 'system';
	/** What goes out where free text may not: this template, or the best one of this category (`window` where absent). */
	fallbackTemplateId?: string;
	fallbackCategory?: string;
}

export interface QueuedMessage {
	outboxIds: string[];
}

const CHANNEL_OF = `select ca.kind, ca.parent_id from conversations c join channel_accounts ca on ca.tenant_id = c.tenant_id and ca.id = c.channel_account_id
	where c.tenant_id = $1::uuid and c.id = $2::uuid`;
const TEMPLATE = `select id, name, content, meta_name, language, meta_status, rejected_reason, waba_id, parameter_format, components, meta_components
	from message_templates where tenant_id = $1::uuid and id = $2::uuid and is_active`;
const ENQUEUE = `select enqueue_outbox($1::uuid, $2::uuid, $3::text, $4::text, $5::integer, null, $6::jsonb, $7::text, $8::text, null, $9::uuid) as id`;
const FALL_BACK_TO = `update outbox_messages set fallback_category = $3::text where tenant_id = $1::uuid and id = any ($2::uuid[]) and status = 'pending'`;

interface ChannelRow {
	kind: ChannelKind;
	parent_id: string | null;
}

interface TemplateRow extends FillableTemplate {
	id: string;
	meta_name: string | null;
	language: string;
	meta_status: string;
	rejected_reason: string | null;
	waba_id: string | null;
}

export async function sendDirect(
	database: Database,
	tenantId: string,
	message: DirectMessage,
	actor?: string,
): Promise<QueuedMessage> {
	const outboxIds = await inTenant(
		database,
		tenantId,
		async (db) => {
			const channel = await db.one<ChannelRow & Record<string, unknown>>(CHANNEL_OF, [
				tenantId,
				message.conversationId,
			]);
			if (!channel)
				throw new FactoryError(
					'NOT_FOUND',
					`The tenant has no conversation ${message.conversationId}. Pick one from the list.`,
					{ item: message.conversationId },
				);
			const parts: Part[] =
				'templateId' in message.content
					? [await templatePart(db, channel, message.content)]
					: outboundParts(message.content, channel.kind).map((part) => ({ kind: 'direct', ...part }));
			const fallback = 'templateId' in message.content ? message.content.templateId : message.fallbackTemplateId;
			const ids: string[] = [];
			for (const [position, part] of parts.entries()) {
				const row = await db.one<{ id: string }>(ENQUEUE, [
					tenantId,
					message.conversationId,
					part.kind,
					`direct:${message.key}:${position}`,
					position,
					JSON.stringify(part.payload),
					part.text,
					message.author ?? 'human',
					fallback ?? null,
				]);
				ids.push(row!.id);
			}
			if (message.fallbackCategory) await db.all(FALL_BACK_TO, [tenantId, ids, message.fallbackCategory]);
			return ids;
		},
		{ actor },
	);
	wakeWorkers(database, 'outbox');
	return { outboxIds };
}

interface Part {
	kind: 'direct' | 'template';
	payload: OutboundMessage;
	text: string;
}

async function templatePart(
	db: TenantConnection,
	channel: ChannelRow,
	content: { templateId: string } & TemplateValues,
): Promise<Part> {
	if (channel.kind !== 'whatsapp')
		throw new FactoryError('META_MESSAGE_UNSUPPORTED', 'Instagram and Messenger take no template: send text.');
	const template = await db.one<TemplateRow & Record<string, unknown>>(TEMPLATE, [db.tenantId, content.templateId]);
	if (!template?.meta_name || (template.waba_id && template.waba_id !== channel.parent_id)) {
		throw new FactoryError(
			'TEMPLATE_NOT_FOUND',
			`Template ${content.templateId} does not exist for this tenant and number, is switched off, or has no name at Meta. Pick one from the list.`,
			{ item: content.templateId },
		);
	}
	if (template.meta_status !== 'APPROVED') {
		const reason = template.rejected_reason ? ` (${template.rejected_reason})` : '';
		throw new FactoryError(
			'TEMPLATE_NOT_APPROVED',
			`Template "${template.name}" is ${template.meta_status}${reason} at Meta; only APPROVED ones can be sent.`,
			{ item: template.name },
		);
	}
	const { components, text } = fillTemplate(template, content);
	return {
		kind: 'template',
		payload: templateMessage({ name: template.meta_name, language: template.language, components }),
		text,
	};
}

const LIST_UNKNOWN = `select o.id, o.conversation_id, o.turn_id, o.position, o.kind, o.attempts, o.error_code, o.error_message, o.unknown_since, k.full_name as contact_name, m.body
	from outbox_messages o
	join contacts k on k.tenant_id = o.tenant_id and k.id = o.contact_id
	left join messages m on m.tenant_id = o.tenant_id and m.outbox_id = o.id
	where o.tenant_id = $1::uuid and o.status = 'unknown' order by o.unknown_since limit $2::integer`;

/** Sends of which nobody knows whether Meta took them, oldest first. */
export const listUnknown = async (
	database: Database,
	tenantId: string,
	limit = LIST_LIMIT,
): Promise<Array<Record<string, unknown>>> =>
	await inTenant(database, tenantId, async (db) => await db.all(LIST_UNKNOWN, [tenantId, limit]));

/** A person's word on such a send. `send_again` may double it: that is theirs to decide. */
export async function settleUnknown(
	database: Database,
	tenantId: string,
	outboxId: string,
	verdict: 'sent' | 'failed' | 'send_again',
	actor?: string,
): Promise<string> {
	const status = await inTenant(
		database,
		tenantId,
		async (db) =>
			(await db.one<{ status: string }>(`select settle_unknown($1::uuid, $2::uuid, $3::text) as status`, [
				tenantId,
				outboxId,
				verdict,
			]))!.status,
		{ actor },
	);
	wakeWorkers(database, 'outbox');
	return status;
}
