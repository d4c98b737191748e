-- breaking: no
-- Turns: lease a conversation's waiting messages, keep the lease, put back, bury, requeue, and read what a turn may look at.

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
