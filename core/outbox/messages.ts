import { wakeWorkers, type Database } from '../database';
import { FactoryError } from '../errors';
import { splitText, templateMessage, textMessage, type ChannelKind, type OutboundMessage } from '../meta';
import { inTenant, type TenantConnection } from '../tenancy';
import { LIST_LIMIT } from './defaults';

/** A message without a turn: a person's or a schedule's. `key` makes a repeated call harmless. */
export interface DirectMessage {
	conversationId: string;
	key: string;
	content: { text: string } | { templateId: string; parameters?: string[] };
	author?: 'human' | 'system';
}

export interface QueuedMessage {
	outboxIds: string[];
}

const CHANNEL_OF = `select ca.kind from conversations c join channel_accounts ca on ca.tenant_id = c.tenant_id and ca.id = c.channel_account_id
	where c.tenant_id = $1::uuid and c.id = $2::uuid`;
const TEMPLATE = `select id, name, content, meta_name, language, meta_status, components from message_templates where tenant_id = $1::uuid and id = $2::uuid and is_active`;
const ENQUEUE = `select enqueue_outbox($1::uuid, $2::uuid, $3::text, $4::text, $5::integer, null, $6::jsonb, $7::text, $8::text, null, null) as id`;

interface TemplateRow {
	id: string;
	name: string;
	content: string;
	meta_name: string | null;
	language: string;
	meta_status: string;
	components: unknown[];
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
			const channel = await db.one<{ kind: ChannelKind }>(CHANNEL_OF, [tenantId, message.conversationId]);
			if (!channel)
				throw new FactoryError(
					'NOT_FOUND',
					`The tenant has no conversation ${message.conversationId}. Pick one from the list.`,
					{ item: message.conversationId },
				);
			const parts =
				'text' in message.content
					? textParts(message.content.text, channel.kind)
					: [await templatePart(db, tenantId, message.content)];
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
				]);
				ids.push(row!.id);
			}
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

function textParts(text: string, channel: ChannelKind): Part[] {
	const parts = splitText(text, channel);
	if (parts.length === 0)
		throw new FactoryError('MESSAGE_EMPTY', 'The message has no text. Write one, or send a template.');
	return parts.map((part) => ({ kind: 'direct', payload: textMessage(part), text: part }));
}

async function templatePart(
	db: TenantConnection,
	tenantId: string,
	content: { templateId: string; parameters?: string[] },
): Promise<Part> {
	const template = await db.one<TemplateRow & Record<string, unknown>>(TEMPLATE, [tenantId, content.templateId]);
	if (!template?.meta_name) {
		throw new FactoryError(
			'TEMPLATE_NOT_FOUND',
			`Template ${content.templateId} does not exist for this tenant, is switched off, or has no name at Meta. Pick one from the list.`,
			{ item: content.templateId },
		);
	}
	if (template.meta_status !== 'APPROVED') {
		throw new FactoryError(
			'TEMPLATE_NOT_APPROVED',
			`Template "${template.name}" is ${template.meta_status} at Meta; only APPROVED ones can be sent.`,
			{ item: template.name },
		);
	}
	const parameters = content.parameters ?? [];
	const components =
		parameters.length > 0
			? [{ type: 'body', parameters: parameters.map((text) => ({ type: 'text', text })) }]
			: template.components;
	const text = parameters.reduce((body, value, index) => body.split(`{{${index + 1}}}`).join(value), template.content);
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
