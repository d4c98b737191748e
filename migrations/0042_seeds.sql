-- breaking: no
-- With what a tenant begins, each once however often it is asked for; and the end of jobs that are done.

create function seed_tenant_defaults(p_tenant_id uuid) returns jsonb
language plpgsql
set search_path from current
as $$
declare
	v_stages integer;
	v_templates integer := seed_message_templates(p_tenant_id);
	v_models integer;
	v_voip integer;
begin
	insert into pipeline_stages (tenant_id, name, stage_order, color, stage_type)
		select p_tenant_id, s.name, s.place, s.color, s.type
		from (values ('Lead', 1, '#ef4444', 'lead'), ('Contato', 2, '#f97316', 'contact'), ('Proposta', 3, '#eab308', 'proposal'),
			('Negociação', 4, '#22c55e', 'negotiation'), ('Fechado', 5, '#6366f1', 'closed')) s(name, place, color, type)
		where not exists (select 1 from pipeline_stages o where o.tenant_id = p_tenant_id)
		on conflict do nothing;
	get diagnostics v_stages = row_count;
	-- The rules score until a learned model beats them on this tenant's outcomes: no accuracy is claimed for it.
	insert into lead_scoring_models (tenant_id, model_name, model_version, model_config, training_data_count, weights, calibration, model_metrics, rule_metrics, beats_rules)
		values (p_tenant_id, 'rules', 'v1', '{"scorer":"rules"}', 0, '{}', '{}', '{}', '{}', false)
		on conflict (tenant_id, model_name, model_version) do nothing;
	get diagnostics v_models = row_count;
	insert into voip_configs (tenant_id, provider, is_active, setup_completed)
		select p_tenant_id, v.provider, false, false from (values ('twilio'), ('telnyx')) v(provider)
		where not exists (select 1 from voip_configs o where o.tenant_id = p_tenant_id and o.provider = v.provider)
		on conflict do nothing;
	get diagnostics v_voip = row_count;
	insert into background_jobs (tenant_id, job_type, job_key, payload, status, attempts, result, started_at, finished_at)
		values (p_tenant_id, 'example.hello', 'first', '{"say":"hello"}', 'completed', 1, '{"said":"hello"}', now(), now())
		on conflict (tenant_id, job_type, job_key) do nothing;
	return jsonb_build_object('pipelineStages', v_stages, 'messageTemplates', v_templates, 'scoringModels', v_models, 'voipConfigs', v_voip);
end
$$;
comment on function seed_tenant_defaults(uuid) is
	'Gives a tenant what it lacks of the defaults: five pipeline stages, eight texts, the scorer by rules, two telephone providers to fill in, a finished example of a job. Returns how many were new.';

create or replace function seed_tenant_texts() returns trigger
language plpgsql
set search_path from current
as $$
begin
	perform seed_tenant_defaults(new.id);
	return null;
end
$$;
comment on function seed_tenant_texts() is 'Trigger: a new tenant begins with the defaults.';
select seed_tenant_defaults(id) from tenants;

-- A finished job leaves after a quarter: as long its key keeps it from being done again.
do $$
declare
	v_source text := pg_get_functiondef('run_maintenance(text, integer, integer, uuid)'::regprocedure);
	c_before constant text := '		elsif p_task = ''turns'' then';
begin
	if position(c_before in v_source) = 0 then
		raise exception 'run_maintenance is not the function that this migration changes';
	end if;
	execute replace(v_source, c_before, '		elsif p_task = ''finished_jobs'' then
			delete from background_jobs where tenant_id = v_tenant.id and id = any (array(
				select j.id from background_jobs j where j.tenant_id = v_tenant.id and j.finished_at < v_before
				order by j.finished_at limit v_left for update skip locked));
			get diagnostics v_rows = row_count;
' || c_before);
end
$$;

create or replace view ai_conversations with (security_invoker = true) as
	select c.id, c.tenant_id, c.contact_id as lead_id, c.id as session_id,
		coalesce((
			select jsonb_agg(jsonb_build_object('role', case when m.direction = 'inbound' then 'user' else 'assistant' end, 'content', m.body) order by m.id)
			from messages m where m.tenant_id = c.tenant_id and m.conversation_id = c.id
		), '[]') as messages,
		(select l.lead_score from leads l where l.tenant_id = c.tenant_id and l.contact_id = c.contact_id) as qualification_score,
		c.status = 'handoff' as handoff_triggered, c.handoff_reason, c.created_at, c.updated_at
	from conversations c;
comment on view ai_conversations is 'The seeds'' table as a view of conversations, messages and the score of the person.';

select secure_schema();
