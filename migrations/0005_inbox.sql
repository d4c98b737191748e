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
		v_result := process_event(v_row.event_id, v_row.tenant_id, v_row.channel_account_id,
			coalesce((v_row.body ->> 'wantsTurn')::boolean, false) and v_row.tenant_status in ('trial', 'active') and v_row.channel_open, v_row.body);
		if coalesce((v_row.body ->> 'wantsTurn')::boolean, false) and not (v_row.tenant_status in ('trial', 'active') and v_row.channel_open) then
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
	'Door. Stores every MetaEvent of a webhook body once, routes it by channel account, files it and queues turns, in one transaction. outcome: queued, processed, pending, ignored, duplicate.';

create function claim_turns(p_worker_id text, p_limit integer, p_lease_seconds integer, p_max_attempts integer, p_max_messages integer, p_after_tenant uuid default null)
returns table (tenant_id uuid, conversation_id uuid, turn_id bigint, lease_token bigint, attempts integer, message_ids bigint[], channel_account_id uuid,
	contact_id uuid, agent_id uuid, received_at timestamptz, lease_until timestamptz)
language plpgsql
security definer
set search_path from current
as $$
#variable_conflict use_column
declare
	v_token bigint := nextval('lease_tokens');
	v_tenants uuid[];
	v_tenant uuid;
	v_lanes uuid[];
	v_quota integer;
	v_round integer;
	v_taken integer := 0;
	v_lane uuid;
	v_open bigint[];
	v_head record;
	v_conversation conversations;
begin
	-- The ring: every tenant with a lane, from just behind the last one served.
	with recursive ring(id) as (
		(select l.tenant_id from conversation_locks l order by l.tenant_id limit 1)
		union all
		select (select l.tenant_id from conversation_locks l where l.tenant_id > r.id order by l.tenant_id limit 1) from ring r where r.id is not null
	)
	select array_agg(r.id order by r.id <= coalesce(p_after_tenant, '00000000-0000-0000-0000-000000000000'::uuid), r.id) into v_tenants
		from ring r join tenants t on t.id = r.id where t.status in ('trial', 'active');
	if v_tenants is null then
		return;
	end if;

	-- Two rounds: a fair share each, then whoever has more takes what is left.
	for v_round in 1..2 loop
		v_quota := case v_round when 1 then greatest(1, p_limit / cardinality(v_tenants)) else p_limit end;
		foreach v_tenant in array v_tenants loop
			exit when v_taken >= p_limit;
			select array_agg(d.conversation_id) into v_lanes from (
				select l.conversation_id from conversation_locks l
				where l.tenant_id = v_tenant and l.available_at <= now() and l.token is distinct from v_token
				order by l.available_at limit least(v_quota, p_limit - v_taken)
				for update skip locked
			) d;
			update conversation_locks l set worker_id = p_worker_id, token = v_token, in_backoff = false,
					available_at = now() + make_interval(secs => p_lease_seconds)
				where l.tenant_id = v_tenant and l.conversation_id = any (v_lanes);

			-- Heads are read after the lanes are locked: one snapshot could show a message that was just finished.
			foreach v_lane in array coalesce(v_lanes, '{}') loop
				select array_agg(o.id order by o.id) into v_open from (
					select q.id from message_queue q
					where q.tenant_id = v_tenant and q.conversation_id = v_lane and q.finished_at is null order by q.id limit p_max_messages
				) o;
				with taken as (
					update message_queue q set status = 'locked', locked_at = now(), worker_id = p_worker_id, turn_id = v_open[1], attempts = q.attempts + 1
						where q.tenant_id = v_tenant and q.id = any (v_open)
						returning q.id, q.turn_id, q.attempts, q.message_id, q.created_at
				)
				select min(t.turn_id) as turn_id, max(t.attempts) filter (where t.id = t.turn_id) as attempts,
						array_agg(t.message_id order by t.id) as message_ids, min(t.created_at) as received_at
					into v_head from taken t;
				if v_head.turn_id is null then
					delete from conversation_locks l where l.tenant_id = v_tenant and l.conversation_id = v_lane;
					continue;
				end if;
				if v_head.attempts > p_max_attempts then
					perform bury_turn(v_tenant, v_lane, v_head.turn_id, 'gave up after ' || p_max_attempts || ' attempts');
					continue;
				end if;
				select * into v_conversation from conversations c where c.tenant_id = v_tenant and c.id = v_lane;
				v_taken := v_taken + 1;
				return query select v_tenant, v_lane, v_head.turn_id, v_token, v_head.attempts, v_head.message_ids, v_conversation.channel_account_id,
					v_conversation.contact_id, v_conversation.agent_id, v_head.received_at, now() + make_interval(secs => p_lease_seconds);
			end loop;
		end loop;
	end loop;
end
$$;
comment on function claim_turns(text, integer, integer, integer, integer, uuid) is
	'Door. Leases up to p_limit due lanes, fairly over tenants after p_after_tenant, and hands out each lane''s waiting messages as one turn. A lane whose head was tried p_max_attempts times is buried as a dead letter.';

create function bury_turn(p_tenant_id uuid, p_conversation_id uuid, p_turn_id bigint, p_reason text) returns void
language plpgsql
set search_path from current
as $$
begin
	update message_queue set status = 'failed', finished_at = now(), dead_at = now(), locked_at = null, last_error = coalesce(last_error, p_reason)
		where tenant_id = p_tenant_id and conversation_id = p_conversation_id and turn_id = p_turn_id and finished_at is null;
	if not found then
		return;
	end if;
	perform take_over(p_tenant_id, p_conversation_id, 'dead_letter');
	perform release_lane(p_tenant_id, p_conversation_id);
	perform record_audit(p_tenant_id, 'turn.dead_letter', 'turn', p_turn_id::text, jsonb_build_object('reason', p_reason, 'conversation', p_conversation_id));
end
$$;
comment on function bury_turn(uuid, uuid, bigint, text) is 'Dead letter: the turn''s messages fail, the conversation goes to a person, the lane goes on.';

create function release_lane(p_tenant_id uuid, p_conversation_id uuid) returns integer
language plpgsql
set search_path from current
as $$
declare
	v_waiting integer;
	v_first timestamptz;
	v_last timestamptz;
begin
	select count(*), min(q.created_at), max(q.created_at) into v_waiting, v_first, v_last
		from message_queue q where q.tenant_id = p_tenant_id and q.conversation_id = p_conversation_id and q.finished_at is null;
	if v_waiting = 0 then
		delete from conversation_locks where tenant_id = p_tenant_id and conversation_id = p_conversation_id;
	else
		update conversation_locks l set worker_id = null, token = null, in_backoff = false, burst_started_at = v_first,
				available_at = greatest(now(), least(v_last + make_interval(secs => coalesce(a.debounce_seconds, 4)),
					v_first + make_interval(secs => coalesce(a.debounce_max_seconds, 20))))
			from conversations c
			join channel_accounts ca on ca.tenant_id = c.tenant_id and ca.id = c.channel_account_id
			left join agents a on a.tenant_id = c.tenant_id and a.id = coalesce(c.agent_id, ca.agent_id)
			where l.tenant_id = p_tenant_id and l.conversation_id = p_conversation_id and c.tenant_id = p_tenant_id and c.id = p_conversation_id;
	end if;
	return v_waiting;
end
$$;
comment on function release_lane(uuid, uuid) is 'Ends a lease: the lane goes if nothing waits, else it is due when the waiting burst is. Returns how many messages wait.';

create function lock_turn(p_tenant_id uuid, p_turn_id bigint, p_lease_token bigint) returns uuid
language plpgsql
set search_path from current
as $$
declare
	v_conversation uuid;
begin
	select q.conversation_id into v_conversation from message_queue q where q.tenant_id = p_tenant_id and q.id = p_turn_id;
	perform 1 from conversation_locks l
		where l.tenant_id = p_tenant_id and l.conversation_id = v_conversation and l.token = p_lease_token for update;
	if not found or not exists (
		select 1 from message_queue q where q.tenant_id = p_tenant_id and q.id = p_turn_id and q.turn_id = p_turn_id and q.status = 'locked'
	) then
		raise exception 'turn % is no longer leased to this worker', p_turn_id using errcode = 'ZF002';
	end if;
	return v_conversation;
end
$$;
comment on function lock_turn(uuid, bigint, bigint) is 'Fence: locks the turn''s lane if it still carries the token, else raises ZF002. Returns the conversation.';

create function renew_lease(p_tenant_id uuid, p_turn_id bigint, p_lease_token bigint, p_lease_seconds integer) returns timestamptz
language plpgsql
set search_path from current
as $$
declare
	v_conversation uuid := lock_turn(p_tenant_id, p_turn_id, p_lease_token);
	v_until timestamptz;
begin
	update conversation_locks set available_at = now() + make_interval(secs => p_lease_seconds)
		where tenant_id = p_tenant_id and conversation_id = v_conversation returning available_at into v_until;
	return v_until;
end
$$;
comment on function renew_lease(uuid, bigint, bigint, integer) is 'Heartbeat: moves the end of the lease. ZF002 when the lease was lost.';

create function retry_turn(p_tenant_id uuid, p_turn_id bigint, p_lease_token bigint, p_delay_seconds double precision, p_error text, p_counts boolean, p_usage jsonb)
returns timestamptz
language plpgsql
set search_path from current
as $$
declare
	v_conversation uuid := lock_turn(p_tenant_id, p_turn_id, p_lease_token);
	v_at timestamptz := now() + make_interval(secs => p_delay_seconds);
begin
	-- The whole lane is parked, so order holds; followers get their attempt back.
	update message_queue q set status = 'queued', locked_at = null, worker_id = null, turn_id = null, last_error = p_error,
			attempts = case when p_counts and q.id = p_turn_id then q.attempts else greatest(0, q.attempts - 1) end
		where q.tenant_id = p_tenant_id and q.conversation_id = v_conversation and q.turn_id = p_turn_id and q.status = 'locked' and q.finished_at is null;
	update conversation_locks set worker_id = null, token = null, in_backoff = true, available_at = v_at
		where tenant_id = p_tenant_id and conversation_id = v_conversation;
	perform record_llm_usage(p_tenant_id, p_turn_id, v_conversation, null, 'reply', p_usage);
	perform record_audit(p_tenant_id, 'turn.retry', 'turn', p_turn_id::text, jsonb_build_object('error', p_error, 'at', v_at));
	return v_at;
end
$$;
comment on function retry_turn(uuid, bigint, bigint, double precision, text, boolean, jsonb) is
	'Puts a turn back for p_delay_seconds. p_counts false gives the attempt back (a deferral is no failure). Stores what the failed model calls cost.';

create function requeue_dead_letters(p_tenant_id uuid, p_turn_ids bigint[]) returns integer
language plpgsql
set search_path from current
as $$
declare
	v_count integer;
begin
	with revived as (
		update message_queue set status = 'queued', attempts = 0, dead_at = null, finished_at = null, worker_id = null, turn_id = null, last_error = null
			where tenant_id = p_tenant_id and dead_at is not null and turn_id = any (p_turn_ids)
			returning conversation_id
	), reopened as (
		update conversations c set status = 'open', handoff_at = null, handoff_reason = null
			from (select distinct conversation_id from revived) r
			where c.tenant_id = p_tenant_id and c.id = r.conversation_id and c.status = 'handoff' and c.handoff_reason = 'dead_letter'
	), lanes as (
		insert into conversation_locks (tenant_id, conversation_id, available_at)
			select distinct p_tenant_id, conversation_id, now() from revived
			on conflict (tenant_id, conversation_id) do nothing
	)
	select count(*) into v_count from revived;
	if v_count > 0 then
		perform record_audit(p_tenant_id, 'turn.requeued', 'turn', p_turn_ids::text, jsonb_build_object('messages', v_count));
	end if;
	return v_count;
end
$$;
comment on function requeue_dead_letters(uuid, bigint[]) is 'Gives dead turns back to the queue with fresh attempts and the conversation back to the agent. Returns the number of messages.';

create function load_turn_context(p_tenant_id uuid, p_turn_id bigint, p_history_limit integer) returns jsonb
language sql stable
set search_path from current
as $$
	with head as (
		select q.conversation_id, array_agg(q2.message_id) as message_ids
		from message_queue q
		join message_queue q2 on q2.tenant_id = q.tenant_id and q2.conversation_id = q.conversation_id and q2.turn_id = q.id and q2.status = 'locked'
			and q2.finished_at is null
		where q.tenant_id = p_tenant_id and q.id = p_turn_id
		group by q.conversation_id
	)
	select jsonb_build_object(
		'tenant', jsonb_build_object('id', t.id, 'slug', t.slug, 'name', t.name, 'timezone', t.timezone, 'maxAutoResponsesPerDay', t.max_auto_responses_per_day,
			'autoResponsesToday', coalesce((select u.value from usage_counters u
				where u.tenant_id = t.id and u.metric = 'auto_responses' and u.period_start = (now() at time zone t.timezone)::date), 0)),
		'conversation', jsonb_build_object('id', c.id, 'status', c.status, 'summary', c.summary),
		'contact', jsonb_build_object('name', k.full_name, 'optedOut', k.opted_out_at is not null),
		'channel', jsonb_build_object('kind', ca.kind),
		'agent', jsonb_build_object('id', a.id, 'status', a.status),
		'agentVersionId', av.id, 'bundleSha256', av.bundle_sha256, 'systemPromptId', sp.id, 'personaId', tp.id,
		'incoming', (
			select jsonb_agg(jsonb_build_object('role', 'contact', 'text', m.body, 'at', coalesce(m.provider_timestamp, m.created_at), 'messageId', m.id::text, 'type', m.kind) order by m.id)
			from messages m where m.tenant_id = p_tenant_id and m.id = any (head.message_ids)),
		'history', coalesce((
			select jsonb_agg(jsonb_build_object('role', case h.author when 'contact' then 'contact' when 'human' then 'human' else 'agent' end, 'text', h.body,
				'at', coalesce(h.provider_timestamp, h.created_at)) order by h.id)
			from (
				select m.* from messages m
				where m.tenant_id = p_tenant_id and m.conversation_id = c.id and not (m.id = any (head.message_ids)) and m.body <> '' and m.revoked_at is null
					and m.kind <> 'reaction' and m.status not in ('superseded', 'blocked', 'failed')
				order by m.id desc limit p_history_limit
			) h), '[]')
	)
	from head
	join tenants t on t.id = p_tenant_id
	join conversations c on c.tenant_id = p_tenant_id and c.id = head.conversation_id
	join contacts k on k.tenant_id = p_tenant_id and k.id = c.contact_id
	join channel_accounts ca on ca.tenant_id = p_tenant_id and ca.id = c.channel_account_id
	left join agents a on a.tenant_id = p_tenant_id and a.id = coalesce(c.agent_id, ca.agent_id)
	left join agent_versions av on av.tenant_id = p_tenant_id and av.agent_id = a.id and av.is_active
	left join system_prompts sp on sp.tenant_id = p_tenant_id and sp.agent_version_id = av.id and sp.is_active
	left join tenant_personas tp on tp.tenant_id = p_tenant_id and tp.is_active
$$;
comment on function load_turn_context(uuid, bigint, integer) is
	'Everything a turn may look at, in one round trip: TurnContext of core/agents plus the ids of the versions that answer now. Null when the turn is not leased.';

select secure_schema();
