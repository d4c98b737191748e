-- breaking: no
-- The loop that improves: what was judged, what is suggested, and what became of it. For an agent's prompt and for a tenant's persona.

alter table tenant_personas
	add column keyword_weights jsonb not null default '{}',
	add column threshold_shift integer not null default 0 check (threshold_shift between -15 and 15),
	add column scoring_model_id uuid,
	add column parent_id uuid,
	add column change_reason text not null default 'manual_edit'
		constraint tenant_personas_change_reason_known check (change_reason in ('manual_edit', 'auto_improvement', 'rollback')),
	add column approved_by text,
	add foreign key (tenant_id, parent_id) references tenant_personas (tenant_id, id),
	add foreign key (tenant_id, scoring_model_id) references lead_scoring_models (tenant_id, id);
comment on column tenant_personas.keyword_weights is 'Points of a keyword (normalised stem) where they differ from the rules'' own: {"orcament": 12}.';
comment on column tenant_personas.threshold_shift is 'Added to the HOT and WARM thresholds of lead_settings while this version decides.';
comment on column tenant_personas.scoring_model_id is 'The learned scorer of this version; null: the tenant''s active one.';
comment on column tenant_personas.approved_by is 'The person who approved this version of the loop''s making; what a person wrote needs no approval.';

alter table system_prompts add column approved_by text;
comment on column system_prompts.approved_by is 'The person who approved this version of the loop''s making; what a person wrote needs no approval.';

create table self_improving_settings (
	tenant_id uuid not null references tenants (id) on delete cascade,
	id uuid not null default gen_random_uuid(),
	agent_version_id uuid,
	location_id varchar(100),
	reflection_enabled boolean not null default true,
	reflection_interval_hours integer not null default 6 check (reflection_interval_hours between 6 and 8760),
	min_conversations_for_reflection integer not null default 40 check (min_conversations_for_reflection between 10 and 1000),
	threshold_none numeric(3, 2) not null default 4.00 check (threshold_none between 0 and 5),
	threshold_suggestion numeric(3, 2) not null default 3.00 check (threshold_suggestion between 0 and 5),
	threshold_auto_update numeric(3, 2) not null default 2.00 check (threshold_auto_update between 0 and 5),
	max_updates_per_day integer not null default 3 check (max_updates_per_day between 0 and 3),
	cooldown_after_update_hours integer not null default 6 check (cooldown_after_update_hours between 6 and 8760),
	require_approval_below_confidence numeric(3, 2) not null default 0.80 check (require_approval_below_confidence between 0 and 1),
	auto_apply_enabled boolean not null default false,
	auto_apply_min_confidence numeric(3, 2) not null default 0.85 check (auto_apply_min_confidence between 0 and 1),
	auto_apply_max_score_drop numeric(3, 2) not null default 0.50 check (auto_apply_max_score_drop between 0 and 5),
	notify_on_suggestion boolean not null default true,
	notify_on_auto_update boolean not null default true,
	notify_on_escalation boolean not null default true,
	notification_emails text[] not null default '{}' check (cardinality(notification_emails) <= 10),
	notification_webhook_url text check (notification_webhook_url ~ '^https?://' and length(notification_webhook_url) <= 2000),
	evaluator_provider text not null default 'anthropic' constraint self_improving_settings_provider_known check (evaluator_provider in ('anthropic', 'openai')),
	evaluator_api text not null default 'messages',
	evaluator_model varchar(100) not null default 'claude-sonnet-5-5',
	sample_size integer not null default 60 check (sample_size between 40 and 200),
	horizon_days integer check (horizon_days between 7 and 30),
	spend_ceiling_usd numeric(10, 2) not null default 20.00 check (spend_ceiling_usd >= 0),
	metadata jsonb not null default '{}',
	created_at timestamptz not null default now(),
	updated_at timestamptz not null default now(),
	primary key (tenant_id, id),
	unique nulls not distinct (tenant_id, agent_version_id),
	foreign key (tenant_id, agent_version_id) references agent_versions (tenant_id, id) on delete cascade,
	constraint self_improving_settings_thresholds_ordered check (threshold_auto_update < threshold_suggestion and threshold_suggestion < threshold_none)
);
comment on table self_improving_settings is 'How the loop works for an agent version; the row without one is the tenant''s default and its persona''s. Without a row the defaults of the columns hold.';
comment on column self_improving_settings.horizon_days is 'Days after which a lead without an outcome counts as lost; null: from the tenant''s own delays.';
comment on column self_improving_settings.spend_ceiling_usd is 'What judging and proposing may cost a calendar month of the tenant''s time zone.';
create unique index self_improving_settings_location on self_improving_settings (tenant_id, location_id) where location_id is not null;
create trigger touch before update on self_improving_settings for each row execute function touch_updated_at();

create table improvement_suggestions (
	tenant_id uuid not null references tenants (id) on delete cascade,
	id uuid not null default gen_random_uuid(),
	agent_id uuid not null,
	agent_version_id uuid not null,
	reflection_log_id uuid,
	current_prompt_id uuid not null,
	suggestion_type varchar(50) not null constraint improvement_suggestions_type_known check (suggestion_type in ('prompt_update', 'config_change', 'escalation')),
	current_value text,
	suggested_value text,
	diff_summary text,
	rationale text,
	expected_improvement text,
	risk_assessment text,
	confidence_score numeric(3, 2) check (confidence_score between 0 and 1),
	focus_areas text[] not null default '{}',
	operations jsonb not null default '[]' check (jsonb_typeof(operations) = 'array' and jsonb_array_length(operations) <= 6),
	suggestion_sha256 text not null check (suggestion_sha256 ~ '^[0-9a-f]{64}$'),
	status varchar(50) not null default 'pending'
		constraint improvement_suggestions_status_known check (status in ('pending', 'approved', 'rejected', 'auto_applied', 'rolled_back')),
	state text not null default 'proposed' constraint improvement_suggestions_state_known check (state in ('proposed', 'linted', 'gated', 'needs_data',
		'rejected', 'awaiting_approval', 'approved', 'canary10', 'canary50', 'active', 'rolled_back', 'superseded', 'expired')),
	lint_result jsonb,
	gate_result jsonb,
	requested_by text not null default 'system' check (length(requested_by) between 1 and 200),
	reviewed_by uuid,
	reviewer text,
	reviewed_at timestamptz,
	review_notes text,
	reject_reason text constraint improvement_suggestions_reject_reason_known check (reject_reason in ('wrong', 'too_risky', 'not_now', 'unclear', 'off_brand', 'other')),
	applied_at timestamptz,
	applied_prompt_id uuid,
	rolled_back_at timestamptz,
	rollback_reason text,
	post_apply_score numeric(3, 2) check (post_apply_score between 0 and 5),
	improvement_delta numeric(3, 2),
	created_at timestamptz not null default now(),
	updated_at timestamptz not null default now(),
	expires_at timestamptz not null default now() + interval '14 days',
	primary key (tenant_id, id),
	foreign key (tenant_id, agent_id) references agents (tenant_id, id) on delete cascade,
	foreign key (tenant_id, agent_version_id) references agent_versions (tenant_id, id) on delete cascade,
	foreign key (tenant_id, current_prompt_id) references system_prompts (tenant_id, id) on delete cascade,
	foreign key (tenant_id, applied_prompt_id) references system_prompts (tenant_id, id) on delete cascade
);
comment on table improvement_suggestions is 'A change of an agent''s prompt that the loop or a person proposes, as typed operations. status as the seeds know it, state as the road from lint to roll-out. Of type escalation: a task that ends by a person''s word. Holds no text of a customer.';
create index idx_suggestions_agent on improvement_suggestions (tenant_id, agent_version_id, created_at desc);
create index idx_suggestions_status on improvement_suggestions (tenant_id, status, created_at desc);
create index idx_suggestions_pending on improvement_suggestions (tenant_id, agent_version_id, status) where status = 'pending';
create index idx_suggestions_reflection on improvement_suggestions (tenant_id, reflection_log_id);
create index idx_suggestions_focus on improvement_suggestions using gin (focus_areas);
create trigger touch before update on improvement_suggestions for each row execute function touch_updated_at();

create table reflection_logs (
	tenant_id uuid not null references tenants (id) on delete cascade,
	id uuid not null default gen_random_uuid(),
	agent_id uuid not null,
	agent_version_id uuid not null,
	system_prompt_id uuid not null,
	period_start timestamptz not null,
	period_end timestamptz not null,
	conversations_analyzed integer not null default 0 check (conversations_analyzed >= 0),
	messages_analyzed integer not null default 0 check (messages_analyzed >= 0),
	score_completeness numeric(3, 2) check (score_completeness between 0 and 5),
	score_depth numeric(3, 2) check (score_depth between 0 and 5),
	score_tone numeric(3, 2) check (score_tone between 0 and 5),
	score_scope numeric(3, 2) check (score_scope between 0 and 5),
	score_missed_opportunities numeric(3, 2) check (score_missed_opportunities between 0 and 5),
	overall_score numeric(3, 2) check (overall_score >= 0 and overall_score <= 5),
	score_low numeric(3, 2) check (score_low between 0 and 5),
	score_high numeric(3, 2) check (score_high between 0 and 5),
	score_breakdown jsonb not null default '{}',
	metrics jsonb not null default '{}',
	strengths text[] not null default '{}',
	weaknesses text[] not null default '{}',
	patterns_identified text[] not null default '{}',
	action_taken varchar(50) constraint reflection_logs_action_known check (action_taken in ('none', 'suggestion', 'auto_update', 'escalate')),
	action_reason text,
	suggestion_id uuid,
	cooldown_respected boolean not null default true,
	previous_reflection_id uuid,
	hours_since_last_reflection numeric(10, 2),
	status varchar(50) not null default 'running' constraint reflection_logs_status_known check (status in ('running', 'completed', 'failed', 'cancelled')),
	error_message text,
	execution_time_ms integer,
	cycle_key text not null check (cycle_key ~ '^[0-9a-f]{64}$'),
	votes integer not null default 0,
	vote_spread numeric(4, 3),
	input_tokens integer not null default 0,
	output_tokens integer not null default 0,
	cost_usd numeric(12, 6) not null default 0,
	evaluator_model varchar(100),
	created_at timestamptz not null default now(),
	completed_at timestamptz,
	primary key (tenant_id, id),
	foreign key (tenant_id, agent_id) references agents (tenant_id, id) on delete cascade,
	foreign key (tenant_id, agent_version_id) references agent_versions (tenant_id, id) on delete cascade,
	foreign key (tenant_id, system_prompt_id) references system_prompts (tenant_id, id) on delete cascade,
	foreign key (tenant_id, suggestion_id) references improvement_suggestions (tenant_id, id) on delete set null (suggestion_id),
	foreign key (tenant_id, previous_reflection_id) references reflection_logs (tenant_id, id) on delete set null (previous_reflection_id),
	constraint reflection_logs_period_ordered check (period_start < period_end)
);
comment on table reflection_logs is 'One cycle of judging an agent''s prompt: scores with their bounds, what was decided and why, what it cost. strengths, weaknesses and patterns are codes of checks, never text of a conversation. score_missed_opportunities: 5 = nothing missed.';
comment on column reflection_logs.cycle_key is 'Hash of target, window, rubric and sample: the same cycle judged again reads its verdicts from the store.';
create index idx_reflection_logs_agent on reflection_logs (tenant_id, agent_version_id, created_at desc);
create index idx_reflection_logs_score on reflection_logs (tenant_id, overall_score, created_at desc);
create index idx_reflection_logs_action on reflection_logs (tenant_id, action_taken, created_at desc);
create index idx_reflection_logs_period on reflection_logs (tenant_id, period_start, period_end);
create index idx_reflection_logs_weaknesses on reflection_logs using gin (weaknesses);
alter table improvement_suggestions add foreign key (tenant_id, reflection_log_id) references reflection_logs (tenant_id, id) on delete set null (reflection_log_id);

create table persona_improvement_suggestions (
	tenant_id uuid not null references tenants (id) on delete cascade,
	id uuid not null default gen_random_uuid(),
	persona_id uuid not null,
	reflection_log_id uuid,
	suggestion_type text not null constraint persona_suggestions_type_known check (suggestion_type in ('keywords_update', 'prompt_update', 'scoring_weights', 'escalation')),
	current_value jsonb,
	suggested_value jsonb,
	diff_summary text,
	rationale text,
	expected_improvement text,
	risk_assessment text,
	confidence_score numeric(3, 2) check (confidence_score between 0 and 1),
	focus_areas text[] not null default '{}',
	operations jsonb not null default '[]' check (jsonb_typeof(operations) = 'array' and jsonb_array_length(operations) <= 6),
	suggestion_sha256 text not null check (suggestion_sha256 ~ '^[0-9a-f]{64}$'),
	status text not null default 'pending'
		constraint persona_suggestions_status_known check (status in ('pending', 'approved', 'rejected', 'auto_applied', 'rolled_back')),
	state text not null default 'proposed' constraint persona_suggestions_state_known check (state in ('proposed', 'linted', 'gated', 'needs_data',
		'rejected', 'awaiting_approval', 'approved', 'canary10', 'canary50', 'active', 'rolled_back', 'superseded', 'expired')),
	lint_result jsonb,
	gate_result jsonb,
	requested_by text not null default 'system' check (length(requested_by) between 1 and 200),
	reviewed_by uuid,
	reviewer text,
	reviewed_at timestamptz,
	review_notes text,
	reject_reason text constraint persona_suggestions_reject_reason_known check (reject_reason in ('wrong', 'too_risky', 'not_now', 'unclear', 'off_brand', 'other')),
	applied_at timestamptz,
	applied_persona_id uuid,
	rolled_back_at timestamptz,
	rollback_reason text,
	post_apply_conversion_rate numeric(5, 2),
	improvement_delta numeric(5, 2),
	created_at timestamptz not null default now(),
	updated_at timestamptz not null default now(),
	expires_at timestamptz not null default now() + interval '14 days',
	primary key (tenant_id, id),
	foreign key (tenant_id, persona_id) references tenant_personas (tenant_id, id) on delete cascade,
	foreign key (tenant_id, applied_persona_id) references tenant_personas (tenant_id, id) on delete cascade
);
comment on table persona_improvement_suggestions is 'The same for a tenant''s persona: keywords, ranges, thresholds, the scorer. status as the seeds know it, state as the road from lint to roll-out. Holds no text of a customer.';
create index idx_persona_suggestions_persona on persona_improvement_suggestions (tenant_id, persona_id, created_at desc);
create index idx_persona_suggestions_status on persona_improvement_suggestions (tenant_id, status, created_at desc);
create index idx_persona_suggestions_focus on persona_improvement_suggestions using gin (focus_areas);
create trigger touch before update on persona_improvement_suggestions for each row execute function touch_updated_at();

create table persona_reflection_logs (
	tenant_id uuid not null references tenants (id) on delete cascade,
	id uuid not null default gen_random_uuid(),
	persona_id uuid not null,
	period_start timestamptz not null,
	period_end timestamptz not null,
	total_leads_classified integer not null default 0,
	hot_leads_count integer not null default 0,
	false_positives integer,
	false_negatives integer,
	score_precision numeric(3, 2) check (score_precision between 0 and 5),
	score_conversion_rate numeric(3, 2) check (score_conversion_rate between 0 and 5),
	score_response_quality numeric(3, 2) check (score_response_quality between 0 and 5),
	overall_score numeric(3, 2) check (overall_score between 0 and 5),
	score_low numeric(3, 2) check (score_low between 0 and 5),
	score_high numeric(3, 2) check (score_high between 0 and 5),
	score_breakdown jsonb not null default '{}',
	metrics jsonb not null default '{}',
	strengths text[] not null default '{}',
	weaknesses text[] not null default '{}',
	patterns_identified text[] not null default '{}',
	action_taken text constraint persona_reflection_logs_action_known check (action_taken in ('none', 'suggestion', 'auto_update', 'escalate')),
	action_reason text,
	suggestion_id uuid,
	cooldown_respected boolean not null default true,
	previous_reflection_id uuid,
	hours_since_last_reflection numeric(10, 2),
	status varchar(50) not null default 'running' constraint persona_reflection_logs_status_known check (status in ('running', 'completed', 'failed', 'cancelled')),
	error_message text,
	execution_time_ms integer,
	cycle_key text not null check (cycle_key ~ '^[0-9a-f]{64}$'),
	votes integer not null default 0,
	vote_spread numeric(4, 3),
	input_tokens integer not null default 0,
	output_tokens integer not null default 0,
	cost_usd numeric(12, 6) not null default 0,
	evaluator_model varchar(100),
	created_at timestamptz not null default now(),
	completed_at timestamptz,
	primary key (tenant_id, id),
	foreign key (tenant_id, persona_id) references tenant_personas (tenant_id, id) on delete cascade,
	foreign key (tenant_id, suggestion_id) references persona_improvement_suggestions (tenant_id, id) on delete set null (suggestion_id),
	foreign key (tenant_id, previous_reflection_id) references persona_reflection_logs (tenant_id, id) on delete set null (previous_reflection_id),
	constraint persona_reflection_logs_period_ordered check (period_start < period_end)
);
comment on table persona_reflection_logs is 'One cycle of judging a tenant''s persona by matured outcomes. false_positives: HOT and lost; false_negatives: not HOT and won; both counted over persons.';
create index idx_persona_reflection_logs_persona on persona_reflection_logs (tenant_id, persona_id, created_at desc);
create index idx_persona_reflection_logs_action on persona_reflection_logs (tenant_id, action_taken, created_at desc);
create index idx_persona_reflection_logs_weaknesses on persona_reflection_logs using gin (weaknesses);
alter table persona_improvement_suggestions
	add foreign key (tenant_id, reflection_log_id) references persona_reflection_logs (tenant_id, id) on delete set null (reflection_log_id);

create table judge_verdicts (
	tenant_id uuid not null references tenants (id) on delete cascade,
	verdict_key text not null check (verdict_key ~ '^[0-9a-f]{64}$'),
	conversation_id uuid,
	result jsonb not null,
	model varchar(100) not null,
	rubric_version text not null,
	input_tokens integer not null default 0,
	output_tokens integer not null default 0,
	cost_usd numeric(12, 6) not null default 0,
	created_at timestamptz not null default now(),
	primary key (tenant_id, verdict_key),
	foreign key (tenant_id, conversation_id) references conversations (tenant_id, id) on delete cascade
);
comment on table judge_verdicts is 'What a judge answered, by the hash of all it was asked: a cycle that runs again pays nothing and says the same. Enums, numbers and turn numbers; erasing a person erases theirs.';
create index idx_judge_verdicts_conversation on judge_verdicts (tenant_id, conversation_id) where conversation_id is not null;

create table golden_items (
	tenant_id uuid not null references tenants (id) on delete cascade,
	id uuid not null default gen_random_uuid(),
	conversation_id uuid not null,
	labels jsonb not null,
	labelled_by text not null check (length(labelled_by) between 1 and 200),
	second_labels jsonb,
	second_by text,
	retired_at timestamptz,
	created_at timestamptz not null default now(),
	updated_at timestamptz not null default now(),
	primary key (tenant_id, id),
	unique (tenant_id, conversation_id),
	foreign key (tenant_id, conversation_id) references conversations (tenant_id, id) on delete cascade,
	constraint golden_items_two_people check (second_by is distinct from labelled_by)
);
comment on table golden_items is 'Conversations that people have scored: what a judge is held against. labels: level 1 to 5 a criterion.';
create trigger touch before update on golden_items for each row execute function touch_updated_at();

select secure_schema();
