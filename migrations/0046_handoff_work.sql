-- breaking: no
-- What people do with a hand-over: take it, label it, give it back; who is told when nobody answers; the threads of Chatwoot; figures.

-- Functions of others change by a line each and stay otherwise as they are; a text that is not there any more stops this migration.
do $$
declare
	v_change text[];
	v_source text;
begin
	foreach v_change slice 1 in array array[
		array['take_over(uuid, uuid, text)',
			'jsonb_build_object(''reason'', p_reason)',
			'jsonb_build_object(''reason'', p_reason) || coalesce(handoff_facts(p_tenant_id, p_conversation_id), ''{}'')'],
		-- Giving back queues what waited: lane before row, as whoever settles a turn does.
		array['resume_conversation(uuid, uuid)',
			'update conversations set status = ''open''',
			'perform 1 from conversation_locks l where l.tenant_id = p_tenant_id and l.conversation_id = p_conversation_id for update;
	update conversations set status = ''open'''],
		array['merge_conversations(uuid, uuid, uuid)',
			'delete from conversations where tenant_id = p_tenant_id and id = p_merge;',
			'perform merge_handoffs(p_tenant_id, p_keep, p_merge);
	delete from conversations where tenant_id = p_tenant_id and id = p_merge;'],
		array['notify_tenant(uuid, text, text, jsonb)',
			'''conversation.handoff'')',
			'''conversation.handoff'', ''handoff.overdue'')'],
		array['claim_mail_notices(integer, integer, integer)',
			'and d.email in (select notification_addresses(d.tenant_id))',
			'and (d.email in (select notification_addresses(d.tenant_id)) or (d.event_type in (''conversation.handoff'', ''handoff.overdue'') and exists (
				select 1 from handoff_recipients r join users u on u.id = r.user_id where r.tenant_id = d.tenant_id and r.by_email and lower(u.email) = d.email)))'],
		array['remove_member(uuid, uuid)',
			'update conversations set assigned_user_id = null where tenant_id = p_tenant_id and assigned_user_id = p_user_id;',
			'update conversations set assigned_user_id = null where tenant_id = p_tenant_id and assigned_user_id = p_user_id;
		update handoffs set assigned_user_id = null where tenant_id = p_tenant_id and assigned_user_id = p_user_id and returned_at is null;']
	] loop
		v_source := pg_get_functiondef(v_change[1]::regprocedure);
		if position(v_change[2] in v_source) = 0 then
			raise exception '% is not the function that this migration changes', v_change[1];
		end if;
		execute replace(v_source, v_change[2], v_change[3]);
	end loop;
end
$$;

-- The list of events is extended where it stands: others extend it too.
do $$
declare
	v_check text := (select pg_get_constraintdef(c.oid) from pg_constraint c
		where c.conrelid = 'notification_endpoints'::regclass and c.conname = 'notification_endpoints_events_known');
	v_default text := (select pg_get_expr(d.adbin, d.adrelid) from pg_attrdef d
		join pg_attribute a on a.attrelid = d.adrelid and a.attnum = d.adnum where d.adrelid = 'notification_endpoints'::regclass and a.attname = 'event_types');
begin
	if position('''conversation.handoff''::text' in v_check) = 0 or position('conversation.handoff' in v_default) = 0 then
		raise exception 'the events of notification_endpoints are not those that this migration extends';
	end if;
	alter table notification_endpoints drop constraint notification_endpoints_events_known;
	execute 'alter table notification_endpoints add constraint notification_endpoints_events_known '
		|| replace(v_check, '''conversation.handoff''::text', '''conversation.handoff''::text, ''handoff.overdue''::text');
	execute 'alter table notification_endpoints alter column event_types set default ' || replace(v_default, 'conversation.handoff', 'conversation.handoff,handoff.overdue');
end
$$;

create function merge_handoffs(p_tenant_id uuid, p_keep uuid, p_merge uuid) returns void
language plpgsql
set search_path from current
as $$
begin
	update handoffs h set returned_at = now(), returned_by = 'merge'
		where h.tenant_id = p_tenant_id and h.conversation_id = p_merge and h.returned_at is null and exists (
			select 1 from handoffs k where k.tenant_id = p_tenant_id and k.conversation_id = p_keep and k.returned_at is null);
	update handoffs set conversation_id = p_keep where tenant_id = p_tenant_id and conversation_id = p_merge;
	update handoff_labels set conversation_id = p_keep where tenant_id = p_tenant_id and conversation_id = p_merge;
	-- A person had one of the two: they have the thread that is left.
	update conversations k set status = 'handoff', handoff_reason = m.handoff_reason, handoff_at = m.handoff_at, assigned_user_id = coalesce(k.assigned_user_id, m.assigned_user_id)
		from conversations m where k.tenant_id = p_tenant_id and k.id = p_keep and k.status <> 'handoff' and m.tenant_id = p_tenant_id and m.id = p_merge and m.status = 'handoff';
	update chatwoot_threads set conversation_id = p_keep where tenant_id = p_tenant_id and conversation_id = p_merge
		and not exists (select 1 from chatwoot_threads k where k.tenant_id = p_tenant_id and k.conversation_id = p_keep);
end
$$;
comment on function merge_handoffs(uuid, uuid, uuid) is 'Hand-overs and the Chatwoot thread of a conversation that is folded into another one.';

create function take_handoff(p_tenant_id uuid, p_conversation_id uuid, p_user_id uuid) returns uuid
language plpgsql
set search_path from current
as $$
declare
	v_id uuid;
begin
	if not exists (select 1 from tenant_members m where m.tenant_id = p_tenant_id and m.user_id = p_user_id and m.role <> 'viewer') then
		raise exception 'that person does not answer for this tenant' using errcode = 'ZF005';
	end if;
	perform take_over(p_tenant_id, p_conversation_id, 'human_takeover');
	update conversations set assigned_user_id = p_user_id where tenant_id = p_tenant_id and id = p_conversation_id and status = 'handoff';
	update handoffs set assigned_user_id = p_user_id where tenant_id = p_tenant_id and conversation_id = p_conversation_id and returned_at is null returning id into v_id;
	if v_id is null then
		raise exception 'conversation % does not exist', p_conversation_id using errcode = 'ZF004';
	end if;
	perform record_audit(p_tenant_id, 'handoff.taken', 'conversation', p_conversation_id::text, jsonb_build_object('handoffId', v_id, 'userId', p_user_id));
	return v_id;
end
$$;
comment on function take_handoff(uuid, uuid, uuid) is 'A member takes a conversation, from the bot too. Returns the hand-over. ZF005 for viewers and strangers.';

create function return_handoff(p_tenant_id uuid, p_conversation_id uuid, p_by text) returns boolean
language plpgsql
set search_path from current
as $$
declare
	v_done boolean;
begin
	perform set_config('agent_factory.returned_by', p_by, true);
	v_done := resume_conversation(p_tenant_id, p_conversation_id);
	perform set_config('agent_factory.returned_by', '', true);
	return v_done;
end
$$;
comment on function return_handoff(uuid, uuid, text) is 'Gives a conversation back to the bot and notes who did: person, quiet_time or chatwoot. False when the bot has it already.';

create function label_handoff(p_tenant_id uuid, p_conversation_id uuid, p_label jsonb) returns bigint
language plpgsql
set search_path from current
as $$
declare
	v_id bigint;
	v_handoff handoffs;
begin
	select * into v_handoff from handoffs h where h.tenant_id = p_tenant_id and h.conversation_id = p_conversation_id order by h.started_at desc limit 1;
	insert into handoff_labels (tenant_id, conversation_id, handoff_id, kind, label, message_id, turn_id, draft_id, edit_share, reason, person_hash, label_key)
		select p_tenant_id, c.id, v_handoff.id, p_label ->> 'kind', p_label ->> 'label', (p_label ->> 'messageId')::bigint,
			coalesce((p_label ->> 'turnId')::bigint, v_handoff.turn_id), (p_label ->> 'draftId')::uuid, (p_label ->> 'editShare')::numeric, p_label ->> 'reason',
			encode(sha256(convert_to(p_tenant_id || ':' || (p_label ->> 'person'), 'UTF8')), 'hex'), coalesce(p_label ->> 'key', gen_random_uuid()::text)
		from conversations c where c.tenant_id = p_tenant_id and c.id = p_conversation_id
		on conflict (tenant_id, label_key) do update set label = excluded.label, reason = excluded.reason, edit_share = excluded.edit_share
		returning id into v_id;
	if v_id is null then
		raise exception 'conversation % does not exist', p_conversation_id using errcode = 'ZF004';
	end if;
	if p_label ->> 'kind' = 'outcome' then
		update handoffs set outcome = p_label ->> 'label' where tenant_id = p_tenant_id and id = v_handoff.id;
	end if;
	return v_id;
end
$$;
comment on function label_handoff(uuid, uuid, jsonb) is 'Keeps what a person made of a conversation as a label, once a key: {kind, label, messageId, turnId, draftId, editShare, reason, person, key}; person is stored as a hash, an outcome with the newest hand-over.';

create function return_quiet_handoffs(p_limit integer) returns table (tenant_id uuid, conversation_id uuid)
language plpgsql
security definer
set search_path from current
as $$
#variable_conflict use_column
declare
	v_quiet record;
begin
	for v_quiet in
		select h.tenant_id, h.conversation_id from handoffs h
		join handoff_settings s on s.tenant_id = h.tenant_id
		join tenants t on t.id = h.tenant_id
		join conversations c on c.tenant_id = h.tenant_id and c.id = h.conversation_id
		where h.returned_at is null and s.quiet_minutes is not null and t.status in ('trial', 'active')
			and greatest(h.started_at, c.last_message_at, c.last_outbound_at) < now() - make_interval(mins => s.quiet_minutes)
		-- Always in one order: two that run at once wait for each other instead of deadlocking.
		order by h.tenant_id, h.conversation_id limit p_limit
	loop
		if return_handoff(v_quiet.tenant_id, v_quiet.conversation_id, 'quiet_time') then
			tenant_id := v_quiet.tenant_id;
			conversation_id := v_quiet.conversation_id;
			return next;
		end if;
	end loop;
end
$$;
comment on function return_quiet_handoffs(integer) is 'Door. Gives back to the bot, of all tenants, what neither the person nor the customer wrote in for quiet_minutes. Returns which.';

create function escalate_handoffs(p_limit integer) returns table (tenant_id uuid, handoff_id uuid, conversation_id uuid, level integer)
language plpgsql
security definer
set search_path from current
as $$
#variable_conflict use_column
declare
	v_late record;
begin
	for v_late in
		with late as (
			select h.tenant_id, h.id from handoffs h
			join handoff_settings s on s.tenant_id = h.tenant_id
			where h.returned_at is null and h.first_answer_at is null and h.sla_due_at <= now() and h.escalation_level < 5
				and h.sla_due_at <= now() - make_interval(mins => h.escalation_level * s.escalation_minutes)
				and (h.escalation_level = 0 or exists (select 1 from handoff_recipients r where r.tenant_id = h.tenant_id and r.level = h.escalation_level + 1))
			order by h.sla_due_at limit p_limit for update of h skip locked
		)
		update handoffs h set escalation_level = h.escalation_level + 1, escalated_at = now() from late
			where h.tenant_id = late.tenant_id and h.id = late.id
			returning h.tenant_id, h.id, h.conversation_id, h.escalation_level, h.reason, h.started_at
	loop
		perform record_audit(v_late.tenant_id, 'handoff.overdue', 'conversation', v_late.conversation_id::text,
			jsonb_build_object('handoffId', v_late.id, 'level', v_late.escalation_level));
		perform notify_tenant(v_late.tenant_id, 'handoff.overdue', v_late.id || ':' || v_late.escalation_level,
			jsonb_build_object('tenantId', v_late.tenant_id, 'conversationId', v_late.conversation_id, 'level', v_late.escalation_level, 'reason', v_late.reason,
				'startedAt', v_late.started_at) || coalesce(handoff_facts(v_late.tenant_id, v_late.conversation_id), '{}'));
		perform tell_handoff(v_late.tenant_id, v_late.id, v_late.escalation_level, 'handoff.overdue');
		tenant_id := v_late.tenant_id;
		handoff_id := v_late.id;
		conversation_id := v_late.conversation_id;
		level := v_late.escalation_level;
		return next;
	end loop;
end
$$;
comment on function escalate_handoffs(integer) is 'Door. Tells the next level, of all tenants, where the first answer is overdue: each level once; endpoints hear handoff.overdue.';

create table chatwoot_threads (
	tenant_id uuid not null,
	conversation_id uuid not null,
	chatwoot_contact_id bigint not null,
	chatwoot_conversation_id bigint not null,
	source_id text not null check (length(source_id) between 1 and 200),
	created_at timestamptz not null default now(),
	primary key (tenant_id, conversation_id),
	unique (tenant_id, chatwoot_conversation_id),
	foreign key (tenant_id, conversation_id) references conversations (tenant_id, id) on delete cascade
);
comment on table chatwoot_threads is 'Which conversation of a tenant''s Chatwoot is which of ours.';

create view v_handoffs with (security_invoker = true) as
	select h.tenant_id, h.id, h.conversation_id, c.contact_id, h.lead_id, k.full_name as contact_name, ca.kind as channel, h.reason, h.classification, h.score, h.score_reasons,
		h.turn_id, h.assigned_user_id, u.full_name as assigned_name, h.started_at, h.sla_due_at, h.first_answer_at, h.first_answer_way, h.escalation_level, h.returned_at, h.returned_by,
		h.outcome, c.summary, c.unread_count, c.last_customer_message_at, c.last_message_at,
		case when h.returned_at is not null then 'returned' when h.first_answer_at is not null then 'answered' else 'waiting' end as state,
		h.sla_due_at is not null and coalesce(h.first_answer_at, h.returned_at, now()) > h.sla_due_at as overdue,
		coalesce(c.last_customer_message_at > now() - interval '24 hours', false) as window_open
	from handoffs h
	join conversations c on c.tenant_id = h.tenant_id and c.id = h.conversation_id
	join contacts k on k.tenant_id = c.tenant_id and k.id = c.contact_id
	join channel_accounts ca on ca.tenant_id = c.tenant_id and ca.id = c.channel_account_id
	left join users u on u.id = h.assigned_user_id;
comment on view v_handoffs is 'The queue of people: each hand-over with whom it is about, how long it waits, whether it is overdue, and whether the 24-hour window is open.';

create view v_handoff_sla with (security_invoker = true) as
	select h.tenant_id, (h.started_at at time zone t.timezone)::date as day, count(*)::integer as handoffs,
		count(*) filter (where h.first_answer_at is not null)::integer as answered,
		round(percentile_cont(0.5) within group (order by extract(epoch from h.first_answer_at - h.started_at)) filter (where h.sla_due_at is not null)) as median_first_answer_seconds,
		round(avg((coalesce(h.first_answer_at, 'infinity') <= h.sla_due_at)::integer)
			filter (where h.first_answer_at is not null or h.returned_at is not null or h.sla_due_at < now()), 3) as share_in_time,
		count(*) filter (where h.sla_due_at < coalesce(h.first_answer_at, h.returned_at, now()))::integer as overdue,
		count(*) filter (where h.returned_by = 'quiet_time')::integer as returned_by_quiet_time,
		count(*) filter (where h.outcome = 'not_needed')::integer as not_needed
	from handoffs h join tenants t on t.id = h.tenant_id
	group by h.tenant_id, (h.started_at at time zone t.timezone)::date;
comment on view v_handoff_sla is 'Hand-overs a day of the tenant: how many, the median first answer, and the share in time. Where a person took over by answering there is no waiting to count.';

select secure_schema();
