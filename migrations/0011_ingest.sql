-- breaking: no
-- Ingest takes a batch in a few statements: one a step instead of several an item. What is unusual is filed item by item as before.

create type inbox_item as (
	item integer,
	event_id bigint,
	tenant_id uuid,
	channel_account_id uuid,
	person text,
	refusal text,
	path text,
	contact_id uuid,
	conversation_id uuid,
	outcome text,
	reason text,
	body jsonb
);
comment on type inbox_item is
	'One event on its way through ingest_events. path: usual, new (a usual one of somebody unknown), status, single (filed on its own), done. refusal: why it may queue no turn.';

create function match_contacts(p_items inbox_item[]) returns inbox_item[]
language plpgsql stable
set search_path from current
as $$
begin
	return (
	-- A lookup an id, not a join: on a table without statistics a join may read the whole tenant.
	select array_agg(row(m.item, m.event_id, m.tenant_id, m.channel_account_id, m.person, m.refusal, case
			when coalesce(m.phone_owner, m.bsuid_owner, m.igsid_owner, m.psid_owner) is null then 'new'
			when (m.phone is null or m.phone_owner = m.owner) and (m.bsuid is null or m.bsuid_owner = m.owner) and (m.igsid is null or m.igsid_owner = m.owner)
				and (m.psid is null or m.psid_owner = m.owner) and m.parent_known
				and exists (
					select 1 from contacts c where c.tenant_id = m.tenant_id and c.id = m.owner and (c.full_name is not null or m.name is null)
						and (m.username is null or c.username = m.username) and (m.phone is null or c.phone = m.phone))
			then 'usual' else 'single' end, m.owner, null, null, null, m.body)::inbox_item order by m.item)
	from (
		select l.*, coalesce(l.phone_owner, l.bsuid_owner, l.igsid_owner, l.psid_owner) as owner
		from (
			select w.*,
				case when w.phone is not null then (select i.contact_id from contact_identities i
					where i.tenant_id = w.tenant_id and i.kind = 'phone' and i.value = w.phone and i.superseded_at is null) end as phone_owner,
				case when w.bsuid is not null then (select i.contact_id from contact_identities i
					where i.tenant_id = w.tenant_id and i.kind = 'bsuid' and i.value = w.bsuid and i.superseded_at is null) end as bsuid_owner,
				case when w.igsid is not null then (select i.contact_id from contact_identities i
					where i.tenant_id = w.tenant_id and i.kind = 'igsid' and i.value = w.igsid and i.superseded_at is null) end as igsid_owner,
				case when w.psid is not null then (select i.contact_id from contact_identities i
					where i.tenant_id = w.tenant_id and i.kind = 'psid' and i.value = w.psid and i.superseded_at is null) end as psid_owner,
				w.parent_bsuid is null or exists (select 1 from contact_identities i
					where i.tenant_id = w.tenant_id and i.kind = 'parent_bsuid' and i.value = w.parent_bsuid and i.superseded_at is null) as parent_known
			from (
				select p.*, nullif(p.body #>> '{contact,phone}', '') as phone, nullif(p.body #>> '{contact,bsuid}', '') as bsuid,
					nullif(p.body #>> '{contact,igsid}', '') as igsid, nullif(p.body #>> '{contact,psid}', '') as psid,
					nullif(p.body #>> '{contact,parentBsuid}', '') as parent_bsuid, nullif(p.body #>> '{contact,name}', '') as name,
					nullif(p.body #>> '{contact,username}', '') as username
				from unnest(p_items) p where p.path in ('usual', 'new')
				offset 0
			) w
			offset 0
		) l
		offset 0
	) m
	);
end
$$;
comment on function match_contacts(inbox_item[]) is
	'Who is behind each item: known to the letter (usual), unknown (new), or anything in between, which resolve_contact sorts out (single). Takes and returns the items of paths usual and new.';

create function add_contacts(p_items inbox_item[]) returns void
language plpgsql
set search_path from current
as $$
begin
	-- Alone with these ids, then a fresh look at them: the same locks as resolve_contact takes.
	perform pg_advisory_xact_lock(hashtextextended(k.id, 0))
		from (select distinct p.tenant_id::text || k.value as id from unnest(p_items) p cross join contact_ids(p.body -> 'contact') k order by 1) k;
	with people as materialized (
		select distinct on (p.tenant_id, ids.key) p.tenant_id, gen_random_uuid() as contact_id, p.body -> 'contact' as contact
		from (select * from unnest(match_contacts(p_items)) p where p.path = 'new') p
		cross join lateral (select array_agg(k.kind || ' ' || k.value order by k.kind) as key from contact_ids(p.body -> 'contact') k) ids
		order by p.tenant_id, ids.key, p.item
	), ids as materialized (
		select p.tenant_id, p.contact_id, k.kind, k.value, count(*) over (partition by p.tenant_id, k.kind, k.value) as claims
		from people p cross join contact_ids(p.contact) k
	), clear as materialized (
		-- Two refs that share an id are one person in two spellings: resolve_contact joins them.
		select p.* from people p where not exists (
			select 1 from ids i where i.contact_id = p.contact_id and i.claims > 1 and i.kind <> 'parent_bsuid')
	), made as (
		insert into contacts (tenant_id, id, full_name, username, phone)
			select c.tenant_id, c.contact_id, nullif(c.contact ->> 'name', ''), nullif(c.contact ->> 'username', ''), nullif(c.contact ->> 'phone', '')
			from clear c
	)
	insert into contact_identities (tenant_id, contact_id, kind, value)
		select i.tenant_id, i.contact_id, i.kind, i.value from ids i join clear c on c.contact_id = i.contact_id
		on conflict (tenant_id, kind, value) where superseded_at is null do nothing;
end
$$;
comment on function add_contacts(inbox_item[]) is 'Makes the contacts behind items of people nobody knows yet, each once.';

create function file_messages(p_items inbox_item[]) returns inbox_item[]
language plpgsql
set search_path from current
as $$
declare
	v_filed inbox_item[];
begin
	-- A worker that settles a turn locks the lane, then the conversation: so does this.
	perform 1 from unnest(p_items) p
		join conversations c on c.tenant_id = p.tenant_id and c.channel_account_id = p.channel_account_id and c.contact_id = p.contact_id
		join conversation_locks l on l.tenant_id = c.tenant_id and l.conversation_id = c.id
		order by l.tenant_id, l.conversation_id for update of l;
	with items as materialized (
		select p.*, p.body ->> 'kind' as kind, coalesce((p.body ->> 'occurredAt')::timestamptz, now()) as occurred_at, p.body ->> 'providerId' as provider_id
		from unnest(p_items) p
	), threads as (
		insert into conversations as c (tenant_id, channel_account_id, contact_id, last_customer_message_at, last_message_at, unread_count)
			select i.tenant_id, i.channel_account_id, i.contact_id, max(i.occurred_at) filter (where i.kind in ('message', 'postback')), max(i.occurred_at), count(*)
			from items i group by i.tenant_id, i.channel_account_id, i.contact_id order by i.tenant_id, i.channel_account_id, i.contact_id
			on conflict (tenant_id, channel_account_id, contact_id) do update set
				-- Only messages and postbacks open the window, and by Meta's clock: a late webhook opens none.
				last_customer_message_at = greatest(c.last_customer_message_at, excluded.last_customer_message_at),
				last_message_at = greatest(c.last_message_at, excluded.last_message_at),
				unread_count = c.unread_count + excluded.unread_count,
				status = case when c.status = 'closed' then 'open' else c.status end
			returning c.tenant_id, c.channel_account_id, c.contact_id, c.id, c.status, c.agent_id
	), placed as materialized (
		select i.*, t.id as thread_id, t.status = 'handoff' as with_person, t.agent_id
		from items i join threads t on t.contact_id = i.contact_id and t.channel_account_id = i.channel_account_id and t.tenant_id = i.tenant_id
	), said as (
		insert into messages (tenant_id, conversation_id, contact_id, channel_account_id, direction, author, kind, body, payload, provider_message_id,
				target_provider_id, status, provider_timestamp)
			select p.tenant_id, p.thread_id, p.contact_id, p.channel_account_id, 'inbound', 'contact', coalesce(p.body #>> '{message,type}', p.kind),
				coalesce(p.body #>> '{message,text}', ''),
				jsonb_strip_nulls(jsonb_build_object('replyId', p.body #> '{message,replyId}', 'media', p.body #> '{message,media}', 'referral', p.body #> '{message,referral}')),
				p.provider_id, p.body #>> '{message,targetProviderId}', 'received', p.occurred_at
			from placed p order by p.item
			on conflict do nothing
			returning id, channel_account_id, provider_message_id
	), known as materialized (
		select p.item, p.event_id, p.tenant_id, p.channel_account_id, p.thread_id, p.agent_id, p.with_person, s.id as message_id,
			coalesce((p.body ->> 'wantsTurn')::boolean, false) as wants_turn
		from placed p left join said s on s.provider_message_id = p.provider_id and s.channel_account_id = p.channel_account_id
	), turns as materialized (
		select k.item, k.event_id, k.tenant_id, k.thread_id, k.message_id, make_interval(secs => coalesce(a.debounce_seconds, 4)) as debounce,
			make_interval(secs => coalesce(a.debounce_max_seconds, 20)) as debounce_max
		from known k
		join channel_accounts ca on ca.tenant_id = k.tenant_id and ca.id = k.channel_account_id
		left join agents a on a.tenant_id = k.tenant_id and a.id = coalesce(k.agent_id, ca.agent_id)
		where k.wants_turn and not k.with_person and k.message_id is not null
	), lanes as (
		insert into conversation_locks as l (tenant_id, conversation_id, available_at)
			select distinct t.tenant_id, t.thread_id, now() + t.debounce from turns t order by t.tenant_id, t.thread_id
			on conflict (tenant_id, conversation_id) do update set available_at = case
				when l.worker_id is not null or l.in_backoff then l.available_at
				else greatest(now(), least(excluded.available_at, l.burst_started_at + (select t.debounce_max from turns t where t.thread_id = l.conversation_id limit 1)))
			end
			returning l.conversation_id
	), queued as (
		-- Joined to the lane: no queue id is drawn before the lane is held, so id order is commit order within a conversation.
		insert into message_queue (tenant_id, webhook_event_id, conversation_id, message_id)
			select t.tenant_id, t.event_id, t.thread_id, t.message_id from turns t join lanes l on l.conversation_id = t.thread_id order by t.item
	)
	select array_agg(row(k.item, k.event_id, k.tenant_id, null, null, null, null, null, case when k.message_id is not null then k.thread_id end,
			case when k.wants_turn and not k.with_person and k.message_id is not null then 'queued' else 'processed' end,
			case when k.message_id is null then 'message_known_already' when k.wants_turn and k.with_person then 'a_person_has_the_conversation' end, null)::inbox_item)
		into v_filed from known k;
	return v_filed;
end
$$;
comment on function file_messages(inbox_item[]) is
	'What process_event does to an inbound item of a known contact, for many at once: conversation, message, lane, queue.';

create function file_statuses(p_items inbox_item[]) returns inbox_item[]
language plpgsql
set search_path from current
as $$
declare
	v_moved integer[];
	v_filed inbox_item[] := '{}';
	v_item inbox_item;
begin
	-- The plain case: a message that was sent moves up, and nobody waits for the verdict. Two statuses of one message go one by one.
	with items as materialized (
		select p.item, p.tenant_id, p.channel_account_id, p.body ->> 'providerId' as provider_id, p.body #>> '{status,status}' as status,
			array_position(array['sent', 'delivered', 'read', 'played'], p.body #>> '{status,status}') as rank,
			coalesce((p.body ->> 'occurredAt')::timestamptz, now()) as at, count(*) over (partition by p.tenant_id, p.body ->> 'providerId') as siblings
		from unnest(p_items) p
	), found as materialized (
		select i.*, o.id
		from items i
		cross join lateral (
			select o.id from outbox_messages o
			where o.tenant_id = i.tenant_id and o.provider_message_id = i.provider_id and o.channel_account_id = i.channel_account_id
				and o.status in ('sent', 'delivered', 'read')
			order by o.id limit 1
		) o
		where i.siblings = 1 and i.rank is not null
	), held as materialized (
		select o.id, o.tenant_id, f.rank, f.status, f.at from found f
		join outbox_messages o on o.tenant_id = f.tenant_id and o.id = f.id
		where f.rank > coalesce(array_position(array['sent', 'delivered', 'read', 'played'], o.status), 0)
		order by o.id for update of o
	), moved as (
		update outbox_messages o set
				status = case h.status when 'played' then 'read' else h.status end,
				sent_at = coalesce(o.sent_at, h.at), delivered_at = case when h.rank >= 2 then coalesce(o.delivered_at, h.at) end,
				read_at = case when h.rank >= 3 then coalesce(o.read_at, h.at) end
			from held h where o.tenant_id = h.tenant_id and o.id = h.id
			returning o.tenant_id, o.id, h.status, h.at
	), told as (
		update messages m set status = v.status, status_at = v.at from moved v where m.tenant_id = v.tenant_id and m.outbox_id = v.id
	)
	select array_agg(f.item) into v_moved from found f;

	foreach v_item in array p_items loop
		v_filed := v_filed || case when coalesce(v_item.item = any (v_moved), false)
			then row(v_item.item, v_item.event_id, v_item.tenant_id, null, null, null, null, null, null, 'processed', null, null)::inbox_item
			else file_item(v_item) end;
	end loop;
	return v_filed;
end
$$;
comment on function file_statuses(inbox_item[]) is
	'Applies delivery statuses: those that only move a sent message up in one statement, the others (a send in flight, a failure, nothing known yet) by apply_status.';

create function file_item(p_item inbox_item) returns inbox_item
language plpgsql
set search_path from current
as $$
declare
	v_wants_turn boolean := coalesce((p_item.body ->> 'wantsTurn')::boolean, false);
	v_result jsonb := process_event(p_item.event_id, p_item.tenant_id, p_item.channel_account_id, v_wants_turn and p_item.refusal is null, p_item.body);
begin
	if v_wants_turn and p_item.refusal is not null then
		v_result := v_result || jsonb_build_object('status', 'ignored', 'reason', p_item.refusal);
		perform record_audit(p_item.tenant_id, 'ingest.no_turn', 'webhook_event', p_item.event_id::text, jsonb_build_object('reason', p_item.refusal));
	end if;
	return row(p_item.item, p_item.event_id, p_item.tenant_id, null, null, null, null, null, (v_result ->> 'conversationId')::uuid,
		case when (v_result ->> 'queued')::boolean then 'queued' else v_result ->> 'status' end, v_result ->> 'reason', null)::inbox_item;
end
$$;
comment on function file_item(inbox_item) is 'Files one item on its own, whatever it is: process_event, and what follows for a tenant or account that takes no turns.';

create function file_items(p_items inbox_item[]) returns inbox_item[]
language plpgsql
set search_path from current
as $$
declare
	v_usual inbox_item[] := match_contacts(p_items);
	v_statuses inbox_item[];
	v_alone text[];
	v_item inbox_item;
	v_filed inbox_item[] := '{}';
begin
	if exists (select 1 from unnest(v_usual) u where u.path = 'new') then
		perform add_contacts(v_usual);
		v_usual := match_contacts(v_usual);
	end if;

	-- Who has one unusual item is filed item by item, in order of arrival; so is everybody when somebody's ids change hands.
	v_alone := array(
		select p.tenant_id || coalesce(p.person, '') from unnest(p_items) p where p.path = 'single'
		union select u.tenant_id || u.person from unnest(v_usual) u where u.path <> 'usual');
	if v_alone <> '{}' then
		if exists (select 1 from unnest(p_items) p where jsonb_typeof(p.body #> '{contact,previous}') = 'object') then
			v_alone := array(select p.tenant_id || coalesce(p.person, '') from unnest(p_items) p);
		end if;
		v_usual := array(select u from unnest(v_usual) u where u.tenant_id || u.person <> all (v_alone));
	end if;

	if v_usual <> '{}' then
		v_filed := file_messages(v_usual);
	end if;
	if v_alone <> '{}' then
		for v_item in
			select p.* from unnest(p_items) p where p.path <> 'status' and p.tenant_id || coalesce(p.person, '') = any (v_alone) order by p.person, p.item
		loop
			v_filed := v_filed || file_item(v_item);
		end loop;
	end if;
	-- Statuses last, in every batch: their locks come after those of the messages.
	v_statuses := array(select p from unnest(p_items) p where p.path = 'status' order by p.item);
	if v_statuses <> '{}' then
		v_filed := v_filed || file_statuses(v_statuses);
	end if;
	return v_filed;
end
$$;
comment on function file_items(inbox_item[]) is 'Files new events: the usual ones together, the others one by one. Any error undoes all of them.';

create function file_items_apart(p_items inbox_item[]) returns inbox_item[]
language plpgsql
set search_path from current
as $$
declare
	v_item inbox_item;
	v_filed inbox_item[] := '{}';
begin
	for v_item in select p.* from unnest(p_items) p order by p.path = 'status', p.person, p.item loop
		begin
			v_filed := v_filed || file_item(v_item);
		exception when data_exception or check_violation or not_null_violation then
			-- This item will never fit, however often Meta sends it: it must not hold up its neighbours.
			v_filed := v_filed || row(v_item.item, v_item.event_id, v_item.tenant_id, null, null, null, null, null, null, 'failed', 'sqlstate_' || sqlstate, null)::inbox_item;
			perform record_audit(v_item.tenant_id, 'ingest.failed', 'webhook_event', v_item.event_id::text, jsonb_build_object('sqlstate', sqlstate));
		end;
	end loop;
	return v_filed;
end
$$;
comment on function file_items_apart(inbox_item[]) is 'Files new events under a savepoint each, after one of them refused to be filed with the others.';

create or replace function ingest_events(p_events jsonb) returns table (item integer, outcome text, event_id bigint, tenant_id uuid, conversation_id uuid)
language plpgsql
security definer
set search_path from current
set jit = off
-- The plans are the same for one event and for a hundred, and every table is entered by an index.
set plan_cache_mode = force_generic_plan
set enable_seqscan = off
as $$
#variable_conflict use_column
declare
	v_items inbox_item[];
	v_open inbox_item[];
	v_filed inbox_item[] := '{}';
begin
	with items as (
		select (e.ordinality - 1)::integer as item, e.value as body
		from jsonb_array_elements(p_events) with ordinality as e(value, ordinality)
	), routed as (
		select i.item, i.body, i.body ->> 'object' as object, i.body ->> 'accountId' as account_id, i.body ->> 'kind' as kind, i.body ->> 'providerId' as provider_id,
			coalesce(i.body ->> 'providerStatus', '') as provider_status, i.body ->> 'ignoredReason' as ignored_reason,
			r.tenant_id, r.channel_account_id, r.tenant_status, r.channel_open
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
		select r.tenant_id, r.channel_account_id, r.object, r.account_id, coalesce(r.body ->> 'field', ''), r.kind, r.provider_id, r.provider_status, r.body -> 'payload',
			-- Nearly all are filed in this transaction: what comes out otherwise is corrected below.
			case when r.tenant_id is null or r.ignored_reason is not null then 'ignored' else 'processed' end,
			coalesce(r.ignored_reason, case when r.tenant_id is null then 'unknown_account' end),
			(r.body ->> 'occurredAt')::timestamptz, now()
		from routed r
		-- One order everywhere: two deliveries of the same items wait for each other instead of deadlocking.
		order by r.object, r.account_id, r.kind, r.provider_id, r.provider_status, r.item
		on conflict on constraint webhook_events_dedupe do nothing
		returning w.id, w.object, w.account_id, w.kind, w.meta_message_id, w.provider_status
	), known as (
		-- Of two equal items of one batch the first is the event, the other its duplicate.
		select r.*, s.id as event_id, row_number() over (partition by s.id order by r.item) as nth, coalesce((r.body ->> 'wantsTurn')::boolean, false) as wants_turn,
			coalesce(r.body #>> '{contact,phone}', r.body #>> '{contact,bsuid}', r.body #>> '{contact,igsid}', r.body #>> '{contact,psid}') as person,
			case when r.tenant_status not in ('trial', 'active') or not r.channel_open
				then case when r.channel_open then 'tenant_' || r.tenant_status else 'channel_account_closed' end end as refusal
		from routed r
		left join stored s on s.meta_message_id = r.provider_id and s.object = r.object and s.account_id = r.account_id and s.kind = r.kind
			and s.provider_status = r.provider_status
	)
	select array_agg(row(k.item, case when k.nth = 1 then k.event_id end, k.tenant_id, k.channel_account_id, k.person, k.refusal, case
			when k.event_id is null or k.nth > 1 or k.tenant_id is null or k.ignored_reason is not null then 'done'
			when k.kind = 'status' then 'status'
			when k.kind in ('message', 'postback', 'reaction', 'referral') and k.channel_account_id is not null and k.person <> ''
				and jsonb_typeof(k.body #> '{contact,previous}') is distinct from 'object' and not (k.wants_turn and k.refusal is not null) then 'usual'
			else 'single' end, null, null,
			case when k.event_id is null or k.nth > 1 then 'duplicate' else 'ignored' end, null,
			case when k.kind = 'template' then k.body else k.body - 'payload' end)::inbox_item order by k.item)
		into v_items from known k;

	insert into audit_events (event_type, subject_type, subject_id, details, actor)
		select 'ingest.unknown_account', 'webhook_event', i.event_id::text,
			jsonb_build_object('object', i.body ->> 'object', 'account', i.body ->> 'accountId', 'kind', i.body ->> 'kind'),
			coalesce(nullif(current_setting('agent_factory.actor', true), ''), 'system')
		from unnest(v_items) i where i.tenant_id is null and i.event_id is not null;

	v_open := array(select i from unnest(v_items) i where i.path <> 'done');
	if v_open <> '{}' then
		begin
			v_filed := file_items(v_open);
		exception when data_exception or check_violation or not_null_violation then
			-- A race (unique, foreign key) or a failing server is cured by sending again, and undoes the whole.
			v_filed := file_items_apart(v_open);
		end;
		if exists (select 1 from unnest(v_filed) f where f.reason is not null or f.outcome not in ('queued', 'processed')) then
			update webhook_events w set status = case f.outcome when 'queued' then 'processed' else f.outcome end, reason = f.reason,
					processed_at = case when f.outcome <> 'pending' then now() end
				from unnest(v_filed) f where w.id = f.event_id and (f.reason is not null or f.outcome not in ('queued', 'processed'));
		end if;
	end if;
	return query
		select i.item, i.outcome, i.event_id, i.tenant_id, null::uuid from unnest(v_items) i where i.path = 'done'
		union all select f.item, f.outcome, f.event_id, f.tenant_id, f.conversation_id from unnest(v_filed) f;
end
$$;
comment on function ingest_events(jsonb) is
	'Door. Stores every MetaEvent of one or more webhook bodies once, routes it by channel account, files it and queues turns, in one transaction. outcome: queued, processed, pending, ignored, failed (kept, audited, will not be tried again), duplicate.';

select secure_schema();
