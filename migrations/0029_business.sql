-- breaking: no
-- What the parts of a business share: background jobs, secrets for outside services, consent, events of the funnel, members, links that work once, ready texts.

create table background_jobs (
	tenant_id uuid not null references tenants (id) on delete cascade,
	id uuid not null default gen_random_uuid(),
	job_type varchar(100) not null check (job_type ~ '^[a-z][a-z0-9_.]*$'),
	job_key text not null check (length(job_key) between 1 and 300),
	payload jsonb not null default '{}',
	status text not null default 'queued' constraint background_jobs_status_known check (status in ('queued', 'running', 'completed', 'failed')),
	attempts integer not null default 0,
	max_attempts integer not null default 12 check (max_attempts between 1 and 100),
	available_at timestamptz not null default now(),
	worker_id text,
	lease_token bigint,
	result jsonb,
	last_error text,
	created_at timestamptz not null default now(),
	started_at timestamptz,
	finished_at timestamptz,
	primary key (tenant_id, id),
	unique (tenant_id, job_type, job_key),
	constraint background_jobs_ends_once check ((status in ('completed', 'failed')) = (finished_at is not null))
) with (fillfactor = 70);
comment on table background_jobs is
	'Work that somebody does later, at most once a tenant, type and key. available_at: due, retry time or end of the lease. A job whose worker died is taken again; failed after max_attempts.';
create index background_jobs_due on background_jobs (job_type, available_at) where finished_at is null;
create index background_jobs_finished on background_jobs (tenant_id, finished_at) where finished_at is not null;
create index background_jobs_recent on background_jobs (tenant_id, created_at desc);

create function enqueue_job(p_tenant_id uuid, p_type text, p_key text, p_payload jsonb, p_at timestamptz default null, p_max_attempts integer default null) returns uuid
language plpgsql
set search_path from current
as $$
declare
	v_id uuid;
begin
	insert into background_jobs (tenant_id, job_type, job_key, payload, available_at, max_attempts)
		values (p_tenant_id, p_type, p_key, coalesce(p_payload, '{}'), coalesce(p_at, now()), coalesce(p_max_attempts, 12))
		on conflict (tenant_id, job_type, job_key) do nothing
		returning id into v_id;
	if v_id is null then
		select j.id into v_id from background_jobs j where j.tenant_id = p_tenant_id and j.job_type = p_type and j.job_key = p_key;
	end if;
	return v_id;
end
$$;
comment on function enqueue_job(uuid, text, text, jsonb, timestamptz, integer) is 'Adds a job; the same type and key again returns the one that is there, whatever became of it.';

create function claim_jobs(p_worker_id text, p_types text[], p_limit integer, p_lease_seconds integer)
returns table (tenant_id uuid, id uuid, job_type text, job_key text, payload jsonb, attempts integer, max_attempts integer, lease_token bigint)
language plpgsql
security definer
set search_path from current
as $$
#variable_conflict use_column
declare
	v_token bigint := nextval('lease_tokens');
begin
	-- A worker that died at the last attempt says nothing itself.
	update background_jobs j set status = 'failed', finished_at = now(), worker_id = null, lease_token = null, last_error = coalesce(j.last_error, 'the worker died')
		where (j.tenant_id, j.id) in (
			select o.tenant_id, o.id from background_jobs o
			where o.job_type = any (p_types) and o.finished_at is null and o.available_at <= now() and o.attempts >= o.max_attempts
			order by o.available_at limit p_limit for update skip locked);
	return query
	with due as materialized (
		select j.tenant_id, j.id, j.available_at from background_jobs j join tenants t on t.id = j.tenant_id
		where j.job_type = any (p_types) and j.finished_at is null and j.available_at <= now() and t.status in ('trial', 'active')
		order by j.available_at limit greatest(p_limit * 10, 200)
	), fair as (
		-- One after the other over tenants: a long import keeps nobody else waiting.
		select d.tenant_id, d.id from (
			select u.*, row_number() over (partition by u.tenant_id order by u.available_at) as place from due u
		) d order by d.place, d.available_at limit p_limit
	), held as materialized (
		select j.tenant_id, j.id from background_jobs j join fair f on f.tenant_id = j.tenant_id and f.id = j.id
		where j.finished_at is null and j.available_at <= now() for update of j skip locked
	)
	update background_jobs j set status = 'running', attempts = j.attempts + 1, worker_id = p_worker_id, lease_token = v_token,
			started_at = coalesce(j.started_at, now()), available_at = now() + make_interval(secs => p_lease_seconds)
		from held h where j.tenant_id = h.tenant_id and j.id = h.id
		returning j.tenant_id, j.id, j.job_type::text, j.job_key, j.payload, j.attempts, j.max_attempts, j.lease_token;
end
$$;
comment on function claim_jobs(text, text[], integer, integer) is 'Door. Leases due jobs of these types, in turn over tenants; the token fences who settles them.';

create function settle_job(p_tenant_id uuid, p_job_id uuid, p_lease_token bigint, p_settlement jsonb) returns text
language plpgsql
set search_path from current
as $$
declare
	v_job background_jobs;
	v_kind text := p_settlement ->> 'outcome';
begin
	select * into v_job from background_jobs j where j.tenant_id = p_tenant_id and j.id = p_job_id for update;
	if not found then raise exception 'job % does not exist', p_job_id using errcode = 'ZF004'; end if;
	if v_job.lease_token is distinct from p_lease_token or v_job.status <> 'running' then
		raise exception 'job % is no longer leased to this worker', p_job_id using errcode = 'ZF002';
	end if;
	if v_kind = 'completed' then
		update background_jobs set status = 'completed', finished_at = now(), worker_id = null, lease_token = null, last_error = null, result = p_settlement -> 'result'
			where tenant_id = p_tenant_id and id = p_job_id;
	elsif v_kind = 'retry' and (v_job.attempts < v_job.max_attempts or not coalesce((p_settlement ->> 'counts')::boolean, true)) then
		update background_jobs set status = 'queued', worker_id = null, lease_token = null, last_error = p_settlement ->> 'error',
				attempts = case when coalesce((p_settlement ->> 'counts')::boolean, true) then attempts else greatest(0, attempts - 1) end,
				available_at = now() + make_interval(secs => coalesce((p_settlement ->> 'delaySeconds')::double precision, 60))
			where tenant_id = p_tenant_id and id = p_job_id;
	elsif v_kind in ('retry', 'failed') then
		update background_jobs set status = 'failed', finished_at = now(), worker_id = null, lease_token = null, last_error = p_settlement ->> 'error'
			where tenant_id = p_tenant_id and id = p_job_id;
		perform record_audit(p_tenant_id, 'job.failed', 'background_job', p_job_id::text, jsonb_build_object('type', v_job.job_type, 'error', p_settlement ->> 'error', 'attempts', v_job.attempts));
	else
		raise exception 'unknown outcome % for job %', v_kind, p_job_id using errcode = 'ZF005';
	end if;
	return (select j.status from background_jobs j where j.tenant_id = p_tenant_id and j.id = p_job_id);
end
$$;
comment on function settle_job(uuid, uuid, bigint, jsonb) is
	'Writes down how a job ended. outcome: completed {result}, retry {error, delaySeconds, counts}, failed {error}. ZF002 when the lease was lost.';

create function renew_job(p_tenant_id uuid, p_job_id uuid, p_lease_token bigint, p_lease_seconds integer) returns boolean
language sql
set search_path from current
as $$
	with renewed as (
		update background_jobs set available_at = now() + make_interval(secs => p_lease_seconds)
			where tenant_id = p_tenant_id and id = p_job_id and lease_token = p_lease_token and status = 'running' returning 1
	)
	select exists (select 1 from renewed)
$$;
comment on function renew_job(uuid, uuid, bigint, integer) is 'Heartbeat of a job; false: somebody else has it.';

create function requeue_job(p_tenant_id uuid, p_job_id uuid) returns boolean
language plpgsql
set search_path from current
as $$
begin
	update background_jobs set status = 'queued', attempts = 0, finished_at = null, available_at = now(), last_error = null
		where tenant_id = p_tenant_id and id = p_job_id and status = 'failed';
	if not found then return false; end if;
	perform record_audit(p_tenant_id, 'job.requeued', 'background_job', p_job_id::text, '{}');
	return true;
end
$$;
comment on function requeue_job(uuid, uuid) is 'Gives a failed job fresh attempts.';

create table api_keys (
	tenant_id uuid not null references tenants (id) on delete cascade,
	id uuid not null default gen_random_uuid(),
	service_name varchar(50) not null check (service_name ~ '^[a-z][a-z0-9_]*$'),
	key_name varchar(100) not null default 'default',
	key_value text not null,
	base_url text,
	metadata jsonb not null default '{}',
	is_active boolean not null default true,
	expires_at timestamptz,
	last_used_at timestamptz,
	last_error text,
	created_at timestamptz not null default now(),
	updated_at timestamptz not null default now(),
	primary key (tenant_id, id),
	unique (tenant_id, service_name, key_name)
);
comment on table api_keys is 'A tenant''s secrets for outside services (CRM, telephony, help desk), sealed by the vault key; metadata holds settings that are no secrets.';
create trigger touch before update on api_keys for each row execute function touch_updated_at();

create table consent_events (
	tenant_id uuid not null,
	id bigint generated always as identity,
	contact_id uuid not null,
	purpose text not null constraint consent_events_purpose_known check (purpose in ('service', 'marketing', 'calls')),
	granted boolean not null,
	source text not null check (length(source) between 1 and 100),
	evidence jsonb not null default '{}',
	happened_at timestamptz not null default now(),
	idempotency_key text,
	created_at timestamptz not null default now(),
	primary key (tenant_id, id),
	unique (tenant_id, idempotency_key),
	foreign key (tenant_id, contact_id) references contacts (tenant_id, id) on delete cascade
);
comment on table consent_events is
	'Ledger of what people allowed and forbade, by purpose: service (answers), marketing (what we start), calls. The newest of a purpose counts; contacts.opted_out_at and marketing_opted_out_at follow it. Ids and codes, no words of the customer.';
create index idx_consent_events_contact on consent_events (tenant_id, contact_id, purpose, happened_at desc, id desc);

create function record_consent(p_tenant_id uuid, p_contact_id uuid, p_purpose text, p_granted boolean, p_source text, p_evidence jsonb, p_at timestamptz default null, p_key text default null)
returns bigint
language plpgsql
set search_path from current
as $$
declare
	v_id bigint;
begin
	insert into consent_events (tenant_id, contact_id, purpose, granted, source, evidence, happened_at, idempotency_key)
		values (p_tenant_id, p_contact_id, p_purpose, p_granted, p_source, coalesce(p_evidence, '{}'), coalesce(p_at, now()), p_key)
		on conflict (tenant_id, idempotency_key) do nothing
		returning id into v_id;
	if v_id is null then
		return (select e.id from consent_events e where e.tenant_id = p_tenant_id and e.idempotency_key = p_key);
	end if;
	-- Only the newest word moves the flag: a late event of the past does not undo a refusal.
	update contacts k set
			opted_out_at = case when p_purpose <> 'service' then k.opted_out_at when n.granted then null else coalesce(k.opted_out_at, n.happened_at) end,
			marketing_opted_out_at = case when p_purpose <> 'marketing' then k.marketing_opted_out_at when n.granted then null else coalesce(k.marketing_opted_out_at, n.happened_at) end
		from (
			select e.granted, e.happened_at from consent_events e
			where e.tenant_id = p_tenant_id and e.contact_id = p_contact_id and e.purpose = p_purpose order by e.happened_at desc, e.id desc limit 1
		) n
		where k.tenant_id = p_tenant_id and k.id = p_contact_id;
	return v_id;
end
$$;
comment on function record_consent(uuid, uuid, text, boolean, text, jsonb, timestamptz, text) is
	'Writes a line of the consent ledger, once a key, and lets the contact''s flags follow the newest word of the purpose. Returns its id.';

create view contact_consents with (security_invoker = true) as
	select distinct on (e.tenant_id, e.contact_id, e.purpose) e.tenant_id, e.contact_id, e.purpose, e.granted, e.source, e.happened_at
	from consent_events e order by e.tenant_id, e.contact_id, e.purpose, e.happened_at desc, e.id desc;
comment on view contact_consents is 'What counts now: the newest line of the ledger a contact and purpose.';

create table analytics_events (
	tenant_id uuid not null references tenants (id) on delete cascade,
	id bigint generated always as identity,
	event_type varchar(100) not null check (event_type ~ '^[a-z_]+\.[a-z_]+$'),
	event_data jsonb not null default '{}',
	user_id uuid,
	lead_id uuid,
	session_id varchar(100),
	event_key text,
	created_at timestamptz not null default now(),
	primary key (tenant_id, id),
	unique (tenant_id, event_type, event_key)
);
comment on table analytics_events is 'Each named step of the funnel, once a key. lead_id is leads.id, session_id the conversation. Ids, codes and numbers, no words of the customer; the names stand in docs/data-model.md.';
create index idx_analytics_events_org_type_created on analytics_events (tenant_id, event_type, created_at desc);
create index idx_analytics_events_lead on analytics_events (tenant_id, lead_id, created_at desc) where lead_id is not null;

create function track_event(p_tenant_id uuid, p_type text, p_key text, p_data jsonb default '{}', p_lead_id uuid default null, p_conversation_id uuid default null, p_user_id uuid default null)
returns void
language sql
set search_path from current
as $$
	insert into analytics_events (tenant_id, event_type, event_key, event_data, lead_id, session_id, user_id)
		values (p_tenant_id, p_type, p_key, coalesce(p_data, '{}'), p_lead_id, p_conversation_id::text, p_user_id)
		on conflict (tenant_id, event_type, event_key) do nothing
$$;
comment on function track_event(uuid, text, text, jsonb, uuid, uuid, uuid) is 'Notes a step of the funnel, once a type and key.';

alter table leads add column is_favorite boolean not null default false;
create function save_member(p_tenant_id uuid, p_email text, p_full_name text, p_role text) returns table (user_id uuid, email text, full_name text, role text)
language plpgsql
security definer
set search_path from current
as $$
#variable_conflict use_column
declare
	v_user users;
begin
	insert into users (email, full_name) values (lower(trim(p_email)), nullif(trim(p_full_name), ''))
		on conflict (lower(email)) do nothing;
	select * into v_user from users u where lower(u.email) = lower(trim(p_email));
	insert into tenant_members (tenant_id, user_id, role) values (p_tenant_id, v_user.id, coalesce(p_role, 'operator'))
		on conflict (tenant_id, user_id) do update set role = coalesce(p_role, tenant_members.role);
	perform record_audit(p_tenant_id, 'member.saved', 'user', v_user.id::text, jsonb_build_object('role', p_role));
	return query select m.user_id, v_user.email, v_user.full_name, m.role from tenant_members m where m.tenant_id = p_tenant_id and m.user_id = v_user.id;
end
$$;
comment on function save_member(uuid, text, text, text) is 'Door. A person works for a tenant in a role: owner, admin, operator or viewer. Users are shared by tenants, so a name that is there is not changed.';

create function remove_member(p_tenant_id uuid, p_user_id uuid) returns boolean
language plpgsql
security definer
set search_path from current
as $$
begin
	delete from tenant_members m where m.tenant_id = p_tenant_id and m.user_id = p_user_id;
	if not found then return false; end if;
	update leads set assigned_user_id = null where tenant_id = p_tenant_id and assigned_user_id = p_user_id;
	update conversations set assigned_user_id = null where tenant_id = p_tenant_id and assigned_user_id = p_user_id;
	perform record_audit(p_tenant_id, 'member.removed', 'user', p_user_id::text, '{}');
	return true;
end
$$;
comment on function remove_member(uuid, uuid) is 'Door. Ends a membership; what the person had in hand is nobody''s again. The user stays for other tenants.';

create table used_page_links (
	tenant_id uuid not null references tenants (id) on delete cascade,
	token_sha256 text not null check (token_sha256 ~ '^[0-9a-f]{64}$'),
	purpose text not null,
	person text,
	used_at timestamptz not null default now(),
	expires_at timestamptz not null,
	primary key (tenant_id, token_sha256)
);
comment on table used_page_links is 'Links that work once and were used. What a link says is sealed in the link; a row may go when the link has expired.';

create function use_page_link(p_tenant_id uuid, p_token_sha256 text, p_purpose text, p_person text, p_expires_at timestamptz) returns boolean
language plpgsql
set search_path from current
as $$
begin
	if p_expires_at <= now() then return false; end if;
	delete from used_page_links where tenant_id = p_tenant_id and expires_at < now() - interval '1 day';
	insert into used_page_links (tenant_id, token_sha256, purpose, person, expires_at) values (p_tenant_id, p_token_sha256, p_purpose, p_person, p_expires_at)
		on conflict do nothing;
	return found;
end
$$;
comment on function use_page_link(uuid, text, text, text, timestamptz) is 'Uses a link up: true for the first who comes, in the transaction of what the link does.';

create function seed_message_templates(p_tenant_id uuid) returns integer
language sql
set search_path from current
as $$
	with seeded as (
		insert into message_templates (tenant_id, name, category, content, variables, language)
			select p_tenant_id, s.name, s.category, s.content, s.variables::jsonb, 'pt_BR'
			from (values
				('Saudação inicial', 'greeting', 'Olá {{lead_name}}! Obrigado pelo interesse na {{company}}. Como posso ajudar?', '["lead_name","company"]'),
				('Follow-up 24h', 'follow-up', 'Oi {{lead_name}}, aqui é da {{company}}. Você ainda quer seguir com a nossa conversa?', '["lead_name","company"]'),
				('Proposta enviada', 'proposal', '{{lead_name}}, enviei a proposta de {{value}}. Ficou alguma dúvida?', '["lead_name","value"]'),
				('Objeção de preço', 'objection', 'Entendo, {{lead_name}}. Posso mostrar o que está incluído por {{value}} e ver o que faz sentido para você?', '["lead_name","value"]'),
				('Fechamento', 'closing', '{{lead_name}}, está tudo pronto para começarmos. Posso confirmar?', '["lead_name"]'),
				('Confirmação de horário', 'reminder', 'Oi {{lead_name}}, lembrando do seu horário em {{date}} às {{time}}. Responda 1 para confirmar ou 2 para remarcar.', '["lead_name","date","time"]'),
				('Retomada de conversa', 'window', 'Oi {{lead_name}}, temos uma resposta para você. Responda aqui para continuar.', '["lead_name"]'),
				('Boas-vindas do formulário', 'lead_ad', 'Olá {{lead_name}}! Recebemos o seu cadastro na {{company}}. Posso fazer algumas perguntas rápidas?', '["lead_name","company"]')
			) s(name, category, content, variables)
			on conflict (tenant_id, name, language) do nothing
			returning 1
	)
	select count(*)::integer from seeded
$$;
comment on function seed_message_templates(uuid) is 'Eight ready texts in Portuguese with named variables, each once; they stay LOCAL until Meta approves them. Returns how many were new.';

create function seed_tenant_texts() returns trigger
language plpgsql
set search_path from current
as $$
begin
	perform seed_message_templates(new.id);
	return null;
end
$$;
comment on function seed_tenant_texts() is 'Trigger: a new tenant begins with the ready texts.';
create trigger seed_tenant_texts after insert on tenants for each row execute function seed_tenant_texts();

select seed_message_templates(id) from tenants;

select secure_schema();
