-- breaking: no
-- The outbox: what is to be sent, in order a conversation, paced a number and a pair, and never sent twice.

create table message_templates (
	tenant_id uuid not null references tenants (id) on delete cascade,
	id uuid not null default gen_random_uuid(),
	channel_account_id uuid,
	name varchar(100) not null,
	category varchar(50) not null default 'follow-up',
	content text not null,
	variables jsonb not null default '[]',
	is_active boolean not null default true,
	usage_count integer not null default 0,
	meta_name text,
	language text not null default 'pt_BR',
	meta_category text constraint message_templates_meta_category_known check (meta_category in ('MARKETING', 'UTILITY', 'AUTHENTICATION')),
	meta_status text not null default 'LOCAL',
	components jsonb not null default '[]',
	created_at timestamptz not null default now(),
	updated_at timestamptz not null default now(),
	primary key (tenant_id, id),
	unique (tenant_id, name, language),
	foreign key (tenant_id, channel_account_id) references channel_accounts (tenant_id, id)
);
comment on table message_templates is 'Ready texts. category is the seeds'' (greeting, follow-up, objection, closing, window, apology); meta_* is what Meta knows it as; meta_status APPROVED may leave the 24-hour window.';
create index idx_message_templates_meta on message_templates (tenant_id, meta_name, language) where meta_name is not null;
create trigger touch before update on message_templates for each row execute function touch_updated_at();

create table outbox_messages (
	tenant_id uuid not null,
	id uuid not null default gen_random_uuid(),
	seq bigint generated always as identity,
	queue_id bigint,
	turn_id bigint,
	position integer not null default 0,
	idempotency_key text not null,
	conversation_id uuid not null,
	contact_id uuid not null,
	channel_account_id uuid not null,
	kind text not null default 'reply' constraint outbox_messages_kind_known check (kind in ('reply', 'notice', 'direct', 'template')),
	whatsapp_payload jsonb not null,
	fallback_template_id uuid,
	answers_up_to bigint,
	status text not null default 'pending' constraint outbox_messages_status_known
		check (status in ('pending', 'sending', 'sent', 'delivered', 'read', 'failed', 'unknown', 'blocked', 'superseded')),
	attempts integer not null default 0,
	lease_token bigint,
	locked_until timestamptz,
	provider_message_id text,
	error_code integer,
	error_message text,
	unknown_since timestamptz,
	overdue_told_at timestamptz,
	settled_by text,
	sent_at timestamptz,
	delivered_at timestamptz,
	read_at timestamptz,
	failed_at timestamptz,
	created_at timestamptz not null default now(),
	updated_at timestamptz not null default now(),
	primary key (tenant_id, id),
	unique (tenant_id, idempotency_key),
	foreign key (tenant_id, conversation_id) references conversations (tenant_id, id) on delete cascade,
	foreign key (tenant_id, fallback_template_id) references message_templates (tenant_id, id),
	constraint outbox_messages_state_fits_times check (
		(status = 'sending') = (locked_until is not null)
		and (status <> 'unknown' or unknown_since is not null)
		and (status <> 'sent' or sent_at is not null)
		and (status <> 'failed' or failed_at is not null)
	)
) with (fillfactor = 60);
comment on table outbox_messages is
	'One row a message to send; unique a turn and position (idempotency_key turn:<id>:<position>). id travels as biz_opaque_callback_data and comes back in every status. unknown: the call ended without an answer; a status or a person settles it, the machine never sends it again.';
comment on column outbox_messages.answers_up_to is 'Newest inbound message this reply knows: a newer one makes the reply stale.';
create index outbox_messages_open on outbox_messages (tenant_id, conversation_id, seq) where status in ('pending', 'sending', 'unknown');
create index outbox_messages_conversation on outbox_messages (tenant_id, conversation_id, seq desc);
create index outbox_messages_unknown on outbox_messages (tenant_id, unknown_since) where status = 'unknown';
create index outbox_messages_provider on outbox_messages (tenant_id, provider_message_id) where provider_message_id is not null;
create index outbox_messages_turn on outbox_messages (tenant_id, turn_id) where turn_id is not null;
create index outbox_messages_recent on outbox_messages (tenant_id, created_at desc);
create trigger touch before update on outbox_messages for each row execute function touch_updated_at();

create table outbox_lanes (
	tenant_id uuid not null,
	conversation_id uuid not null,
	channel_account_id uuid not null,
	available_at timestamptz not null,
	pair_tokens double precision not null default 45,
	pair_tokens_at timestamptz not null default now(),
	primary key (tenant_id, conversation_id),
	foreign key (tenant_id, conversation_id) references conversations (tenant_id, id) on delete cascade
) with (fillfactor = 60, autovacuum_vacuum_scale_factor = 0, autovacuum_vacuum_threshold = 500);
comment on table outbox_lanes is 'One row a conversation that has sent or has something to send. pair_tokens: Meta lets 45 messages burst to one person and then one in 6 seconds. available_at infinity: nothing to do.';
create index outbox_lanes_due on outbox_lanes (available_at);

create function wake_outbox_lane(p_tenant_id uuid, p_conversation_id uuid, p_at timestamptz) returns void
language sql
set search_path from current
as $$
	insert into outbox_lanes as l (tenant_id, conversation_id, channel_account_id, available_at)
		select c.tenant_id, c.id, c.channel_account_id, p_at from conversations c where c.tenant_id = p_tenant_id and c.id = p_conversation_id
		on conflict (tenant_id, conversation_id) do update set available_at = excluded.available_at
$$;
comment on function wake_outbox_lane(uuid, uuid, timestamptz) is 'Makes a conversation''s send lane due at a time.';

create function lock_outbox_lane(p_tenant_id uuid, p_conversation_id uuid) returns void
language sql
set search_path from current
as $$
	select from outbox_lanes l where l.tenant_id = p_tenant_id and l.conversation_id = p_conversation_id for update
$$;
comment on function lock_outbox_lane(uuid, uuid) is 'Lane before row, everywhere: a claim and a status of the same conversation wait for each other instead of deadlocking.';

create function next_in_lane(p_tenant_id uuid, p_conversation_id uuid) returns void
language plpgsql
set search_path from current
as $$
begin
	-- Two statements: a row that was added while this waited for the lane must be seen, or nobody would wake the lane again.
	perform lock_outbox_lane(p_tenant_id, p_conversation_id);
	perform wake_outbox_lane(p_tenant_id, p_conversation_id, case when exists (
		select 1 from outbox_messages o where o.tenant_id = p_tenant_id and o.conversation_id = p_conversation_id and o.status in ('pending', 'sending')
	) then now() else 'infinity' end);
end
$$;
comment on function next_in_lane(uuid, uuid) is 'Moves a lane on after its head was settled: due now, or asleep when nothing waits.';

create function enqueue_outbox(p_tenant_id uuid, p_conversation_id uuid, p_kind text, p_key text, p_position integer, p_turn_id bigint, p_payload jsonb, p_text text,
	p_author text, p_answers_up_to bigint, p_fallback_template_id uuid) returns uuid
language plpgsql
set search_path from current
as $$
declare
	v_id uuid;
begin
	insert into outbox_messages (tenant_id, queue_id, turn_id, position, idempotency_key, conversation_id, contact_id, channel_account_id, kind,
			whatsapp_payload, answers_up_to, fallback_template_id)
		select p_tenant_id, p_turn_id, p_turn_id, p_position, p_key, c.id, c.contact_id, c.channel_account_id, p_kind, p_payload, p_answers_up_to, p_fallback_template_id
		from conversations c where c.tenant_id = p_tenant_id and c.id = p_conversation_id
		on conflict (tenant_id, idempotency_key) do nothing
		returning id into v_id;
	if v_id is null then
		select o.id into v_id from outbox_messages o where o.tenant_id = p_tenant_id and o.idempotency_key = p_key;
		if v_id is null then
			raise exception 'conversation % does not exist', p_conversation_id using errcode = 'ZF004';
		end if;
		return v_id;
	end if;
	insert into messages (tenant_id, conversation_id, contact_id, channel_account_id, direction, author, kind, body, status, turn_id, outbox_id)
		select p_tenant_id, c.id, c.contact_id, c.channel_account_id, 'outbound', p_author, coalesce(p_payload ->> 'type', 'text'), p_text, 'pending', p_turn_id, v_id
		from conversations c where c.tenant_id = p_tenant_id and c.id = p_conversation_id;
	-- A lane that waits for a send in flight or a time-out keeps its time; the row is found when it is due.
	insert into outbox_lanes as l (tenant_id, conversation_id, channel_account_id, available_at)
		select p_tenant_id, c.id, c.channel_account_id, now() from conversations c where c.tenant_id = p_tenant_id and c.id = p_conversation_id
		on conflict (tenant_id, conversation_id) do update set available_at = case when l.available_at = 'infinity' then now() else l.available_at end;
	return v_id;
end
$$;
comment on function enqueue_outbox(uuid, uuid, text, text, integer, bigint, jsonb, text, text, bigint, uuid) is
	'Adds one message to the outbox and to messages; the same key again returns the row that is there.';

create function take_over(p_tenant_id uuid, p_conversation_id uuid, p_reason text) returns void
language plpgsql
set search_path from current
as $$
begin
	update conversations set status = 'handoff', handoff_reason = p_reason, handoff_at = now()
		where tenant_id = p_tenant_id and id = p_conversation_id and status <> 'handoff';
	if found then
		perform record_audit(p_tenant_id, 'conversation.handoff', 'conversation', p_conversation_id::text, jsonb_build_object('reason', p_reason));
	end if;
	if p_reason = 'human_takeover' then
		perform supersede_replies(p_tenant_id, p_conversation_id, null);
	end if;
end
$$;
comment on function take_over(uuid, uuid, text) is 'Hands a conversation to a person. A person who wrote makes the agent''s unsent replies stale.';

create function supersede_replies(p_tenant_id uuid, p_conversation_id uuid, p_turn_id bigint) returns void
language sql
set search_path from current
as $$
	with stale as (
		update outbox_messages set status = 'superseded'
			where tenant_id = p_tenant_id and conversation_id = p_conversation_id and status = 'pending' and kind = 'reply'
				and (p_turn_id is null or turn_id = p_turn_id)
			returning id
	)
	update messages m set status = 'superseded', status_at = now() from stale where m.tenant_id = p_tenant_id and m.outbox_id = stale.id
$$;
comment on function supersede_replies(uuid, uuid, bigint) is 'Marks unsent replies of a conversation (or of one turn) as stale: they are not sent.';

create function resume_conversation(p_tenant_id uuid, p_conversation_id uuid) returns boolean
language plpgsql
set search_path from current
as $$
begin
	update conversations set status = 'open', handoff_reason = null, handoff_at = null, assigned_user_id = null
		where tenant_id = p_tenant_id and id = p_conversation_id and status <> 'open';
	if found then
		perform record_audit(p_tenant_id, 'conversation.resumed', 'conversation', p_conversation_id::text, '{}');
	end if;
	return found;
end
$$;
comment on function resume_conversation(uuid, uuid) is 'Gives a conversation back to the agent.';

create function status_rank(p_status text) returns integer
language sql immutable
set search_path from current
as $$
	select case p_status when 'sent' then 1 when 'delivered' then 2 when 'read' then 3 when 'played' then 4 else 0 end
$$;
comment on function status_rank(text) is 'Order of delivery statuses: a message moves up only.';

create function apply_status(p_tenant_id uuid, p_channel_account_id uuid, p_provider_message_id text, p_status jsonb, p_at timestamptz) returns boolean
language plpgsql
set search_path from current
as $$
declare
	v_new text := p_status ->> 'status';
	v_rank integer := status_rank(p_status ->> 'status');
	v_error integer := (p_status ->> 'errorCode')::integer;
	v_outbox outbox_messages;
	v_was text;
begin
	select * into v_outbox from outbox_messages o
		where o.tenant_id = p_tenant_id and o.provider_message_id = p_provider_message_id and o.channel_account_id = p_channel_account_id;
	if not found and p_status ->> 'outboxId' ~ '^[0-9a-f]{8}-([0-9a-f]{4}-){3}[0-9a-f]{12}$' then
		select * into v_outbox from outbox_messages o where o.tenant_id = p_tenant_id and o.id = (p_status ->> 'outboxId')::uuid;
	end if;
	if v_outbox.id is not null then
		perform lock_outbox_lane(p_tenant_id, v_outbox.conversation_id);
		select * into v_outbox from outbox_messages o where o.tenant_id = p_tenant_id and o.id = v_outbox.id for update;
	end if;
	if v_outbox.id is null then
		update messages set status = v_new, status_at = p_at, error_code = coalesce(v_error, error_code)
			where tenant_id = p_tenant_id and channel_account_id = p_channel_account_id and provider_message_id = p_provider_message_id
				and direction = 'outbound' and v_rank > status_rank(status);
		return found or exists (select 1 from messages where tenant_id = p_tenant_id and channel_account_id = p_channel_account_id and provider_message_id = p_provider_message_id);
	end if;
	v_was := v_outbox.status;

	if v_rank > 0 and v_rank > status_rank(v_was) then
		update outbox_messages set
				status = case v_new when 'played' then 'read' else v_new end, provider_message_id = coalesce(provider_message_id, p_provider_message_id),
				locked_until = null, settled_by = case when v_was in ('sending', 'unknown') then 'status' else settled_by end,
				sent_at = coalesce(sent_at, p_at), delivered_at = case when v_rank >= 2 then coalesce(delivered_at, p_at) end,
				read_at = case when v_rank >= 3 then coalesce(read_at, p_at) end
			where tenant_id = p_tenant_id and id = v_outbox.id;
		update messages set status = v_new, status_at = p_at, provider_message_id = coalesce(provider_message_id, p_provider_message_id)
			where tenant_id = p_tenant_id and outbox_id = v_outbox.id;
	elsif v_new = 'failed' and status_rank(v_was) <= 1 and v_was <> 'failed' then
		update outbox_messages set status = 'failed', locked_until = null, failed_at = p_at, error_code = v_error, error_message = p_status ->> 'errorTitle',
				provider_message_id = coalesce(provider_message_id, p_provider_message_id), settled_by = case when v_was in ('sending', 'unknown') then 'status' else settled_by end
			where tenant_id = p_tenant_id and id = v_outbox.id;
		update messages set status = 'failed', status_at = p_at, error_code = v_error, provider_message_id = coalesce(provider_message_id, p_provider_message_id)
			where tenant_id = p_tenant_id and outbox_id = v_outbox.id;
		perform record_audit(p_tenant_id, 'outbox.failed', 'outbox_message', v_outbox.id::text, jsonb_build_object('code', v_error, 'by', 'status'));
		if v_error = 131050 then
			update contacts set marketing_opted_out_at = coalesce(marketing_opted_out_at, now()) where tenant_id = p_tenant_id and id = v_outbox.contact_id;
		end if;
	end if;
	if v_was in ('sending', 'unknown') and (v_rank > 0 or v_new = 'failed') then
		perform next_in_lane(p_tenant_id, v_outbox.conversation_id);
	end if;
	return true;
end
$$;
comment on function apply_status(uuid, uuid, text, jsonb, timestamptz) is
	'Applies a StatusUpdate to the message it belongs to, by provider id or by the outbox id it carries. Forward only; a late success overrules a failure. False when nothing here knows the message yet.';

create function match_echo(p_tenant_id uuid, p_conversation_id uuid, p_provider_message_id text, p_text text) returns uuid
language plpgsql
set search_path from current
as $$
declare
	v_id uuid;
begin
	select o.id into v_id from outbox_messages o where o.tenant_id = p_tenant_id and o.provider_message_id = p_provider_message_id;
	if v_id is null then
		-- The echo may arrive before the send call returns.
		select o.id into v_id from outbox_messages o
			join messages m on m.tenant_id = o.tenant_id and m.outbox_id = o.id
			where o.tenant_id = p_tenant_id and o.conversation_id = p_conversation_id and o.status in ('sending', 'unknown') and m.body = p_text
			order by o.seq limit 1;
		if v_id is not null then
			perform apply_status(p_tenant_id, (select channel_account_id from outbox_messages where tenant_id = p_tenant_id and id = v_id), p_provider_message_id,
				jsonb_build_object('status', 'sent', 'outboxId', v_id), now());
		end if;
	end if;
	return v_id;
end
$$;
comment on function match_echo(uuid, uuid, text, text) is 'The outbox row that an echo repeats, null when a person wrote it.';

create function apply_template_event(p_tenant_id uuid, p_payload jsonb) returns void
language plpgsql
set search_path from current
as $$
declare
	v_value jsonb := coalesce(p_payload #> '{item,value}', p_payload -> 'item', p_payload -> 'value', p_payload);
begin
	update message_templates set
			meta_status = coalesce(nullif(v_value ->> 'event', ''), meta_status),
			meta_category = case when v_value ->> 'new_category' in ('MARKETING', 'UTILITY', 'AUTHENTICATION') then v_value ->> 'new_category' else meta_category end
		where tenant_id = p_tenant_id and meta_name = v_value ->> 'message_template_name'
			and replace(language, '-', '_') = replace(coalesce(v_value ->> 'message_template_language', language), '-', '_');
	perform record_audit(p_tenant_id, 'template.changed', 'message_template', v_value ->> 'message_template_name',
		jsonb_strip_nulls(jsonb_build_object('event', v_value -> 'event', 'reason', v_value -> 'reason', 'category', v_value -> 'new_category')));
end
$$;
comment on function apply_template_event(uuid, jsonb) is 'Follows Meta''s review of a template: status and category.';

create function complete_turn(p_tenant_id uuid, p_turn_id bigint, p_lease_token bigint, p_decision jsonb) returns jsonb
language plpgsql
set search_path from current
as $$
declare
	v_conversation uuid := lock_turn(p_tenant_id, p_turn_id, p_lease_token);
	v_outcome text := p_decision ->> 'action';
	v_head message_queue;
	v_messages bigint[];
	v_outbox jsonb := '[]';
	v_part record;
	v_waiting integer;
	v_agent uuid;
begin
	select * into v_head from message_queue q where q.tenant_id = p_tenant_id and q.id = p_turn_id;
	with done as (
		update message_queue q set status = 'completed', finished_at = now(), locked_at = null
			where q.tenant_id = p_tenant_id and q.conversation_id = v_conversation and q.turn_id = p_turn_id and q.status = 'locked' and q.finished_at is null
			returning q.id, q.message_id
	)
	select array_agg(message_id order by id) into v_messages from done;
	update messages set turn_id = p_turn_id where tenant_id = p_tenant_id and id = any (v_messages);
	select coalesce(c.agent_id, ca.agent_id) into v_agent
		from conversations c join channel_accounts ca on ca.tenant_id = c.tenant_id and ca.id = c.channel_account_id
		where c.tenant_id = p_tenant_id and c.id = v_conversation;

	insert into turns (tenant_id, id, conversation_id, agent_id, agent_version_id, system_prompt_id, persona_id, outcome, attempts, message_ids, checks,
			handoff_reason, received_at, claimed_at)
		values (p_tenant_id, p_turn_id, v_conversation, v_agent, (p_decision ->> 'agentVersionId')::uuid, (p_decision ->> 'systemPromptId')::uuid,
			(p_decision ->> 'personaId')::uuid, v_outcome, v_head.attempts, v_messages, coalesce(p_decision -> 'checks', '[]'), p_decision ->> 'handoffReason',
			v_head.created_at, v_head.locked_at);

	for v_part in select (p.ordinality - 1)::integer as position, p.value as body from jsonb_array_elements(coalesce(p_decision -> 'messages', '[]')) with ordinality p(value, ordinality) loop
		v_outbox := v_outbox || to_jsonb(enqueue_outbox(p_tenant_id, v_conversation,
			-- A hand-over's notice and an opt-out's confirmation are sent even when the customer writes on.
			case when v_outcome = 'reply' and not coalesce((p_decision ->> 'optOut')::boolean, false) then 'reply' else 'notice' end,
			'turn:' || p_turn_id || ':' || v_part.position, v_part.position, p_turn_id, v_part.body -> 'payload', coalesce(v_part.body ->> 'text', ''), 'agent',
			v_messages[cardinality(v_messages)], null));
	end loop;
	if v_outcome = 'reply' then
		perform count_usage(p_tenant_id, 'auto_responses', 1);
	elsif v_outcome = 'handoff' then
		perform take_over(p_tenant_id, v_conversation, coalesce(p_decision ->> 'handoffReason', 'agent_decision'));
	end if;
	if coalesce((p_decision ->> 'optOut')::boolean, false) then
		update contacts k set opted_out_at = now() from conversations c
			where c.tenant_id = p_tenant_id and c.id = v_conversation and k.tenant_id = p_tenant_id and k.id = c.contact_id;
		perform record_audit(p_tenant_id, 'contact.opted_out', 'conversation', v_conversation::text, '{}');
	end if;
	update conversations set unread_count = case when v_outcome = 'handoff' then unread_count else 0 end, summary = coalesce(p_decision ->> 'summary', summary)
		where tenant_id = p_tenant_id and id = v_conversation;
	perform record_llm_usage(p_tenant_id, p_turn_id, v_conversation, (p_decision ->> 'agentVersionId')::uuid, 'reply', p_decision -> 'usage');
	perform record_audit(p_tenant_id, 'turn.completed', 'turn', p_turn_id::text, jsonb_build_object('outcome', v_outcome, 'parts', jsonb_array_length(v_outbox),
		'fired', (select coalesce(jsonb_agg(k.value ->> 'check'), '[]') from jsonb_array_elements(coalesce(p_decision -> 'checks', '[]')) k where (k.value ->> 'fired')::boolean)));
	v_waiting := release_lane(p_tenant_id, v_conversation);
	return jsonb_build_object('turnId', p_turn_id, 'outboxIds', v_outbox, 'waiting', v_waiting);
end
$$;
comment on function complete_turn(uuid, bigint, bigint, jsonb) is
	'Settles a turn in one transaction: ledger, outbound rows (messages: [{payload, text}]), counters, opt-out, hand-over, audit, lease. ZF002 when the lease was lost: then nothing was written.';

select secure_schema();
