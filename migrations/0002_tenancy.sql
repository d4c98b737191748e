-- breaking: no
-- Tenants, the people who work for them, their channel accounts, counters and the audit log.

create table tenants (
	id uuid primary key default gen_random_uuid(),
	name text not null check (length(name) between 1 and 200),
	slug text not null unique check (slug ~ '^[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?$'),
	business_type text,
	status text not null default 'trial' constraint tenants_status_known check (status in ('trial', 'active', 'paused', 'cancelled')),
	plan_tier text not null default 'basic' constraint tenants_plan_known check (plan_tier in ('basic', 'pro', 'enterprise')),
	max_leads_per_month integer check (max_leads_per_month >= 0),
	max_auto_responses_per_day integer check (max_auto_responses_per_day >= 0),
	timezone text not null default 'America/Sao_Paulo',
	created_at timestamptz not null default now(),
	updated_at timestamptz not null default now()
);
comment on table tenants is 'The agency''s clients. status paused or cancelled: messages are stored, no turn is queued, nothing is sent.';
create index idx_tenants_slug on tenants (slug);
create index idx_tenants_status on tenants (status);
create trigger touch before update on tenants for each row execute function touch_updated_at();
create policy tenant_isolation on tenants for all to agent_factory_runtime
	using (id = (select current_tenant_id())) with check (id = (select current_tenant_id()));

create table users (
	id uuid primary key default gen_random_uuid(),
	email text not null check (position('@' in email) > 1),
	full_name text,
	created_at timestamptz not null default now(),
	updated_at timestamptz not null default now()
);
comment on table users is 'People of the agency and of the tenants. A login is the business of whoever embeds this; here they own decisions.';
create unique index users_email_key on users (lower(email));
create trigger touch before update on users for each row execute function touch_updated_at();

create table tenant_members (
	tenant_id uuid not null references tenants (id) on delete cascade,
	user_id uuid not null references users (id) on delete cascade,
	role text not null default 'operator' constraint tenant_members_role_known check (role in ('owner', 'admin', 'operator', 'viewer')),
	created_at timestamptz not null default now(),
	primary key (tenant_id, user_id)
);
comment on table tenant_members is 'Who works for which tenant, and as what.';
create index idx_tenant_members_user on tenant_members (user_id, tenant_id);
-- Read only for a tenant: the key to users is checked past row level security, so a row of one's own would open anybody's user.
create policy tenant_isolation on tenant_members for select to agent_factory_runtime using (tenant_id = (select current_tenant_id()));
create policy tenant_isolation on users for select to agent_factory_runtime
	using (exists (select 1 from tenant_members m where m.user_id = users.id and m.tenant_id = (select current_tenant_id())));

create table access_keys (
	tenant_id uuid not null references tenants (id) on delete cascade,
	id uuid not null default gen_random_uuid(),
	name text not null,
	key_prefix text not null,
	key_hash bytea not null unique check (length(key_hash) = 32),
	scopes text[] not null default '{}',
	expires_at timestamptz,
	last_used_at timestamptz,
	revoked_at timestamptz,
	created_at timestamptz not null default now(),
	primary key (tenant_id, id)
);
comment on table access_keys is 'Keys that callers show us, as sha256 hashes. The key itself is shown once, when it is made.';

create table channel_accounts (
	tenant_id uuid not null references tenants (id) on delete cascade,
	id uuid not null default gen_random_uuid(),
	kind text not null constraint channel_accounts_kind_known check (kind in ('whatsapp', 'instagram', 'messenger')),
	external_id text not null check (external_id <> ''),
	parent_id text,
	provider text not null default 'business_api',
	display_name text,
	phone_number text,
	agent_id uuid,
	is_active boolean not null default true,
	status text not null default 'active' constraint channel_accounts_status_known check (status in ('active', 'paused', 'disconnected')),
	paused_reason text,
	paused_at timestamptz,
	hold_until timestamptz,
	send_tokens double precision not null default 80,
	send_tokens_at timestamptz not null default now(),
	max_messages_per_second integer not null default 80 check (max_messages_per_second between 1 and 1000),
	access_token_encrypted text,
	token_expires_at timestamptz,
	webhook_token text,
	setup_completed boolean not null default false,
	last_sync_at timestamptz,
	created_at timestamptz not null default now(),
	updated_at timestamptz not null default now(),
	primary key (tenant_id, id),
	constraint channel_accounts_paused_says_why check ((status = 'paused') = (paused_at is not null) and (status <> 'paused' or paused_reason is not null)),
	-- Routing starts from Meta's id, before the tenant is known.
	unique (kind, external_id)
);
comment on table channel_accounts is
	'Every WhatsApp number (external_id = phone_number_id, parent_id = WABA), Instagram account and Messenger page of a tenant. status paused: the send lane stands until a person resumes it; hold_until: it stands for a moment.';
comment on column channel_accounts.access_token_encrypted is 'AES-256-GCM by core/tenancy/vault, bound to tenant and account; never the token itself.';
comment on column channel_accounts.send_tokens is 'Token bucket of this number: messages that may leave now; refilled at max_messages_per_second.';
create index idx_channel_accounts_parent on channel_accounts (parent_id) where parent_id is not null;
create trigger touch before update on channel_accounts for each row execute function touch_updated_at();

create view whatsapp_configs with (security_invoker = true) as
	select id, tenant_id, provider, is_active, phone_number, webhook_token, '{}'::jsonb as api_credentials, setup_completed, last_sync_at
	from channel_accounts where kind = 'whatsapp';
comment on view whatsapp_configs is 'The seeds'' table as a view of channel_accounts; api_credentials is always empty, tokens do not leave the vault.';

create table usage_counters (
	tenant_id uuid not null references tenants (id) on delete cascade,
	metric text not null,
	period_start date not null,
	value bigint not null default 0,
	primary key (tenant_id, metric, period_start)
);
comment on table usage_counters is 'Counts a tenant and day (in the tenant''s time zone): outbound_messages, auto_responses, llm_tokens. What comes in is counted from messages: one row a tenant would make webhooks wait for each other.';

create function count_usage(p_tenant_id uuid, p_metric text, p_by bigint) returns void
language sql
set search_path from current
as $$
	insert into usage_counters as u (tenant_id, metric, period_start, value)
	select t.id, p_metric, (now() at time zone t.timezone)::date, p_by from tenants t where t.id = p_tenant_id
	on conflict (tenant_id, metric, period_start) do update set value = u.value + excluded.value
$$;
comment on function count_usage(uuid, text, bigint) is 'Adds to today''s counter of a tenant, today being a day of the tenant''s time zone.';

create table audit_events (
	id bigint generated always as identity primary key,
	tenant_id uuid references tenants (id) on delete cascade,
	event_type text not null,
	actor text not null default 'system',
	subject_type text,
	subject_id text,
	details jsonb not null default '{}',
	created_at timestamptz not null default now()
);
comment on table audit_events is 'Append-only: duplicates, policy hits, Meta failures, version switches, pauses, merges. Holds ids and codes, no customer text.';
create index idx_audit_events_tenant on audit_events (tenant_id, created_at desc);
create index idx_audit_events_type on audit_events (tenant_id, event_type, created_at desc);
create trigger append_only before update or delete on audit_events for each row execute function refuse_change();

create function record_audit(p_tenant_id uuid, p_event_type text, p_subject_type text, p_subject_id text, p_details jsonb) returns void
language sql
set search_path from current
as $$
	insert into audit_events (tenant_id, event_type, subject_type, subject_id, details, actor)
	values (p_tenant_id, p_event_type, p_subject_type, p_subject_id, coalesce(p_details, '{}'),
		coalesce(nullif(current_setting('agent_factory.actor', true), ''), 'system'))
$$;
comment on function record_audit(uuid, text, text, text, jsonb) is 'Writes one audit event; the actor comes from agent_factory.actor.';

select secure_schema();
