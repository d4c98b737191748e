-- breaking: no
-- The inbox: events as Meta sent them, the queue of messages that want an answer, and one lane a conversation.

create table webhook_events (
	id bigint generated always as identity primary key,
	tenant_id uuid references tenants (id) on delete cascade,
	channel_account_id uuid,
	object text not null,
	account_id text not null,
	field text not null default '',
	kind text not null,
	meta_message_id text not null,
	provider_status text not null default '',
	payload jsonb not null,
	status text not null default 'pending' constraint webhook_events_status_known check (status in ('pending', 'processed', 'failed', 'ignored')),
	reason text,
	provider_timestamp timestamptz,
	received_at timestamptz not null default now(),
	processed_at timestamptz,
	constraint webhook_events_pending_is_open check ((status = 'pending') = (processed_at is null)),
	-- The tenant is not part of it: it may be unknown yet, and two apps may deliver the same item.
	constraint webhook_events_dedupe unique (object, account_id, kind, meta_message_id, provider_status)
);
comment on table webhook_events is 'Every item of every signed webhook body, once. pending: waits for something (a status whose message is not known yet, a lead to import). tenant_id null: no channel account of ours.';
create index idx_webhook_events_tenant on webhook_events (tenant_id, received_at desc);
create index idx_webhook_events_parked on webhook_events (tenant_id, meta_message_id) where status = 'pending';
create index idx_webhook_events_unrouted on webhook_events (received_at desc) where tenant_id is null;

-- Only the doors store events: a tenant that could plant one would make Meta's real one a duplicate.
create policy tenant_isolation on webhook_events for select to agent_factory_runtime using (tenant_id = (select current_tenant_id()));
create policy tenant_settles on webhook_events for update to agent_factory_runtime
	using (tenant_id = (select current_tenant_id())) with check (tenant_id = (select current_tenant_id()));

create table message_queue (
	tenant_id uuid not null,
	id bigint generated always as identity,
	webhook_event_id bigint references webhook_events (id) on delete set null,
	conversation_id uuid not null,
	message_id bigint not null,
	status text not null default 'queued' constraint message_queue_status_known check (status in ('queued', 'locked', 'completed', 'failed')),
	turn_id bigint,
	attempts integer not null default 0,
	locked_at timestamptz,
	worker_id text,
	last_error text,
	dead_at timestamptz,
	finished_at timestamptz,
	created_at timestamptz not null default now(),
	primary key (tenant_id, id),
	foreign key (tenant_id, conversation_id) references conversations (tenant_id, id) on delete cascade,
	foreign key (tenant_id, message_id) references messages (tenant_id, id) on delete cascade,
	constraint message_queue_state_fits_times check (
		(status in ('completed', 'failed')) = (finished_at is not null)
		and (status = 'locked') = (locked_at is not null)
		and (status <> 'locked' or turn_id is not null)
		and (dead_at is null or status = 'failed')
	)
) with (fillfactor = 60);
comment on table message_queue is 'One row an inbound message that wants an answer. A turn is a run of rows of one conversation; its id is the id of its first row. Dead letter: failed with dead_at.';
create index message_queue_open on message_queue (tenant_id, conversation_id, id) where finished_at is null;
create index message_queue_dead on message_queue (tenant_id, dead_at desc) where dead_at is not null;

create sequence lease_tokens as bigint;
comment on sequence lease_tokens is 'Fencing tokens: one a claim call.';
grant usage on sequence lease_tokens to agent_factory_doors;

create table conversation_locks (
	tenant_id uuid not null,
	conversation_id uuid not null,
	-- Ready time, retry time or end of the lease: one column, one index.
	available_at timestamptz not null,
	worker_id text,
	token bigint,
	burst_started_at timestamptz not null default now(),
	in_backoff boolean not null default false,
	locked_until timestamptz generated always as (case when worker_id is not null then available_at end) stored,
	primary key (tenant_id, conversation_id),
	foreign key (tenant_id, conversation_id) references conversations (tenant_id, id) on delete cascade,
	constraint conversation_locks_lease_has_token check ((worker_id is null) = (token is null))
) with (fillfactor = 60, autovacuum_vacuum_scale_factor = 0, autovacuum_vacuum_threshold = 500);
comment on table conversation_locks is 'The lane: a row for each conversation with unfinished messages. Leased while worker_id is set and available_at lies ahead; token fences a worker that lost its lease.';
create index conversation_locks_due on conversation_locks (tenant_id, available_at);

create table turns (
	tenant_id uuid not null,
	id bigint not null,
	conversation_id uuid not null,
	agent_id uuid,
	agent_version_id uuid,
	system_prompt_id uuid,
	persona_id uuid,
	outcome text not null constraint turns_outcome_known check (outcome in ('reply', 'handoff', 'silence', 'failed')),
	attempts integer not null,
	message_ids bigint[] not null,
	checks jsonb not null default '[]',
	handoff_reason text,
	received_at timestamptz not null,
	claimed_at timestamptz not null,
	finished_at timestamptz not null default now(),
	primary key (tenant_id, id),
	foreign key (tenant_id, conversation_id) references conversations (tenant_id, id) on delete cascade,
	foreign key (tenant_id, agent_version_id) references agent_versions (tenant_id, id),
	foreign key (tenant_id, system_prompt_id) references system_prompts (tenant_id, id),
	foreign key (tenant_id, persona_id) references tenant_personas (tenant_id, id)
);
comment on table turns is 'Ledger of settled turns: what was answered, by which frozen version, under which checks. id = id of the turn''s first message_queue row.';
create index idx_turns_conversation on turns (tenant_id, conversation_id, id desc);
create index idx_turns_recent on turns (tenant_id, finished_at desc);

create function contact_ids(p_contact jsonb) returns table (kind text, value text)
language sql immutable rows 5
set search_path from current
as $$
	select k.kind, k.value
	from (values ('phone', p_contact ->> 'phone'), ('bsuid', p_contact ->> 'bsuid'), ('parent_bsuid', p_contact ->> 'parentBsuid'),
		('igsid', p_contact ->> 'igsid'), ('psid', p_contact ->> 'psid')) as k(kind, value)
	where k.value <> ''
$$;
comment on function contact_ids(jsonb) is 'The ids that a ContactRef of core/meta carries, as ledger rows; a missing or empty id gives none.';

create function resolve_contact(p_tenant_id uuid, p_contact jsonb) returns uuid
language plpgsql
set search_path from current
as $$
declare
	v_found uuid[];
	v_contact uuid;
	v_other uuid;
	v_attempt integer;
	v_new boolean;
begin
	-- First without locks: nearly every message comes from a known person. Then again, alone.
	for v_attempt in 1..2 loop
		-- A lookup an id, not a join: on a table without statistics a join may read the whole tenant.
		select array_agg(distinct k.contact_id) into v_found
			from (
				select (
					select i.contact_id from contact_identities i
					where i.tenant_id = p_tenant_id and i.kind = w.kind and i.value = w.value and i.superseded_at is null
				) as contact_id
				from (
					-- A parent BSUID is shared by the accounts of a business: it is kept, but does not tell people apart.
					select k.kind, k.value from contact_ids(p_contact) k where k.kind <> 'parent_bsuid'
					union all select 'phone', p_contact #>> '{previous,phone}'
					union all select 'bsuid', p_contact #>> '{previous,bsuid}'
				) w
			) k
			where k.contact_id is not null;
		v_new := exists (
			select 1 from contact_ids(p_contact) k
			where (
				select i.id from contact_identities i
				where i.tenant_id = p_tenant_id and i.kind = k.kind and i.value = k.value and i.superseded_at is null
			) is null
		);
		exit when v_attempt = 2 or (cardinality(v_found) = 1 and coalesce(p_contact -> 'previous', 'null') = 'null' and not v_new);
		perform pg_advisory_xact_lock(hashtextextended(p_tenant_id::text || k.value, 0))
			from (select distinct i.value from contact_ids(p_contact) i order by i.value) k;
	end loop;

	if v_found is null then
		insert into contacts (tenant_id, full_name, username, phone)
			values (p_tenant_id, nullif(p_contact ->> 'name', ''), nullif(p_contact ->> 'username', ''), nullif(p_contact ->> 'phone', ''))
			returning id into v_contact;
	else
		-- The phone's contact is kept: a mixed payload must not fork a thread.
		select coalesce(
			(select i.contact_id from contact_identities i
				where i.tenant_id = p_tenant_id and i.superseded_at is null and i.kind = 'phone' and i.value = p_contact ->> 'phone'),
			(select c.id from contacts c where c.tenant_id = p_tenant_id and c.id = any (v_found) order by c.created_at, c.id limit 1)
		) into v_contact;
		foreach v_other in array v_found loop
			perform merge_contacts(p_tenant_id, v_contact, v_other);
		end loop;
		update contacts set
				full_name = coalesce(full_name, nullif(p_contact ->> 'name', '')),
				username = coalesce(nullif(p_contact ->> 'username', ''), username),
				phone = coalesce(nullif(p_contact ->> 'phone', ''), phone)
			where tenant_id = p_tenant_id and id = v_contact
				and ((full_name is null and nullif(p_contact ->> 'name', '') is not null)
					or coalesce(nullif(p_contact ->> 'username', ''), username) is distinct from username
					or coalesce(nullif(p_contact ->> 'phone', ''), phone) is distinct from phone);
	end if;

	if v_new then
		insert into contact_identities (tenant_id, contact_id, kind, value)
			select p_tenant_id, v_contact, k.kind, k.value from contact_ids(p_contact) k
			on conflict (tenant_id, kind, value) where superseded_at is null do nothing;
	end if;
	if coalesce(p_contact -> 'previous', 'null') <> 'null' then
		update contact_identities set superseded_at = now()
			where tenant_id = p_tenant_id and contact_id = v_contact and superseded_at is null
				and ((kind = 'phone' and value = p_contact #>> '{previous,phone}') or (kind = 'bsuid' and value = p_contact #>> '{previous,bsuid}'));
	end if;
	return v_contact;
end
$$;
comment on function resolve_contact(uuid, jsonb) is
	'Finds or makes the contact behind a ContactRef (phone, bsuid, parent_bsuid, igsid, psid, username, name, previous), adds ids it did not know, merges two contacts that turn out to be one.';

create function merge_conversations(p_tenant_id uuid, p_keep uuid, p_merge uuid) returns void
language plpgsql
set search_path from current
as $$
declare
	v_contact uuid;
begin
	select contact_id into v_contact from conversations where tenant_id = p_tenant_id and id = p_keep;
	-- A worker on the folded lane loses its lease: its turn is taken again in the kept conversation.
	delete from conversation_locks where tenant_id = p_tenant_id and conversation_id = p_merge;
	update message_queue set status = 'queued', locked_at = null, worker_id = null, turn_id = null
		where tenant_id = p_tenant_id and conversation_id = p_merge and status = 'locked';
	update message_queue set conversation_id = p_keep where tenant_id = p_tenant_id and conversation_id = p_merge;
	update messages set conversation_id = p_keep, contact_id = v_contact where tenant_id = p_tenant_id and conversation_id = p_merge;
	update turns set conversation_id = p_keep where tenant_id = p_tenant_id and conversation_id = p_merge;
	update outbox_messages set conversation_id = p_keep, contact_id = v_contact where tenant_id = p_tenant_id and conversation_id = p_merge;
	delete from outbox_lanes where tenant_id = p_tenant_id and conversation_id = p_merge;
	insert into outbox_lanes (tenant_id, conversation_id, channel_account_id, available_at)
		select p_tenant_id, p_keep, c.channel_account_id, now() from conversations c
		where c.tenant_id = p_tenant_id and c.id = p_keep
			and exists (select 1 from outbox_messages o where o.tenant_id = p_tenant_id and o.conversation_id = p_keep and o.status in ('pending', 'sending'))
		on conflict (tenant_id, conversation_id) do nothing;
	insert into conversation_locks (tenant_id, conversation_id, available_at)
		select p_tenant_id, p_keep, now()
		where exists (select 1 from message_queue q where q.tenant_id = p_tenant_id and q.conversation_id = p_keep and q.finished_at is null)
		on conflict (tenant_id, conversation_id) do nothing;
	update conversations k set
			last_customer_message_at = greatest(k.last_customer_message_at, m.last_customer_message_at),
			last_outbound_at = greatest(k.last_outbound_at, m.last_outbound_at),
			last_message_at = greatest(k.last_message_at, m.last_message_at), unread_count = k.unread_count + m.unread_count
		from conversations m where k.tenant_id = p_tenant_id and k.id = p_keep and m.tenant_id = p_tenant_id and m.id = p_merge;
	delete from conversations where tenant_id = p_tenant_id and id = p_merge;
end
$$;
comment on function merge_conversations(uuid, uuid, uuid) is 'Moves everything of one conversation into another of the same channel account and deletes the empty one.';

create function queue_turn(p_tenant_id uuid, p_conversation_id uuid, p_message_id bigint, p_event_id bigint, p_debounce double precision, p_debounce_max double precision) returns void
language plpgsql
set search_path from current
as $$
begin
	-- The lane is locked before the queue id is drawn, so id order is commit order within a conversation.
	insert into conversation_locks as l (tenant_id, conversation_id, available_at)
		values (p_tenant_id, p_conversation_id, now() + make_interval(secs => p_debounce))
		on conflict (tenant_id, conversation_id) do update set available_at = case
			when l.worker_id is not null or l.in_backoff then l.available_at
			else greatest(now(), least(now() + make_interval(secs => p_debounce), l.burst_started_at + make_interval(secs => p_debounce_max)))
		end;
	insert into message_queue (tenant_id, webhook_event_id, conversation_id, message_id) values (p_tenant_id, p_event_id, p_conversation_id, p_message_id);
end
$$;
comment on function queue_turn(uuid, uuid, bigint, bigint, double precision, double precision) is
	'Queues one message. A burst waits debounce seconds after its last message, at the latest debounce_max after its first; a leased or backing-off lane is left alone.';

create function process_event(p_event_id bigint, p_tenant_id uuid, p_channel_account_id uuid, p_wants_turn boolean, p_item jsonb) returns jsonb
language plpgsql
set search_path from current
as $$
declare
	v_kind text := p_item ->> 'kind';
	v_contact uuid;
	v_conversation conversations;
	v_message_id bigint;
	v_occurred timestamptz := coalesce((p_item ->> 'occurredAt')::timestamptz, now());
	v_debounce double precision;
	v_debounce_max double precision;
	v_inbound boolean := v_kind in ('message', 'postback', 'reaction', 'referral');
	v_matched uuid;
begin
	if v_kind = 'status' then
		if apply_status(p_tenant_id, p_channel_account_id, p_item ->> 'providerId', p_item -> 'status', v_occurred) then
			return jsonb_build_object('status', 'processed');
		end if;
		return jsonb_build_object('status', 'pending', 'reason', 'message_not_known_yet');
	elsif v_kind = 'leadgen' then
		return jsonb_build_object('status', 'pending', 'reason', 'lead_not_imported_yet');
	elsif v_kind = 'template' then
		perform apply_template_event(p_tenant_id, p_item -> 'payload');
		return jsonb_build_object('status', 'processed');
	elsif v_kind in ('account', 'error', 'handover') then
		perform record_audit(p_tenant_id, 'meta.' || v_kind, 'channel_account', p_channel_account_id::text,
			jsonb_build_object('field', p_item ->> 'field', 'event', p_event_id));
		return jsonb_build_object('status', 'processed');
	end if;

	if p_channel_account_id is null or jsonb_typeof(p_item -> 'contact') is distinct from 'object'
		or coalesce(p_item #>> '{contact,phone}', p_item #>> '{contact,bsuid}', p_item #>> '{contact,igsid}', p_item #>> '{contact,psid}') is null
	then
		return jsonb_build_object('status', 'processed', 'reason', 'nobody_to_file_it_under');
	end if;
	v_contact := resolve_contact(p_tenant_id, p_item -> 'contact');
	if v_kind = 'preference' then
		update contacts set marketing_opted_out_at = case when p_item #>> '{message,type}' = 'stop' then v_occurred end
			where tenant_id = p_tenant_id and id = v_contact;
		return jsonb_build_object('status', 'processed');
	elsif v_kind = 'edit' then
		update messages set body = p_item #>> '{message,text}', edited_at = v_occurred
			where tenant_id = p_tenant_id and channel_account_id = p_channel_account_id and provider_message_id = p_item #>> '{message,targetProviderId}' and revoked_at is null;
		return jsonb_build_object('status', 'processed');
	elsif v_kind = 'revoke' then
		update messages set body = '', payload = '{}', revoked_at = v_occurred
			where tenant_id = p_tenant_id and channel_account_id = p_channel_account_id and provider_message_id = p_item #>> '{message,targetProviderId}';
		return jsonb_build_object('status', 'processed');
	elsif not v_inbound and v_kind <> 'echo' then
		return jsonb_build_object('status', 'processed');
	end if;

	insert into conversations as c (tenant_id, contact_id, channel_account_id, last_customer_message_at, last_message_at, unread_count)
		select p_tenant_id, v_contact, ca.id, case when v_kind in ('message', 'postback') then v_occurred end, v_occurred, case when v_inbound then 1 else 0 end
		from channel_accounts ca where ca.tenant_id = p_tenant_id and ca.id = p_channel_account_id
		on conflict (tenant_id, channel_account_id, contact_id) do update set
			-- Only messages and postbacks open the window, and by Meta's clock: a late webhook opens none.
			last_customer_message_at = greatest(c.last_customer_message_at, excluded.last_customer_message_at),
			last_message_at = greatest(c.last_message_at, excluded.last_message_at),
			unread_count = c.unread_count + excluded.unread_count,
			status = case when c.status = 'closed' and excluded.unread_count > 0 then 'open' else c.status end
		returning * into v_conversation;

	if v_kind = 'echo' then
		v_matched := match_echo(p_tenant_id, v_conversation.id, p_item ->> 'providerId', p_item #>> '{message,text}');
		if v_matched is not null then
			return jsonb_build_object('status', 'processed', 'reason', 'echo_of_our_own_message');
		end if;
	end if;
	insert into messages (tenant_id, conversation_id, contact_id, channel_account_id, direction, author, kind, body, payload, provider_message_id,
			target_provider_id, status, provider_timestamp)
		values (p_tenant_id, v_conversation.id, v_contact, p_channel_account_id, case when v_inbound then 'inbound' else 'outbound' end,
			case when v_inbound then 'contact' else 'human' end, coalesce(p_item #>> '{message,type}', v_kind), coalesce(p_item #>> '{message,text}', ''),
			jsonb_strip_nulls(jsonb_build_object('replyId', p_item #> '{message,replyId}', 'media', p_item #> '{message,media}', 'referral', p_item #> '{message,referral}')),
			p_item ->> 'providerId', p_item #>> '{message,targetProviderId}', case when v_inbound then 'received' else 'sent' end, v_occurred)
		on conflict do nothing
		returning id into v_message_id;
	if v_message_id is null then
		return jsonb_build_object('status', 'processed', 'reason', 'message_known_already');
	end if;
	if v_kind = 'echo' then
		perform take_over(p_tenant_id, v_conversation.id, 'human_takeover');
		return jsonb_build_object('status', 'processed', 'conversationId', v_conversation.id, 'messageId', v_message_id);
	end if;

	if p_wants_turn and v_conversation.status <> 'handoff' then
		select coalesce(a.debounce_seconds, 4), coalesce(a.debounce_max_seconds, 20) into v_debounce, v_debounce_max
			from channel_accounts ca left join agents a on a.tenant_id = p_tenant_id and a.id = coalesce(v_conversation.agent_id, ca.agent_id)
			where ca.tenant_id = p_tenant_id and ca.id = p_channel_account_id;
		perform queue_turn(p_tenant_id, v_conversation.id, v_message_id, p_event_id, v_debounce, v_debounce_max);
		return jsonb_build_object('status', 'processed', 'conversationId', v_conversation.id, 'messageId', v_message_id, 'queued', true);
	end if;
	return jsonb_build_object('status', 'processed', 'conversationId', v_conversation.id, 'messageId', v_message_id,
		'reason', case when p_wants_turn then 'a_person_has_the_conversation' end);
end
$$;
comment on function process_event(bigint, uuid, uuid, boolean, jsonb) is
	'What one new event does to its tenant''s data. Returns {status, reason?, conversationId?, messageId?, queued?}; the caller writes status and reason to the event.';

create function ingest_events(p_events jsonb) returns table (item integer, outcome text, event_id bigint, tenant_id uuid, conversation_id uuid)
language plpgsql
security definer
set search_path from current
as $$
#variable_conflict use_column
declare
	v_row record;
	v_result jsonb;
	v_ids jsonb := '{}';
begin
	for v_row in
		with items as (
			select (e.ordinality - 1)::integer as item, e.value as body
			from jsonb_array_elements(p_events) with ordinality as e(value, ordinality)
		), routed as (
			select i.item, i.body, r.tenant_id, r.channel_account_id, r.tenant_status, r.channel_open
			from items i
			left join lateral (
				select ca.tenant_id, case when ca.exact then ca.id end as channel_account_id, t.status as tenant_status,
					ca.is_active and ca.status <> 'disconnected' as channel_open
				from (
					select ca.*, true as exact from channel_accounts ca
						where ca.kind = i.body #>> '{route,channel}' and ca.external_id = i.body #>> '{route,externalId}'
					union all
					select ca.*, false from channel_accounts ca
						where i.body #>> '{route,externalId}' is null and ca.kind = i.body #>> '{route,channel}' and ca.parent_id = i.body #>> '{route,parentId}'
				) ca
				join tenants t on t.id = ca.tenant_id
				order by ca.created_at limit 1
			) r on true
		), stored as (
			insert into webhook_events as w (tenant_id, channel_account_id, object, account_id, field, kind, meta_message_id, provider_status, payload,
				status, reason, provider_timestamp, processed_at)
			select r.tenant_id, r.channel_account_id, r.body ->> 'object', r.body ->> 'accountId', coalesce(r.body ->> 'field', ''), r.body ->> 'kind',
				r.body ->> 'providerId', coalesce(r.body ->> 'providerStatus', ''), r.body -> 'payload',
				case when r.tenant_id is null or r.body ->> 'ignoredReason' is not null then 'ignored' else 'pending' end,
				coalesce(r.body ->> 'ignoredReason', case when r.tenant_id is null then 'unknown_account' end),
				(r.body ->> 'occurredAt')::timestamptz,
				case when r.tenant_id is null or r.body ->> 'ignoredReason' is not null then now() end
			from routed r
			-- One order everywhere: two deliveries of the same items wait for each other instead of deadlocking.
			order by r.body ->> 'object', r.body ->> 'accountId', r.body ->> 'kind', r.body ->> 'providerId', r.body ->> 'providerStatus', r.item
			on conflict on constraint webhook_events_dedupe do nothing
			returning w.id, w.object, w.account_id, w.kind, w.meta_message_id, w.provider_status, w.status
		)
		select r.item, r.body, r.tenant_id, r.channel_account_id, r.tenant_status, r.channel_open, s.id as event_id, s.status
		from routed r
		left join stored s on s.object = r.body ->> 'object' and s.account_id = r.body ->> 'accountId' and s.kind = r.body ->> 'kind'
			and s.meta_message_id = r.body ->> 'providerId' and s.provider_status = coalesce(r.body ->> 'providerStatus', '')
		-- By person, then in order of arrival: two bodies that share people lock their lanes in one order.
		order by coalesce(r.body #>> '{contact,phone}', r.body #>> '{contact,bsuid}', r.body #>> '{contact,igsid}', r.body #>> '{contact,psid}'), r.item
	loop
		if v_row.event_id is null or v_ids ? v_row.event_id::text then
			return query select v_row.item, 'duplicate', null::bigint, v_row.tenant_id, null::uuid;
			continue;
		end if;
		v_ids := v_ids || jsonb_build_object(v_row.event_id::text, true);
		if v_row.status = 'ignored' then
			if v_row.tenant_id is null then
				perform record_audit(null, 'ingest.unknown_account', 'webhook_event', v_row.event_id::text,
					jsonb_build_object('object', v_row.body ->> 'object', 'account', v_row.body ->> 'accountId', 'kind', v_row.body ->> 'kind'));
			end if;
			return query select v_row.item, 'ignored', v_row.event_id, v_row.tenant_id, null::uuid;
			continue;
		end if;
		begin
			v_result := process_event(v_row.event_id, v_row.tenant_id, v_row.channel_account_id,
				coalesce((v_row.body ->> 'wantsTurn')::boolean, false) and v_row.tenant_status in ('trial', 'active') and v_row.channel_open, v_row.body);
		exception when data_exception or check_violation or not_null_violation then
			-- This item will never fit, however often Meta sends it: it must not hold up its neighbours. A race (unique, foreign
			-- key) or a failing server is cured by sending again, and still undoes the whole.
			v_result := jsonb_build_object('status', 'failed', 'reason', 'sqlstate_' || sqlstate);
			perform record_audit(v_row.tenant_id, 'ingest.failed', 'webhook_event', v_row.event_id::text, jsonb_build_object('sqlstate', sqlstate));
		end;
		if v_result ->> 'status' <> 'failed' and coalesce((v_row.body ->> 'wantsTurn')::boolean, false) and not (v_row.tenant_status in ('trial', 'active') and v_row.channel_open) then
			v_result := v_result || jsonb_build_object('status', 'ignored',
				'reason', case when v_row.channel_open then 'tenant_' || v_row.tenant_status else 'channel_account_closed' end);
			perform record_audit(v_row.tenant_id, 'ingest.no_turn', 'webhook_event', v_row.event_id::text, jsonb_build_object('reason', v_result ->> 'reason'));
		end if;
		update webhook_events w set status = v_result ->> 'status', reason = v_result ->> 'reason',
				processed_at = case when v_result ->> 'status' <> 'pending' then now() end
			where w.id = v_row.event_id;
		return query select v_row.item, case when (v_result ->> 'queued')::boolean then 'queued' else v_result ->> 'status' end, v_row.event_id,
			v_row.tenant_id, (v_result ->> 'conversationId')::uuid;
	end loop;
end
$$;
comment on function ingest_events(jsonb) is
	'Door. Stores every MetaEvent of a webhook body once, routes it by channel account, files it and queues turns, in one transaction. outcome: queued, processed, pending, ignored, failed (kept, audited, will not be tried again), duplicate.';

select secure_schema();
