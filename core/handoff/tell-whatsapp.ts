import type { Database } from '../database';
import { FactoryError } from '../errors';
import type { ClaimedJob } from '../jobs';
import { sendDirect } from '../outbox';
import { inTenant, type PageLinkPorts } from '../tenancy';
import { createHandoffLink } from './links';
import { scoreOf } from './page-queue';
import type { QueuedHandoff } from './store';
import { HANDOFF_WORDS } from './words';

/** Job that writes to a member's WhatsApp; a trigger adds it. */
export const WHATSAPP_JOB = 'handoff.whatsapp';

interface Told {
	reason: string;
	classification: string | null;
	score: number | null;
	number: string;
	name: string | null;
	account: string | null;
	template: string | null;
	template_content: string | null;
	page_url: string | null;
	language: string;
}

const READ = `select h.reason, h.classification, h.score, r.whatsapp_number as number, u.full_name as name, s.whatsapp_account_id as account,
		s.whatsapp_template_id as template, mt.content as template_content, s.page_url, lead_settings_of(h.tenant_id) ->> 'analysisLanguage' as language
	from handoffs h
	join handoff_settings s on s.tenant_id = h.tenant_id
	join handoff_recipients r on r.tenant_id = h.tenant_id and r.user_id = $3::uuid and r.level = $4::smallint
	join users u on u.id = r.user_id
	left join message_templates mt on mt.tenant_id = s.tenant_id and mt.id = s.whatsapp_template_id
	where h.tenant_id = $1::uuid and h.id = $2::uuid and h.returned_at is null and h.first_answer_at is null and r.whatsapp_number is not null`;
const THREAD = `insert into conversations as c (tenant_id, contact_id, channel_account_id)
	values ($1::uuid, resolve_contact($1::uuid, $2::jsonb), $3::uuid)
	on conflict (tenant_id, channel_account_id, contact_id) do update set updated_at = now()
	returning c.id, coalesce(c.last_customer_message_at > now() - interval '24 hours', false) as window_open`;

/** Tells one member, once: free text inside their own window, else the template of the settings with as many variables as it has. */
export async function tellByWhatsapp(
	database: Database,
	{ tenantId, key, payload }: ClaimedJob,
	ports: PageLinkPorts,
): Promise<Record<string, unknown>> {
	const { handoffId, userId, level } = payload as { handoffId: string; userId: string; level: number };
	const found = await inTenant(database, tenantId, async (db) => {
		const told = await db.one<Told & Record<string, unknown>>(READ, [tenantId, handoffId, userId, level]);
		if (!told?.account) return null;
		const contact = JSON.stringify({ phone: told.number, name: told.name ?? '' });
		const thread = await db.one<{ id: string; window_open: boolean }>(THREAD, [tenantId, contact, told.account]);
		return { told, thread: thread! };
	});
	// Somebody answered meanwhile, or the member is not told any more.
	if (!found) return { told: false };
	const { told, thread } = found;
	// One notice stands for all that a thrown switch handed over: it opens the queue.
	const about = told.reason === 'automation_stopped' ? null : handoffId;
	const link = told.page_url ? await createHandoffLink(database, tenantId, { userId, handoffId: about }, ports) : null;
	const language = told.language === 'en' ? 'en' : 'pt-BR';
	const words = HANDOFF_WORDS[language];
	const facts = [
		words.reasons[told.reason] ?? told.reason,
		scoreOf(told as unknown as QueuedHandoff, language) || '-',
		link?.url ?? '-',
	];
	if (!thread.window_open && !told.template) {
		throw new FactoryError(
			'HANDOFF_TEMPLATE_MISSING',
			'The member wrote to this number more than 24 hours ago, so only a template may tell them. Pick an approved UTILITY template in the hand-off settings.',
		);
	}
	const count = new Set(told.template_content?.match(/\{\{[^}]+\}\}/g) ?? []).size;
	const content = thread.window_open
		? { text: [words.waiting, ...facts].join('\n') }
		: { templateId: told.template!, parameters: facts.slice(0, count) };
	const { outboxIds } = await sendDirect(database, tenantId, {
		conversationId: thread.id,
		key: `handoff-told:${key}`,
		content,
		author: 'human',
	});
	return { told: true, outboxIds };
}
