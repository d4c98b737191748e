import { randomUUID } from 'node:crypto';
import { recordOutcome } from '../../../core/leads';
import type { Database } from '../../../core/database';
import { makeTenant, wamid, type TestTenant } from '../../support/factory';
import type { TestDatabase } from '../../support/database';

/** So many days ago, at a time of the tenant's clock. */
export type Moment = readonly [daysAgo: number, time: string];

export interface Person {
	leadId: string;
	contactId: string;
	conversationId: string;
}

/** What happened to a tenant on past days, written as the factory leaves it behind. Tell it in the order of time. */
export interface Story {
	tenant: TestTenant;
	personaId: string;
	promptId: string;
	rows(sql: string, ...values: unknown[]): Promise<any[]>;
	at(moment: Moment): Promise<Date>;
	day(daysAgo: number): Promise<string>;
	/** Who writes for the first time, and what the classifier makes of it two seconds later. */
	comes(at: Moment, classification: string, score: number): Promise<Person & { messageId: number }>;
	writes(person: Person, at: Moment): Promise<number>;
	/** The agent's answer to a message, the turn and its model call. */
	answers(person: Person, messageId: number, asked: Moment, sent: Moment, costUsd?: number | null): Promise<string>;
	says(person: Person, author: 'agent' | 'human', at: Moment, turnId?: number, status?: string): Promise<string>;
	handsOver(person: Person, from: Moment, answered: Moment | null): Promise<string>;
	outcome(person: Person, kind: 'bom' | 'ruim' | 'opportunity' | 'client' | 'rejected'): Promise<void>;
}

export async function beginStory(test: TestDatabase, database: Database, timezone: string): Promise<Story> {
	const tenant = await makeTenant(database);
	const rows = async (sql: string, ...values: unknown[]): Promise<any[]> => {
		const client = await test.admin.connect();
		try {
			await client.query(`set search_path = agent_factory`);
			return (await client.query(sql, values)).rows;
		} finally {
			client.release();
		}
	};
	const one = async <T>(sql: string, ...values: unknown[]): Promise<T> => (await rows(sql, ...values))[0] as T;
	await rows(
		`update tenants set timezone = $2, created_at = now() - interval '5 days' where id = $1`,
		tenant.id,
		timezone,
	);
	const persona = await one<{ id: string }>(
		`insert into tenant_personas (tenant_id, version, is_active) values ($1, 1, true) returning id`,
		tenant.id,
	);
	const prompt = await one<{ id: string; agentVersionId: string }>(
		`select id, agent_version_id as "agentVersionId" from system_prompts where tenant_id = $1 and is_active`,
		tenant.id,
	);
	const at = async ([daysAgo, time]: Moment): Promise<Date> =>
		(
			await one<{ at: Date }>(
				`select ((now() at time zone t.timezone)::date - $2::integer + $3::time) at time zone t.timezone as at from tenants t where t.id = $1`,
				tenant.id,
				daysAgo,
				time,
			)
		).at;
	const message = async (person: Person, direction: string, author: string, when: Date, status: string) =>
		(
			await one<{ id: number }>(
				`insert into messages (tenant_id, conversation_id, contact_id, channel_account_id, direction, author, body, status, status_at, created_at, provider_timestamp, provider_message_id)
				values ($1, $2, $3, $4, $5, $6, 'texto', $7, $8, $8, $8, $9) returning id::integer`,
				...[tenant.id, person.conversationId, person.contactId, tenant.channelAccountId, direction, author, status],
				...[when, wamid()],
			)
		).id;
	const classify = async (person: Person, when: Date, classification: string, score: number): Promise<void> => {
		await rows(
			`insert into classified_leads (tenant_id, lead_id, platform, username, message_timestamp, message_text, classification, icp_score, fit_score, intent_score, confidence,
					decided_by, treatment, treat_propensity, persona_id, persona_version, conversation_id, created_at, score_breakdown)
				values ($1, $2, 'whatsapp', $6, $3::timestamptz - interval '2 seconds', 'texto', $4, $5, 0, 0, 0.9, 'rules', 'standard', 1, $7, 1, $8, $3, '[]')`,
			...[tenant.id, person.leadId, when, classification, score, person.contactId, persona.id, person.conversationId],
		);
		await rows(
			`update leads set classification = $3, lead_score = $4, first_hot_at = case when $3 = 'LEAD_HOT' then coalesce(first_hot_at, $5) else first_hot_at end where tenant_id = $1 and id = $2`,
			...[tenant.id, person.leadId, classification, score, when],
		);
	};
	const story: Story = {
		tenant,
		personaId: persona.id,
		promptId: prompt.id,
		rows,
		at,
		day: async (daysAgo) =>
			(
				await one<{ day: string }>(
					`select ((now() at time zone t.timezone)::date - $2::integer)::text as day from tenants t where t.id = $1`,
					tenant.id,
					daysAgo,
				)
			).day,
		comes: async (moment, classification, score) => {
			const when = await at(moment);
			const contact = await one<{ id: string }>(
				`insert into contacts (tenant_id, full_name, phone, created_at) values ($1, 'Pessoa', $2, $3) returning id`,
				...[tenant.id, randomUUID(), when],
			);
			const conversation = await one<{ id: string }>(
				`insert into conversations (tenant_id, contact_id, channel_account_id, created_at, last_customer_message_at, last_message_at) values ($1, $2, $3, $4, $4, $4) returning id`,
				...[tenant.id, contact.id, tenant.channelAccountId, when],
			);
			const lead = await one<{ id: string }>(
				`insert into leads (tenant_id, contact_id, classification, lead_score, fit_score, intent_score, created_at) values ($1, $2, 'LEAD_COLD', 0, 0, 0, $3) returning id`,
				...[tenant.id, contact.id, when],
			);
			const person = { leadId: lead.id, contactId: contact.id, conversationId: conversation.id };
			const messageId = await message(person, 'inbound', 'contact', when, 'received');
			await classify(person, new Date(when.getTime() + 2_000), classification, score);
			return { ...person, messageId };
		},
		writes: async (person, moment) => await message(person, 'inbound', 'contact', await at(moment), 'received'),
		answers: async (person, messageId, asked, sent, costUsd = null) => {
			const turnId = messageId;
			const finished = await at(sent);
			await rows(
				`insert into turns (tenant_id, id, conversation_id, agent_id, agent_version_id, system_prompt_id, persona_id, outcome, attempts, message_ids, checks, received_at, claimed_at, finished_at)
					values ($1, $2, $3, $4, $5, $6, $7, 'reply', 1, array[$2::bigint], '[{"check": "length", "stage": "output", "fired": false, "action": "allow", "reason": ""}]', $8, $8, $9)`,
				...[tenant.id, turnId, person.conversationId, tenant.agentId, prompt.agentVersionId, prompt.id, persona.id],
				...[await at(asked), finished],
			);
			await rows(
				`insert into llm_usage (tenant_id, turn_id, conversation_id, agent_version_id, purpose, provider, model, input_tokens, output_tokens, cost_usd, latency_ms, created_at)
					values ($1, $2, $3, $4, 'reply', 'anthropic', 'model', 900, 60, $5, 800, $6)`,
				...[tenant.id, turnId, person.conversationId, prompt.agentVersionId, costUsd, finished],
			);
			return await story.says(person, 'agent', sent, turnId);
		},
		says: async (person, author, moment, turnId, status = 'sent') => {
			const when = await at(moment);
			const id = await message(person, 'outbound', author, when, status);
			const outbox = await one<{ id: string }>(
				`insert into outbox_messages (tenant_id, idempotency_key, conversation_id, contact_id, channel_account_id, whatsapp_payload, kind, turn_id, queue_id, author, status, attempts,
						provider_message_id, sent_at, created_at, message_category, cost_usd, cost_basis)
					select tenant_id, 'story:' || id, conversation_id, contact_id, channel_account_id, '{"type": "text"}', case when $3::bigint is null then 'direct' else 'reply' end, $3, $3, author, status, 1,
						provider_message_id, created_at, created_at, 'SERVICE', 0.01, 'price_list' from messages where tenant_id = $1 and id = $2 returning id`,
				...[tenant.id, id, turnId ?? null],
			);
			await rows(
				`update messages set outbox_id = $3, turn_id = $4 where tenant_id = $1 and id = $2`,
				...[tenant.id, id, outbox.id, turnId ?? null],
			);
			return outbox.id;
		},
		handsOver: async (person, from, answered) =>
			(
				await one<{ id: string }>(
					`insert into handoffs (tenant_id, conversation_id, lead_id, reason, started_at, sla_due_at, first_answer_at, first_answer_way)
						values ($1, $2, $3, 'asked_for_person', $4, $4::timestamptz + interval '15 minutes', $5, case when $5::timestamptz is not null then 'page' end) returning id`,
					...[tenant.id, person.conversationId, person.leadId, await at(from), answered && (await at(answered))],
				)
			).id,
		outcome: async ({ leadId }, kind) =>
			void (await recordOutcome(database, tenant.id, {
				...{ leadId, kind, source: 'person', actor: 'Rui', idempotencyKey: randomUUID() },
			})),
	};
	return story;
}
