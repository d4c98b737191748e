-- breaking: no
-- Retention: jobs leave the hot tables once their facts stand in messages and turns; raw payloads and, where asked for, texts are emptied.

-- The event goes weeks after its queue row was answered; the key cost ingest a look-up a message and each removed event a scan of the queue.
alter table message_queue drop constraint message_queue_webhook_event_id_fkey;
comment on column message_queue.webhook_event_id is 'The event that brought the message; it may have been removed since.';

alter table tenants add column message_retention_days integer
	constraint tenants_message_retention_reasonable check (message_retention_days between 7 and 3650);
comment on column tenants.message_retention_days is 'Days after which the texts of messages are emptied; null: they stay until contact or tenant is erased.';

-- The share that may be dead before a vacuum, of tables that grow for years: a fifth of 100 million rows is too late.
alter table webhook_events set (autovacuum_vacuum_scale_factor = 0.02, autovacuum_analyze_scale_factor = 0.02);
alter table messages set (autovacuum_vacuum_scale_factor = 0.02, autovacuum_analyze_scale_factor = 0.02);
alter table message_queue set (autovacuum_vacuum_scale_factor = 0.02, autovacuum_analyze_scale_factor = 0.02);
alter table outbox_messages set (autovacuum_vacuum_scale_factor = 0.02, autovacuum_analyze_scale_factor = 0.02);

create table retention_progress (
	tenant_id uuid primary key references tenants (id) on delete cascade,
	payloads_emptied_to timestamptz not null default '-infinity',
	texts_emptied_to bigint not null default 0
);
comment on table retention_progress is 'How far maintenance has emptied a tenant''s event payloads (by received_at) and message texts (by id), so that no night reads them again.';
create policy tenant_isolation on retention_progress for select to agent_factory_runtime using (tenant_id = (select current_tenant_id()));

create or replace function refuse_change() returns trigger
language plpgsql
set search_path from current
as $$
begin
	if tg_op = 'DELETE' and (pg_trigger_depth() > 1 or current_user = 'agent_factory_doors') then
		return old; -- the tenant itself is being erased, or retention ends
	end if;
	raise exception 'rows of % are append-only', tg_table_name using errcode = 'ZF003';
end
$$;
comment on function refuse_change() is 'Trigger: refuses UPDATE and DELETE (ZF003), except the cascade of erasing a tenant and the end of retention, which only the maintenance door reaches.';

create function run_maintenance(p_task text, p_days integer, p_limit integer, p_from uuid default null) returns table (done integer, next_tenant uuid)
language plpgsql
security definer
set search_path from current
as $$
declare
	c_first constant uuid := '00000000-0000-0000-0000-000000000000';
	v_before timestamptz := now() - make_interval(days => p_days);
	v_tenant record;
	v_tenants integer := 0;
	v_texts_end timestamptz;
	v_rows integer;
	v_left integer := p_limit;
	v_ids bigint[];
	v_to timestamptz;
begin
	if p_days < 1 or p_limit < 1 then
		raise exception 'maintenance task % needs at least one day and one row', p_task using errcode = 'ZF005';
	end if;
	if p_task = 'unclaimed_events' then
		-- Such an event did nothing, so that a late redelivery does nothing twice.
		delete from webhook_events where id = any (array(
			select e.id from webhook_events e where e.tenant_id is null and e.received_at < v_before
			order by e.received_at limit p_limit for update skip locked));
		get diagnostics done = row_count;
	elsif p_task = 'unclaimed_audit' then
		delete from audit_events where id = any (array(
			select a.id from audit_events a where a.tenant_id is null and a.created_at < v_before
			order by a.created_at limit p_limit for update skip locked));
		get diagnostics done = row_count;
	end if;
	if done is not null then
		next_tenant := case when done = p_limit then c_first end;
		return next;
		return;
	end if;

	-- Each pick follows an index in its order: a bare LIMIT would be answered by reading the table.
	for v_tenant in
		select t.id, t.message_retention_days, coalesce(r.payloads_emptied_to, '-infinity') as payloads_to, coalesce(r.texts_emptied_to, 0) as texts_to
		from tenants t left join retention_progress r on r.tenant_id = t.id
		where t.id >= coalesce(p_from, c_first) order by t.id limit 201
	loop
		-- A step is short however many tenants there are.
		v_tenants := v_tenants + 1;
		if v_tenants > 200 then
			next_tenant := v_tenant.id;
			exit;
		end if;
		v_texts_end := now() - make_interval(days => v_tenant.message_retention_days);

		if p_task = 'lost_statuses' then
			update webhook_events set status = 'ignored', reason = 'message_never_known', processed_at = now()
				where id = any (array(
					select e.id from webhook_events e
					where e.tenant_id = v_tenant.id and e.status = 'pending' and e.kind = 'status' and e.received_at < v_before
					order by e.meta_message_id limit v_left for update skip locked));
			get diagnostics v_rows = row_count;
		elsif p_task = 'finished_queue' then
			-- turns names what was answered, messages holds it.
			delete from message_queue where tenant_id = v_tenant.id and id = any (array(
				select q.id from message_queue q
				where q.tenant_id = v_tenant.id and q.finished_at < v_before and q.dead_at is null
				order by q.id limit v_left for update skip locked));
			get diagnostics v_rows = row_count;
		elsif p_task = 'dead_letters' then
			delete from message_queue where tenant_id = v_tenant.id and id = any (array(
				select q.id from message_queue q where q.tenant_id = v_tenant.id and q.dead_at < v_before
				order by q.dead_at limit v_left for update skip locked));
			get diagnostics v_rows = row_count;
		elsif p_task = 'settled_sends' then
			-- The job holds the text that was sent: it may not outlive the tenant's texts.
			with removed as (
				delete from outbox_messages where tenant_id = v_tenant.id and id = any (array(
					select o.id from outbox_messages o
					where o.tenant_id = v_tenant.id and o.created_at < greatest(v_before, v_texts_end) and o.updated_at < greatest(v_before, v_texts_end)
						and o.status not in ('pending', 'sending', 'unknown')
					order by o.created_at limit v_left for update skip locked))
					returning id, sent_at
			), kept as (
				-- Where a status was faster than the answer of the call, only the job knew when it was sent.
				update messages m set provider_timestamp = r.sent_at from removed r
					where m.tenant_id = v_tenant.id and m.outbox_id = r.id and m.provider_timestamp is null and r.sent_at is not null
			)
			select count(*) into v_rows from removed;
		elsif p_task = 'idle_send_lanes' then
			-- Asleep with a full bucket: the next message makes the same lane again.
			delete from outbox_lanes where tenant_id = v_tenant.id and conversation_id = any (array(
				select l.conversation_id from outbox_lanes l
				where l.tenant_id = v_tenant.id and l.available_at = 'infinity' and l.pair_tokens_at < v_before
				order by l.conversation_id limit v_left for update skip locked));
			get diagnostics v_rows = row_count;
		elsif p_task = 'event_payloads' then
			select array_agg(e.id), max(e.received_at) into v_ids, v_to from (
				select w.id, w.received_at from webhook_events w
				where w.tenant_id = v_tenant.id and w.received_at >= v_tenant.payloads_to and w.received_at < v_before and w.payload <> '{}' and w.status <> 'pending'
				order by w.received_at limit v_left for update
			) e;
			update webhook_events set payload = '{}' where id = any (v_ids);
			get diagnostics v_rows = row_count;
			insert into retention_progress as r (tenant_id, payloads_emptied_to) select v_tenant.id, v_to where v_rows > 0
				on conflict (tenant_id) do update set payloads_emptied_to = greatest(r.payloads_emptied_to, excluded.payloads_emptied_to);
		elsif p_task = 'events' then
			-- The row is what knows a redelivery, and Meta repeats for up to 7 days: 30 are kept whatever is asked for.
			delete from webhook_events where id = any (array(
				select e.id from webhook_events e
				where e.tenant_id = v_tenant.id and e.received_at < least(v_before, now() - interval '30 days') and e.status <> 'pending'
				order by e.received_at limit v_left for update skip locked));
			get diagnostics v_rows = row_count;
		elsif p_task = 'message_texts' then
			v_rows := 0;
			if v_texts_end is not null then
				select array_agg(m.id order by m.id) into v_ids from (
					select x.id, x.created_at from messages x where x.tenant_id = v_tenant.id and x.id > v_tenant.texts_to order by x.id limit v_left
				) m where m.created_at < least(v_before, v_texts_end);
				update conversations set summary = null
					where tenant_id = v_tenant.id and last_message_at < least(v_before, v_texts_end) and summary is not null and id = any (array(
						select m.conversation_id from messages m where m.tenant_id = v_tenant.id and m.id = any (v_ids)));
				update messages set body = '', payload = '{}' where tenant_id = v_tenant.id and id = any (v_ids);
				get diagnostics v_rows = row_count;
				insert into retention_progress as r (tenant_id, texts_emptied_to) select v_tenant.id, v_ids[cardinality(v_ids)] where v_rows > 0
					on conflict (tenant_id) do update set texts_emptied_to = greatest(r.texts_emptied_to, excluded.texts_emptied_to);
			end if;
		elsif p_task = 'turns' then
			delete from turns where tenant_id = v_tenant.id and id = any (array(
				select t.id from turns t where t.tenant_id = v_tenant.id and t.finished_at < v_before
				order by t.finished_at limit v_left for update skip locked));
			get diagnostics v_rows = row_count;
		elsif p_task = 'model_calls' then
			delete from llm_usage where tenant_id = v_tenant.id and id = any (array(
				select u.id from llm_usage u where u.tenant_id = v_tenant.id and u.created_at < v_before
				order by u.created_at limit v_left for update skip locked));
			get diagnostics v_rows = row_count;
		elsif p_task = 'audit' then
			delete from audit_events where id = any (array(
				select a.id from audit_events a where a.tenant_id = v_tenant.id and a.created_at < v_before
				order by a.created_at limit v_left for update skip locked));
			get diagnostics v_rows = row_count;
		else
			raise exception 'there is no maintenance task %', p_task using errcode = 'ZF005';
		end if;
		v_left := v_left - v_rows;
		if v_left <= 0 then
			next_tenant := v_tenant.id;
			exit;
		end if;
	end loop;
	done := p_limit - v_left;
	return next;
end
$$;
comment on function run_maintenance(text, integer, integer, uuid) is
	'Door. One short step of one retention task: up to p_limit rows older than p_days, from tenant p_from on. next_tenant: where the next step begins, null when the task is through. Rows that somebody works on are left for the next night.';

-- What was said stands in messages: the log outlives the send jobs.
create or replace view vw_reply_log with (security_invoker = true) as
	select m.tenant_id, t.slug as tenant_slug, m.conversation_id, m.turn_id, m.outbox_id,
		coalesce(o.position, (select count(*)::integer from messages e
			where e.tenant_id = m.tenant_id and e.turn_id = m.turn_id and e.direction = 'outbound' and e.id < m.id)) as position,
		tu.agent_version_id, av.version as agent_version, av.bundle_sha256, tu.system_prompt_id, tu.persona_id,
		m.provider_message_id as meta_message_id,
		(select array_agg(a.provider_message_id order by a.id) from messages a where a.tenant_id = m.tenant_id and a.id = any (tu.message_ids)) as answered_meta_ids,
		tu.outcome, tu.handoff_reason, tu.attempts as turn_attempts, tu.checks,
		(select coalesce(array_agg(k.value ->> 'check'), '{}') from jsonb_array_elements(tu.checks) k where (k.value ->> 'fired')::boolean) as checks_hit,
		u.provider as llm_provider, u.model as llm_model, u.input_tokens, u.cached_input_tokens, u.output_tokens, u.cost_usd, u.latency_ms as llm_latency_ms,
		coalesce(o.status, m.status) as status, o.attempts as send_attempts, coalesce(o.error_code, m.error_code) as error_code, o.error_message,
		tu.received_at, tu.claimed_at, tu.finished_at, coalesce(o.sent_at, m.provider_timestamp) as sent_at, o.delivered_at, o.read_at,
		(extract(epoch from coalesce(o.sent_at, m.provider_timestamp) - tu.received_at) * 1000)::integer as latency_ms
	from messages m
	join tenants t on t.id = m.tenant_id
	join turns tu on tu.tenant_id = m.tenant_id and tu.id = m.turn_id
	left join outbox_messages o on o.tenant_id = m.tenant_id and o.id = m.outbox_id
	left join agent_versions av on av.tenant_id = tu.tenant_id and av.id = tu.agent_version_id
	left join lateral (
		select max(l.provider) as provider, max(l.model) as model, sum(l.input_tokens)::integer as input_tokens, sum(l.cached_input_tokens)::integer as cached_input_tokens,
			sum(l.output_tokens)::integer as output_tokens, sum(l.cost_usd)::double precision as cost_usd, sum(l.latency_ms)::integer as latency_ms
		from llm_usage l where l.tenant_id = m.tenant_id and l.turn_id = m.turn_id
	) u on true
	where m.direction = 'outbound' and m.outbox_id is not null and m.turn_id is not null;
comment on view vw_reply_log is
	'For every reply: tenant, agent version, prompt, Meta ids (sent and answered), tokens, cost, latency in ms (stored to sent), checks hit. The log that answers "why did it say that?". Send attempts and the times of delivery and reading go with the send job.';

select secure_schema();
