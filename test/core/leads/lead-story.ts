import { randomUUID } from 'node:crypto';
import type { Pool } from 'pg';
import { claimTurns, type ClaimedTurn } from '../../../core/conversations';
import type { Database } from '../../../core/database';
import { ingest } from '../../../core/ingest';
import { signBody } from '../../../core/meta';
import { inTenant } from '../../../core/tenancy';
import { textBody, type TestTenant } from '../../support/factory';

/** A person as the classifier stored them. */
export interface SavedLead {
	id: string;
	leadId: string;
	contactId: string;
}

interface LeadChanges {
	contactId?: string;
	classification?: string;
	icpScore?: number;
	treatment?: 'hot' | 'standard' | 'none';
	treatPropensity?: number;
	explorationArm?: string | null;
	injectionFlagged?: boolean;
	personaId?: string | null;
	turnId?: number | null;
	conversationId?: string | null;
	scoreBreakdown?: object[];
	[more: string]: unknown;
}

let serial = 0;

/** Stores one classification through the function that the classifier uses; of a new person unless `contactId` says whose. */
export async function saveLead(database: Database, tenantId: string, changes: LeadChanges = {}): Promise<SavedLead> {
	const username = `551190000${String(serial++).padStart(4, '0')}`;
	return await inTenant(database, tenantId, async (db) => {
		const contactId =
			changes.contactId ??
			(await db.one<{ id: string }>(
				'insert into contacts (tenant_id, full_name, phone) values ($1, $2, $3) returning id',
				[tenantId, 'Pessoa', username],
			))!.id;
		const classification = changes.classification ?? 'LEAD_WARM';
		const saved = await db.one<{ lead: { id: string; leadId: string } }>(
			'select save_classified_lead($1::uuid, $2::jsonb) as lead',
			[
				tenantId,
				JSON.stringify({
					username,
					platform: 'whatsapp',
					messageTimestamp: new Date(Date.now() - 1_000_000 + 2_000 * serial).toISOString(),
					messageText: 'quanto custa?',
					classification,
					icpScore: 60,
					fitScore: 30,
					intentScore: 30,
					confidence: 0.8,
					decidedBy: 'rules',
					scoreBreakdown: [{ axis: 'intent', rule: 'buying_intent', points: 12, messageId: '1', evidence: 'quant' }],
					treatment: classification === 'LEAD_HOT' ? 'hot' : classification.startsWith('LEAD_') ? 'standard' : 'none',
					...changes,
					contactId,
				}),
			],
		);
		return { ...saved!.lead, contactId };
	});
}

/** Moves everything that is known of a person into the past, as if it had happened then. */
export async function age(admin: Pool, leadId: string, days: number): Promise<void> {
	for (const sql of [
		`update agent_factory.leads set created_at = created_at - make_interval(days => $2) where id = $1`,
		`update agent_factory.classified_leads set created_at = created_at - make_interval(days => $2) where lead_id = $1`,
	])
		await admin.query(sql, [leadId, days]);
}

/** A customer's message and the turn that answers it. */
export async function turnOf(
	database: Database,
	tenant: TestTenant,
	from: string,
): Promise<ClaimedTurn & { contactId: string }> {
	const rawBody = Buffer.from(JSON.stringify(textBody(tenant.phoneNumberId, [{ from, text: 'oi' }])));
	await ingest(database, { rawBody, signature: signBody(rawBody, 'secret'), secrets: ['secret'] });
	const [turn] = (await claimTurns(database, { workerId: 'w', limit: 50 })).filter(
		({ tenantId }) => tenantId === tenant.id,
	);
	const row = await inTenant(
		database,
		tenant.id,
		async (db) =>
			await db.one<{ contact_id: string }>('select contact_id from conversations where id = $1', [turn.conversationId]),
	);
	return { ...turn, contactId: row!.contact_id };
}

export const freshKey = (): string => randomUUID();
