-- breaking: no
-- What is tried on whom: roll-outs with their arms and events, links with which a person decides.

create table rollouts (
	tenant_id uuid not null references tenants (id) on delete cascade,
	id uuid not null default gen_random_uuid(),
	target text not null constraint rollouts_target_known check (target in ('persona', 'prompt')),
	agent_id uuid,
	incumbent_persona_id uuid,
	candidate_persona_id uuid,
	incumbent_prompt_id uuid,
	candidate_prompt_id uuid,
	persona_suggestion_id uuid,
	prompt_suggestion_id uuid,
	salt text not null default encode(sha256(convert_to(gen_random_uuid()::text, 'UTF8')), 'hex'),
	stage text not null default 'canary10'
		constraint rollouts_stage_known check (stage in ('canary10', 'canary50', 'active', 'survived', 'rolled_back', 'expired', 'halted')),
	share numeric(4, 3) not null default 0.1 check (share >= 0 and share <= 1),
	started_by text not null check (length(started_by) between 1 and 200),
	approved_by_person boolean not null,
	held_by text,
	started_at timestamptz not null default now(),
	stage_since timestamptz not null default now(),
	promoted_at timestamptz,
	ended_at timestamptz,
	end_reason text,
	evidence jsonb not null default '{}',
	primary key (tenant_id, id),
	foreign key (tenant_id, agent_id) references agents (tenant_id, id) on delete cascade,
	foreign key (tenant_id, incumbent_persona_id) references tenant_personas (tenant_id, id) on delete cascade,
	foreign key (tenant_id, candidate_persona_id) references tenant_personas (tenant_id, id) on delete cascade,
	foreign key (tenant_id, incumbent_prompt_id) references system_prompts (tenant_id, id) on delete cascade,
	foreign key (tenant_id, candidate_prompt_id) references system_prompts (tenant_id, id) on delete cascade,
	foreign key (tenant_id, persona_suggestion_id) references persona_improvement_suggestions (tenant_id, id) on delete cascade,
	foreign key (tenant_id, prompt_suggestion_id) references improvement_suggestions (tenant_id, id) on delete cascade,
	constraint rollouts_target_fits check (case target
		when 'persona' then agent_id is null and incumbent_persona_id is not null and candidate_persona_id is not null and incumbent_prompt_id is null and candidate_prompt_id is null and prompt_suggestion_id is null
		else agent_id is not null and incumbent_prompt_id is not null and candidate_prompt_id is not null and incumbent_persona_id is null and candidate_persona_id is null and persona_suggestion_id is null end),
	constraint rollouts_ended_fits_stage check ((ended_at is not null) = (stage in ('survived', 'rolled_back', 'expired', 'halted')) and (ended_at is null) = (end_reason is null))
);
comment on table rollouts is 'A candidate version against the one in service. share is of people, by hash of salt, tenant and contact: raising it only adds people. Versions stay whole; rolling back is one switch.';
comment on column rollouts.held_by is 'The person who said that only a person moves this on.';
create unique index rollouts_one_running on rollouts (tenant_id, target, coalesce(agent_id, '00000000-0000-0000-0000-000000000000')) where ended_at is null;
create index idx_rollouts_recent on rollouts (tenant_id, started_at desc);

create table rollout_arms (
	tenant_id uuid not null references tenants (id) on delete cascade,
	rollout_id uuid not null,
	contact_id uuid not null,
	arm text not null constraint rollout_arms_arm_known check (arm in ('incumbent', 'candidate')),
	share numeric(4, 3) not null,
	assigned_at timestamptz not null default now(),
	primary key (tenant_id, rollout_id, contact_id),
	foreign key (tenant_id, rollout_id) references rollouts (tenant_id, id) on delete cascade,
	foreign key (tenant_id, contact_id) references contacts (tenant_id, id) on delete cascade
);
comment on table rollout_arms is 'Which version a person met first, and at what share; they keep it while the roll-out lasts. The unit of its evidence.';
create index idx_rollout_arms_contact on rollout_arms (tenant_id, contact_id);

create table rollout_events (
	tenant_id uuid not null references tenants (id) on delete cascade,
	id bigint generated always as identity,
	rollout_id uuid,
	target text not null constraint rollout_events_target_known check (target in ('persona', 'prompt')),
	agent_id uuid,
	kind text not null constraint rollout_events_kind_known check (kind in ('started', 'advanced', 'promoted', 'survived', 'rolled_back', 'expired', 'halted',
		'held', 'breaker_opened', 'breaker_half_open', 'breaker_closed')),
	actor text not null check (length(actor) between 1 and 200),
	is_person boolean not null,
	reason text not null,
	evidence jsonb not null default '{}',
	created_at timestamptz not null default now(),
	primary key (tenant_id, id),
	foreign key (tenant_id, rollout_id) references rollouts (tenant_id, id) on delete cascade,
	foreign key (tenant_id, agent_id) references agents (tenant_id, id) on delete cascade,
	constraint rollout_events_person_closes check (kind not in ('breaker_half_open', 'breaker_closed') or is_person)
);
comment on table rollout_events is 'Append-only: every step of every roll-out and of the breakers, who took it and on what evidence. Caps are counted here: a change that was rolled back still counts.';
create index idx_rollout_events_recent on rollout_events (tenant_id, target, created_at desc);
create index idx_rollout_events_rollout on rollout_events (tenant_id, rollout_id);
create trigger append_only before update or delete on rollout_events for each row execute function refuse_change();

create table approval_links (
	tenant_id uuid not null references tenants (id) on delete cascade,
	id uuid not null default gen_random_uuid(),
	persona_suggestion_id uuid,
	prompt_suggestion_id uuid,
	suggestion_sha256 text not null check (suggestion_sha256 ~ '^[0-9a-f]{64}$'),
	token_sha256 text not null check (token_sha256 ~ '^[0-9a-f]{64}$'),
	person text not null check (length(person) between 1 and 200),
	expires_at timestamptz not null,
	used_at timestamptz,
	used_for text constraint approval_links_use_known check (used_for in ('approved', 'rejected', 'needs_data', 'edited', 'escalation_closed')),
	created_at timestamptz not null default now(),
	primary key (tenant_id, id),
	unique (tenant_id, token_sha256),
	foreign key (tenant_id, persona_suggestion_id) references persona_improvement_suggestions (tenant_id, id) on delete cascade,
	foreign key (tenant_id, prompt_suggestion_id) references improvement_suggestions (tenant_id, id) on delete cascade,
	constraint approval_links_one_suggestion check (num_nonnulls(persona_suggestion_id, prompt_suggestion_id) = 1),
	constraint approval_links_use_says_what check ((used_at is null) = (used_for is null))
);
comment on table approval_links is 'Links with which one named person decides on one suggestion, once. Only the token''s hash is kept.';

alter table notification_endpoints drop constraint notification_endpoints_events_known;
alter table notification_endpoints add constraint notification_endpoints_events_known check (event_types <@ array['lead.hot', 'plan.leads_limit', 'conversation.handoff',
	'suggestion.created', 'suggestion.applied', 'suggestion.escalated', 'rollout.advanced', 'rollout.promoted', 'rollout.rolled_back', 'rollout.expired', 'breaker.opened',
	'channel.trouble']);

select secure_schema();
