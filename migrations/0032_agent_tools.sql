-- breaking: no
-- Tool calls of agents, and how an agent goes live: test mode, and switches that stop what is automatic.

create table tool_calls (
	tenant_id uuid not null references tenants (id) on delete cascade,
	id uuid not null default gen_random_uuid(),
	turn_id bigint not null,
	conversation_id uuid not null,
	agent_version_id uuid,
	plugin text not null,
	tool text not null,
	idempotency_key text not null check (length(idempotency_key) between 1 and 150),
	arguments jsonb not null default '{}',
	status text not null default 'requested' constraint tool_calls_status_known check (status in ('requested', 'ok', 'failed', 'refused', 'unknown')),
	result jsonb,
	error_code text,
	attempts integer not null default 0,
	latency_ms integer,
	created_at timestamptz not null default now(),
	finished_at timestamptz,
	primary key (tenant_id, id),
	unique (tenant_id, idempotency_key),
	foreign key (tenant_id, conversation_id) references conversations (tenant_id, id) on delete cascade,
	constraint tool_calls_end_once check ((status in ('ok', 'failed', 'refused')) = (finished_at is not null))
);
comment on table tool_calls is
	'What agents asked tools to do, written before the call. requested: on its way, or the worker died; unknown: asked, no answer; both are asked again with the same key when the turn is repeated.';
create index tool_calls_conversation on tool_calls (tenant_id, conversation_id, created_at desc);

create function begin_tool_call(p_tenant_id uuid, p_turn_id bigint, p_lease_token bigint, p_agent_version_id uuid, p_plugin text, p_tool text, p_key text, p_arguments jsonb)
returns jsonb
language plpgsql
set search_path from current
as $$
declare
	v_conversation uuid := lock_turn(p_tenant_id, p_turn_id, p_lease_token);
	v_call tool_calls;
begin
	insert into tool_calls as c (tenant_id, turn_id, conversation_id, agent_version_id, plugin, tool, idempotency_key, arguments, attempts)
		values (p_tenant_id, p_turn_id, v_conversation, p_agent_version_id, p_plugin, p_tool, p_key, p_arguments, 1)
		on conflict (tenant_id, idempotency_key) do update set attempts = c.attempts + 1, status = 'requested'
			where c.status in ('requested', 'unknown')
		returning * into v_call;
	if v_call.id is null then
		select * into v_call from tool_calls c where c.tenant_id = p_tenant_id and c.idempotency_key = p_key;
		return jsonb_build_object('id', v_call.id, 'status', v_call.status, 'result', v_call.result, 'errorCode', v_call.error_code);
	end if;
	return jsonb_build_object('id', v_call.id, 'status', 'requested', 'attempts', v_call.attempts);
end
$$;
comment on function begin_tool_call(uuid, bigint, bigint, uuid, text, text, text, jsonb) is
	'Writes down a call before it is made, under the lease of its turn. A call that ended is answered as it ended: it is not to be made again.';

create function settle_tool_call(p_tenant_id uuid, p_tool_call_id uuid, p_ended text, p_result jsonb, p_error_code text, p_latency_ms integer) returns boolean
language plpgsql
set search_path from current
as $$
declare
	v_call tool_calls;
begin
	-- An answer that is in stays, whatever a slower try of the same call brings.
	update tool_calls c set status = p_ended, result = p_result, error_code = p_error_code, latency_ms = p_latency_ms,
			finished_at = case when p_ended in ('ok', 'failed', 'refused') then now() end
		where c.tenant_id = p_tenant_id and c.id = p_tool_call_id and c.status in ('requested', 'unknown')
		returning * into v_call;
	if v_call.id is null then
		return false;
	end if;
	perform record_audit(p_tenant_id, 'tool.called', 'tool_call', p_tool_call_id::text, jsonb_strip_nulls(jsonb_build_object('plugin', v_call.plugin, 'tool', v_call.tool,
		'status', p_ended, 'code', p_error_code, 'turn', v_call.turn_id)));
	return true;
end
$$;
comment on function settle_tool_call(uuid, uuid, text, jsonb, text, integer) is 'What came of a tool call; false when it had ended already.';

create function tool_calls_of(p_tenant_id uuid, p_conversation_id uuid, p_limit integer) returns jsonb
language sql
stable
set search_path from current
as $$
	select coalesce(jsonb_agg(jsonb_build_object('turnId', c.turn_id, 'plugin', c.plugin, 'tool', c.tool, 'arguments', c.arguments, 'status', c.status,
		'result', c.result, 'errorCode', c.error_code, 'at', c.created_at) order by c.created_at, c.id), '[]')
	from (select * from tool_calls t where t.tenant_id = p_tenant_id and t.conversation_id = p_conversation_id order by t.created_at desc, t.id limit p_limit) c
$$;
comment on function tool_calls_of(uuid, uuid, integer) is 'The newest tool calls of a conversation, oldest first.';

alter table agents
	add column mode text not null default 'live' constraint agents_mode_known check (mode in ('live', 'draft', 'test')),
	add column allow_list text[] not null default '{}' constraint agents_allow_list_short check (cardinality(allow_list) <= 200),
	add column test_others text not null default 'handoff' constraint agents_test_others_known check (test_others in ('handoff', 'ignore'));
comment on column agents.mode is 'live: answers; draft: writes what a person sends; test: answers only who is on allow_list.';
comment on column agents.allow_list is 'Phone numbers and user ids that are answered in test mode, in any spelling.';
comment on column agents.test_others is 'Who is not on the list in test mode: handoff (a person gets the conversation, without a word) or ignore.';

alter table tenants add column automation_stopped_at timestamptz;
comment on column tenants.automation_stopped_at is 'Set: nothing automatic is sent for this tenant; messages are stored, people go on sending.';

create table factory_switches (
	name text primary key check (name = 'automation'),
	stopped_at timestamptz,
	reason text,
	changed_by text not null,
	changed_at timestamptz not null default now()
);
comment on table factory_switches is 'The switch that stops everything automatic of every tenant. No row: running.';
create policy read_by_all on factory_switches for select to agent_factory_runtime using (true);

create function automation_state(p_tenant_id uuid, p_agent_id uuid, p_contact_id uuid) returns text
language sql
stable
set search_path from current
as $$
	select case
		when t.automation_stopped_at is not null or exists (select 1 from factory_switches s where s.stopped_at is not null) then 'stopped'
		when a.mode = 'test' and not exists (
			select 1 from unnest(a.allow_list) v(value)
			where identity_key(v.value) in (
				select identity_key(i.value) from contact_identities i where i.tenant_id = p_tenant_id and i.contact_id = p_contact_id and i.superseded_at is null
				union all select identity_key(k.username) from contacts k where k.tenant_id = p_tenant_id and k.id = p_contact_id and k.username <> '')
		) then case a.test_others when 'ignore' then 'not_listed_ignored' else 'not_listed' end
		else 'on' end
	from tenants t left join agents a on a.tenant_id = t.id and a.id = p_agent_id
	where t.id = p_tenant_id
$$;
comment on function automation_state(uuid, uuid, uuid) is
	'Whether an agent may answer a contact now: on, stopped (by the tenant''s or everybody''s switch), not_listed or not_listed_ignored (test mode).';

create function sendable_now(p_tenant_id uuid, p_outbox_id uuid) returns text
language sql
stable
set search_path from current
as $$
	select case
		when m.author = 'human' then 'yes'
		when t.automation_stopped_at is not null or exists (select 1 from factory_switches s where s.stopped_at is not null) then 'automation_stopped'
		when a.status <> 'active' then 'agent_stopped'
		else 'yes' end
	from messages m
	join tenants t on t.id = m.tenant_id
	left join turns u on u.tenant_id = m.tenant_id and u.id = m.turn_id
	left join agents a on a.tenant_id = u.tenant_id and a.id = u.agent_id
	where m.tenant_id = p_tenant_id and m.outbox_id = p_outbox_id
$$;
comment on function sendable_now(uuid, uuid) is 'Whether a queued message may be sent: yes, or the switch that was thrown since. What a person sends always may.';

create function reopen_stopped(p_tenant_id uuid, p_agent_id uuid) returns integer
language plpgsql
set search_path from current
as $$
declare
	v_conversation uuid;
	v_done integer := 0;
begin
	for v_conversation in
		select c.id from conversations c
		join channel_accounts ca on ca.tenant_id = c.tenant_id and ca.id = c.channel_account_id
		where c.tenant_id = p_tenant_id and c.status = 'handoff' and c.handoff_reason = 'automation_stopped' and c.assigned_user_id is null
			and (p_agent_id is null or coalesce(c.agent_id, ca.agent_id) = p_agent_id)
			-- Whom a person has answered since stays with the person.
			and not exists (select 1 from messages m where m.tenant_id = c.tenant_id and m.conversation_id = c.id and m.author = 'human' and m.created_at >= c.handoff_at)
		order by c.id
	loop
		perform resume_conversation(p_tenant_id, v_conversation);
		v_done := v_done + 1;
	end loop;
	return v_done;
end
$$;
comment on function reopen_stopped(uuid, uuid) is 'Gives back to the agent what only a thrown switch had handed to people, unless a person has answered there; returns how many.';
create index conversations_stopped on conversations (tenant_id) where handoff_reason = 'automation_stopped';

create function set_tenant_automation(p_tenant_id uuid, p_stopped boolean, p_reason text) returns jsonb
language plpgsql
set search_path from current
as $$
declare
	v_since timestamptz;
	v_reopened integer := 0;
begin
	update tenants t set automation_stopped_at = case when p_stopped then coalesce(t.automation_stopped_at, now()) end where t.id = p_tenant_id
		returning t.automation_stopped_at into v_since;
	if not found then
		raise exception 'tenant % does not exist', p_tenant_id using errcode = 'ZF004';
	end if;
	if not p_stopped then
		v_reopened := reopen_stopped(p_tenant_id, null);
	end if;
	perform record_audit(p_tenant_id, case when p_stopped then 'automation.stopped' else 'automation.started' end, 'tenant', p_tenant_id::text,
		jsonb_strip_nulls(jsonb_build_object('reason', p_reason, 'reopened', v_reopened)));
	return jsonb_build_object('stoppedAt', v_since, 'reopened', v_reopened);
end
$$;
comment on function set_tenant_automation(uuid, boolean, text) is 'Stops or starts everything automatic of a tenant.';

create function set_agent_mode(p_tenant_id uuid, p_agent_id uuid, p_change jsonb) returns jsonb
language plpgsql
set search_path from current
as $$
declare
	v_agent agents;
	v_was text;
	v_reopened integer := 0;
begin
	select a.status into v_was from agents a where a.tenant_id = p_tenant_id and a.id = p_agent_id for update;
	if not found then
		raise exception 'agent % does not exist', p_agent_id using errcode = 'ZF004';
	end if;
	update agents a set mode = coalesce(p_change ->> 'mode', a.mode), test_others = coalesce(p_change ->> 'testOthers', a.test_others),
			status = coalesce(p_change ->> 'status', a.status),
			allow_list = case when p_change ? 'allowList' then array(select distinct v from jsonb_array_elements_text(p_change -> 'allowList') v order by 1) else a.allow_list end
		where a.tenant_id = p_tenant_id and a.id = p_agent_id
		returning * into v_agent;
	if v_was <> 'active' and v_agent.status = 'active' then
		v_reopened := reopen_stopped(p_tenant_id, p_agent_id);
	end if;
	perform record_audit(p_tenant_id, 'agent.switched', 'agent', p_agent_id::text,
		jsonb_build_object('mode', v_agent.mode, 'status', v_agent.status, 'listed', cardinality(v_agent.allow_list), 'others', v_agent.test_others, 'reopened', v_reopened));
	return jsonb_build_object('id', v_agent.id, 'name', v_agent.name, 'status', v_agent.status, 'mode', v_agent.mode, 'allowList', to_jsonb(v_agent.allow_list),
		'testOthers', v_agent.test_others, 'reopened', v_reopened);
end
$$;
comment on function set_agent_mode(uuid, uuid, jsonb) is 'Changes how an agent is live: mode, allowList, testOthers, status; what is left out stays.';

create function set_factory_automation(p_stopped boolean, p_reason text, p_actor text) returns jsonb
language plpgsql
security definer
set search_path from current
as $$
declare
	v_since timestamptz;
	v_tenant uuid;
	v_reopened integer := 0;
begin
	insert into factory_switches as s (name, stopped_at, reason, changed_by) values ('automation', case when p_stopped then now() end, p_reason, p_actor)
		on conflict (name) do update set stopped_at = case when p_stopped then coalesce(s.stopped_at, now()) end, reason = excluded.reason,
			changed_by = excluded.changed_by, changed_at = now()
		returning s.stopped_at into v_since;
	if not p_stopped then
		for v_tenant in
			select distinct c.tenant_id from conversations c join tenants t on t.id = c.tenant_id
			where c.handoff_reason = 'automation_stopped' and t.automation_stopped_at is null
		loop
			v_reopened := v_reopened + reopen_stopped(v_tenant, null);
		end loop;
	end if;
	insert into audit_events (tenant_id, event_type, subject_type, subject_id, details, actor)
		values (null, case when p_stopped then 'automation.stopped' else 'automation.started' end, 'factory', 'all',
			jsonb_strip_nulls(jsonb_build_object('reason', p_reason, 'reopened', v_reopened)), p_actor);
	return jsonb_build_object('stoppedAt', v_since, 'reopened', v_reopened);
end
$$;
comment on function set_factory_automation(boolean, text, text) is 'Door of the operator: stops or starts everything automatic of every tenant.';

do $$
declare
	v_change text[];
	v_source text;
begin
	foreach v_change slice 1 in array array[
		array['load_turn_context(uuid, bigint, integer)',
			'''agent'', jsonb_build_object(''id'', a.id, ''status'', a.status),',
			'''agent'', jsonb_build_object(''id'', a.id, ''status'', a.status),
		''automation'', automation_state(p_tenant_id, a.id, c.contact_id), ''toolCalls'', tool_calls_of(p_tenant_id, c.id, 20),'],
		array['claim_outbox(text, integer, integer, integer)',
			'if (v_contact.opted_out_at is not null and v_row.kind <> ''notice'') then',
			'if sendable_now(v_row.tenant_id, v_row.id) <> ''yes'' then
			perform block_outbox(v_row.tenant_id, v_row.id, sendable_now(v_row.tenant_id, v_row.id));
			perform next_in_lane(v_row.tenant_id, v_row.conversation_id);
			continue;
		elsif (v_contact.opted_out_at is not null and v_row.kind <> ''notice'') then'],
		array['merge_conversations(uuid, uuid, uuid)',
			'update turns set conversation_id = p_keep where tenant_id = p_tenant_id and conversation_id = p_merge;',
			'update turns set conversation_id = p_keep where tenant_id = p_tenant_id and conversation_id = p_merge;
	update tool_calls set conversation_id = p_keep where tenant_id = p_tenant_id and conversation_id = p_merge;'],
		array['run_maintenance(text, integer, integer, uuid)',
			'update messages set body = '''', payload = ''{}'' where tenant_id = v_tenant.id and id = any (v_ids);',
			'update tool_calls x set arguments = ''{}'', result = null
					where x.tenant_id = v_tenant.id and x.created_at < least(v_before, v_texts_end) and (x.arguments <> ''{}'' or x.result is not null)
						and x.conversation_id in (
						select m.conversation_id from messages m where m.tenant_id = v_tenant.id and m.id = any (v_ids));
				update messages set body = '''', payload = ''{}'' where tenant_id = v_tenant.id and id = any (v_ids);']
	] loop
		v_source := pg_get_functiondef(v_change[1]::regprocedure);
		if position(v_change[2] in v_source) = 0 then
			raise exception '% is not the function that this migration changes', v_change[1];
		end if;
		execute replace(v_source, v_change[2], v_change[3]);
	end loop;
end
$$;

select secure_schema();
