-- breaking: no
-- Who is a lead, and how good: known contacts, classifications with their evidence, the person behind them, a tenant's settings for all of it.

alter table tenant_personas add column service_areas text[] not null default '{}';
comment on column tenant_personas.service_areas is 'Cities, states or countries that are served; empty: everywhere.';

create function identity_key(p_value text) returns text
language sql immutable parallel safe
set search_path from current
as $$
	with bare as (
		select regexp_replace(lower(btrim(p_value)), '^(https?://)?(www\.)?(instagram\.com/|wa\.me/|m\.me/|facebook\.com/)?@?|[/?#].*$', '', 'g') as name
	), number as (
		select b.name, regexp_replace(b.name, '[\s().+-]', '', 'g') as digits from bare b
	), phone as (
		-- Ten or eleven digits without a country are a Brazilian number.
		select n.name, case when n.digits ~ '^\d{10,11}$' and position('+' in n.name) = 0 then '55' || n.digits else n.digits end as digits,
			n.digits ~ '^\d{8,15}$' as is_phone from number n
	)
	-- The ninth digit of a Brazilian mobile is written or left out as people like.
	select case when p.is_phone then regexp_replace(p.digits, '^(55\d\d)9(\d{8})$', '\1\2') else p.name end from phone p
$$;
comment on function identity_key(text) is 'One spelling for a phone number, user id or username: case, @, profile links, punctuation, Brazil''s country code and ninth digit do not count.';

create table tenant_known_contacts (
	tenant_id uuid not null references tenants (id) on delete cascade,
	id uuid not null default gen_random_uuid(),
	platform text not null constraint tenant_known_contacts_platform_known check (platform in ('whatsapp', 'instagram', 'messenger', 'telegram')),
	username text not null check (length(username) between 1 and 255),
	username_key text not null generated always as (identity_key(username)) stored,
	full_name text,
	contact_type text not null default 'cliente'
		constraint tenant_known_contacts_type_known check (contact_type in ('amigo', 'familia', 'socio', 'equipe', 'cliente', 'fornecedor', 'outro')),
	notes text,
	tags text[] not null default '{}',
	auto_classify_as text not null default 'PESSOAL' constraint tenant_known_contacts_class_known
		check (auto_classify_as in ('LEAD_HOT', 'LEAD_WARM', 'LEAD_COLD', 'PESSOAL', 'SPAM', 'DESQUALIFICADO', 'CLIENTE_VIP')),
	skip_ai_analysis boolean not null default true,
	auto_respond boolean not null default false,
	created_at timestamptz not null default now(),
	updated_at timestamptz not null default now(),
	primary key (tenant_id, id),
	unique (tenant_id, platform, username),
	unique (tenant_id, platform, username_key)
);
comment on table tenant_known_contacts is 'People a tenant knows: classified without a model. username is a phone number, a user id or a username in any spelling.';
comment on column tenant_known_contacts.skip_ai_analysis is 'false: analyse all the same, but do not answer by machine.';
create index idx_known_contacts_tenant on tenant_known_contacts (tenant_id);
create index idx_known_contacts_username on tenant_known_contacts (tenant_id, username_key);
create index idx_known_contacts_type on tenant_known_contacts (tenant_id, contact_type);
create trigger touch before update on tenant_known_contacts for each row execute function touch_updated_at();

create table lead_settings (
	tenant_id uuid primary key references tenants (id) on delete cascade,
	hot_threshold integer not null default 70 check (hot_threshold between 1 and 100),
	warm_threshold integer not null default 45 check (warm_threshold between 1 and 100),
	cold_threshold integer not null default 20 check (cold_threshold between 0 and 100),
	unsure_below numeric(3, 2) not null default 0.60 check (unsure_below between 0 and 1),
	hysteresis integer not null default 5 check (hysteresis between 0 and 30),
	score_half_life_days integer not null default 30 check (score_half_life_days between 1 and 365),
	answered_classes text[] not null default '{LEAD_HOT,LEAD_WARM,LEAD_COLD}'
		constraint lead_settings_answered_known check (answered_classes <@ array['LEAD_HOT', 'LEAD_WARM', 'LEAD_COLD', 'DESQUALIFICADO']),
	model_enabled boolean not null default true,
	model_provider text not null default 'anthropic' constraint lead_settings_provider_known check (model_provider in ('anthropic', 'openai')),
	model_api text not null default 'messages',
	model text not null default 'claude-haiku-4-5',
	analysis_language text not null default 'pt-BR' constraint lead_settings_language_known check (analysis_language in ('pt-BR', 'en')),
	exploration_share numeric(3, 2) not null default 0.05 check (exploration_share between 0 and 0.08),
	hot_capacity_per_day integer not null default 20 check (hot_capacity_per_day between 0 and 10000),
	learned_scorer_enabled boolean not null default true,
	created_at timestamptz not null default now(),
	updated_at timestamptz not null default now(),
	constraint lead_settings_thresholds_ordered check (cold_threshold < warm_threshold and warm_threshold < hot_threshold)
);
comment on table lead_settings is 'How a tenant''s leads are classified; without a row the defaults of the columns hold. unsure_below: rules less confident than this ask the model.';
comment on column lead_settings.score_half_life_days is 'Days after which half of a person''s intent has faded.';
comment on column lead_settings.exploration_share is 'Share of the leads just below HOT that are treated as HOT, so that the loop learns what it misses.';
create trigger touch before update on lead_settings for each row execute function touch_updated_at();

create table pipeline_stages (
	tenant_id uuid not null references tenants (id) on delete cascade,
	id uuid not null default gen_random_uuid(),
	name text not null check (length(name) between 1 and 100),
	stage_order integer not null check (stage_order > 0),
	color text not null default '#6366f1' check (color ~ '^#[0-9a-f]{6}$'),
	stage_type text not null constraint pipeline_stages_type_known check (stage_type in ('lead', 'contact', 'proposal', 'negotiation', 'closed')),
	created_at timestamptz not null default now(),
	primary key (tenant_id, id),
	unique (tenant_id, name),
	unique (tenant_id, stage_order)
);
comment on table pipeline_stages is 'The steps from lead to client of a tenant, in order; five to begin with.';

create function seed_pipeline_stages() returns trigger
language plpgsql
set search_path from current
as $$
begin
	insert into pipeline_stages (tenant_id, name, stage_order, color, stage_type)
		select new.id, s.name, s.place, s.color, s.type
		from (values ('Lead', 1, '#ef4444', 'lead'), ('Contato', 2, '#f97316', 'contact'), ('Proposta', 3, '#eab308', 'proposal'),
			('Negociação', 4, '#22c55e', 'negotiation'), ('Fechado', 5, '#6366f1', 'closed')) s(name, place, color, type);
	return null;
end
$$;
comment on function seed_pipeline_stages() is 'Trigger: a new tenant begins with the five usual stages.';
create trigger seed_pipeline_stages after insert on tenants for each row execute function seed_pipeline_stages();
insert into pipeline_stages (tenant_id, name, stage_order, color, stage_type)
	select t.id, s.name, s.place, s.color, s.type from tenants t
	cross join (values ('Lead', 1, '#ef4444', 'lead'), ('Contato', 2, '#f97316', 'contact'), ('Proposta', 3, '#eab308', 'proposal'),
		('Negociação', 4, '#22c55e', 'negotiation'), ('Fechado', 5, '#6366f1', 'closed')) s(name, place, color, type);

create table leads (
	tenant_id uuid not null references tenants (id) on delete cascade,
	id uuid not null default gen_random_uuid(),
	contact_id uuid not null,
	stage text not null default 'lead' constraint leads_stage_known check (stage in ('lead', 'contact', 'proposal', 'negotiation', 'closed')),
	stage_id uuid,
	classification text not null constraint leads_classification_known
		check (classification in ('LEAD_HOT', 'LEAD_WARM', 'LEAD_COLD', 'PESSOAL', 'SPAM', 'DESQUALIFICADO')),
	personal_reason text constraint leads_reason_known check (personal_reason in ('familiar', 'interno', 'cliente_ativo')),
	lead_score integer not null check (lead_score between 0 and 100),
	fit_score integer not null check (fit_score between 0 and 100),
	intent_score integer not null check (intent_score between 0 and 100),
	scored_at timestamptz not null default now(),
	source text not null default 'organic' constraint leads_source_known check (source in ('organic', 'ad', 'comment', 'import', 'outreach')),
	referral jsonb,
	assigned_user_id uuid references users (id) on delete set null,
	counted_month date,
	first_hot_at timestamptz,
	created_at timestamptz not null default now(),
	updated_at timestamptz not null default now(),
	primary key (tenant_id, id),
	unique (tenant_id, contact_id),
	foreign key (tenant_id, contact_id) references contacts (tenant_id, id) on delete cascade,
	foreign key (tenant_id, stage_id) references pipeline_stages (tenant_id, id) on delete set null (stage_id)
);
comment on table leads is 'The person behind the classifications, one a contact: where they stand now. Scores are those of scored_at; vw_leads shows them aged.';
comment on column leads.counted_month is 'Month, in the tenant''s time zone, in which this person was last counted against max_leads_per_month.';
create index idx_leads_org_stage_score on leads (tenant_id, stage, lead_score desc);
create index idx_leads_org_assigned_updated on leads (tenant_id, assigned_user_id, updated_at desc);
create trigger touch before update on leads for each row execute function touch_updated_at();

create table classified_leads (
	tenant_id uuid not null references tenants (id) on delete cascade,
	id uuid not null default gen_random_uuid(),
	lead_id uuid not null,
	turn_id bigint,
	conversation_id uuid,
	persona_id uuid,
	persona_version integer,
	known_contact_id uuid,
	platform text not null constraint classified_leads_platform_known check (platform in ('whatsapp', 'instagram', 'messenger', 'telegram')),
	username text not null check (username <> ''),
	full_name text,
	message_text text,
	message_timestamp timestamptz not null,
	conversation_context jsonb,
	profile_data jsonb,
	ai_analysis jsonb,
	classification text not null constraint classified_leads_classification_known
		check (classification in ('LEAD_HOT', 'LEAD_WARM', 'LEAD_COLD', 'PESSOAL', 'SPAM', 'DESQUALIFICADO')),
	personal_reason text constraint classified_leads_reason_known check (personal_reason in ('familiar', 'interno', 'cliente_ativo')),
	icp_score integer not null check (icp_score >= 0 and icp_score <= 100),
	fit_score integer not null check (fit_score between 0 and 100),
	intent_score integer not null check (intent_score between 0 and 100),
	confidence numeric(3, 2) not null check (confidence >= 0 and confidence <= 1),
	score_breakdown jsonb not null default '[]',
	decided_by text not null constraint classified_leads_decided_by_known check (decided_by in ('known_contact', 'gate', 'rules', 'model', 'rules_fallback', 'learned')),
	injection_flagged boolean not null default false,
	treatment text not null constraint classified_leads_treatment_known check (treatment in ('hot', 'standard', 'none')),
	treat_propensity numeric(4, 3) not null default 1 check (treat_propensity > 0 and treat_propensity <= 1),
	exploration_arm text constraint classified_leads_arm_known check (exploration_arm in ('explore', 'exploit')),
	lead_key text not null generated always as (platform || ':' || username) stored,
	over_limit boolean not null default false,
	auto_responded boolean not null default false,
	response_sent text,
	response_timestamp timestamptz,
	response_status text not null default 'skipped' constraint classified_leads_response_known check (response_status in ('sent', 'failed', 'pending', 'skipped')),
	converted_to_opportunity boolean not null default false,
	opportunity_created_at timestamptz,
	final_outcome text constraint classified_leads_outcome_known check (final_outcome in ('cliente', 'rejeitou', 'sem_resposta')),
	created_at timestamptz not null default now(),
	updated_at timestamptz not null default now(),
	primary key (tenant_id, id),
	unique (tenant_id, platform, username, message_timestamp),
	unique (tenant_id, turn_id),
	foreign key (tenant_id, lead_id) references leads (tenant_id, id) on delete cascade,
	foreign key (tenant_id, persona_id) references tenant_personas (tenant_id, id),
	foreign key (tenant_id, known_contact_id) references tenant_known_contacts (tenant_id, id) on delete set null (known_contact_id),
	constraint classified_leads_reason_fits check (personal_reason is null or classification in ('PESSOAL', 'LEAD_HOT'))
);
comment on table classified_leads is 'One classification a turn, with every point and its evidence. Of family, friends and staff no text is kept.';
comment on column classified_leads.username is 'The value that identifies the person on the platform: phone number, user id or username.';
comment on column classified_leads.treat_propensity is 'Probability with which this person got the treatment that is logged; what the loop divides by.';
comment on column classified_leads.lead_key is 'The person across classifications: the unit of every count that the loop makes.';
create index idx_classified_leads_tenant on classified_leads (tenant_id, created_at desc);
create index idx_classified_leads_classification on classified_leads (tenant_id, classification, created_at desc);
create index idx_classified_leads_score on classified_leads (tenant_id, icp_score desc, created_at desc);
create index idx_classified_leads_username on classified_leads (tenant_id, username);
create index idx_classified_leads_persona_v on classified_leads (tenant_id, persona_version);
create index idx_classified_leads_converted on classified_leads (tenant_id, converted_to_opportunity, created_at desc);
create index idx_classified_leads_lead on classified_leads (tenant_id, lead_id, created_at desc);
create trigger touch before update on classified_leads for each row execute function touch_updated_at();

select secure_schema();
