-- breaking: no
-- Claim and settle by the set: a handful of statements a call, whatever the number of turns, tenants with lanes or finished rows.

-- The functions of the hot path pin their plans: generic ones, for planning costs more than running, and index lookups from row to row,
-- for what is estimated of an array or a limit that is a parameter would make a whole table look cheap.

-- Lanes change twice a turn. Their keys hardly ever repeat, so looking for duplicates is wasted.
alter index conversation_locks_due set (deduplicate_items = off);
create index conversation_locks_ready on conversation_locks (available_at, tenant_id) with (deduplicate_items = off);
comment on index conversation_locks_ready is 'What is due at all, and when the next lane will be: for due_work() and for a claim while few lanes are due.';
alter table message_queue set (autovacuum_vacuum_scale_factor = 0.02, autovacuum_vacuum_threshold = 5000);
-- Settling a turn clears unread_count, which no index holds: room on the page makes that a HOT update.
alter table conversations set (fillfactor = 80);
comment on column messages.turn_id is 'The turn that wrote an outbound message. The turn that took up an inbound one names it in turns.message_ids.';

create function due_tenants(p_after_tenant uuid, p_limit integer) returns uuid[]
language plpgsql stable
set search_path from current
as $$
declare
	v_after uuid := coalesce(p_after_tenant, '00000000-0000-0000-0000-000000000000');
	v_due uuid[];
	v_more uuid[];
	v_peek integer := 2 * p_limit;
begin
	-- Few lanes are due: theirs are all the tenants there are, however many others have lanes that wait.
	select array_agg(d.tenant_id) into v_due from (
		select l.tenant_id from conversation_locks l where l.available_at <= now() order by l.available_at limit v_peek
	) d;
	if coalesce(cardinality(v_due), 0) < v_peek then
		return (
			select array_agg(r.id order by r.place) from (
				select t.id, row_number() over (order by t.id <= v_after, t.id) as place
				from tenants t where t.id = any (v_due) and t.status in ('trial', 'active') order by 2 limit p_limit
			) r
		);
	end if;

	-- Many are: walk from tenant to tenant. A tenant's first lane tells whether any of its lanes is due; leased lanes lie ahead.
	v_due := '{}';
	for v_lap in 1..2 loop
		with recursive ring(id, due, found) as (
			(select l.tenant_id, l.available_at <= now() and (select t.status in ('trial', 'active') from tenants t where t.id = l.tenant_id),
					cardinality(v_due)
				from conversation_locks l where l.tenant_id > case v_lap when 1 then v_after else '00000000-0000-0000-0000-000000000000' end
				order by l.tenant_id, l.available_at limit 1)
			union all
			select n.tenant_id, n.available_at <= now() and (select t.status in ('trial', 'active') from tenants t where t.id = n.tenant_id),
					r.found + r.due::integer
				from ring r
				cross join lateral (
					select l.tenant_id, l.available_at from conversation_locks l where l.tenant_id > r.id order by l.tenant_id, l.available_at limit 1
				) n
				where r.found + r.due::integer < p_limit and (v_lap = 1 or r.id < v_after)
		)
		select array_agg(r.id order by r.id) into v_more from ring r where r.due and (v_lap = 1 or r.id <= v_after);
		v_due := v_due || v_more;
		exit when cardinality(v_due) >= p_limit or p_after_tenant is null;
	end loop;
	return v_due;
end
$$;
comment on function due_tenants(uuid, integer) is
	'Up to p_limit running tenants with a due lane, in a ring that starts behind p_after_tenant. Null or empty when nothing is due.';

drop function claim_turns(text, integer, integer, integer, integer, uuid);
create function claim_turns(p_worker_id text, p_limit integer, p_lease_seconds integer, p_max_attempts integer, p_max_messages integer, p_after_tenant uuid default null)
returns table (tenant_id uuid, conversation_id uuid, turn_id bigint, lease_token bigint, attempts integer, message_ids bigint[], channel_account_id uuid,
	contact_id uuid, agent_id uuid, received_at timestamptz, lease_until timestamptz)
language plpgsql
security definer
set search_path from current
set plan_cache_mode = force_generic_plan
set enable_seqscan = off
set enable_hashjoin = off
set enable_mergejoin = off
as $$
#variable_conflict use_column
declare
	v_token bigint := nextval('lease_tokens');
	v_until timestamptz := now() + make_interval(secs => p_lease_seconds);
	v_ring uuid[] := due_tenants(p_after_tenant, p_limit);
	v_quota integer := greatest(1, p_limit / greatest(1, cardinality(v_ring)));
	v_tenants uuid[] := '{}';
	v_lanes uuid[] := '{}';
	v_lost uuid[];
	v_picked record;
	v_handed_out integer;
	v_idle record;
begin
	-- Two rounds: a fair share each, then whoever filled it takes what is left.
	while v_ring is not null and v_ring <> '{}' and cardinality(v_lanes) < p_limit loop
		with due as materialized (
			select d.* from unnest(v_ring) with ordinality r(id, place)
			cross join lateral (
				select l.tenant_id, l.conversation_id, l.token is not null as lost from conversation_locks l
				-- As pairs, only the index by tenant can answer this: by time alone, a noisy tenant stands before every other.
				where (l.tenant_id, l.available_at) >= (r.id, '-infinity'::timestamptz) and (l.tenant_id, l.available_at) <= (r.id, now())
					and l.token is distinct from v_token
				order by l.tenant_id, l.available_at limit v_quota
				for update skip locked
			) d
			limit p_limit - cardinality(v_lanes)
		), leased as (
			update conversation_locks l set worker_id = p_worker_id, token = v_token, in_backoff = false, available_at = v_until
				from due d where l.tenant_id = d.tenant_id and l.conversation_id = d.conversation_id
				returning l.tenant_id, l.conversation_id, d.lost
		)
		select array_agg(l.tenant_id) as tenants, array_agg(l.conversation_id) as lanes, array_agg(l.conversation_id) filter (where l.lost) as lost
			into v_picked from leased l;
		exit when v_picked.lanes is null;
		v_tenants := v_tenants || v_picked.tenants;
		v_lanes := v_lanes || v_picked.lanes;
		v_lost := v_lost || v_picked.lost;
		exit when v_quota = p_limit;
		select array_agg(r.id order by r.place) into v_ring from unnest(v_ring) with ordinality r(id, place)
			where (select count(*) from unnest(v_picked.tenants) p(id) where p.id = r.id) = v_quota;
		v_quota := p_limit;
	end loop;
	if v_lanes = '{}' then
		return;
	end if;

	-- A worker died here: its head is tried alone, so that a message that kills workers does not take its followers along.
	if v_lost is not null then
		update message_queue q set status = 'queued', locked_at = null, worker_id = null, turn_id = null, attempts = greatest(0, q.attempts - 1)
			from unnest(v_tenants, v_lanes) l(tenant_id, conversation_id)
			where l.conversation_id = any (v_lost) and q.tenant_id = l.tenant_id and q.conversation_id = l.conversation_id and q.finished_at is null
				and q.status = 'locked' and q.id <> q.turn_id;
	end if;

	-- Heads are read after the lanes are locked: one snapshot could show a message that was just finished.
	return query
		with run as materialized (
			select l.conversation_id, l.place, m.*
			from unnest(v_tenants, v_lanes) with ordinality l(tenant_id, conversation_id, place)
			cross join lateral (
				select o.tenant_id, o.id, first_value(o.id) over w as head, first_value(o.status = 'locked') over w as alone, first_value(o.attempts) over w as tried
				from (
					select q.tenant_id, q.id, q.status, q.attempts from message_queue q
					where q.tenant_id = l.tenant_id and q.conversation_id = l.conversation_id and q.finished_at is null order by q.id limit least(p_max_messages, 50)
				) o window w as (order by o.id)
			) m
			where m.tried < p_max_attempts and (m.id = m.head or not m.alone)
		), taken as (
			update message_queue q set status = 'locked', locked_at = now(), worker_id = p_worker_id, turn_id = r.head, attempts = q.attempts + 1
				from run r where q.tenant_id = r.tenant_id and q.id = r.id
				returning q.tenant_id, r.conversation_id, r.place, q.turn_id, q.id, q.attempts, q.message_id, q.created_at
		), turn as (
			select t.tenant_id, t.conversation_id, t.place, t.turn_id, max(t.attempts) filter (where t.id = t.turn_id) as attempts,
					array_agg(t.message_id order by t.id) as message_ids, min(t.created_at) as received_at
				from taken t group by t.tenant_id, t.conversation_id, t.place, t.turn_id
		)
		select t.tenant_id, t.conversation_id, t.turn_id, v_token, t.attempts, t.message_ids, c.channel_account_id, c.contact_id, c.agent_id, t.received_at, v_until
			from turn t join conversations c on c.tenant_id = t.tenant_id and c.id = t.conversation_id
			order by t.place;
	get diagnostics v_handed_out = row_count;
	if v_handed_out = cardinality(v_lanes) then
		return;
	end if;

	-- Of the lanes that gave no turn, the empty ones go and a head without attempts left is buried.
	for v_idle in
		select l.tenant_id, l.conversation_id, h.id as head
		from unnest(v_tenants, v_lanes) l(tenant_id, conversation_id)
		left join lateral (
			select q.id, q.attempts, q.turn_id = q.id and q.locked_at = now() as taken from message_queue q
			where q.tenant_id = l.tenant_id and q.conversation_id = l.conversation_id and q.finished_at is null order by q.id limit 1
		) h on true
		where h.id is null or (h.attempts >= p_max_attempts and h.taken is not true)
	loop
		if v_idle.head is null then
			delete from conversation_locks l where l.tenant_id = v_idle.tenant_id and l.conversation_id = v_idle.conversation_id;
		else
			update message_queue q set turn_id = q.id where q.tenant_id = v_idle.tenant_id and q.id = v_idle.head;
			perform bury_turn(v_idle.tenant_id, v_idle.conversation_id, v_idle.head, 'gave up after ' || p_max_attempts || ' attempts');
		end if;
	end loop;
end
$$;
comment on function claim_turns(text, integer, integer, integer, integer, uuid) is
	'Door. Leases up to p_limit due lanes, fairly over tenants after p_after_tenant, and hands out each lane''s waiting messages as one turn; after a lost lease only its head. A head that was tried p_max_attempts times is buried as a dead letter.';

create function lock_turns(p_tenant_id uuid, p_turns jsonb) returns table (turn_id bigint, conversation_id uuid, decision jsonb)
language plpgsql
set search_path from current
as $$
begin
	-- By conversation: two batches that share lanes wait for each other instead of deadlocking.
	return query
		select q.id, q.conversation_id, t.decision
		from jsonb_to_recordset(p_turns) t("turnId" bigint, "leaseToken" bigint, decision jsonb)
		join message_queue q on q.tenant_id = p_tenant_id and q.id = t."turnId" and q.turn_id = q.id and q.status = 'locked'
		join conversation_locks l on l.tenant_id = q.tenant_id and l.conversation_id = q.conversation_id and l.token = t."leaseToken"
		order by l.conversation_id
		for update of l;
end
$$;
comment on function lock_turns(uuid, jsonb) is 'Fence: locks the lanes of [{turnId, leaseToken, decision}] that still carry the token and answers their turns. The others are not leased any more.';

create function complete_turns(p_tenant_id uuid, p_turns jsonb) returns table (turn_id bigint, outbox_ids jsonb, waiting integer)
language plpgsql
set search_path from current
set plan_cache_mode = force_generic_plan
set enable_seqscan = off
set enable_hashjoin = off
set enable_mergejoin = off
as $$
#variable_conflict use_column
declare
	v_turns bigint[];
	v_lanes uuid[];
	v_decisions jsonb[];
	v_acted jsonb := '{}';
	v_turn record;
begin
	select array_agg(k.turn_id), array_agg(k.conversation_id), array_agg(k.decision) into v_turns, v_lanes, v_decisions from lock_turns(p_tenant_id, p_turns) k;
	if v_turns is null then
		return;
	end if;

	-- Every statement from here on sees what the last holder of the lanes committed.
	with turn as materialized (
		select t.id, t.lane, t.decision, m.*
		from unnest(v_turns, v_lanes, v_decisions) t(id, lane, decision)
		cross join lateral (
			select array_agg(o.id) as rows, array_agg(o.message_id order by o.id) as message_ids, max(o.attempts) filter (where o.id = t.id) as attempts,
				min(o.created_at) as received_at, max(o.locked_at) as claimed_at
			from (
				-- A turn's rows lie side by side, 50 at most: a claim takes no more.
				select q.id, q.turn_id, q.message_id, q.attempts, q.created_at, q.locked_at from message_queue q
				where q.tenant_id = p_tenant_id and q.conversation_id = t.lane and q.finished_at is null and q.id >= t.id order by q.id limit 50
			) o where o.turn_id = t.id
		) m
	), ledger as (
		insert into turns (tenant_id, id, conversation_id, agent_id, agent_version_id, system_prompt_id, persona_id, outcome, attempts, message_ids, checks,
				handoff_reason, received_at, claimed_at)
			select p_tenant_id, t.id, t.lane, coalesce(c.agent_id, ca.agent_id), (t.decision ->> 'agentVersionId')::uuid,
					(t.decision ->> 'systemPromptId')::uuid, (t.decision ->> 'personaId')::uuid, t.decision ->> 'action', t.attempts, t.message_ids,
					coalesce(t.decision -> 'checks', '[]'), t.decision ->> 'handoffReason', t.received_at, t.claimed_at
				from turn t
				join conversations c on c.tenant_id = p_tenant_id and c.id = t.lane
				join channel_accounts ca on ca.tenant_id = p_tenant_id and ca.id = c.channel_account_id
	)
	update message_queue q set status = 'completed', finished_at = now(), locked_at = null
		where q.tenant_id = p_tenant_id and q.id = any (array(select unnest(t.rows) from turn t));

	for v_turn in select k.* from unnest(v_turns, v_lanes, v_decisions) k(id, lane, decision)
		-- A decision that did, spent and checked nothing is told in full by its ledger row.
		where k.decision ->> 'action' <> 'silence' or (k.decision ->> 'optOut')::boolean
			or k.decision -> 'messages' <> '[]' or k.decision -> 'usage' <> '[]' or k.decision -> 'checks' <> '[]'
	loop
		v_acted := v_acted || jsonb_build_object(v_turn.id, act_on_turn(p_tenant_id, v_turn.lane, v_turn.id, v_turn.decision));
	end loop;
	update conversations c set unread_count = case when k.decision ->> 'action' = 'handoff' then c.unread_count else 0 end,
			summary = coalesce(k.decision ->> 'summary', c.summary)
		from unnest(v_lanes, v_decisions) k(lane, decision)
		where c.tenant_id = p_tenant_id and c.id = k.lane
			and ((c.unread_count <> 0 and k.decision ->> 'action' <> 'handoff') or k.decision ->> 'summary' <> coalesce(c.summary, ''));
	return query
		select r.turn_id, coalesce(v_acted -> r.turn_id::text, '[]'), r.waiting from release_lanes(p_tenant_id, v_lanes, v_turns) r;
end
$$;
comment on function complete_turns(uuid, jsonb) is
	'Settles leased turns [{turnId, leaseToken, decision}] of a tenant in one transaction: ledger, what each decision does, lanes. A turn that is missing from the answer was no longer leased: nothing was written for it.';

create function act_on_turn(p_tenant_id uuid, p_conversation_id uuid, p_turn_id bigint, p_decision jsonb) returns jsonb
language plpgsql
set search_path from current
as $$
declare
	v_outcome text := p_decision ->> 'action';
	v_opted_out boolean := coalesce((p_decision ->> 'optOut')::boolean, false);
	v_newest bigint := (select t.message_ids[cardinality(t.message_ids)] from turns t where t.tenant_id = p_tenant_id and t.id = p_turn_id);
	v_outbox jsonb := '[]';
	v_part record;
begin
	for v_part in select (p.ordinality - 1)::integer as position, p.value as body from jsonb_array_elements(coalesce(p_decision -> 'messages', '[]')) with ordinality p(value, ordinality) loop
		v_outbox := v_outbox || to_jsonb(enqueue_outbox(p_tenant_id, p_conversation_id,
			-- A hand-over's notice and an opt-out's confirmation are sent even when the customer writes on.
			case when v_outcome = 'reply' and not v_opted_out then 'reply' else 'notice' end,
			'turn:' || p_turn_id || ':' || v_part.position, v_part.position, p_turn_id, v_part.body -> 'payload', coalesce(v_part.body ->> 'text', ''), 'agent',
			v_newest, null));
	end loop;
	if v_outcome = 'reply' then
		perform count_usage(p_tenant_id, 'auto_responses', 1);
	elsif v_outcome = 'handoff' then
		perform take_over(p_tenant_id, p_conversation_id, coalesce(p_decision ->> 'handoffReason', 'agent_decision'));
	end if;
	if v_opted_out then
		update contacts k set opted_out_at = now() from conversations c
			where c.tenant_id = p_tenant_id and c.id = p_conversation_id and k.tenant_id = p_tenant_id and k.id = c.contact_id;
		perform record_audit(p_tenant_id, 'contact.opted_out', 'conversation', p_conversation_id::text, '{}');
	end if;
	perform record_llm_usage(p_tenant_id, p_turn_id, p_conversation_id, (p_decision ->> 'agentVersionId')::uuid, 'reply', p_decision -> 'usage');
	perform record_audit(p_tenant_id, 'turn.completed', 'turn', p_turn_id::text, jsonb_build_object('outcome', v_outcome, 'parts', jsonb_array_length(v_outbox),
		'fired', (select coalesce(jsonb_agg(k.value ->> 'check'), '[]') from jsonb_array_elements(coalesce(p_decision -> 'checks', '[]')) k where (k.value ->> 'fired')::boolean)));
	return v_outbox;
end
$$;
comment on function act_on_turn(uuid, uuid, bigint, jsonb) is
	'What a decision does beyond the ledger: outbound rows (messages: [{payload, text}]), counters, opt-out, hand-over, cost, audit. Returns the outbox ids.';

create function release_lanes(p_tenant_id uuid, p_conversation_ids uuid[], p_turn_ids bigint[]) returns table (turn_id bigint, waiting integer)
language plpgsql
set search_path from current
as $$
#variable_conflict use_column
begin
	return query
	with lane as materialized (
		select k.id, k.turn_id, w.waiting, w.first_at,
			case w.waiting when 0 then null when 1 then w.first_at else (
				select q.created_at from message_queue q
				where q.tenant_id = p_tenant_id and q.conversation_id = k.id and q.finished_at is null order by q.id desc limit 1
			) end as last_at
		from unnest(p_conversation_ids, p_turn_ids) k(id, turn_id)
		cross join lateral (
			-- Counted no further than a turn reaches: counting a long queue at every turn would make it longer.
			select count(*)::integer as waiting, min(o.created_at) as first_at from (
				select q.created_at from message_queue q
				where q.tenant_id = p_tenant_id and q.conversation_id = k.id and q.finished_at is null order by q.id limit 20
			) o
		) w
	), gone as (
		delete from conversation_locks l using lane where lane.waiting = 0 and l.tenant_id = p_tenant_id and l.conversation_id = lane.id
	), kept as (
		update conversation_locks l set worker_id = null, token = null, in_backoff = false, burst_started_at = lane.first_at,
				available_at = greatest(now(), least(lane.last_at + make_interval(secs => coalesce(a.debounce_seconds, 4)),
					lane.first_at + make_interval(secs => coalesce(a.debounce_max_seconds, 20))))
			from lane
			join conversations c on c.tenant_id = p_tenant_id and c.id = lane.id
			join channel_accounts ca on ca.tenant_id = c.tenant_id and ca.id = c.channel_account_id
			left join agents a on a.tenant_id = c.tenant_id and a.id = coalesce(c.agent_id, ca.agent_id)
			where lane.waiting > 0 and l.tenant_id = p_tenant_id and l.conversation_id = lane.id
	)
	select lane.turn_id, lane.waiting from lane;
end
$$;
comment on function release_lanes(uuid, uuid[], bigint[]) is 'Ends the leases of turns: a lane goes if nothing waits, else it is due when the waiting burst is. Returns how many messages wait, counted up to 20.';

create or replace function release_lane(p_tenant_id uuid, p_conversation_id uuid) returns integer
language sql
set search_path from current
as $$
	select r.waiting from release_lanes(p_tenant_id, array[p_conversation_id], array[null::bigint]) r
$$;
comment on function release_lane(uuid, uuid) is 'Ends one lease; see release_lanes.';

create or replace function complete_turn(p_tenant_id uuid, p_turn_id bigint, p_lease_token bigint, p_decision jsonb) returns jsonb
language plpgsql
set search_path from current
as $$
declare
	v_done record;
begin
	select * into v_done
		from complete_turns(p_tenant_id, jsonb_build_array(jsonb_build_object('turnId', p_turn_id, 'leaseToken', p_lease_token, 'decision', p_decision)));
	if not found then
		raise exception 'turn % is no longer leased to this worker', p_turn_id using errcode = 'ZF002';
	end if;
	return jsonb_build_object('turnId', p_turn_id, 'outboxIds', v_done.outbox_ids, 'waiting', v_done.waiting);
end
$$;
comment on function complete_turn(uuid, bigint, bigint, jsonb) is
	'Settles one turn in one transaction; see complete_turns. ZF002 when the lease was lost: then nothing was written.';

drop function due_work();
create function due_work() returns table (turns integer, outbox integer, next_at timestamptz)
language plpgsql stable
security definer
set search_path from current
set plan_cache_mode = force_generic_plan
set enable_seqscan = off
set enable_hashjoin = off
set enable_mergejoin = off
as $$
begin
	-- Exactly what a claim would take: work that is due but not to be had would start executions without end.
	return query select
		(select count(*)::integer from (
			select from conversation_locks l join tenants t on t.id = l.tenant_id
			where l.available_at <= now() and t.status in ('trial', 'active') order by l.available_at limit 100) d),
		(select count(*)::integer from (
			select from outbox_lanes l
			join channel_accounts ca on ca.tenant_id = l.tenant_id and ca.id = l.channel_account_id
			join tenants t on t.id = l.tenant_id
			where l.available_at <= now() and ca.status = 'active' and ca.is_active and coalesce(ca.hold_until, '-infinity') <= now()
				and t.status in ('trial', 'active') order by l.available_at limit 100) d),
		least(
			(select min(l.available_at) from conversation_locks l where l.available_at > now()),
			-- A lane asleep until infinity is no date: before PostgreSQL 17 nothing can be subtracted from it.
			(select min(l.available_at) from outbox_lanes l where l.available_at > now() and l.available_at < 'infinity'));
end
$$;
comment on function due_work() is 'Door. How many lanes are due now (counted up to 100) and when the next one will be.';

select secure_schema();
