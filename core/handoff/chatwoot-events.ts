import { z } from 'zod/v4';
import { wakeWorkers, type Database } from '../database';
import { addJob } from '../jobs';
import { sendDirect } from '../outbox';
import { inTenant, type TenantConnection } from '../tenancy';
import { CHATWOOT_JOB } from './chatwoot-push';
import { tenantOfWebhook, type ChatwootPorts } from './chatwoot-connect';
import { readThread } from './store';

const eventSchema = z.object({
	event: z.string(),
	id: z.union([z.number(), z.string()]).optional(),
	content: z.string().nullish(),
	message_type: z.union([z.string(), z.number()]).optional(),
	private: z.boolean().nullish(),
	status: z.string().optional(),
	source_id: z.string().nullish(),
	conversation: z.object({ id: z.number(), status: z.string().optional() }).nullish(),
	sender: z.object({ type: z.string().nullish() }).nullish(),
	account: z.object({ id: z.number() }).nullish(),
});

export interface ChatwootReceived {
	tenantId: string;
	/** sent, refused, returned, or why nothing was to be done. */
	done: 'sent' | 'refused' | 'returned' | 'ignored' | 'unknown_conversation';
	conversationId: string | null;
	code?: string;
}

const THREAD = `select conversation_id from chatwoot_threads where tenant_id = $1::uuid and chatwoot_conversation_id = $2::bigint`;
const TAKE = `select take_over($1::uuid, $2::uuid, 'human_takeover')`;
const OPEN = `select id from handoffs where tenant_id = $1::uuid and conversation_id = $2::uuid order by started_at desc limit 1`;
const RETURN = `select return_handoff($1::uuid, $2::uuid, 'chatwoot') as done`;

/** What Chatwoot tells: an agent's answer goes to the customer, once a message; a resolved conversation goes back to the bot. */
export async function receiveChatwoot(
	database: Database,
	request: { key: unknown; body: unknown },
	ports: ChatwootPorts,
): Promise<ChatwootReceived> {
	const { tenantId, server } = await tenantOfWebhook(database, request.key, ports);
	const parsed = eventSchema.safeParse(request.body);
	const ignored = { tenantId, done: 'ignored' as const, conversationId: null };
	if (!parsed.success) return ignored;
	const event = parsed.data;
	const isMessage = event.event === 'message_created';
	if (event.account && event.account.id !== server.accountId) return ignored;
	const theirs = isMessage ? event.conversation?.id : Number(event.id);
	if (!isMessage && event.event !== 'conversation_status_changed') return ignored;
	const found = await inTenant(database, tenantId, async (db) => {
		const row = Number.isInteger(theirs)
			? await db.one<{ conversation_id: string }>(THREAD, [tenantId, theirs])
			: undefined;
		return row?.conversation_id ?? null;
	});
	if (!found) return { tenantId, done: 'unknown_conversation', conversationId: null };
	if (!isMessage) {
		if (event.status !== 'resolved') return { ...ignored, conversationId: found };
		await inTenant(database, tenantId, async (db) => await db.one(RETURN, [tenantId, found]), { actor: 'chatwoot' });
		wakeWorkers(database, 'turns');
		return { tenantId, done: 'returned', conversationId: found };
	}
	// What we put there ourselves is incoming or private; bots and automations are no people.
	const isAnswer = event.message_type === 'outgoing' || event.message_type === 1;
	const isOurs = event.source_id?.startsWith('agent-factory:') ?? false;
	if (!isAnswer || event.private || isOurs || (event.sender?.type ?? 'user') !== 'user')
		return { ...ignored, conversationId: found };
	return await answer(database, tenantId, found, `${server.accountId}:${event.id}`, event.content?.trim() ?? '');
}

async function answer(
	database: Database,
	tenantId: string,
	conversationId: string,
	messageId: string,
	text: string,
): Promise<ChatwootReceived> {
	const code = await inTenant(
		database,
		tenantId,
		async (db) => {
			const thread = await readThread(db, conversationId);
			// Who answers has the conversation, from the bot too.
			if (thread?.status !== 'handoff') await db.one(TAKE, [tenantId, conversationId]);
			const why = !thread || thread.optedOut ? 'HANDOFF_OPTED_OUT' : thread.windowOpen ? null : 'HANDOFF_WINDOW_CLOSED';
			const problem = why ?? (text === '' ? 'MESSAGE_EMPTY' : null);
			if (problem) await tellAgent(db, conversationId, messageId, problem);
			return problem;
		},
		{ actor: 'chatwoot' },
	);
	if (code) return { tenantId, done: 'refused', conversationId, code };
	const key = `chatwoot:${messageId}`;
	await sendDirect(database, tenantId, { conversationId, key, content: { text }, author: 'human' }, 'chatwoot');
	return { tenantId, done: 'sent', conversationId };
}

/** A note in Chatwoot that the answer did not go out, and why. */
async function tellAgent(db: TenantConnection, conversationId: string, messageId: string, code: string): Promise<void> {
	const handoff = await db.one<{ id: string }>(OPEN, [db.tenantId, conversationId]);
	if (!handoff) return;
	const payload = { handoffId: handoff.id, what: 'note', text: code };
	await addJob(db, { type: CHATWOOT_JOB, key: `note:${messageId}`, payload });
}
