-- breaking: no
-- Calls in the record of communications, and call-back tasks for people.

create table call_tasks (
	tenant_id uuid not null,
	id uuid not null default gen_random_uuid(),
	contact_id uuid not null,
	lead_id uuid,
	conversation_id uuid,
	reason text not null constraint call_tasks_reason_known check (reason in ('hot', 'missed_call', 'requested')),
	note text check (length(note) <= 500),
	due_at timestamptz not null,
	assigned_user_id uuid references users (id) on delete set null,
	status text not null default 'open' constraint call_tasks_status_known check (status in ('open', 'done', 'cancelled', 'expired')),
	outcome text check (length(outcome) <= 500),
	idempotency_key text check (length(idempotency_key) <= 300),
	told_at timestamptz,
	closed_at timestamptz,
	closed_by text,
	created_at timestamptz not null default now(),
	primary key (tenant_id, id),
	unique (tenant_id, idempotency_key),
	foreign key (tenant_id, contact_id) references contacts (tenant_id, id) on delete cascade,
	foreign key (tenant_id, lead_id) references leads (tenant_id, id) on delete set null (lead_id),
	foreign key (tenant_id, conversation_id) references conversations (tenant_id, id) on delete set null (conversation_id),
	constraint call_tasks_closed_says_when check ((status = 'open') = (closed_at is null))
);
comment on table call_tasks is 'Somebody is to be called back by a person: once a contact and reason until it is done. note: why, in the words of whoever asked.';
create unique index call_tasks_one_open on call_tasks (tenant_id, contact_id, reason) where status = 'open';
create index call_tasks_due on call_tasks (due_at) where status = 'open';
create index idx_call_tasks_open on call_tasks (tenant_id, status, due_at);

create table calls (
	tenant_id uuid not null references tenants (id) on delete cascade,
	id bigint generated always as identity,
	provider text not null constraint calls_provider_known check (provider in ('twilio', 'telnyx', 'whatsapp')),
	provider_call_id text check (length(provider_call_id) between 1 and 200),
	direction text not null constraint calls_direction_known check (direction in ('inbound', 'outbound')),
	status text not null default 'queued' constraint calls_status_known
		check (status in ('queued', 'ringing', 'in_progress', 'completed', 'missed', 'busy', 'failed', 'cancelled')),
	contact_id uuid,
	conversation_id uuid,
	task_id uuid,
	person text check (length(person) <= 200),
	duration_seconds integer check (duration_seconds >= 0),
	cost_usd numeric(10, 4),
	error_code text check (length(error_code) <= 100),
	idempotency_key text check (length(idempotency_key) <= 300),
	started_at timestamptz not null default now(),
	ended_at timestamptz,
	created_at timestamptz not null default now(),
	primary key (tenant_id, id),
	unique (tenant_id, provider, provider_call_id),
	unique (tenant_id, idempotency_key),
	foreign key (tenant_id, contact_id) references contacts (tenant_id, id) on delete cascade,
	foreign key (tenant_id, conversation_id) references conversations (tenant_id, id) on delete set null (conversation_id),
	foreign key (tenant_id, task_id) references call_tasks (tenant_id, id) on delete set null (task_id)
);
comment on table calls is 'Telephone calls and calls over WhatsApp, one row a call; its status moves forward only. Numbers stand with the contact. cost_usd: minutes begun times the cost per minute of then.';
create index idx_calls_contact on calls (tenant_id, contact_id, id desc);
create index idx_calls_recent on calls (tenant_id, started_at desc);

create or replace view communications with (security_invoker = true) as
	select m.id, m.tenant_id, m.contact_id as lead_id, m.conversation_id, ca.kind as channel, m.direction, m.author, m.kind as type, m.body as content,
		m.status, m.provider_message_id as external_id, m.created_at
	from messages m
	join channel_accounts ca on ca.tenant_id = m.tenant_id and ca.id = m.channel_account_id
	union all
	-- Calls count apart: a negative id is a call's.
	select -c.id, c.tenant_id, c.contact_id, c.conversation_id, case c.provider when 'whatsapp' then 'whatsapp' else 'phone' end, c.direction,
		case c.direction when 'inbound' then 'contact' else 'human' end, 'call', coalesce(c.duration_seconds, 0) || ' s', c.status, c.provider_call_id, c.started_at
	from calls c;
comment on view communications is 'The seeds'' table as a view of messages and calls (idx_communications_org_lead_created stands on messages). A call''s id is negative.';

create function create_call_task(p_tenant_id uuid, p_contact_id uuid, p_task_reason text, p_due_at timestamptz, p_for_conversation_id uuid, p_note text, p_assigned_user_id uuid, p_key text)
returns jsonb
language plpgsql
set search_path from current
as $$
declare
	v_task call_tasks;
	v_lead record;
	v_due timestamptz := p_due_at;
begin
	perform 1 from contacts k where k.tenant_id = p_tenant_id and k.id = p_contact_id for no key update;
	if not found then
		raise exception 'contact % does not exist', p_contact_id using errcode = 'ZF004';
	end if;
	select * into v_task from call_tasks t where t.tenant_id = p_tenant_id and t.idempotency_key = p_key;
	if v_task.id is null then
		select * into v_task from call_tasks t where t.tenant_id = p_tenant_id and t.contact_id = p_contact_id and t.reason = p_task_reason and t.status = 'open' for update;
	end if;
	if v_task.id is not null then
		-- Asked for again, and sooner: people are told of the sooner time.
		if v_task.status = 'open' and p_due_at < v_task.due_at then
			update call_tasks t set due_at = p_due_at, told_at = null where t.tenant_id = p_tenant_id and t.id = v_task.id;
		end if;
		return jsonb_build_object('id', v_task.id, 'created', false, 'dueAt', case when v_task.status = 'open' then least(v_task.due_at, p_due_at) else v_task.due_at end);
	end if;
	select l.id, l.assigned_user_id into v_lead from leads l where l.tenant_id = p_tenant_id and l.contact_id = p_contact_id;
	if v_due is null then
		v_due := now() + make_interval(mins => coalesce((select s.due_minutes from voice_settings s where s.tenant_id = p_tenant_id), 15));
	end if;
	insert into call_tasks (tenant_id, contact_id, lead_id, conversation_id, reason, note, due_at, assigned_user_id, idempotency_key)
		values (p_tenant_id, p_contact_id, v_lead.id,
			coalesce(p_for_conversation_id, (select c.id from conversations c where c.tenant_id = p_tenant_id and c.contact_id = p_contact_id order by c.last_message_at desc nulls last limit 1)),
			p_task_reason, left(p_note, 500), v_due, coalesce(p_assigned_user_id, v_lead.assigned_user_id), p_key)
		returning * into v_task;
	perform track_event(p_tenant_id, 'call.requested', v_task.id::text, jsonb_build_object('reason', p_task_reason), v_lead.id, v_task.conversation_id, v_task.assigned_user_id);
	return jsonb_build_object('id', v_task.id, 'created', true, 'dueAt', v_task.due_at);
end
$$;
comment on function create_call_task(uuid, uuid, text, timestamptz, uuid, text, uuid, text) is
	'Asks a person to call somebody back: {id, created, dueAt}. An open task of the same contact and reason, or the same key, is the one that comes back.';

create function close_call_task(p_tenant_id uuid, p_task_id uuid, p_task_status text, p_outcome text, p_person text) returns boolean
language plpgsql
set search_path from current
as $$
declare
	v_was text;
begin
	if p_task_status not in ('done', 'cancelled') then
		raise exception 'a call task ends as done or cancelled, not as %', p_task_status using errcode = 'ZF005';
	end if;
	select t.status into v_was from call_tasks t where t.tenant_id = p_tenant_id and t.id = p_task_id for update;
	if not found then
		raise exception 'call task % does not exist', p_task_id using errcode = 'ZF004';
	end if;
	update call_tasks set status = p_task_status, outcome = left(p_outcome, 500), closed_at = now(), closed_by = left(p_person, 200)
		where tenant_id = p_tenant_id and id = p_task_id and status in ('open', 'expired');
	return found;
end
$$;
comment on function close_call_task(uuid, uuid, text, text, text) is 'A person called, or need not any more. False when it was closed already.';

create function record_call(p_tenant_id uuid, p_call jsonb) returns jsonb
language plpgsql
set search_path from current
as $$
declare
	v_call calls;
	v_contact uuid := (p_call ->> 'contactId')::uuid;
	v_ranks constant jsonb := '{"queued": 0, "ringing": 1, "in_progress": 2}';
	v_was text;
	v_lead uuid;
	v_task jsonb;
begin
	-- One report of a call at a time: providers repeat them, out of order and side by side.
	perform pg_advisory_xact_lock(hashtextextended(p_tenant_id || ':' || coalesce(p_call ->> 'id', p_call ->> 'providerCallId'), 6));
	select * into v_call from calls c where c.tenant_id = p_tenant_id
		and (c.id = (p_call ->> 'id')::bigint or (c.provider = p_call ->> 'provider' and c.provider_call_id = p_call ->> 'providerCallId')) order by c.id limit 1 for update;
	v_was := v_call.status;
	if v_call.id is null then
		if p_call ->> 'id' is not null then
			raise exception 'call % does not exist', p_call ->> 'id' using errcode = 'ZF004';
		end if;
		if v_contact is null and p_call ->> 'phone' is not null then
			v_contact := resolve_contact(p_tenant_id, jsonb_build_object('phone', p_call ->> 'phone'));
		end if;
		insert into calls (tenant_id, provider, provider_call_id, direction, status, contact_id, conversation_id, started_at)
			values (p_tenant_id, p_call ->> 'provider', p_call ->> 'providerCallId', p_call ->> 'direction', p_call ->> 'status', v_contact,
				(select c.id from conversations c where c.tenant_id = p_tenant_id and c.contact_id = v_contact order by c.last_message_at desc nulls last limit 1),
				coalesce((p_call ->> 'at')::timestamptz, now()))
			returning * into v_call;
	end if;
	-- Forward only; what has ended may still learn how long it took.
	update calls c set
			status = case when coalesce((v_ranks ->> (p_call ->> 'status'))::integer, 3) > coalesce((v_ranks ->> c.status)::integer, 3) then p_call ->> 'status' else c.status end,
			provider_call_id = coalesce(c.provider_call_id, p_call ->> 'providerCallId'), person = coalesce(c.person, left(p_call ->> 'person', 200)),
			error_code = coalesce(c.error_code, p_call ->> 'errorCode'),
			duration_seconds = coalesce(c.duration_seconds, (p_call ->> 'durationSeconds')::integer),
			cost_usd = coalesce(c.cost_usd, (select round(v.cost_per_minute * ceil((p_call ->> 'durationSeconds')::numeric / 60), 4) from voip_configs v
				where v.tenant_id = p_tenant_id and v.provider = c.provider and (p_call ->> 'durationSeconds')::integer > 0)),
			ended_at = case when v_ranks ? (p_call ->> 'status') then c.ended_at else coalesce(c.ended_at, (p_call ->> 'at')::timestamptz, now()) end
		where c.tenant_id = p_tenant_id and c.id = v_call.id returning * into v_call;

	if v_call.contact_id is not null and v_was is distinct from v_call.status then
		select l.id into v_lead from leads l where l.tenant_id = p_tenant_id and l.contact_id = v_call.contact_id;
		if v_call.direction = 'inbound' and v_call.status in ('missed', 'busy', 'cancelled') then
			perform track_event(p_tenant_id, 'call.missed', v_call.id::text, jsonb_build_object('provider', v_call.provider), v_lead, v_call.conversation_id);
			if coalesce((select s.missed_call_tasks from voice_settings s where s.tenant_id = p_tenant_id), true) then
				v_task := create_call_task(p_tenant_id, v_call.contact_id, 'missed_call', null, v_call.conversation_id, null, null, 'call:' || v_call.id);
			end if;
		elsif v_call.status = 'completed' then
			perform track_event(p_tenant_id, 'call.made', v_call.id::text, jsonb_build_object('provider', v_call.provider, 'direction', v_call.direction,
				'seconds', v_call.duration_seconds), v_lead, v_call.conversation_id);
		end if;
	end if;
	return jsonb_build_object('id', v_call.id, 'status', v_call.status, 'changed', v_was is distinct from v_call.status, 'contactId', v_call.contact_id,
		'durationSeconds', v_call.duration_seconds, 'costUsd', v_call.cost_usd, 'taskId', v_task ->> 'id');
end
$$;
comment on function record_call(uuid, jsonb) is
	'Writes what a provider says of a call, once a call: status forward only, cost by the minute begun, a call-back task for a missed one.';

create function start_call(p_tenant_id uuid, p_contact_id uuid, p_provider text, p_task_id uuid, p_person text, p_key text) returns jsonb
language plpgsql
set search_path from current
as $$
declare
	v_call calls;
	v_contact contacts;
begin
	select * into v_contact from contacts k where k.tenant_id = p_tenant_id and k.id = p_contact_id for no key update;
	if not found then
		raise exception 'contact % does not exist', p_contact_id using errcode = 'ZF004';
	end if;
	select * into v_call from calls c where c.tenant_id = p_tenant_id and c.idempotency_key = p_key;
	if v_call.id is not null then
		return jsonb_build_object('id', v_call.id, 'status', v_call.status, 'providerCallId', v_call.provider_call_id, 'fresh', false);
	end if;
	if v_contact.opted_out_at is not null or exists (
		select 1 from contact_consents c where c.tenant_id = p_tenant_id and c.contact_id = p_contact_id and c.purpose = 'calls' and not c.granted
	) then
		return jsonb_build_object('refused', 'CALLS_REFUSED');
	end if;
	if v_contact.phone is null then
		return jsonb_build_object('refused', 'NO_PHONE');
	end if;
	if exists (select 1 from calls c where c.tenant_id = p_tenant_id and c.contact_id = p_contact_id and c.ended_at is null and c.started_at > now() - interval '2 minutes') then
		return jsonb_build_object('refused', 'CALL_RUNNING');
	end if;
	insert into calls (tenant_id, provider, direction, contact_id, conversation_id, task_id, person, idempotency_key)
		values (p_tenant_id, p_provider, 'outbound', p_contact_id,
			(select c.id from conversations c where c.tenant_id = p_tenant_id and c.contact_id = p_contact_id order by c.last_message_at desc nulls last limit 1),
			p_task_id, left(p_person, 200), p_key)
		returning * into v_call;
	return jsonb_build_object('id', v_call.id, 'status', v_call.status, 'fresh', true, 'phone', v_contact.phone);
end
$$;
comment on function start_call(uuid, uuid, text, uuid, text, text) is
	'Notes a call before the provider is asked to make it: the same key again is the same call, which does not ring twice. {refused}: CALLS_REFUSED, NO_PHONE, CALL_RUNNING.';

-- Calls over WhatsApp come as events of Meta: no minutes are paid by us, the missed ones are called back.
do $$
declare
	v_source text := pg_get_functiondef('process_event(bigint, uuid, uuid, boolean, jsonb)'::regprocedure);
	v_old text := 'elsif not v_inbound and v_kind <> ''echo'' then';
	v_new text := 'elsif v_kind = ''call'' then
		perform record_whatsapp_call(p_tenant_id, v_contact, p_item, v_occurred);
		return jsonb_build_object(''status'', ''processed'');
	elsif not v_inbound and v_kind <> ''echo'' then';
begin
	if position(v_old in v_source) = 0 then
		raise exception 'process_event is not the function that this migration changes';
	end if;
	execute replace(v_source, v_old, v_new);
end
$$;

create function record_whatsapp_call(p_tenant_id uuid, p_contact_id uuid, p_item jsonb, p_at timestamptz) returns void
language sql
set search_path from current
as $$
	-- terminate ends every call; only one that was picked up has a duration. A step of which nothing is known changes nothing.
	select record_call(p_tenant_id, jsonb_strip_nulls(jsonb_build_object('provider', 'whatsapp', 'providerCallId', left(p_item ->> 'providerId', 200), 'at', p_at, 'contactId', p_contact_id,
		'direction', case when s.item ->> 'direction' = 'BUSINESS_INITIATED' or s.item ? 'recipient_id' then 'outbound' else 'inbound' end,
		'status', case when s.step = 'terminate' then case when s.seconds > 0 then 'completed' when s.item ->> 'direction' = 'BUSINESS_INITIATED' then 'failed' else 'missed' end
			when s.step = 'rejected' then 'busy' when s.step = 'accepted' then 'in_progress' when s.step in ('ringing', 'connect') then 'ringing' else 'queued' end,
		'durationSeconds', s.seconds)))
	from (
		select p_item #> '{payload,item}' as item, lower(p_item ->> 'providerStatus') as step,
			case when p_item #>> '{payload,item,duration}' ~ '^[0-9]{1,6}$' then (p_item #>> '{payload,item,duration}')::integer end as seconds
	) s
$$;
comment on function record_whatsapp_call(uuid, uuid, jsonb, timestamptz) is 'A step of a call over WhatsApp, as Meta tells it.';

create function tell_due_calls(p_limit integer) returns table (tenant_id uuid, id uuid, expired boolean)
language plpgsql
security definer
set search_path from current
as $$
#variable_conflict use_column
begin
	return query
	with due as materialized (
		select t.tenant_id, t.id, t.due_at < now() - make_interval(hours => coalesce(s.expire_hours, 72)) as over
		from call_tasks t join tenants o on o.id = t.tenant_id left join voice_settings s on s.tenant_id = t.tenant_id
		where t.status = 'open' and t.due_at <= now() and o.status in ('trial', 'active')
			and (t.told_at is null or t.due_at < now() - make_interval(hours => coalesce(s.expire_hours, 72)))
		order by t.due_at limit p_limit for update of t skip locked
	), moved as (
		update call_tasks t set told_at = coalesce(t.told_at, now()), status = case when d.over then 'expired' else t.status end, closed_at = case when d.over then now() end,
				closed_by = case when d.over then 'system' end
			from due d where t.tenant_id = d.tenant_id and t.id = d.id
			returning t.tenant_id, t.id, d.over, t.lead_id, t.conversation_id, t.contact_id, t.reason, t.due_at, t.assigned_user_id
	), told as (
		select m.tenant_id, m.id, m.over, case when not m.over then notify_tenant(m.tenant_id, 'call.due', m.id || ':' || extract(epoch from m.due_at)::bigint,
			jsonb_build_object('tenantId', m.tenant_id, 'taskId', m.id, 'leadId', m.lead_id, 'conversationId', m.conversation_id, 'contactId', m.contact_id,
				'reason', m.reason, 'dueAt', m.due_at, 'assignedUserId', m.assigned_user_id)) end as notices
		from moved m
	)
	select t.tenant_id, t.id, t.over from told t where coalesce(t.notices, 0) >= 0;
end
$$;
comment on function tell_due_calls(integer) is 'Door. Tells each tenant''s people of the call tasks that are due, once each, and ends those that nobody did in time.';

create function task_of_hot_lead() returns trigger
language plpgsql
set search_path from current
as $$
begin
	perform create_call_task(new.tenant_id, l.contact_id, 'hot', null, new.conversation_id, null, null, 'hot:' || new.lead_id || ':' || (now() at time zone t.timezone)::date)
		from voice_settings s join tenants t on t.id = s.tenant_id join leads l on l.tenant_id = s.tenant_id and l.id = new.lead_id
		where s.tenant_id = new.tenant_id and s.hot_lead_tasks;
	return null;
end
$$;
comment on function task_of_hot_lead() is 'Trigger: where a tenant wants it, a HOT lead is a task to call; at most one a day.';
create trigger task_of_hot_lead after insert on classified_leads for each row when (new.classification = 'LEAD_HOT') execute function task_of_hot_lead();

-- What is told by notices grows by one; a list that several migrations add to is read, not written anew.
do $$
declare
	v_check text;
	v_default text;
begin
	select pg_get_constraintdef(c.oid) into v_check from pg_constraint c
		where c.conrelid = 'notification_endpoints'::regclass and c.conname = 'notification_endpoints_events_known';
	select pg_get_expr(d.adbin, d.adrelid) into v_default from pg_attrdef d join pg_attribute a on a.attrelid = d.adrelid and a.attnum = d.adnum
		where d.adrelid = 'notification_endpoints'::regclass and a.attname = 'event_types';
	if position('''endpoint.disabled''' in v_check) = 0 or position('endpoint.disabled' in v_default) = 0 then
		raise exception 'notification_endpoints is not the table that this migration changes';
	end if;
	alter table notification_endpoints drop constraint notification_endpoints_events_known;
	execute 'alter table notification_endpoints add constraint notification_endpoints_events_known '
		|| replace(v_check, '''endpoint.disabled''', '''endpoint.disabled''::text, ''call.due''');
	execute 'alter table notification_endpoints alter column event_types set default ' || replace(v_default, 'endpoint.disabled', 'endpoint.disabled,call.due');
end
$$;

select secure_schema();
