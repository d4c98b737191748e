-- breaking: no
-- CRM connectors: one deal a lead, what goes to the CRM and what comes back.

create function crm_wanted(p_tenant_id uuid, p_crm_id uuid, p_lead_id uuid) returns jsonb
language sql stable
set search_path from current
as $$
	select jsonb_build_object(
		'status', case when l.stage = 'closed' then 'won' when o.kind = 'rejected' then 'lost' else 'open' end,
		-- Theirs stays where it is if it means the stage that the lead has.
		'stage', (select m.value ->> 'externalId' from jsonb_array_elements(i.stages) with ordinality m
			where m.value ->> 'stageId' = l.stage_id::text
			order by (m.value ->> 'externalId' = d.remote_stage) is true desc, m.ordinality limit 1))
	from crm_integrations i
	join leads l on l.tenant_id = i.tenant_id and l.id = p_lead_id
	left join crm_links d on d.tenant_id = i.tenant_id and d.integration_id = i.id and d.entity = 'deal' and d.lead_id = l.id
	left join lateral (
		select x.kind from lead_outcomes x
		where x.tenant_id = l.tenant_id and x.lead_id = l.id and x.kind in ('opportunity', 'client', 'rejected', 'stage')
		order by x.happened_at desc, x.id desc limit 1
	) o on true
	where i.tenant_id = p_tenant_id and i.id = p_crm_id
$$;
comment on function crm_wanted(uuid, uuid, uuid) is 'Where a lead''s deal should stand in the CRM: {status open, won or lost, stage as the CRM knows it, or null}.';

create function push_crm_stage(p_tenant_id uuid, p_crm_id uuid, p_lead_id uuid) returns boolean
language plpgsql
set search_path from current
as $$
declare
	v_link crm_links;
	v_wanted jsonb;
begin
	select d.* into v_link from crm_links d join crm_integrations i on i.tenant_id = d.tenant_id and i.id = d.integration_id
		where d.tenant_id = p_tenant_id and d.integration_id = p_crm_id and d.entity = 'deal' and d.lead_id = p_lead_id
			and d.state = 'created' and i.is_active for update of d;
	if not found then
		return false;
	end if;
	v_wanted := crm_wanted(p_tenant_id, p_crm_id, p_lead_id);
	if v_wanted ->> 'status' is not distinct from v_link.remote_status
			and (v_wanted ->> 'status' <> 'open' or v_wanted ->> 'stage' is null or v_wanted ->> 'stage' = v_link.remote_stage) then
		return false;
	end if;
	update crm_links d set changes = d.changes + 1
		where d.tenant_id = p_tenant_id and d.integration_id = p_crm_id and d.entity = 'deal' and d.lead_id = p_lead_id
		returning * into v_link;
	perform enqueue_job(p_tenant_id, 'crm.stage', p_crm_id || ':' || p_lead_id || ':' || v_link.changes,
		jsonb_build_object('integrationId', p_crm_id, 'leadId', p_lead_id));
	return true;
end
$$;
comment on function push_crm_stage(uuid, uuid, uuid) is 'Queues the move of a deal in the CRM, if it does not stand there already: what the CRM told us is not sent back.';

create function want_crm_deal(p_tenant_id uuid, p_crm_id uuid, p_lead_id uuid, p_details jsonb default '{}') returns uuid
language plpgsql
set search_path from current
as $$
begin
	insert into crm_links (tenant_id, integration_id, entity, lead_id, details)
		select p_tenant_id, i.id, 'deal', p_lead_id, coalesce(p_details, '{}') from crm_integrations i
			where i.tenant_id = p_tenant_id and i.id = p_crm_id and i.is_active
		on conflict (tenant_id, integration_id, entity, lead_id) do update set details = excluded.details
			where crm_links.state <> 'created' and excluded.details <> '{}';
	return enqueue_job(p_tenant_id, 'crm.deal', p_crm_id || ':' || p_lead_id, jsonb_build_object('integrationId', i.id, 'leadId', p_lead_id))
		from crm_integrations i where i.tenant_id = p_tenant_id and i.id = p_crm_id and i.is_active;
end
$$;
comment on function want_crm_deal(uuid, uuid, uuid, jsonb) is 'A lead shall have a deal in this CRM: one row, one job, however often it is asked. Returns the job.';

create function follow_lead_in_crm() returns trigger
language plpgsql
set search_path from current
as $$
declare
	v_types text[] := array['lead', 'contact', 'proposal', 'negotiation', 'closed'];
begin
	perform want_crm_deal(new.tenant_id, i.id, new.id) from crm_integrations i
		where i.tenant_id = new.tenant_id and i.is_active and (
				(i.create_on = 'hot' and new.first_hot_at is not null and (tg_op = 'INSERT' or old.first_hot_at is null))
				or (i.create_on = 'stage' and array_position(v_types, new.stage) >= array_position(v_types, i.create_on_stage)
					and (tg_op = 'INSERT' or array_position(v_types, old.stage) < array_position(v_types, i.create_on_stage))))
			-- Who is being merged into this person brings the deal along.
			and not exists (select 1 from contacts k join leads m on m.tenant_id = k.tenant_id and m.contact_id = k.id
				join crm_links d on d.tenant_id = m.tenant_id and d.lead_id = m.id and d.integration_id = i.id and d.entity = 'deal'
				where k.tenant_id = new.tenant_id and k.merged_into_id = new.contact_id);
	if tg_op = 'UPDATE' and (new.stage, new.stage_id) is distinct from (old.stage, old.stage_id) then
		perform push_crm_stage(new.tenant_id, d.integration_id, new.id) from crm_links d
			where d.tenant_id = new.tenant_id and d.lead_id = new.id and d.entity = 'deal'
				and d.integration_id::text is distinct from current_setting('agent_factory.crm_told', true);
	end if;
	return null;
end
$$;
comment on function follow_lead_in_crm() is 'Trigger: a lead that qualifies gets a deal in the tenant''s CRM, and a lead that moves moves it there.';
create trigger follow_lead_in_crm after insert or update of stage, stage_id, first_hot_at on leads for each row execute function follow_lead_in_crm();

create function follow_outcome_in_crm() returns trigger
language plpgsql
set search_path from current
as $$
begin
	perform push_crm_stage(new.tenant_id, d.integration_id, new.lead_id) from crm_links d
		where d.tenant_id = new.tenant_id and d.lead_id = new.lead_id and d.entity = 'deal'
			and d.integration_id::text is distinct from current_setting('agent_factory.crm_told', true);
	return null;
end
$$;
comment on function follow_outcome_in_crm() is 'Trigger: a lead that said no, or came back, does so in the CRM too.';
create trigger follow_outcome_in_crm after insert on lead_outcomes for each row when (new.kind in ('rejected', 'stage', 'opportunity', 'client')) execute function follow_outcome_in_crm();

create function merge_leads_in_crm() returns trigger
language plpgsql
set search_path from current
as $$
begin
	delete from crm_links k using crm_links d, leads m, leads l
		where m.tenant_id = new.tenant_id and m.contact_id = new.id and l.tenant_id = new.tenant_id and l.contact_id = new.merged_into_id
			and d.tenant_id = new.tenant_id and d.lead_id = m.id
			and k.tenant_id = new.tenant_id and k.lead_id = l.id and k.integration_id = d.integration_id and k.entity = d.entity and k.attempts = 0 and k.state = 'wanted';
	update crm_links d set lead_id = l.id from leads m, leads l
		where m.tenant_id = new.tenant_id and m.contact_id = new.id and l.tenant_id = new.tenant_id and l.contact_id = new.merged_into_id
			and d.tenant_id = new.tenant_id and d.lead_id = m.id and not exists (
				select 1 from crm_links k where k.tenant_id = d.tenant_id and k.integration_id = d.integration_id and k.entity = d.entity and k.lead_id = l.id);
	perform want_crm_deal(d.tenant_id, d.integration_id, d.lead_id) from crm_links d join leads l on l.tenant_id = d.tenant_id and l.id = d.lead_id
		where l.tenant_id = new.tenant_id and l.contact_id = new.merged_into_id and d.entity = 'deal' and d.state <> 'created';
	return null;
end
$$;
comment on function merge_leads_in_crm() is 'Trigger, after merge_leads: the deal of a person who was known twice stays theirs; two that are in the CRM already stay two.';
create trigger merge_leads_in_crm after update of merged_into_id on contacts for each row
	when (new.merged_into_id is not null and old.merged_into_id is null) execute function merge_leads_in_crm();

create function load_crm_deal(p_tenant_id uuid, p_crm_id uuid, p_lead_id uuid) returns jsonb
language sql stable
set search_path from current
as $$
	select jsonb_build_object(
		'lead', jsonb_build_object('id', l.id, 'name', k.full_name, 'phone', k.phone, 'username', k.username, 'email', k.profile ->> 'email', 'score', l.lead_score,
			'classification', l.classification, 'source', l.source, 'stage', l.stage),
		'wanted', crm_wanted(p_tenant_id, p_crm_id, p_lead_id),
		'deal', to_jsonb(d), 'person', to_jsonb(p), 'now', now())
	from leads l
	join contacts k on k.tenant_id = l.tenant_id and k.id = l.contact_id
	left join crm_links d on d.tenant_id = l.tenant_id and d.integration_id = p_crm_id and d.entity = 'deal' and d.lead_id = l.id
	left join crm_links p on p.tenant_id = l.tenant_id and p.integration_id = p_crm_id and p.entity = 'person' and p.lead_id = l.id
	where l.tenant_id = p_tenant_id and l.id = p_lead_id
$$;
comment on function load_crm_deal(uuid, uuid, uuid) is 'All that is needed to make or move a lead''s deal: the person, where the deal should stand, both links.';

create function begin_crm_create(p_tenant_id uuid, p_crm_id uuid, p_lead_id uuid, p_entity text, p_attempts integer) returns integer
language plpgsql
set search_path from current
as $$
declare
	v_attempts integer;
begin
	insert into crm_links (tenant_id, integration_id, entity, lead_id) values (p_tenant_id, p_crm_id, p_entity, p_lead_id) on conflict do nothing;
	update crm_links set state = 'unknown', attempts = attempts + 1, attempted_at = now()
		where tenant_id = p_tenant_id and integration_id = p_crm_id and lead_id = p_lead_id and entity = p_entity and state <> 'created' and attempts = p_attempts
		returning attempts into v_attempts;
	return v_attempts;
end
$$;
comment on function begin_crm_create(uuid, uuid, uuid, text, integer) is
	'Says that a create is about to be sent, to the first who asks with the number of attempts that was read; null: somebody else is at it.';

create function note_crm_state(p_tenant_id uuid, p_crm_id uuid, p_lead_id uuid, p_remote jsonb) returns void
language plpgsql
set search_path from current
as $$
declare
	v_was crm_links;
	v_key text := p_crm_id || ':' || coalesce(p_remote ->> 'externalId', '') || ':' || coalesce(p_remote ->> 'at', '');
	v_data jsonb := jsonb_build_object('integrationId', p_crm_id, 'stage', p_remote ->> 'stage', 'status', p_remote ->> 'status');
begin
	select * into v_was from crm_links d
		where d.tenant_id = p_tenant_id and d.integration_id = p_crm_id and d.entity = 'deal' and d.lead_id = p_lead_id for update;
	update crm_links d set remote_stage = coalesce(p_remote ->> 'stage', d.remote_stage), remote_status = coalesce(p_remote ->> 'status', d.remote_status),
			remote_updated_at = greatest(d.remote_updated_at, coalesce((p_remote ->> 'at')::timestamptz, now()))
		where d.tenant_id = p_tenant_id and d.integration_id = p_crm_id and d.entity = 'deal' and d.lead_id = p_lead_id;
	if v_was.remote_stage is not null and v_was.remote_stage is distinct from coalesce(p_remote ->> 'stage', v_was.remote_stage) then
		perform track_event(p_tenant_id, 'deal.stage_changed', v_key || ':' || (p_remote ->> 'stage'), v_data, p_lead_id);
	end if;
	if p_remote ->> 'status' in ('won', 'lost') and v_was.remote_status is distinct from p_remote ->> 'status' then
		perform track_event(p_tenant_id, 'deal.' || (p_remote ->> 'status'), v_key, v_data, p_lead_id);
	end if;
end
$$;
comment on function note_crm_state(uuid, uuid, uuid, jsonb) is 'Where a deal stands in the CRM {externalId, stage, status, at}, as the CRM told it or took it from us; steps of the funnel are noted.';

create function keep_crm_link(p_tenant_id uuid, p_crm_id uuid, p_lead_id uuid, p_entity text, p_remote jsonb) returns boolean
language plpgsql
set search_path from current
as $$
begin
	insert into crm_links as d (tenant_id, integration_id, lead_id, entity, state, external_id)
		values (p_tenant_id, p_crm_id, p_lead_id, p_entity, 'created', p_remote ->> 'externalId')
		on conflict (tenant_id, integration_id, entity, lead_id) do update set state = 'created', external_id = excluded.external_id, details = '{}'
			where d.state <> 'created';
	if not found then
		return false;
	end if;
	if p_entity = 'deal' then
		perform note_crm_state(p_tenant_id, p_crm_id, p_lead_id, p_remote);
		perform track_event(p_tenant_id, 'deal.created', p_crm_id || ':' || p_lead_id, jsonb_build_object('integrationId', p_crm_id), p_lead_id);
		perform record_audit(p_tenant_id, 'crm.deal_created', 'lead', p_lead_id::text, jsonb_build_object('integration', p_crm_id, 'deal', p_remote ->> 'externalId'));
		-- The lead may have moved while the deal was made.
		perform push_crm_stage(p_tenant_id, p_crm_id, p_lead_id);
	end if;
	return true;
end
$$;
comment on function keep_crm_link(uuid, uuid, uuid, text, jsonb) is 'The person or deal is in the CRM, made now or found there {externalId, stage, status, at}. False: that was known.';

create function note_crm_push(p_tenant_id uuid, p_crm_id uuid, p_lead_id uuid, p_remote jsonb) returns boolean
language sql
set search_path from current
as $$
	select note_crm_state(p_tenant_id, p_crm_id, p_lead_id, p_remote);
	select push_crm_stage(p_tenant_id, p_crm_id, p_lead_id);
$$;
comment on function note_crm_push(uuid, uuid, uuid, jsonb) is 'The CRM took our move. True: the lead has moved on since, and another push is queued.';

create function apply_crm_change(p_tenant_id uuid, p_crm_id uuid, p_told jsonb) returns jsonb
language plpgsql
set search_path from current
as $$
declare
	v_link crm_links;
	v_lead leads;
	v_was text;
	v_provider text;
	v_stage text;
	v_at timestamptz := coalesce((p_told ->> 'at')::timestamptz, now());
	v_status text := p_told ->> 'status';
	v_outcome jsonb;
begin
	select d.* into v_link from crm_links d
		where d.tenant_id = p_tenant_id and d.integration_id = p_crm_id and d.entity = 'deal' and d.external_id = p_told ->> 'externalId' for update;
	if not found then
		return '{"result": "not_ours"}';
	elsif v_at < v_link.remote_updated_at then
		return '{"result": "old"}';
	elsif v_link.remote_status = v_status and v_link.remote_stage is not distinct from p_told ->> 'stage' then
		return '{"result": "known"}';
	elsif v_at = v_link.remote_updated_at and not coalesce((p_told ->> 'isPresent')::boolean, false) then
		-- Two changes in one second: which came last only the CRM can say.
		perform enqueue_job(p_tenant_id, 'crm.read', concat_ws(':', p_crm_id, v_link.external_id, p_told ->> 'stage', v_status, extract(epoch from v_at)),
			jsonb_build_object('integrationId', p_crm_id, 'externalId', v_link.external_id));
		return '{"result": "asked"}';
	end if;
	v_was := v_link.remote_status;
	perform note_crm_state(p_tenant_id, p_crm_id, v_link.lead_id, p_told);
	select l.* into v_lead from leads l
		where l.tenant_id = p_tenant_id and l.contact_id = (
			select coalesce(k.merged_into_id, k.id) from leads o join contacts k on k.tenant_id = o.tenant_id and k.id = o.contact_id
			where o.tenant_id = p_tenant_id and o.id = v_link.lead_id);
	select i.provider into v_provider from crm_integrations i where i.tenant_id = p_tenant_id and i.id = p_crm_id;
	select s.name into v_stage from crm_integrations i cross join jsonb_array_elements(i.stages) with ordinality m
		join pipeline_stages s on s.tenant_id = i.tenant_id and s.id::text = m.value ->> 'stageId'
		where i.tenant_id = p_tenant_id and i.id = p_crm_id and m.value ->> 'externalId' = p_told ->> 'stage'
		order by s.id = v_lead.stage_id desc, m.ordinality limit 1;
	if v_status = 'open' and v_stage is null then
		return jsonb_build_object('result', 'no_stage', 'leadId', v_lead.id);
	elsif v_status = crm_wanted(p_tenant_id, p_crm_id, v_lead.id) ->> 'status' and (v_status <> 'open' or (v_was = 'open'
			and exists (select 1 from pipeline_stages s where s.tenant_id = p_tenant_id and s.id = v_lead.stage_id and s.name = v_stage))) then
		return jsonb_build_object('result', 'same', 'leadId', v_lead.id);
	end if;
	perform set_config('agent_factory.crm_told', p_crm_id::text, true);
	v_outcome := record_outcome(p_tenant_id, jsonb_build_object('leadId', v_lead.id, 'source', 'crm', 'actor', v_provider, 'at', v_at,
		'kind', case v_status when 'won' then 'client' when 'lost' then 'rejected' end, 'stage', case when v_status = 'open' then v_stage end,
		'idempotencyKey', left(concat_ws(':', 'crm', p_crm_id, v_link.external_id, p_told ->> 'stage', v_status, extract(epoch from v_at)), 200)));
	perform set_config('agent_factory.crm_told', '', true);
	-- News that came too late to move the lead: then the deal moves to the lead.
	perform push_crm_stage(p_tenant_id, p_crm_id, v_link.lead_id);
	return jsonb_build_object('result', 'recorded', 'leadId', v_lead.id, 'outcomeId', v_outcome -> 'id', 'kind', v_outcome ->> 'kind', 'stage', v_outcome ->> 'stage');
end
$$;
comment on function apply_crm_change(uuid, uuid, jsonb) is
	'What the CRM says of a deal {externalId, stage, status, at, isPresent}, told or asked, in any order and any number of times: the lead follows once a change; what we did ourselves and old news change nothing.';

create function block_crm_integration(p_tenant_id uuid, p_crm_id uuid, p_error text) returns boolean
language plpgsql
set search_path from current
as $$
begin
	update crm_integrations set blocked_at = now(), last_error = left(p_error, 500) where tenant_id = p_tenant_id and id = p_crm_id and blocked_at is null;
	if found then
		perform record_audit(p_tenant_id, 'crm.blocked', 'crm_integration', p_crm_id::text, '{}');
		return true;
	end if;
	return false;
end
$$;
comment on function block_crm_integration(uuid, uuid, text) is 'The CRM refused the token: nothing is tried until a new one is saved. True for the first who says so.';

create function wake_crm_jobs(p_tenant_id uuid, p_crm_id uuid) returns integer
language sql
set search_path from current
as $$
	with woken as (
		update background_jobs set available_at = now()
			where tenant_id = p_tenant_id and job_type like 'crm.%' and status = 'queued' and available_at > now() and payload ->> 'integrationId' = p_crm_id::text
			returning 1
	)
	select count(*)::integer from woken
$$;
comment on function wake_crm_jobs(uuid, uuid) is 'Work that waited for a token is due now. Returns how many jobs.';

create function enqueue_crm_polls(p_every_seconds integer) returns integer
language sql
security definer
set search_path from current
as $$
	select count(enqueue_job(i.tenant_id, 'crm.poll', i.id || ':' || floor(extract(epoch from now()) / p_every_seconds), jsonb_build_object('integrationId', i.id), null, 3))::integer
	from crm_integrations i join tenants t on t.id = i.tenant_id
	where i.is_active and i.blocked_at is null and t.status in ('trial', 'active') and coalesce(i.last_sync_at, '-infinity') < now() - make_interval(secs => p_every_seconds)
$$;
comment on function enqueue_crm_polls(integer) is 'Door. Queues the question "what changed since?" for every CRM that was not asked for so long; once a period, whoever asks.';

select secure_schema();
