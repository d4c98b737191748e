import { randomBytes } from 'node:crypto';
import {
	claimTurns,
	completeTurn,
	listConversations,
	listDeadLetters,
	listReplies,
	loadTurn,
	type SettledDecision,
} from '../../core/conversations';
import type { Database } from '../../core/database';
import { ingest, listUnroutedEvents } from '../../core/ingest';
import { signBody } from '../../core/meta';
import { listUnknown } from '../../core/outbox';
import { inTenant, resolveTenant } from '../../core/tenancy';
import { conversationsOf, phoneNumberIdOf, phoneOf, sentIdOf, type FillSize } from './fill';

/** Runs one query and takes its time under a name. */
export type Timed = <T>(name: string, query: () => Promise<T>) => Promise<T>;

const SECRET = 'bench';
const run = randomBytes(4).toString('hex');
let serial = 0;
const newWamid = (): string => `wamid.new.${run}.${serial++}`;

const REPLY: SettledDecision = {
	action: 'reply',
	messages: ['Claro, posso ajudar.'],
	handoffReason: null,
	deferUntil: null,
	optOut: false,
	checks: [],
	usage: [],
	agentVersionId: null,
	systemPromptId: null,
	personaId: null,
};

/** One message's whole way, and the lists that people open, on a filled database: the n-th tenant and contact of it. */
export async function hotRound(database: Database, size: FillSize, n: number, time: Timed): Promise<void> {
	const tenant = (n % size.tenants) + 1;
	const { rows } = await database.pool.query<{ id: string }>(`select md5('tenant' || $1)::uuid as id`, [tenant]);
	const id = rows[0].id;
	await incoming(database, size, n, time);
	await time('resolve_tenant', async () => await resolveTenant(database, { slug: `tenant-${tenant}` }));
	await time('due_work', async () => await database.pool.query(`select * from ${database.qualified}due_work()`));
	await answering(database, time);
	await sending(database, time);
	await lists(database, id, time);
}

async function incoming(database: Database, size: FillSize, n: number, time: Timed): Promise<void> {
	const tenant = (n % size.tenants) + 1;
	// The even ones are those whose lanes wait.
	const known = phoneOf(tenant, 2 * (n % Math.floor(conversationsOf(size) / 2)) + 1);
	const newcomer = `54${run.slice(0, 3)}${n}`.replace(/[a-f]/g, '7');
	await time('ingest, known contact', async () => await post(database, messageValue(tenant, known)));
	await time('ingest, new contact', async () => await post(database, messageValue(tenant, newcomer)));
	const sent = sentIdOf(tenant, (Math.floor(n / size.tenants) % (size.turns - 2)) + 3);
	await time('ingest, status', async () => await post(database, statusValue(tenant, sent)));
}

async function answering(database: Database, time: Timed): Promise<void> {
	const turns = await time('claim_turns', async () => await claimTurns(database, { workerId: 'bench', limit: 10 }));
	for (const turn of turns) {
		await time('load_turn_context', async () => await loadTurn(database, turn));
		await time('complete_turn', async () => await completeTurn(database, turn, REPLY));
	}
}

async function sending(database: Database, time: Timed): Promise<void> {
	const claimed = await time(
		'claim_outbox',
		async () =>
			await database.pool.query<{ id: string; tenant_id: string; lease_token: number }>(
				`select id, tenant_id, lease_token from ${database.qualified}claim_outbox('bench', 10, 60, 600)`,
			),
	);
	for (const { id, tenant_id: tenantId, lease_token: token } of claimed.rows) {
		const result = JSON.stringify({ outcome: 'sent', providerMessageId: newWamid() });
		await time(
			'settle_outbox',
			async () =>
				await inTenant(
					database,
					tenantId,
					async (db) => await db.one('select settle_outbox($1, $2, $3, $4)', [tenantId, id, token, result]),
				),
		);
	}
}

async function lists(database: Database, tenantId: string, time: Timed): Promise<void> {
	const conversation = await inTenant(database, tenantId, async (db) =>
		db.one<{ id: string }>(
			'select id from conversations where tenant_id = $1 order by last_message_at desc nulls last limit 1',
			[tenantId],
		),
	);
	await time('list: unrouted events', async () => await listUnroutedEvents(database, 100));
	await time('list: dead letters', async () => await listDeadLetters(database, tenantId));
	await time('list: unknown sends', async () => await listUnknown(database, tenantId));
	await time('list: conversations', async () => await listConversations(database, tenantId));
	await time(
		'vw_reply_log, conversation',
		async () => await listReplies(database, tenantId, { conversationId: conversation?.id }),
	);
	await time('vw_reply_log, tenant', async () => await listReplies(database, tenantId));
	await time(
		'vw_channel_health',
		async () =>
			await inTenant(
				database,
				tenantId,
				async (db) => await db.all('select * from vw_channel_health where tenant_id = $1', [tenantId]),
			),
	);
	for (const task of ['finished_queue', 'settled_sends', 'event_payloads', 'events']) {
		await time(
			`maintenance: ${task}, 10 rows`,
			async () =>
				await database.pool.query(`select * from ${database.qualified}run_maintenance($1, $2, 10, $3)`, [
					task,
					1,
					tenantId,
				]),
		);
	}
}

async function post(database: Database, value: Record<string, unknown>): Promise<void> {
	const body = { object: 'whatsapp_business_account', entry: [{ id: '1', changes: [{ field: 'messages', value }] }] };
	const rawBody = Buffer.from(JSON.stringify(body));
	const result = await ingest(database, { rawBody, signature: signBody(rawBody, SECRET), secrets: [SECRET] });
	if (result.httpStatus !== 200) throw result.error ?? new Error(`answered ${result.httpStatus}`);
}

const now = (): string => String(Math.floor(Date.now() / 1_000));
const metadata = (tenant: number) => ({
	display_phone_number: '551100000000',
	phone_number_id: phoneNumberIdOf(tenant),
});

const messageValue = (tenant: number, from: string): Record<string, unknown> => ({
	messaging_product: 'whatsapp',
	metadata: metadata(tenant),
	contacts: [{ wa_id: from, profile: { name: 'Cliente' } }],
	messages: [{ from, id: newWamid(), timestamp: now(), type: 'text', text: { body: 'Oi, tudo bem?' } }],
});

const statusValue = (tenant: number, id: string): Record<string, unknown> => ({
	messaging_product: 'whatsapp',
	metadata: metadata(tenant),
	statuses: [{ id, status: 'delivered', timestamp: now(), recipient_id: '5511999990000' }],
});
