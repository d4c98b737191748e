import { randomUUID } from 'node:crypto';
import type { Pool } from 'pg';
import { claimTurns, type ClaimedTurn } from '../../../core/conversations';
import type { Database } from '../../../core/database';
import { ingest } from '../../../core/ingest';
import type { ClassifiedLead } from '../../../core/leads';
import { signBody } from '../../../core/meta';
import { textBody, type TestTenant } from '../../support/factory';

export async function receive(database: Database, body: Record<string, unknown>): Promise<void> {
	const rawBody = Buffer.from(JSON.stringify(body));
	const { error } = await ingest(database, { rawBody, signature: signBody(rawBody, 's'), secrets: ['s'] });
	if (error) throw error;
}

export const claimOf = async (database: Database, tenant: TestTenant): Promise<ClaimedTurn[]> =>
	(await claimTurns(database, { workerId: 'w', limit: 200 })).filter(({ tenantId }) => tenantId === tenant.id);

/** Each text is written by another person; one leased turn a person, in the order of the texts. */
export async function turnsFor(database: Database, tenant: TestTenant, ...texts: string[]): Promise<ClaimedTurn[]> {
	return await turnsFrom(
		database,
		tenant,
		texts.map((text) => ({ from: person(), text })),
	);
}

export async function turnsFrom(
	database: Database,
	tenant: TestTenant,
	messages: Array<{ from: string; text: string; at?: Date; name?: string }>,
): Promise<ClaimedTurn[]> {
	for (const message of messages) await receive(database, textBody(tenant.phoneNumberId, [message]));
	const turns = await claimOf(database, tenant);
	return turns.sort((a, b) => a.turnId - b.turnId);
}

let serial = 0;
export const person = (): string => `5511977${String(100_000 + (serial += 1))}`;

/** A contact without a conversation. */
export async function contact(admin: Pool, tenant: TestTenant, facts: { phone?: string } = {}): Promise<string> {
	const id = randomUUID();
	await admin.query('insert into agent_factory.contacts (tenant_id, id, phone) values ($1, $2, $3)', [
		tenant.id,
		id,
		facts.phone ?? null,
	]);
	return id;
}

/** A classification as core/leads stores it. */
export const aLead = (contactId: string, changes: Partial<ClassifiedLead> = {}): ClassifiedLead => ({
	turnId: null,
	conversationId: null,
	contactId,
	personaId: null,
	personaVersion: null,
	knownContactId: null,
	platform: 'whatsapp',
	username: '5511988887777',
	fullName: 'Ana',
	messageText: 'quanto custa?',
	messageTimestamp: '2026-11-20T12:00:00.000Z',
	conversationContext: { messages: ['1'], history: [] },
	profileData: { bio: 'dona de loja' },
	aiAnalysis: null,
	classification: 'LEAD_WARM',
	personalReason: null,
	icpScore: 50,
	fitScore: 40,
	intentScore: 60,
	confidence: 0.8,
	scoreBreakdown: [{ axis: 'intent', rule: 'price', points: 14, messageId: '1', evidence: 'quanto custa' }],
	decidedBy: 'rules',
	injectionFlagged: false,
	treatment: 'standard',
	treatPropensity: 1,
	explorationArm: null,
	source: 'organic',
	referral: null,
	usage: [],
	...changes,
});
