-- breaking: no
-- The plan's daily replies hold for two replies at once, leads follow their contacts when these are merged, texts of leads end with those of messages.

create function reserve_auto_response(p_tenant_id uuid) returns boolean
language sql
set search_path from current
as $$
	-- One statement: two replies at once cannot both take the day's last place.
	with plan as (
		select (now() at time zone t.timezone)::date as today, t.max_auto_responses_per_day as most from tenants t where t.id = p_tenant_id
	), reserved as (
		insert into usage_counters as u (tenant_id, metric, period_start, value)
			select p_tenant_id, 'auto_responses', p.today, 1 from plan p where coalesce(p.most, 1) > 0
			on conflict (tenant_id, metric, period_start) do update set value = u.value + 1
				where u.value < coalesce((select p.most from plan p), u.value + 1)
			returning 1
	)
	select exists (select 1 from reserved)
$$;
comment on function reserve_auto_response(uuid) is 'Counts one more automatic reply of the day; false when the plan''s limit is reached, and then nothing is counted.';

create function tell_auto_response_limit(p_tenant_id uuid) returns void
language sql
set search_path from current
as $$
	with told as (
		insert into usage_counters (tenant_id, metric, period_start, value)
			select t.id, 'auto_responses_limit_told', (now() at time zone t.timezone)::date, 1 from tenants t where t.id = p_tenant_id
			on conflict do nothing returning period_start
	)
	select record_audit(p_tenant_id, 'plan.auto_responses_limit', 'tenant', p_tenant_id::text,
			jsonb_build_object('limit', t.max_auto_responses_per_day, 'day', told.period_start))
		from told join tenants t on t.id = p_tenant_id
$$;
comment on function tell_auto_response_limit(uuid) is 'Audits, once a day of the tenant, that the automatic replies of the plan are used up.';

create or replace function act_on_turn(p_tenant_id uuid, p_conversation_id uuid, p_turn_id bigint, p_decision jsonb) returns jsonb
language plpgsql
set search_path from current
as $$
declare
	v_outcome text := p_decision ->> 'action';
	v_reason text := p_decision ->> 'handoffReason';
	v_opted_out boolean := coalesce((p_decision ->> 'optOut')::boolean, false);
	v_newest bigint := (select t.message_ids[cardinality(t.message_ids)] from turns t where t.tenant_id = p_tenant_id and t.id = p_turn_id);
	v_messages jsonb := coalesce(p_decision -> 'messages', '[]');
	v_outbox jsonb := '[]';
	v_part record;
begin
	if v_outcome = 'reply' and v_opted_out then
		-- The word that somebody is left alone goes out whatever the plan.
		perform count_usage(p_tenant_id, 'auto_responses', 1);
	elsif v_outcome = 'reply' and not reserve_auto_response(p_tenant_id) then
		v_outcome := 'handoff';
		v_reason := 'limit';
		v_messages := '[]';
		update turns set outcome = v_outcome, handoff_reason = v_reason where tenant_id = p_tenant_id and id = p_turn_id;
	end if;
	for v_part in select (p.ordinality - 1)::integer as position, p.value as body from jsonb_array_elements(v_messages) with ordinality p(value, ordinality) loop
		v_outbox := v_outbox || to_jsonb(enqueue_outbox(p_tenant_id, p_conversation_id,
			-- A hand-over's notice and an opt-out's confirmation are sent even when the customer writes on.
			case when v_outcome = 'reply' and not v_opted_out then 'reply' else 'notice' end,
			'turn:' || p_turn_id || ':' || v_part.position, v_part.position, p_turn_id, v_part.body -> 'payload', coalesce(v_part.body ->> 'text', ''), 'agent',
			v_newest, null));
	end loop;
	if v_outcome = 'handoff' then
		perform take_over(p_tenant_id, p_conversation_id, coalesce(v_reason, 'agent_decision'));
		perform tell_auto_response_limit(p_tenant_id) where v_reason = 'limit';
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
	'What a decision does beyond the ledger: outbound rows (messages: [{payload, text}]), counters, opt-out, hand-over, cost, audit. A reply beyond the plan''s daily number becomes a hand-over. Returns the outbox ids.';

create function merge_leads() returns trigger
language plpgsql
set search_path from current
as $$
begin
	update leads k set counted_month = greatest(k.counted_month, m.counted_month), first_hot_at = least(k.first_hot_at, m.first_hot_at),
			assigned_user_id = coalesce(k.assigned_user_id, m.assigned_user_id)
		from leads m
		where k.tenant_id = new.tenant_id and k.contact_id = new.merged_into_id and m.tenant_id = new.tenant_id and m.contact_id = new.id;
	if found then
		update classified_leads c set lead_id = k.id
			from leads k, leads m
			where k.tenant_id = new.tenant_id and k.contact_id = new.merged_into_id and m.tenant_id = new.tenant_id and m.contact_id = new.id
				and c.tenant_id = new.tenant_id and c.lead_id = m.id;
	else
		update leads set contact_id = new.merged_into_id where tenant_id = new.tenant_id and contact_id = new.id;
	end if;
	return null;
end
$$;
comment on function merge_leads() is 'Trigger: when two contacts turn out to be one, so are their leads; the person is not counted twice in a month.';
create trigger merge_leads after update of merged_into_id on contacts for each row
	when (new.merged_into_id is not null and old.merged_into_id is null) execute function merge_leads();

alter table retention_progress add column lead_texts_emptied_to timestamptz not null default '-infinity';
comment on table retention_progress is
	'How far maintenance has emptied a tenant''s event payloads (by received_at), message texts (by id) and classified texts (by created_at), so that no night reads them again.';

create function empty_lead_texts(p_limit integer, p_from uuid default null) returns table (done integer, next_tenant uuid)
language plpgsql
security definer
set search_path from current
as $$
declare
	v_tenant record;
	v_tenants integer := 0;
	v_ids uuid[];
	v_to timestamptz;
	v_left integer := p_limit;
begin
	for v_tenant in
		select t.id, now() - make_interval(days => t.message_retention_days) as texts_end, coalesce(r.lead_texts_emptied_to, '-infinity') as emptied_to
		from tenants t left join retention_progress r on r.tenant_id = t.id
		where t.message_retention_days is not null and t.id >= coalesce(p_from, '00000000-0000-0000-0000-000000000000') order by t.id limit 201
	loop
		-- A step is short however many tenants there are.
		v_tenants := v_tenants + 1;
		if v_tenants > 200 then
			next_tenant := v_tenant.id;
			exit;
		end if;
		select array_agg(c.id), max(c.created_at) into v_ids, v_to from (
			select x.id, x.created_at from classified_leads x
			where x.tenant_id = v_tenant.id and x.created_at >= v_tenant.emptied_to and x.created_at < v_tenant.texts_end
				and num_nonnulls(x.message_text, x.conversation_context, x.profile_data, x.ai_analysis, x.response_sent) > 0
			order by x.created_at limit v_left
		) c;
		continue when v_ids is null;
		-- Class, score and points stay: they are words of the persona, not of the customer.
		update classified_leads set message_text = null, conversation_context = null, profile_data = null, ai_analysis = null, response_sent = null
			where tenant_id = v_tenant.id and id = any (v_ids);
		insert into retention_progress as r (tenant_id, lead_texts_emptied_to) values (v_tenant.id, v_to)
			on conflict (tenant_id) do update set lead_texts_emptied_to = excluded.lead_texts_emptied_to;
		v_left := v_left - cardinality(v_ids);
		if v_left <= 0 then
			next_tenant := v_tenant.id;
			exit;
		end if;
	end loop;
	done := p_limit - v_left;
	return next;
end
$$;
comment on function empty_lead_texts(integer, uuid) is
	'Door. One short step: empties the texts of up to p_limit classifications that are older than their tenant keeps messages. next_tenant: where the next step begins, null when it is through.';

select secure_schema();
