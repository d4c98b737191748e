-- breaking: no
-- The remaining doors (lookups that start before a tenant is known) and the views people read.

create function resolve_tenant(p_query jsonb) returns jsonb
language sql stable
security definer
set search_path from current
as $$
	with found as (
		select t.id, ca.id as channel_account_id, null::text[] as scopes from channel_accounts ca join tenants t on t.id = ca.tenant_id
			where ca.kind = p_query ->> 'channel' and ca.external_id = p_query ->> 'externalId'
		union all
		select t.id, null, null from tenants t where t.slug = p_query ->> 'slug'
		union all
		select t.id, ca.id, null from tenants t
			left join channel_accounts ca on ca.tenant_id = t.id and ca.id::text = p_query ->> 'channelAccountId'
			where t.id::text = p_query ->> 'tenantId'
		union all
		select k.tenant_id, null, k.scopes from access_keys k
			where k.key_hash = decode(p_query ->> 'keyHash', 'hex') and k.revoked_at is null and (k.expires_at is null or k.expires_at > now())
		limit 1
	)
	select jsonb_build_object(
		'tenant', jsonb_build_object('id', t.id, 'slug', t.slug, 'name', t.name, 'status', t.status, 'planTier', t.plan_tier, 'timezone', t.timezone,
			'maxLeadsPerMonth', t.max_leads_per_month, 'maxAutoResponsesPerDay', t.max_auto_responses_per_day),
		'channelAccount', case when ca.id is not null then jsonb_build_object('id', ca.id, 'kind', ca.kind, 'externalId', ca.external_id, 'displayName', ca.display_name,
			'status', ca.status, 'pausedReason', ca.paused_reason) end,
		'agent', case when a.id is not null then jsonb_build_object('id', a.id, 'slug', a.slug, 'name', a.name, 'status', a.status) end,
		'agentVersion', case when av.id is not null then jsonb_build_object('id', av.id, 'version', av.version, 'bundleSha256', av.bundle_sha256, 'systemPromptId', sp.id) end,
		'persona', case when tp.id is not null then jsonb_build_object('id', tp.id, 'version', tp.version) end,
		'scopes', to_jsonb(found.scopes))
	from found
	join tenants t on t.id = found.id
	left join channel_accounts ca on ca.tenant_id = t.id and ca.id = found.channel_account_id
	left join lateral (
		select a.* from agents a where a.tenant_id = t.id and (a.id = ca.agent_id or (ca.agent_id is null and a.status = 'active')) order by a.created_at limit 1
	) a on true
	left join agent_versions av on av.tenant_id = t.id and av.agent_id = a.id and av.is_active
	left join system_prompts sp on sp.tenant_id = t.id and sp.agent_version_id = av.id and sp.is_active
	left join tenant_personas tp on tp.tenant_id = t.id and tp.is_active
$$;
comment on function resolve_tenant(jsonb) is
	'Door. Who is behind {channel, externalId} | {slug} | {tenantId, channelAccountId?} | {keyHash}: tenant, channel account, answering agent version, active persona. Null when nobody is.';

create function list_tenants(p_search text, p_limit integer, p_offset integer)
returns table (id uuid, slug text, name text, status text, plan_tier text, timezone text, channel_accounts integer, paused_accounts integer)
language sql stable
security definer
set search_path from current
as $$
	select t.id, t.slug, t.name, t.status, t.plan_tier, t.timezone, count(ca.id)::integer, count(ca.id) filter (where ca.status = 'paused')::integer
	from tenants t left join channel_accounts ca on ca.tenant_id = t.id
	where p_search is null or p_search = '' or position(lower(p_search) in lower(t.name)) > 0 or position(lower(p_search) in t.slug) > 0
	group by t.id order by t.name, t.id limit least(p_limit, 500) offset p_offset
$$;
comment on function list_tenants(text, integer, integer) is 'Door. Tenants by name or slug, at most 500 a call.';

create function list_unrouted_events(p_limit integer)
returns table (id bigint, object text, account_id text, kind text, reason text, received_at timestamptz)
language sql stable
security definer
set search_path from current
as $$
	select e.id, e.object, e.account_id, e.kind, e.reason, e.received_at from webhook_events e
	where e.tenant_id is null order by e.received_at desc limit least(p_limit, 500)
$$;
comment on function list_unrouted_events(integer) is 'Door. The newest events that no channel account claims: a number that was not set up, or a test from Meta''s dashboard.';

create function list_paused_accounts(p_limit integer)
returns table (tenant_slug text, tenant_name text, channel_account_id uuid, kind text, external_id text, paused_reason text, paused_at timestamptz, waiting integer)
language sql stable
security definer
set search_path from current
as $$
	select t.slug, t.name, ca.id, ca.kind, ca.external_id, ca.paused_reason, ca.paused_at,
		(select count(*)::integer from outbox_messages o where o.tenant_id = ca.tenant_id and o.channel_account_id = ca.id and o.status = 'pending')
	from channel_accounts ca join tenants t on t.id = ca.tenant_id
	where ca.status = 'paused' order by ca.paused_at desc limit least(p_limit, 500)
$$;
comment on function list_paused_accounts(integer) is 'Door. Send lanes that stand, why, since when, and how many messages wait.';

create function list_accounts_to_check(p_limit integer)
returns table (tenant_id uuid, tenant_slug text, channel_account_id uuid, kind text, external_id text, parent_id text, status text, paused_reason text,
	access_token_encrypted text, token_expires_at timestamptz, expires_in_days double precision, has_agent boolean)
language sql stable
security definer
set search_path from current
as $$
	select ca.tenant_id, t.slug, ca.id, ca.kind, ca.external_id, ca.parent_id, ca.status, ca.paused_reason, ca.access_token_encrypted, ca.token_expires_at,
		extract(epoch from ca.token_expires_at - now())::double precision / 86400,
		exists (select 1 from agent_versions av where av.tenant_id = ca.tenant_id and av.agent_id = ca.agent_id and av.is_active)
	from channel_accounts ca join tenants t on t.id = ca.tenant_id
	where ca.is_active and t.status in ('trial', 'active')
	order by t.slug, ca.kind, ca.external_id limit least(p_limit, 500)
$$;
comment on function list_accounts_to_check(integer) is 'Door. What the doctor looks at: open channel accounts of running tenants with their (encrypted) tokens.';

create view vw_reply_log with (security_invoker = true) as
	select o.tenant_id, t.slug as tenant_slug, o.conversation_id, o.turn_id, o.id as outbox_id, o.position,
		tu.agent_version_id, av.version as agent_version, av.bundle_sha256, tu.system_prompt_id, tu.persona_id,
		o.provider_message_id as meta_message_id,
		(select array_agg(m.provider_message_id order by m.id) from messages m where m.tenant_id = o.tenant_id and m.id = any (tu.message_ids)) as answered_meta_ids,
		tu.outcome, tu.handoff_reason, tu.attempts as turn_attempts, tu.checks,
		(select coalesce(array_agg(k.value ->> 'check'), '{}') from jsonb_array_elements(tu.checks) k where (k.value ->> 'fired')::boolean) as checks_hit,
		u.provider as llm_provider, u.model as llm_model, u.input_tokens, u.cached_input_tokens, u.output_tokens, u.cost_usd, u.latency_ms as llm_latency_ms,
		o.status, o.attempts as send_attempts, o.error_code, o.error_message,
		tu.received_at, tu.claimed_at, tu.finished_at, o.sent_at, o.delivered_at, o.read_at,
		(extract(epoch from o.sent_at - tu.received_at) * 1000)::integer as latency_ms
	from outbox_messages o
	join tenants t on t.id = o.tenant_id
	join turns tu on tu.tenant_id = o.tenant_id and tu.id = o.turn_id
	left join agent_versions av on av.tenant_id = tu.tenant_id and av.id = tu.agent_version_id
	left join lateral (
		select max(l.provider) as provider, max(l.model) as model, sum(l.input_tokens)::integer as input_tokens, sum(l.cached_input_tokens)::integer as cached_input_tokens,
			sum(l.output_tokens)::integer as output_tokens, sum(l.cost_usd)::double precision as cost_usd, sum(l.latency_ms)::integer as latency_ms
		from llm_usage l where l.tenant_id = o.tenant_id and l.turn_id = o.turn_id
	) u on true;
comment on view vw_reply_log is
	'For every reply: tenant, agent version, prompt, Meta ids (sent and answered), tokens, cost, latency in ms (stored to sent), checks hit. The log that answers "why did it say that?".';

create view vw_channel_health with (security_invoker = true) as
	select ca.tenant_id, ca.id as channel_account_id, ca.kind, ca.external_id, ca.display_name, ca.status, ca.paused_reason, ca.paused_at, ca.hold_until, ca.token_expires_at,
		(select count(*) from outbox_messages o where o.tenant_id = ca.tenant_id and o.channel_account_id = ca.id and o.status = 'pending') as waiting,
		(select count(*) from outbox_messages o where o.tenant_id = ca.tenant_id and o.channel_account_id = ca.id and o.status = 'unknown') as unknown,
		(select max(e.received_at) from webhook_events e where e.tenant_id = ca.tenant_id and e.channel_account_id = ca.id) as last_event_at
	from channel_accounts ca;
comment on view vw_channel_health is 'Per channel account: does it stand, why, what waits, what is unknown, when did Meta last call.';

select secure_schema();
