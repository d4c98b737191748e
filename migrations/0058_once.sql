-- breaking: no
-- Defaults that stood twice stand once; the audience of a campaign has more filters and is counted before it is written to.

-- The limits of what we start: the columns' defaults, and a row a tenant.
insert into sending_settings (tenant_id) select t.id from tenants t on conflict do nothing;
comment on table sending_settings is 'A tenant''s limits of what we start; the defaults are those of the columns, and each tenant has its row. proactive_stopped_at: the breaker is open until a person closes it.';

drop trigger seed_pipeline_stages on tenants;
drop function seed_pipeline_stages();
drop trigger seed_voip_configs on tenants;
drop function seed_voip_configs();

create or replace function seed_tenant_defaults(p_tenant_id uuid) returns jsonb
language plpgsql
set search_path from current
as $$
declare
	v_stages integer;
	v_templates integer := seed_message_templates(p_tenant_id);
	v_models integer;
	v_voip integer;
begin
	insert into sending_settings (tenant_id) values (p_tenant_id) on conflict do nothing;
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
	-- Switched off, at a list price a minute that connecting replaces.
	insert into voip_configs (tenant_id, provider, is_active, setup_completed, cost_per_minute)
		values (p_tenant_id, 'twilio', false, false, 0.0140), (p_tenant_id, 'telnyx', false, false, 0.0070)
		on conflict (tenant_id, provider) do nothing;
	get diagnostics v_voip = row_count;
	insert into background_jobs (tenant_id, job_type, job_key, payload, status, attempts, result, started_at, finished_at)
		values (p_tenant_id, 'example.hello', 'first', '{"say":"hello"}', 'completed', 1, '{"said":"hello"}', now(), now())
		on conflict (tenant_id, job_type, job_key) do nothing;
	return jsonb_build_object('pipelineStages', v_stages, 'messageTemplates', v_templates, 'scoringModels', v_models, 'voipConfigs', v_voip);
end
$$;

comment on function seed_tenant_defaults(uuid) is
	'Gives a tenant what it lacks of the defaults: its limits of sending, five pipeline stages, eight texts, the scorer by rules, two telephone providers to fill in, a finished example of a job. Returns how many were new.';

-- Meta refuses a template that begins or ends with a variable.
update message_templates mt set content = f.now
	from (values
		('Proposta enviada', '{{lead_name}}, enviei a proposta de {{value}}. Ficou alguma dúvida?', 'Oi {{lead_name}}, enviei a proposta de {{value}}. Ficou alguma dúvida?'),
		('Fechamento', '{{lead_name}}, está tudo pronto para começarmos. Posso confirmar?', 'Oi {{lead_name}}, está tudo pronto para começarmos. Posso confirmar?')
	) f(name, was, now)
	where mt.name = f.name and mt.content = f.was and mt.meta_status = 'LOCAL';

create function campaign_audience(p_tenant_id uuid, p_audience jsonb, p_limit integer) returns table (lead_id uuid, reason text)
language sql stable
set search_path from current
as $$
	select a.id, campaign_refusal(p_tenant_id, a.id)
	from (
		select l.id from leads l join contacts k on k.tenant_id = l.tenant_id and k.id = l.contact_id and k.merged_into_id is null
		where l.tenant_id = p_tenant_id and (p_audience -> 'classifications' is null or p_audience -> 'classifications' ? l.classification)
			and (p_audience -> 'stages' is null or p_audience -> 'stages' ? l.stage) and (p_audience -> 'sources' is null or p_audience -> 'sources' ? l.source)
			and (p_audience -> 'adCampaigns' is null or p_audience -> 'adCampaigns' ? coalesce(l.referral ->> 'campaign_id', ''))
			and l.lead_score >= coalesce((p_audience ->> 'minScore')::integer, 0) and l.lead_score <= coalesce((p_audience ->> 'maxScore')::integer, 100)
			and (p_audience -> 'tags' is null or exists (
				select 1 from contact_identities i join tenant_known_contacts t on t.tenant_id = i.tenant_id and t.username_key = identity_key(i.value)
				where i.tenant_id = p_tenant_id and i.contact_id = k.id and i.superseded_at is null and t.tags && array(select jsonb_array_elements_text(p_audience -> 'tags'))))
			-- Whoever never wrote has been silent for ever.
			and (p_audience ->> 'silentDays' is null or not exists (
				select 1 from conversations c where c.tenant_id = p_tenant_id and c.contact_id = k.id
					and c.last_customer_message_at > now() - make_interval(days => (p_audience ->> 'silentDays')::integer)))
			and (p_audience ->> 'activeDays' is null or exists (
				select 1 from conversations c where c.tenant_id = p_tenant_id and c.contact_id = k.id
					and c.last_customer_message_at > now() - make_interval(days => (p_audience ->> 'activeDays')::integer)))
		order by l.lead_score desc, l.id limit p_limit
	) a
$$;
comment on function campaign_audience(uuid, jsonb, integer) is
	'The leads that fit every filter, best score first, and why one may not be written to. {classifications, stages, sources, adCampaigns, tags, minScore, maxScore, silentDays, activeDays}; tags are those of known contacts.';

-- Functions of others change by a line each; a text that is not there any more stops this migration.
do $$
declare
	v_change text[];
	v_source text;
begin
	foreach v_change slice 1 in array array[
		array['seed_message_templates(uuid)', '''{{lead_name}}, enviei a proposta', '''Oi {{lead_name}}, enviei a proposta'],
		array['seed_message_templates(uuid)', '''{{lead_name}}, está tudo pronto', '''Oi {{lead_name}}, está tudo pronto'],
		-- Without its row a tenant starts nothing: no second set of defaults.
		array['consent_refusal(outbox_messages, contacts, message_templates)', 'coalesce(v_settings.marketing_needs_opt_in, false)', 'coalesce(v_settings.marketing_needs_opt_in, true)'],
		array['consent_refusal(outbox_messages, contacts, message_templates)', 'days => coalesce(v_settings.marketing_days, 7) + 2)', 'days => v_settings.marketing_days + 2)'],
		array['consent_refusal(outbox_messages, contacts, message_templates)', 'days => coalesce(v_settings.marketing_days, 7))', 'days => v_settings.marketing_days)'],
		array['consent_refusal(outbox_messages, contacts, message_templates)', 'coalesce(v_settings.marketing_per_person, 2)', 'coalesce(v_settings.marketing_per_person, 0)'],
		array['proactive_refusal(outbox_messages)', 'greatest(floor(v_peak * coalesce(v_settings.proactive_times_peak, 3)), coalesce(v_settings.proactive_floor, 50))',
			'coalesce(greatest(floor(v_peak * v_settings.proactive_times_peak), v_settings.proactive_floor), 0)'],
		array['start_campaign(uuid, jsonb)', '
		from (
			select l.id from leads l join contacts k on k.tenant_id = l.tenant_id and k.id = l.contact_id and k.merged_into_id is null
			where l.tenant_id = p_tenant_id and (v_audience -> ''classifications'' is null or v_audience -> ''classifications'' ? l.classification)
				and (v_audience -> ''stages'' is null or v_audience -> ''stages'' ? l.stage) and (v_audience -> ''sources'' is null or v_audience -> ''sources'' ? l.source)
				and (v_audience -> ''adCampaigns'' is null or v_audience -> ''adCampaigns'' ? coalesce(l.referral ->> ''campaign_id'', ''''))
			order by l.lead_score desc, l.id limit (p_campaign ->> ''maxLeads'')::integer
		) a cross join lateral (select campaign_refusal(p_tenant_id, a.id) as reason) r;',
			'
		from campaign_audience(p_tenant_id, v_audience, (p_campaign ->> ''maxLeads'')::integer) r;'],
		array['start_campaign(uuid, jsonb)', 'select p_tenant_id, v_id, a.id, case', 'select p_tenant_id, v_id, r.lead_id, case']
	] loop
		v_source := pg_get_functiondef(v_change[1]::regprocedure);
		if position(v_change[2] in v_source) = 0 then
			raise exception '% is not the function that this migration changes: %', v_change[1], v_change[2];
		end if;
		execute replace(v_source, v_change[2], v_change[3]);
	end loop;
end
$$;

select secure_schema();
