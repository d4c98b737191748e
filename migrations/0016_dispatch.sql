-- breaking: no
-- What the trigger sees of the executions it started: whether they claim, and whether they still hold what they claimed.

create function claims_made() returns bigint
language sql stable
security definer
set search_path from current
as $$
	select case when is_called then last_value else 0 end from lease_tokens
$$;
grant select on sequence lease_tokens to agent_factory_doors;
comment on function claims_made() is 'Door. How many claims have been made, empty ones counted: an execution after which it stands still has claimed nothing.';

create function held_leases(p_seconds double precision) returns table (turns integer, outbox integer)
language sql stable
security definer
set search_path from current
as $$
	select
		-- The claim of a turn that is renewed grows older, its lease does not.
		(select count(*)::integer from conversation_locks l
			where l.worker_id is not null and l.available_at > now() and exists (
				select 1 from message_queue q
				where q.tenant_id = l.tenant_id and q.conversation_id = l.conversation_id and q.finished_at is null
					and q.locked_at <= now() - make_interval(secs => p_seconds))),
		(select count(distinct o.lease_token)::integer from outbox_lanes l
			join outbox_messages o on o.tenant_id = l.tenant_id and o.conversation_id = l.conversation_id
			where l.available_at > now() and l.available_at < 'infinity' and o.status = 'sending' and o.locked_until > now())
$$;
comment on function held_leases(double precision) is
	'Door. Leases that hold now: of turns those claimed at least p_seconds ago, of sends each claim. Read only when an execution is overdue.';

select secure_schema();
