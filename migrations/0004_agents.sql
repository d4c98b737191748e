-- breaking: no
-- Agent versions (frozen), rendered prompts, personas, and what each model call cost.

create table agent_versions (
	tenant_id uuid not null,
	id uuid not null default gen_random_uuid(),
	agent_id uuid not null,
	agent_name text not null,
	version text not null check (version ~ '^v\d+\.\d+\.\d+$'),
	is_active boolean not null default false,
	spec jsonb not null,
	documents jsonb not null default '[]',
	compiled_bundle jsonb not null,
	bundle_sha256 text not null check (bundle_sha256 ~ '^[0-9a-f]{64}$'),
	change_summary text,
	created_by text not null default 'system',
	created_at timestamptz not null default now(),
	activated_at timestamptz,
	deactivated_at timestamptz,
	primary key (tenant_id, id),
	unique (tenant_id, agent_id, version),
	foreign key (tenant_id, agent_id) references agents (tenant_id, id) on delete cascade
);
comment on table agent_versions is 'Frozen: an AgentSpec, its documents and the bundle compiled from them. A change is a new row with a new semantic version.';
create unique index agent_versions_one_active on agent_versions (tenant_id, agent_id) where is_active;
create index idx_agent_versions_agent on agent_versions (tenant_id, agent_id, created_at desc);

create function freeze_agent_version() returns trigger
language plpgsql
set search_path from current
as $$
begin
	if tg_op = 'DELETE' then
		if pg_trigger_depth() > 1 then
			return old; -- the tenant itself is being erased
		end if;
		raise exception 'agent version % is frozen: it cannot be deleted', old.version using errcode = 'ZF001';
	end if;
	if (new.agent_id, new.agent_name, new.version, new.spec, new.documents, new.compiled_bundle, new.bundle_sha256, new.created_at)
		is distinct from (old.agent_id, old.agent_name, old.version, old.spec, old.documents, old.compiled_bundle, old.bundle_sha256, old.created_at)
	then
		raise exception 'agent version % is frozen: compile a new version instead', old.version using errcode = 'ZF001';
	end if;
	return new;
end
$$;
comment on function freeze_agent_version() is 'Trigger: a version''s content never changes (ZF001); only is_active and its times move.';
create trigger frozen before update or delete on agent_versions for each row execute function freeze_agent_version();

create function single_active_version() returns trigger
language plpgsql
set search_path from current
as $$
begin
	if new.is_active and (tg_op = 'INSERT' or not old.is_active) then
		update agent_versions set is_active = false, deactivated_at = now()
			where tenant_id = new.tenant_id and agent_id = new.agent_id and is_active and id <> new.id;
		new.activated_at := now();
		new.deactivated_at := null;
	end if;
	return new;
end
$$;
comment on function single_active_version() is 'Trigger: activating a version retires the one before it.';
create trigger trigger_single_active_version before insert or update of is_active on agent_versions for each row execute function single_active_version();

create table system_prompts (
	tenant_id uuid not null,
	id uuid not null default gen_random_uuid(),
	location_id varchar(100),
	agent_version_id uuid not null,
	version integer not null check (version > 0),
	parent_id uuid,
	is_active boolean not null default false,
	prompt_content text not null,
	prompt_sha256 text not null check (prompt_sha256 ~ '^[0-9a-f]{64}$'),
	learned_rules jsonb not null default '[]',
	prompt_name varchar(255),
	prompt_description text,
	model_config jsonb not null default '{}',
	performance_score numeric(3, 2) check (performance_score between 0 and 5),
	total_evaluations integer not null default 0,
	total_conversations integer not null default 0,
	change_reason text,
	change_summary text,
	metadata jsonb not null default '{}',
	created_at timestamptz not null default now(),
	updated_at timestamptz not null default now(),
	activated_at timestamptz,
	deactivated_at timestamptz,
	primary key (tenant_id, id),
	unique (tenant_id, agent_version_id, version),
	foreign key (tenant_id, agent_version_id) references agent_versions (tenant_id, id) on delete cascade,
	foreign key (tenant_id, parent_id) references system_prompts (tenant_id, id)
);
comment on table system_prompts is 'What the model is told: the bundle''s prompt plus learned rules and the persona''s voice, rendered and hashed. Immutable once activated; one active a version.';
create unique index unique_active_prompt_per_tenant on system_prompts (tenant_id, agent_version_id) where is_active;
create index idx_system_prompts_agent_version on system_prompts (tenant_id, agent_version_id, version desc);
create index idx_system_prompts_performance on system_prompts (tenant_id, performance_score desc nulls last);
create trigger touch before update on system_prompts for each row execute function touch_updated_at();

create function freeze_system_prompt() returns trigger
language plpgsql
set search_path from current
as $$
begin
	if old.activated_at is not null and
		(new.agent_version_id, new.version, new.parent_id, new.prompt_content, new.prompt_sha256, new.learned_rules, new.model_config)
		is distinct from (old.agent_version_id, old.version, old.parent_id, old.prompt_content, old.prompt_sha256, old.learned_rules, old.model_config)
	then
		raise exception 'prompt version % was activated and is frozen: make a new version instead', old.version using errcode = 'ZF001';
	end if;
	return new;
end
$$;
comment on function freeze_system_prompt() is 'Trigger: a prompt that was ever active never changes (ZF001).';
create trigger frozen before update on system_prompts for each row execute function freeze_system_prompt();

create function single_active_prompt() returns trigger
language plpgsql
set search_path from current
as $$
begin
	if new.is_active and (tg_op = 'INSERT' or not old.is_active) then
		update system_prompts set is_active = false, deactivated_at = now()
			where tenant_id = new.tenant_id and agent_version_id = new.agent_version_id and is_active and id <> new.id;
		new.activated_at := coalesce(new.activated_at, now());
		new.deactivated_at := null;
	end if;
	return new;
end
$$;
comment on function single_active_prompt() is 'Trigger: activating a prompt retires the one before it.';
create trigger trigger_single_active_prompt before insert or update of is_active on system_prompts for each row execute function single_active_prompt();

create table tenant_personas (
	tenant_id uuid not null references tenants (id) on delete cascade,
	id uuid not null default gen_random_uuid(),
	version integer not null check (version > 0),
	is_active boolean not null default false,
	business_type text,
	target_audience text,
	product_service text,
	value_proposition text,
	main_pain_points text[] not null default '{}',
	solutions_offered text[] not null default '{}',
	ideal_niches text[] not null default '{}',
	ideal_job_titles text[] not null default '{}',
	ideal_business_types text[] not null default '{}',
	min_followers integer,
	max_followers integer,
	positive_keywords text[] not null default '{}',
	negative_keywords text[] not null default '{}',
	brand_voice text,
	message_style text,
	ai_classification_prompt text,
	ai_response_prompt text,
	leads_classified integer not null default 0,
	conversion_rate numeric(5, 2),
	avg_icp_score numeric(5, 2),
	performance_score numeric(3, 2),
	last_reflection_at timestamptz,
	reflection_enabled boolean not null default true,
	created_at timestamptz not null default now(),
	activated_at timestamptz,
	deactivated_at timestamptz,
	primary key (tenant_id, id),
	unique (tenant_id, version),
	constraint tenant_personas_followers_ordered check (min_followers is null or max_followers is null or min_followers <= max_followers)
);
comment on table tenant_personas is 'Ideal customer profile with versions; one active a tenant.';
create index idx_personas_tenant on tenant_personas (tenant_id, version desc);
create unique index idx_personas_active on tenant_personas (tenant_id) where is_active;
create index idx_personas_positive_kw on tenant_personas using gin (positive_keywords);
create index idx_personas_negative_kw on tenant_personas using gin (negative_keywords);

create function single_active_persona() returns trigger
language plpgsql
set search_path from current
as $$
begin
	if new.is_active and (tg_op = 'INSERT' or not old.is_active) then
		update tenant_personas set is_active = false, deactivated_at = now()
			where tenant_id = new.tenant_id and is_active and id <> new.id;
		new.activated_at := now();
		new.deactivated_at := null;
	end if;
	return new;
end
$$;
comment on function single_active_persona() is 'Trigger: activating a persona retires the one before it.';
create trigger trigger_single_active_persona before insert or update of is_active on tenant_personas for each row execute function single_active_persona();

create table llm_usage (
	tenant_id uuid not null references tenants (id) on delete cascade,
	id bigint generated always as identity,
	turn_id bigint,
	conversation_id uuid,
	agent_version_id uuid,
	purpose text not null default 'reply',
	provider text not null,
	model text not null,
	input_tokens integer not null default 0 check (input_tokens >= 0),
	cached_input_tokens integer not null default 0 check (cached_input_tokens >= 0),
	output_tokens integer not null default 0 check (output_tokens >= 0),
	cost_usd numeric(12, 6),
	latency_ms integer not null default 0,
	attempts integer not null default 1,
	outcome text not null default 'ok',
	request_id text,
	created_at timestamptz not null default now(),
	primary key (tenant_id, id)
);
comment on table llm_usage is 'One row a model call, failed ones included: tokens, latency in ms, cost in US dollars by the price table (null where the model is not in it).';
create index idx_llm_usage_turn on llm_usage (tenant_id, turn_id) where turn_id is not null;
create index idx_llm_usage_recent on llm_usage (tenant_id, created_at desc);

create function record_llm_usage(p_tenant_id uuid, p_turn_id bigint, p_conversation_id uuid, p_agent_version_id uuid, p_purpose text, p_usage jsonb) returns void
language sql
set search_path from current
as $$
	with calls as (
		select * from jsonb_to_recordset(coalesce(p_usage, '[]')) as u(
			provider text, model text, "inputTokens" integer, "cachedInputTokens" integer, "outputTokens" integer, "costUsd" numeric,
			"latencyMs" double precision, attempts integer, "requestId" text, outcome text
		)
	), stored as (
		insert into llm_usage (tenant_id, turn_id, conversation_id, agent_version_id, purpose, provider, model, input_tokens, cached_input_tokens,
			output_tokens, cost_usd, latency_ms, attempts, request_id, outcome)
		select p_tenant_id, p_turn_id, p_conversation_id, p_agent_version_id, p_purpose, provider, model, coalesce("inputTokens", 0),
			coalesce("cachedInputTokens", 0), coalesce("outputTokens", 0), "costUsd", coalesce(round("latencyMs"), 0)::integer, coalesce(attempts, 1), "requestId", coalesce(outcome, 'ok')
		from calls
		returning input_tokens + output_tokens as tokens
	)
	select count_usage(p_tenant_id, 'llm_tokens', coalesce((select sum(tokens) from stored), 0))
	where exists (select 1 from stored)
$$;
comment on function record_llm_usage(uuid, bigint, uuid, uuid, text, jsonb) is 'Stores the LlmUsage objects of core/llm and counts their tokens.';

create function activate_agent_version(p_tenant_id uuid, p_agent_version_id uuid) returns jsonb
language plpgsql
set search_path from current
as $$
declare
	v_version agent_versions;
	v_previous text;
	v_prompt uuid;
begin
	select * into v_version from agent_versions where tenant_id = p_tenant_id and id = p_agent_version_id;
	if not found then
		raise exception 'agent version % does not exist', p_agent_version_id using errcode = 'ZF004';
	end if;
	perform 1 from agents where tenant_id = p_tenant_id and id = v_version.agent_id for update;
	select version into v_previous from agent_versions where tenant_id = p_tenant_id and agent_id = v_version.agent_id and is_active;
	update agent_versions set is_active = true where tenant_id = p_tenant_id and id = p_agent_version_id and not is_active;
	select id into v_prompt from system_prompts where tenant_id = p_tenant_id and agent_version_id = p_agent_version_id and is_active;
	if v_prompt is null then
		update system_prompts set is_active = true
			where tenant_id = p_tenant_id and id = (
				select id from system_prompts where tenant_id = p_tenant_id and agent_version_id = p_agent_version_id order by version desc limit 1
			)
			returning id into v_prompt;
	end if;
	update agents set
			debounce_seconds = coalesce((v_version.compiled_bundle #>> '{debounce,seconds}')::double precision, debounce_seconds),
			debounce_max_seconds = coalesce((v_version.compiled_bundle #>> '{debounce,maxSeconds}')::double precision, debounce_max_seconds)
		where tenant_id = p_tenant_id and id = v_version.agent_id;
	perform record_audit(p_tenant_id, 'agent.version_activated', 'agent', v_version.agent_id::text,
		jsonb_build_object('from', v_previous, 'to', v_version.version, 'bundle', v_version.bundle_sha256));
	return jsonb_build_object('agentId', v_version.agent_id, 'from', v_previous, 'to', v_version.version, 'systemPromptId', v_prompt);
end
$$;
comment on function activate_agent_version(uuid, uuid) is 'Makes one version the answering one, in one switch, with its newest prompt; rolling back is the same call with the older version.';

select secure_schema();
