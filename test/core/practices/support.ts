import type { Pool } from 'pg';
import { inTenant } from '../../../core/tenancy';
import type { Database } from '../../../core/database';

export const NEXT_STEP = { op: 'add_rule', slot: 'next_step', templateId: 'name_next_step', count: null } as const;

/** People of one finished roll-out of one operation, half of each version. */
export interface Tried {
	operation?: object;
	operations?: object[];
	people?: number;
	/** Share that is won with the new and with the old version. */
	won?: number;
	wonBefore?: number;
	platform?: 'instagram' | 'messenger' | 'whatsapp';
	/** Share at which people were dealt. */
	share?: number;
	/** They also wrote on WhatsApp once. */
	alsoOnWhatsapp?: boolean;
}

const VERSION = `with made as (
		insert into system_prompts (tenant_id, agent_version_id, version, parent_id, prompt_content, prompt_sha256, change_reason)
			select s.tenant_id, s.agent_version_id, (select max(n.version) + 1 from system_prompts n where n.tenant_id = $1), s.id, 'x', encode(sha256(convert_to(gen_random_uuid()::text, 'UTF8')), 'hex'), 'auto_improvement'
			from system_prompts s where s.tenant_id = $1 and s.is_active returning id, parent_id, agent_version_id
	), suggestion as (
		insert into improvement_suggestions (tenant_id, agent_id, agent_version_id, current_prompt_id, suggestion_type, operations, suggestion_sha256, state, status)
			select $1, v.agent_id, v.id, m.parent_id, 'prompt_update', $2::jsonb, repeat('a', 64), 'expired', 'rejected'
			from made m join agent_versions v on v.tenant_id = $1 and v.id = m.agent_version_id returning id, agent_id
	)
	insert into rollouts (tenant_id, target, agent_id, incumbent_prompt_id, candidate_prompt_id, prompt_suggestion_id, started_by, approved_by_person, stage, share, started_at, ended_at, end_reason)
		select $1, 'prompt', s.agent_id, m.parent_id, m.id, s.id, 'x', true, 'expired', 0, now() - interval '60 days', now(), 'time' from made m, suggestion s returning id`;
const PEOPLE = `with c as (
		insert into contacts (tenant_id, full_name, created_at) select $1, 'p' || i, now() - interval '50 days' from generate_series(1, $2::integer) i returning id, substr(full_name, 2)::integer as i
	), l as (
		insert into leads (tenant_id, contact_id, classification, lead_score, fit_score, intent_score, created_at)
			select $1, c.id, 'LEAD_WARM', 50, 50, 50, now() - interval '50 days' from c returning id, contact_id
	), k as (
		insert into classified_leads (tenant_id, lead_id, platform, username, message_timestamp, classification, icp_score, fit_score, intent_score, confidence, decided_by, treatment, created_at)
			select $1, l.id, $3::text, l.id::text, now() - interval '50 days', 'LEAD_WARM', 50, 50, 50, 0.9, 'rules', 'standard', now() - interval '50 days' from l returning id, lead_id
	), o as (
		insert into lead_outcomes (tenant_id, lead_id, classified_lead_id, kind, source, actor, happened_at, idempotency_key)
			select $1, l.id, k.id, 'client', 'crm', 'x', now() - interval '40 days', l.id::text from l join k on k.lead_id = l.id join c on c.id = l.contact_id
				cross join lateral (select case when c.i % 2 = 0 then $5::numeric else $6::numeric end as share) w
			where floor(((c.i + 1) / 2) * w.share) > floor(((c.i + 1) / 2 - 1) * w.share)
	)
	insert into rollout_arms (tenant_id, rollout_id, contact_id, arm, share, assigned_at)
		select $1, $4, c.id, case when c.i % 2 = 0 then 'candidate' else 'incumbent' end, $7, now() - interval '50 days' from c`;
const ON_WHATSAPP = `insert into classified_leads (tenant_id, lead_id, platform, username, message_timestamp, classification, icp_score, fit_score, intent_score, confidence, decided_by, treatment, created_at)
	select tenant_id, lead_id, 'whatsapp', username, message_timestamp, classification, 50, 50, 50, 0.9, 'rules', 'standard', created_at - interval '1 day' from classified_leads where tenant_id = $1`;

/** Writes what a roll-out of a tenant has shown, as the loop writes it. */
export async function tried(admin: Pool, tenantId: string, what: Tried = {}): Promise<void> {
	const {
		operation = NEXT_STEP,
		operations = [operation],
		people: n = 400,
		platform = 'instagram',
		share = 0.5,
	} = what;
	const client = await admin.connect();
	try {
		await client.query('set search_path = agent_factory');
		const { rows } = await client.query<{ id: string }>(VERSION, [tenantId, JSON.stringify(operations)]);
		await client.query(PEOPLE, [tenantId, n, platform, rows[0].id, what.won ?? 0.4, what.wonBefore ?? 0.2, share]);
		if (what.alsoOnWhatsapp) await client.query(ON_WHATSAPP, [tenantId]);
	} finally {
		await client.query('reset search_path');
		client.release();
	}
}

const CONSENT = `select record_practice_consent($1::uuid, $2::jsonb) as answer`;

/** A receipt as the page writes it. */
export const agree = async (
	database: Database,
	tenantId: string,
	purpose: 'share' | 'receive' = 'share',
	granted = true,
	source: string | null = purpose === 'share' ? 'instagram' : null,
): Promise<{ changed: boolean }> =>
	await inTenant(database, tenantId, async (db) => {
		const receipt = { purpose, source, granted, textVersion: '2026-11-22', textSha256: 'a'.repeat(64) };
		const how = { language: 'pt-BR', person: 'Ana', givenOn: 'page' };
		const row = await db.one<{ answer: { changed: boolean } }>(CONSENT, [
			tenantId,
			JSON.stringify({ ...receipt, ...how }),
		]);
		return row!.answer;
	});
