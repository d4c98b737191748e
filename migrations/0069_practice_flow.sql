-- breaking: no
-- How practices come and go: published and retired for all tenants, offered to those who receive, taken back where somebody withdrew.

create function retire_practice(p_practice_id uuid, p_status text) returns integer
language plpgsql
set search_path from current
as $$
declare
	v_jobs integer := 0;
begin
	update shared_best_practices set status = p_status, source_tenants = null, source_leads_classified = null, source_conversion_rate = null, avg_improvement_delta = null,
			effect_low = null, effect_high = null, published_at = null
		where id = p_practice_id and status is distinct from p_status;
	if p_status = 'retired' then
		-- One job a receiver: taken back at one is taken back whatever happens at another.
		select count(enqueue_job(a.tenant_id, 'practice.revert', a.id::text, jsonb_build_object('applicationId', a.id, 'reason', 'practice_retired'))) into v_jobs
			from best_practice_applications a where a.best_practice_id = p_practice_id and a.reverted_at is null;
	end if;
	return v_jobs;
end
$$;
comment on function retire_practice(uuid, text) is 'Takes a practice out of offer, figures included: resting, or retired, which also takes it back from all who received it. Answers how many that are.';

create function refresh_practices(p_floor jsonb) returns jsonb
language plpgsql
security definer
set search_path from current
as $$
declare
	v_least integer := greatest(coalesce((p_floor ->> 'changedTenants')::integer, 3), 3);
	v_grown integer := greatest(coalesce((p_floor ->> 'leads')::integer, 200), 200);
	v_counts jsonb := '{"published": 0, "resting": 0, "retired": 0, "unchanged": 0, "takenBack": 0}';
	v_evidence jsonb;
	v_row record;
	v_became text;
	v_jobs integer;
begin
	perform pg_advisory_xact_lock(hashtextextended('shared-practices', 0));
	select coalesce(jsonb_agg(jsonb_build_object('tenantId', t.id, 'operation', e.operation, 'leads', e.leads, 'rate', e.rate, 'effect', e.effect, 'variance', e.variance)), '[]')
		into v_evidence
		from tenants t cross join lateral practice_evidence(t.id, (p_floor ->> 'horizonDays')::integer) e
		where t.status <> 'cancelled' and exists (select 1 from vw_practice_consents c where c.tenant_id = t.id and c.purpose = 'share' and c.granted);
	for v_row in
		select p.id, p.status, coalesce(p.practice_config, c.operation) as config, coalesce(c.supported, false) as supported, coalesce(c.worth_it, false) as worth_it, c.source_tenants,
			c.source_leads, c.source_rate, c.delta, c.effect_low, c.effect_high, c.members, k.changed, k.gone
		from combine_practices(v_evidence, p_floor) c
		full join shared_best_practices p on p.practice_config = c.operation
		-- Who came, who left, and whose evidence has become another since the figures were published.
		cross join lateral (
			select count(*) filter (where s.withdrawn_at is not null or (m.value is null) <> (s.leads is null) or m.value::integer >= s.leads + v_grown) as changed,
				count(*) filter (where m.value is null) as gone
			from (select * from best_practice_sources x where x.best_practice_id = p.id) s
			full join jsonb_each_text(coalesce(c.members, '{}')) m on m.key = s.tenant_id::text
		) k
	loop
		if not v_row.supported then
			v_became := case when v_row.id is not null then 'retired' end;
		elsif v_row.worth_it and (v_row.id is null or v_row.changed >= v_least) then
			v_became := 'published';
		elsif v_row.status = 'published' and v_row.worth_it and v_row.gone = 0 then
			v_became := 'published_still';
		elsif v_row.status = 'published' then
			v_became := 'resting';
		else
			v_became := null;
		end if;
		if v_became = 'published' then
			insert into shared_best_practices as b (practice_config, status, source_tenants, source_leads_classified, source_conversion_rate, avg_improvement_delta, effect_low, effect_high, published_at)
				values (v_row.config, 'published', v_row.source_tenants, v_row.source_leads, v_row.source_rate, v_row.delta, v_row.effect_low, v_row.effect_high, now())
				on conflict (practice_config) do update set status = excluded.status, source_tenants = excluded.source_tenants, source_leads_classified = excluded.source_leads_classified,
					source_conversion_rate = excluded.source_conversion_rate, avg_improvement_delta = excluded.avg_improvement_delta, effect_low = excluded.effect_low,
					effect_high = excluded.effect_high, published_at = excluded.published_at
				returning b.id into v_row.id;
			delete from best_practice_sources where best_practice_id = v_row.id;
			insert into best_practice_sources (tenant_id, best_practice_id, leads) select m.key::uuid, v_row.id, m.value::integer from jsonb_each_text(v_row.members) m;
			v_counts := jsonb_set(v_counts, '{published}', to_jsonb((v_counts ->> 'published')::integer + 1));
		elsif v_became in ('resting', 'retired') and v_became is distinct from v_row.status then
			v_jobs := retire_practice(v_row.id, v_became);
			v_counts := jsonb_set(jsonb_set(v_counts, array[v_became], to_jsonb((v_counts ->> v_became)::integer + 1)), '{takenBack}', to_jsonb((v_counts ->> 'takenBack')::integer + v_jobs));
		elsif v_row.id is not null then
			v_counts := jsonb_set(v_counts, '{unchanged}', to_jsonb((v_counts ->> 'unchanged')::integer + 1));
		end if;
	end loop;
	-- How often it is in use is a figure of tenants too: nothing below five, then in bands.
	update shared_best_practices p set times_applied = n.band
		from (select q.id, coalesce((select max(b) from unnest(array[5, 10, 20, 50, 100, 200, 500]) b where b <= (
			select count(distinct a.tenant_id) from best_practice_applications a where a.best_practice_id = q.id and a.applied_at is not null and a.reverted_at is null)), 0) as band
			from shared_best_practices q) n
		where n.id = p.id and p.times_applied <> n.band;
	perform record_audit(null, 'practices.refreshed', null, null, v_counts);
	return v_counts;
end
$$;
comment on function refresh_practices(jsonb) is
	'Door: counts the evidence of all tenants that agreed to share and publishes, rests or retires practices. New figures only when at least three tenants came, left or grew by the floor of leads: two publications never differ by one tenant.';

create function take_back_practices() returns trigger
language plpgsql
security definer
set search_path from current
as $$
declare
	v_row record;
begin
	if new.purpose = 'receive' then
		perform enqueue_job(a.tenant_id, 'practice.revert', a.id || ':receiving', jsonb_build_object('applicationId', a.id, 'reason', 'receiving_withdrawn'))
			from best_practice_applications a where a.tenant_id = new.tenant_id and a.applied_at is null and a.reverted_at is null;
		return null;
	end if;
	perform pg_advisory_xact_lock(hashtextextended('shared-practices', 0));
	for v_row in
		update best_practice_sources s set leads = null, withdrawn_at = now() where s.tenant_id = new.tenant_id and s.withdrawn_at is null returning s.best_practice_id as id
	loop
		-- As at publication: the floor of five must hold whoever else is left out.
		perform retire_practice(v_row.id, case when (select count(*) from best_practice_sources o where o.best_practice_id = v_row.id and o.withdrawn_at is null) > 5 then 'resting' else 'retired' end)
			from shared_best_practices p where p.id = v_row.id and p.status <> 'retired';
	end loop;
	return null;
end
$$;
comment on function take_back_practices() is
	'Trigger, across tenants: who takes back a consent to share leaves every practice at once; its figures go, and one that no longer stands without them is retired and taken back from its receivers. Who no longer receives has open offers closed.';
create trigger take_back_practices after insert on practice_consents for each row when (not new.granted) execute function take_back_practices();

create function record_practice_consent(p_tenant_id uuid, p_consent jsonb) returns jsonb
language plpgsql
set search_path from current
as $$
declare
	v_now boolean;
	v_row practice_consents;
begin
	-- Two people of one tenant, one after the other.
	perform pg_advisory_xact_lock(hashtextextended('practice-consent|' || p_tenant_id, 0));
	select c.granted into v_now from vw_practice_consents c where c.tenant_id = p_tenant_id and c.purpose = p_consent ->> 'purpose' and c.source is not distinct from p_consent ->> 'source';
	if coalesce(v_now, false) = (p_consent ->> 'granted')::boolean then
		return jsonb_build_object('changed', false, 'receiptId', null);
	end if;
	insert into practice_consents (tenant_id, purpose, source, granted, text_version, text_sha256, language, person, given_on)
		values (p_tenant_id, p_consent ->> 'purpose', p_consent ->> 'source', (p_consent ->> 'granted')::boolean, p_consent ->> 'textVersion', p_consent ->> 'textSha256',
			p_consent ->> 'language', left(p_consent ->> 'person', 200), p_consent ->> 'givenOn')
		returning * into v_row;
	perform record_audit(p_tenant_id, case when v_row.granted then 'practices.consent_given' else 'practices.consent_withdrawn' end, 'practice_consent', v_row.id::text,
		jsonb_build_object('purpose', v_row.purpose, 'source', v_row.source, 'textVersion', v_row.text_version, 'by', v_row.person));
	return jsonb_build_object('changed', true, 'receiptId', v_row.id);
end
$$;
comment on function record_practice_consent(uuid, jsonb) is
	'Writes the receipt of a consent {purpose share or receive, source, granted, textVersion, textSha256, language, person, givenOn}; what stands already is not written twice. Withdrawing takes effect in the same transaction.';

create function practices_to_offer(p_tenant_id uuid, p_again_days integer)
returns table (best_practice_id uuid, operation jsonb, agent_id uuid, source_tenants integer, source_leads integer, effect_low numeric, effect_high numeric)
language sql stable
set search_path from current
as $$
	with practice as (
		select p.*, p.practice_config ->> 'op' = 'set_threshold' as is_persona from shared_best_practices p
		where p.status = 'published' and exists (select 1 from vw_practice_consents c where c.tenant_id = p_tenant_id and c.purpose = 'receive' and c.granted)
	), target as (
		select true as is_persona, null::uuid as agent_id from tenant_personas t where t.tenant_id = p_tenant_id and t.is_active
		union all
		select false, v.agent_id from system_prompts s join agent_versions v on v.tenant_id = s.tenant_id and v.id = s.agent_version_id and v.is_active
			where s.tenant_id = p_tenant_id and s.is_active
	)
	-- One at a time for each persona and agent: what helped must be told apart. All that fit, as one may turn out to be there already.
	select p.id, p.practice_config, g.agent_id, p.source_tenants, p.source_leads_classified, p.effect_low, p.effect_high
	from practice p join target g on g.is_persona = p.is_persona
	where not exists (
			select 1 from best_practice_applications a
			left join persona_improvement_suggestions x on x.tenant_id = a.tenant_id and x.id = a.persona_suggestion_id
			left join improvement_suggestions y on y.tenant_id = a.tenant_id and y.id = a.prompt_suggestion_id
			where a.tenant_id = p_tenant_id and a.agent_id is not distinct from g.agent_id and (x.id is not null) = g.is_persona
				and (coalesce(x.status, y.status) = 'pending' or (a.best_practice_id = p.id and (a.offered_at > now() - make_interval(days => p_again_days)
					or coalesce(x.status, y.status) in ('approved', 'auto_applied')))))
		and not exists (select 1 from rollouts r where r.tenant_id = p_tenant_id and r.ended_at is null and r.target = case when g.is_persona then 'persona' else 'prompt' end
			and r.agent_id is not distinct from g.agent_id)
	order by p.effect_low desc, p.id, g.agent_id limit 200
$$;
comment on function practices_to_offer(uuid, integer) is
	'Published practices that a receiving tenant was not offered lately, by persona and agent, the surest first; nothing where an offer waits or a roll-out runs.';

create function note_practice_applied() returns trigger
language plpgsql
set search_path from current
as $$
begin
	if tg_table_name = 'persona_improvement_suggestions' then
		update best_practice_applications a set applied_at = coalesce(a.applied_at, new.applied_at), applied_to_persona_id = new.applied_persona_id
			where a.tenant_id = new.tenant_id and a.persona_suggestion_id = new.id;
	else
		update best_practice_applications a set applied_at = coalesce(a.applied_at, new.applied_at), applied_to_prompt_id = (to_jsonb(new) ->> 'applied_prompt_id')::uuid
			where a.tenant_id = new.tenant_id and a.prompt_suggestion_id = new.id;
	end if;
	return null;
end
$$;
comment on function note_practice_applied() is 'Trigger: an offered practice that a person approved is written down as applied, with the version that was made.';
create trigger note_practice_applied after update on persona_improvement_suggestions for each row
	when (new.applied_persona_id is not null and old.applied_persona_id is null) execute function note_practice_applied();
create trigger note_practice_applied after update on improvement_suggestions for each row
	when (new.applied_prompt_id is not null and old.applied_prompt_id is null) execute function note_practice_applied();

create function measure_practices(p_tenant_id uuid) returns integer
language sql
set search_path from current
as $$
	with arm as (
		select a.id, v ->> 0 as arm, round(100 * avg((v ->> 1)::integer), 2) as rate
		from best_practice_applications a
		join rollouts r on r.tenant_id = a.tenant_id and (r.persona_suggestion_id = a.persona_suggestion_id or r.prompt_suggestion_id = a.prompt_suggestion_id)
		cross join lateral jsonb_array_elements(rollout_evidence(a.tenant_id, r.id) -> 'labels') v
		where a.tenant_id = p_tenant_id and a.applied_at is not null and a.reverted_at is null
		group by 1, 2
	), measured as (
		update best_practice_applications a set conversion_rate_before = b.rate, conversion_rate_after = c.rate
			from arm b join arm c on c.id = b.id and c.arm = 'candidate'
			where a.tenant_id = p_tenant_id and a.id = b.id and b.arm = 'incumbent' and (a.conversion_rate_before, a.conversion_rate_after) is distinct from (b.rate, c.rate)
			returning 1
	)
	select count(*)::integer from measured
$$;
comment on function measure_practices(uuid) is 'Writes down what a tenant''s own roll-outs say of the practices it applied: conversion of the old and of the new version. It stays with the tenant.';

create function revert_practice(p_tenant_id uuid, p_application_id uuid, p_reason text) returns jsonb
language plpgsql
set search_path from current
as $$
declare
	v_row best_practice_applications;
	v_rollout rollouts;
	v_state text;
	v_target text;
	v_how text;
begin
	select * into v_row from best_practice_applications a where a.tenant_id = p_tenant_id and a.id = p_application_id;
	if not found then
		raise exception 'application % does not exist', p_application_id using errcode = 'ZF004';
	end if;
	-- In the order in which an approval locks: the suggestion, its target, what was made of it.
	perform 1 from persona_improvement_suggestions s where s.tenant_id = p_tenant_id and s.id = v_row.persona_suggestion_id for update;
	perform 1 from improvement_suggestions s where s.tenant_id = p_tenant_id and s.id = v_row.prompt_suggestion_id for update;
	v_target := case when v_row.persona_suggestion_id is null then 'prompt' else 'persona' end;
	perform lock_target(p_tenant_id, v_target, v_row.agent_id);
	select * into v_row from best_practice_applications a where a.tenant_id = p_tenant_id and a.id = p_application_id for update;
	if v_row.reverted_at is not null or (p_reason = 'receiving_withdrawn' and v_row.applied_at is not null) then
		return jsonb_build_object('reverted', false, 'how', v_row.revert_how);
	end if;
	select r.* into v_rollout from rollouts r
		where r.tenant_id = p_tenant_id and (r.persona_suggestion_id = v_row.persona_suggestion_id or r.prompt_suggestion_id = v_row.prompt_suggestion_id) order by r.started_at desc limit 1;
	if not found then
		update persona_improvement_suggestions s set state = 'superseded', status = 'rejected', rollback_reason = p_reason
			where s.tenant_id = p_tenant_id and s.id = v_row.persona_suggestion_id and s.status in ('pending', 'approved') returning s.state into v_state;
		update improvement_suggestions s set state = 'superseded', status = 'rejected', rollback_reason = p_reason
			where s.tenant_id = p_tenant_id and s.id = v_row.prompt_suggestion_id and s.status in ('pending', 'approved') returning coalesce(v_state, s.state) into v_state;
		v_how := case when v_state is null then 'nothing_live' else 'offer_closed' end;
	elsif v_rollout.ended_at is null then
		perform move_rollout(p_tenant_id, v_rollout.id, jsonb_build_object('to', 'halted', 'reason', p_reason, 'actor', 'shared-practices'));
		v_how := 'rollout_stopped';
	elsif v_rollout.stage <> 'survived' then
		v_how := 'nothing_live';
	elsif exists (select 1 from tenant_personas p where p.tenant_id = p_tenant_id and p.id = v_rollout.candidate_persona_id and p.is_active)
		or exists (select 1 from system_prompts s where s.tenant_id = p_tenant_id and s.id = v_rollout.candidate_prompt_id and s.is_active) then
		perform serve_version(p_tenant_id, v_rollout.incumbent_persona_id, v_rollout.incumbent_prompt_id);
		perform record_audit(p_tenant_id, 'version.restored', v_target, coalesce(v_rollout.incumbent_persona_id, v_rollout.incumbent_prompt_id)::text,
			jsonb_build_object('was', coalesce(v_rollout.candidate_persona_id, v_rollout.candidate_prompt_id), 'reason', p_reason));
		v_how := 'version_restored';
	else
		-- Others were built upon it: taking the whole row of versions back would take back what people decided since.
		v_how := 'needs_person';
	end if;
	update best_practice_applications a set reverted_at = now(), revert_reason = p_reason, revert_how = v_how where a.tenant_id = p_tenant_id and a.id = p_application_id;
	perform record_audit(p_tenant_id, 'practices.taken_back', 'best_practice_application', p_application_id::text, jsonb_build_object('reason', p_reason, 'how', v_how));
	-- Names no one: the practice is one of ours, and nobody learns whose evidence it had.
	perform notify_tenant(p_tenant_id, 'practice.withdrawn', p_application_id::text, jsonb_build_object('tenantId', p_tenant_id, 'applicationId', p_application_id,
			'practice', (select b.practice_name from shared_best_practices b where b.id = v_row.best_practice_id), 'target', v_target, 'agentId', v_row.agent_id, 'how', v_how))
		where p_reason = 'practice_retired' and v_how <> 'nothing_live';
	return jsonb_build_object('reverted', true, 'how', v_how, 'target', v_target, 'agentId', v_row.agent_id,
		'operation', (select b.practice_config from shared_best_practices b where b.id = v_row.best_practice_id),
		'incumbentId', coalesce(v_rollout.incumbent_persona_id, v_rollout.incumbent_prompt_id));
end
$$;
comment on function revert_practice(uuid, uuid, text) is
	'Takes one application back, once: closes an offer, stops a roll-out, puts the version before it back in service; where other versions stand on it, how says needs_person.';

-- The list of events is extended where it stands: others extend it too.
do $$
declare
	v_check text := (select pg_get_constraintdef(c.oid) from pg_constraint c
		where c.conrelid = 'notification_endpoints'::regclass and c.conname = 'notification_endpoints_events_known');
	v_default text := (select pg_get_expr(d.adbin, d.adrelid) from pg_attrdef d
		join pg_attribute a on a.attrelid = d.adrelid and a.attnum = d.adnum where d.adrelid = 'notification_endpoints'::regclass and a.attname = 'event_types');
begin
	if position('''breaker.opened''::text' in v_check) = 0 or position('breaker.opened' in v_default) = 0 then
		raise exception 'the events of notification_endpoints are not those that this migration extends';
	end if;
	alter table notification_endpoints drop constraint notification_endpoints_events_known;
	execute 'alter table notification_endpoints add constraint notification_endpoints_events_known '
		|| replace(v_check, '''breaker.opened''::text', '''breaker.opened''::text, ''practice.withdrawn''::text');
	execute 'alter table notification_endpoints alter column event_types set default ' || replace(v_default, 'breaker.opened', 'breaker.opened,practice.withdrawn');
end
$$;

select secure_schema();
