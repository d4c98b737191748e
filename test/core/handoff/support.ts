import type { Pool } from 'pg';
import { claimTurns, completeTurn, type ClaimedTurn, type SettledDecision } from '../../../core/conversations';
import type { Database } from '../../../core/database';
import { ingest } from '../../../core/ingest';
import { signBody } from '../../../core/meta';
import { inTenant, saveMember, type Member } from '../../../core/tenancy';
import { textBody, wamid, type TestTenant } from '../../support/factory';

export async function post(database: Database, body: Record<string, unknown>): Promise<void> {
	const rawBody = Buffer.from(JSON.stringify(body));
	const { error } = await ingest(database, { rawBody, signature: signBody(rawBody, 'secret'), secrets: ['secret'] });
	if (error) throw error;
}

/** A customer writes. */
export const write = async (database: Database, tenant: TestTenant, from: string, text: string, id = wamid()) =>
	await post(database, textBody(tenant.phoneNumberId, [{ from, text, id }]));

/** Somebody of the tenant writes on the phone that shares the number. */
export const echo = async (database: Database, tenant: TestTenant, to: string, text: string, id = wamid()) =>
	await post(database, {
		object: 'whatsapp_business_account',
		entry: [
			{
				id: tenant.wabaId,
				changes: [
					{
						field: 'smb_message_echoes',
						value: {
							messaging_product: 'whatsapp',
							metadata: { display_phone_number: '551100000000', phone_number_id: tenant.phoneNumberId },
							message_echoes: [
								{
									from: '551100000000',
									to,
									id,
									timestamp: String(Math.floor(Date.now() / 1000)),
									type: 'text',
									text: { body: text },
								},
							],
						},
					},
				],
			},
		],
	});

export const decision = (changes: Partial<SettledDecision> = {}): SettledDecision => ({
	action: 'handoff',
	messages: ['Vou chamar uma pessoa.'],
	handoffReason: 'asked_for_person',
	deferUntil: null,
	optOut: false,
	checks: [],
	usage: [],
	agentVersionId: null,
	systemPromptId: null,
	personaId: null,
	...changes,
});

export const claimOf = async (database: Database, tenant: TestTenant): Promise<ClaimedTurn[]> =>
	(await claimTurns(database, { workerId: 'w', limit: 50 })).filter(({ tenantId }) => tenantId === tenant.id);

/** A customer asks for a person and the bot hands over. */
export async function handedOver(
	database: Database,
	tenant: TestTenant,
	from: string,
	text = 'quero falar com uma pessoa',
): Promise<{ conversationId: string; handoffId: string; turnId: number }> {
	await write(database, tenant, from, text);
	const [turn] = await claimOf(database, tenant);
	await completeTurn(database, turn, decision());
	const open = await inTenant(
		database,
		tenant.id,
		async (db) =>
			await db.one<{ id: string }>('select id from handoffs where conversation_id = $1 and returned_at is null', [
				turn.conversationId,
			]),
	);
	return { conversationId: turn.conversationId, handoffId: open!.id, turnId: turn.turnId };
}

let serial = 0;
export const member = async (
	database: Database,
	tenant: TestTenant,
	role: 'owner' | 'admin' | 'operator' | 'viewer' = 'operator',
): Promise<Member> =>
	await saveMember(database, tenant.id, {
		email: `pessoa${serial++}.${tenant.slug}@example.com`,
		fullName: `Pessoa ${role}`,
		role,
	});

/** Moves what a hand-over says of time into the past. */
export const age = async (admin: Pool, handoffId: string, minutes: number): Promise<void> => {
	await admin.query(
		`with moved as (
			update agent_factory.handoffs set started_at = started_at - make_interval(mins => $2), sla_due_at = sla_due_at - make_interval(mins => $2)
				where id = $1 returning conversation_id, started_at)
		update agent_factory.conversations c set last_message_at = m.started_at, last_outbound_at = m.started_at from moved m where c.id = m.conversation_id`,
		[handoffId, minutes],
	);
};
