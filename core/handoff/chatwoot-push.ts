import type { Database } from '../database';
import { FactoryError } from '../errors';
import type { ClaimedJob } from '../jobs';
import { scorePointText } from '../leads';
import { pageLanguage, type PageLanguage } from '../pages';
import { inTenant } from '../tenancy';
import { createChatwootClient, type ChatwootClient } from './chatwoot-client';
import { chatwootOf, type ChatwootPorts } from './chatwoot-connect';
import { CHATWOOT_CONTEXT_MESSAGES, CHATWOOT_HOLD_SECONDS, CHATWOOT_NOTE_CHARACTERS, QUEUE_LIMIT } from './defaults';
import { scoreOf } from './page-queue';
import { readThread, type Thread } from './store';
import { HANDOFF_WORDS } from './words';

/** Job that brings Chatwoot up to date with one conversation; triggers add it. */
export const CHATWOOT_JOB = 'handoff.chatwoot';

interface Held {
	conversation_id: string | null;
	chatwoot_conversation_id: string | null;
	pushing_message_id: string | null;
	noted_handoff_id: string | null;
}
interface Backlog {
	id: string;
	author: string;
	body: string;
	kind: string;
	way: string;
}

const OF = `select h.conversation_id, h.returned_at is not null as returned, c.contact_id, k.full_name as name, lead_settings_of(h.tenant_id) ->> 'analysisLanguage' as language
	from handoffs h join conversations c on c.tenant_id = h.tenant_id and c.id = h.conversation_id join contacts k on k.tenant_id = c.tenant_id and k.id = c.contact_id
	where h.tenant_id = $1::uuid and h.id = $2::uuid`;
const HOLD = `select (t).conversation_id, (t).chatwoot_conversation_id::text, (t).pushing_message_id::text, (t).noted_handoff_id
	from hold_chatwoot_thread($1::uuid, $2::uuid, $3::integer) t`;
const LET_GO = `update chatwoot_threads set held_until = '-infinity' where tenant_id = $1::uuid and conversation_id = $2::uuid`;
const FOUND = `update chatwoot_threads set chatwoot_contact_id = $3::bigint, chatwoot_conversation_id = $4::bigint, source_id = $5::text where tenant_id = $1::uuid and conversation_id = $2::uuid`;
const NOTED = `update chatwoot_threads set noted_handoff_id = $3::uuid where tenant_id = $1::uuid and conversation_id = $2::uuid`;
const BACKLOG = `select id::text, author, body, kind, way from chatwoot_backlog($1::uuid, $2::uuid, $3::integer)`;
const PUSHING = `update chatwoot_threads set pushing_message_id = $3::bigint where tenant_id = $1::uuid and conversation_id = $2::uuid`;
const PUSHED = `update chatwoot_threads set pushed_message_id = $3::bigint, pushing_message_id = null where tenant_id = $1::uuid and conversation_id = $2::uuid`;

const sourceOf = (id: string): string => `agent-factory:${id}`;

/** Does one job: everything that Chatwoot does not have yet, in order, then what the job asks beside. */
export async function pushToChatwoot(
	database: Database,
	{ tenantId, payload }: ClaimedJob,
	ports: ChatwootPorts,
): Promise<Record<string, unknown>> {
	const { handoffId, what, text } = payload as { handoffId: string; what: string; text?: string };
	const server = await chatwootOf(database, tenantId, ports);
	const run = async <T extends Record<string, unknown>>(sql: string, ...values: unknown[]): Promise<T | undefined> =>
		await inTenant(database, tenantId, async (db) => await db.one<T>(sql, [tenantId, ...values]));
	const of = await run<{
		conversation_id: string;
		returned: boolean;
		contact_id: string;
		name: string | null;
		language: string;
	}>(OF, handoffId);
	if (!server || !of) return { pushed: 0 };
	const ours = of.conversation_id;
	const held = await run<Held & Record<string, unknown>>(HOLD, ours, CHATWOOT_HOLD_SECONDS);
	if (!held?.conversation_id) {
		throw new FactoryError('CHATWOOT_BUSY', 'Another worker speaks to this conversation. It is tried again.', {
			retryable: true,
			retryAfterMs: 2_000,
		});
	}
	const language = pageLanguage(of.language);
	try {
		const client = createChatwootClient(ports.request, server);
		let id = Number(held.chatwoot_conversation_id ?? 0);
		if (id === 0) {
			const contact = await client.contact(of.contact_id, of.name ?? of.contact_id);
			id = await client.conversation(contact, ours);
			await run(FOUND, ours, contact.id, id, contact.sourceId);
		}
		if (!of.returned && held.noted_handoff_id !== handoffId) {
			const thread = await inTenant(database, tenantId, async (db) => await readThread(db, ours));
			if (thread) await note(client, id, handoffId, noteOf(thread, language));
			await client.setStatus(id, 'open');
			await run(NOTED, ours, handoffId);
		}
		const pushed = await catchUp({ client, id, ours, held, language, run, database, tenantId });
		if (what === 'close' && of.returned) await client.setStatus(id, 'resolved');
		if (what === 'note' && text)
			await note(client, id, `${handoffId}:${text}`, HANDOFF_WORDS[language].problems[text] ?? text);
		return { pushed, chatwootConversationId: id };
	} finally {
		await run(LET_GO, ours);
	}
}

interface CatchUp {
	client: ChatwootClient;
	id: number;
	ours: string;
	held: Held;
	language: PageLanguage;
	database: Database;
	tenantId: string;
	run(sql: string, ...values: unknown[]): Promise<unknown>;
}

async function catchUp({ client, id, ours, held, language, run, database, tenantId }: CatchUp): Promise<number> {
	const words = HANDOFF_WORDS[language];
	const backlog = await inTenant(database, tenantId, async (db) =>
		db.all<Backlog & Record<string, unknown>>(BACKLOG, [tenantId, ours, QUEUE_LIMIT]),
	);
	for (const message of backlog) {
		const isTheirs = message.author === 'contact';
		const body = message.body || `[${message.kind}]`;
		// What an agent wrote in Chatwoot is there; other people's answers come as notes, so that nothing is sent twice.
		const content = isTheirs ? body : `${words.authors.human}: ${body}`;
		const doubtful = held.pushing_message_id === message.id;
		if (message.way !== 'chatwoot' && !(doubtful && (await isThere(client, id, message.id, content)))) {
			await run(PUSHING, ours, message.id);
			await client.post(id, { content, type: isTheirs ? 'incoming' : 'note', sourceId: sourceOf(message.id) });
		}
		await run(PUSHED, ours, message.id);
	}
	return backlog.length;
}

/** Whether a message whose send ended in the dark arrived: by our id, or by its words where that version keeps no ids. */
async function isThere(client: ChatwootClient, id: number, messageId: string, content: string): Promise<boolean> {
	const there = await client.messages(id);
	const keepsIds = there.some(({ source_id: source }) => source?.startsWith(sourceOf('')));
	return there.some(({ source_id: source, content: said }) =>
		keepsIds ? source === sourceOf(messageId) : said === content,
	);
}

async function note(client: ChatwootClient, id: number, key: string, content: string): Promise<void> {
	if (await isThere(client, id, `note:${key}`, content)) return;
	await client.post(id, { content, type: 'note', sourceId: sourceOf(`note:${key}`) });
}

/** What an agent reads first: reason, class and score with their reasons, the summary, and what was said. */
function noteOf(thread: Thread, language: PageLanguage): string {
	const words = HANDOFF_WORDS[language];
	const { handoff } = thread;
	const reasons = (handoff?.score_reasons ?? []).map((reason) => scorePointText(reason, language));
	const said = thread.messages
		.slice(-CHATWOOT_CONTEXT_MESSAGES)
		// What came since goes there message by message.
		.filter(({ revoked, at }) => !revoked && (!handoff || at <= handoff.started_at))
		.map(
			({ author, body, kind }) =>
				`${words.authors[author]}: ${(body || `[${kind}]`).slice(0, CHATWOOT_NOTE_CHARACTERS)}`,
		);
	return [
		`${words.reasonTitle}: ${words.reasons[handoff?.reason ?? ''] ?? handoff?.reason ?? ''}`,
		handoff ? scoreOf(handoff, language) : '',
		reasons.length > 0 ? `${words.why}: ${reasons.join(', ')}` : '',
		thread.summary ? `${words.summary}: ${thread.summary}` : '',
		`${words.messages}:`,
		...said,
	]
		.filter((line) => line !== '')
		.join('\n');
}
