-- breaking: no
-- What became of a lead: append-only outcomes, labels with their maturity, what the loop learns from, versions of the learned scorer.

create table lead_outcomes (
	tenant_id uuid not null references tenants (id) on delete cascade,
	id bigint generated always as identity,
	lead_id uuid not null,
	classified_lead_id uuid,
	kind text not null constraint lead_outcomes_kind_known check (kind in ('bom', 'ruim', 'pessoal', 'spam', 'concorrente', 'opportunity', 'client', 'rejected', 'no_answer', 'stage')),
	tier smallint generated always as (case when kind in ('bom', 'ruim', 'pessoal', 'spam', 'concorrente') then 1 when kind = 'opportunity' then 2 when kind in ('client', 'rejected', 'no_answer') then 3 end) stored,
	stage text constraint lead_outcomes_stage_known check (stage in ('lead', 'contact', 'proposal', 'negotiation', 'closed')),
	source text not null constraint lead_outcomes_source_known check (source in ('person', 'webhook', 'crm')),
	actor text not null check (length(actor) between 1 and 200),
	happened_at timestamptz not null,
	idempotency_key text not null check (length(idempotency_key) between 1 and 200),
	created_at timestamptz not null default now(),
	primary key (tenant_id, id),
	unique (tenant_id, idempotency_key),
	foreign key (tenant_id, lead_id) references leads (tenant_id, id) on delete cascade,
	foreign key (tenant_id, classified_lead_id) references classified_leads (tenant_id, id) on delete cascade,
	constraint lead_outcomes_stage_says_which check (kind <> 'stage' or stage is not null)
);
comment on table lead_outcomes is 'Append-only: what people and CRMs say about leads, who and when. tier 1 a seller''s verdict, 2 opportunity, 3 how it ended; none for a mere step of the pipeline. Holds no text of the customer.';
comment on column lead_outcomes.classified_lead_id is 'The classification this is a label of: the newest before it, unless another was named.';
create index idx_lead_outcomes_lead on lead_outcomes (tenant_id, lead_id, happened_at desc);
create index idx_lead_outcomes_time on lead_outcomes (tenant_id, created_at desc);
create index idx_lead_outcomes_classified on lead_outcomes (tenant_id, classified_lead_id) where classified_lead_id is not null;
create trigger append_only before update or delete on lead_outcomes for each row execute function refuse_change();

create table ai_training_data (
	tenant_id uuid not null references tenants (id) on delete cascade,
	id uuid not null default gen_random_uuid(),
	data_type varchar(50) not null constraint ai_training_data_type_known check (data_type in ('lead_qualification', 'sentiment', 'scoring')),
	input_data jsonb not null,
	expected_output jsonb not null,
	actual_output jsonb,
	feedback_score numeric(3, 2) check (feedback_score between 0 and 1),
	lead_id uuid not null,
	classified_lead_id uuid,
	outcome_id bigint,
	lead_key_hash text not null check (lead_key_hash ~ '^[0-9a-f]{64}$'),
	label_tier smallint check (label_tier between 1 and 3),
	source text not null,
	labelled_at timestamptz not null,
	treat_propensity numeric(4, 3) not null default 1 check (treat_propensity > 0 and treat_propensity <= 1),
	exploration_arm text,
	split text not null constraint ai_training_data_split_known check (split in ('propose', 'gate')),
	created_at timestamptz not null default now(),
	primary key (tenant_id, id),
	unique (tenant_id, outcome_id),
	foreign key (tenant_id, lead_id) references leads (tenant_id, id) on delete cascade,
	foreign key (tenant_id, classified_lead_id) references classified_leads (tenant_id, id) on delete cascade
);
comment on table ai_training_data is 'Labelled examples for learning, one an outcome: numbers and classes only. Never of people who addressed the machine, are family or staff, or opted out; erasing a person erases theirs.';
comment on column ai_training_data.split is 'By the hash of the person, three of five propose: what proposes a change never sees what judges it.';
create index idx_ai_training_data_type on ai_training_data (tenant_id, data_type, created_at desc);
create index idx_ai_training_data_lead on ai_training_data (tenant_id, lead_id);
create index idx_ai_training_data_classified on ai_training_data (tenant_id, classified_lead_id) where classified_lead_id is not null;

create function forget_opted_out_examples() returns trigger
language plpgsql
set search_path from current
as $$
begin
	delete from ai_training_data d using leads l
		where l.tenant_id = new.tenant_id and l.contact_id = new.id and d.tenant_id = l.tenant_id and d.lead_id = l.id;
	return null;
end
$$;
comment on function forget_opted_out_examples() is 'Trigger: who opts out leaves the learning sample.';
create trigger forget_opted_out_examples after update of opted_out_at on contacts for each row when (new.opted_out_at is not null and old.opted_out_at is null) execute function forget_opted_out_examples();

create table lead_scoring_models (
	tenant_id uuid not null references tenants (id) on delete cascade,
	id uuid not null default gen_random_uuid(),
	model_name varchar(100) not null,
	model_version varchar(20) not null,
	model_config jsonb not null default '{}',
	training_data_count integer not null check (training_data_count >= 0),
	accuracy_score numeric(5, 4) check (accuracy_score between 0 and 1),
	weights jsonb not null,
	calibration jsonb not null,
	model_metrics jsonb not null,
	rule_metrics jsonb not null,
	beats_rules boolean not null,
	is_active boolean not null default false,
	trained_at timestamptz not null default now(),
	created_at timestamptz not null default now(),
	primary key (tenant_id, id),
	unique (tenant_id, model_name, model_version),
	constraint lead_scoring_models_active_beats_rules check (beats_rules or not is_active)
);
comment on table lead_scoring_models is 'Versions of a tenant''s learned scorer with what model and rules scored on outcomes that neither had seen; only one that beats the rules can be active.';
create unique index idx_lead_scoring_models_active on lead_scoring_models (tenant_id) where is_active;

create function single_active_scoring_model() returns trigger
language plpgsql
set search_path from current
as $$
begin
	if new.is_active and (tg_op = 'INSERT' or not old.is_active) then
		update lead_scoring_models set is_active = false where tenant_id = new.tenant_id and is_active and id <> new.id;
	end if;
	return new;
end
$$;
comment on function single_active_scoring_model() is 'Trigger: activating a scorer retires the one before it.';
create trigger trigger_single_active_scoring_model before insert or update of is_active on lead_scoring_models for each row execute function single_active_scoring_model();

create function refresh_persona_stats(p_tenant_id uuid, p_persona_id uuid) returns void
language sql
set search_path from current
as $$
	with person as (
		select distinct on (c.lead_id) c.lead_id, c.icp_score, bool_or(c.converted_to_opportunity) over (partition by c.lead_id) as converted
		from classified_leads c
		where c.tenant_id = p_tenant_id and c.persona_id = p_persona_id and c.classification like 'LEAD\_%'
		order by c.lead_id, c.created_at desc
	)
	update tenant_personas p set conversion_rate = n.rate, avg_icp_score = n.score
		from (select round(100.0 * count(*) filter (where converted) / nullif(count(*), 0), 2) as rate, round(avg(icp_score), 2) as score from person) n
		where p.tenant_id = p_tenant_id and p.id = p_persona_id
$$;
comment on function refresh_persona_stats(uuid, uuid) is 'conversion_rate (percent) and avg_icp_score of a persona version, counted over persons by their newest score under it.';
create index idx_classified_leads_persona on classified_leads (tenant_id, persona_id, lead_id) where persona_id is not null;

create function record_outcome(p_tenant_id uuid, p_outcome jsonb) returns jsonb
language plpgsql
set search_path from current
as $$
declare
	v_kind text := p_outcome ->> 'kind';
	v_stage_name text := lower(btrim(p_outcome ->> 'stage'));
	-- A clock that runs ahead makes nothing happen in the future.
	v_at timestamptz := least(coalesce((p_outcome ->> 'at')::timestamptz, now()), now());
	v_lead leads;
	v_label classified_leads;
	v_stage pipeline_stages;
	v_row lead_outcomes;
	v_converts boolean;
begin
	if v_kind is null and v_stage_name is null then
		raise exception 'an outcome needs a kind or a stage' using errcode = 'ZF005';
	end if;
	-- The person's row is the lock: two outcomes of one lead are written one after the other.
	select l.* into v_lead from leads l where l.tenant_id = p_tenant_id and l.id = coalesce((p_outcome ->> 'leadId')::uuid,
		(select c.lead_id from classified_leads c where c.tenant_id = p_tenant_id and c.id = (p_outcome ->> 'classifiedLeadId')::uuid)) for update;
	if not found then
		raise exception 'lead % does not exist', coalesce(p_outcome ->> 'leadId', p_outcome ->> 'classifiedLeadId', 'without an id') using errcode = 'ZF004';
	end if;
	if v_stage_name is not null then
		select s.* into v_stage from pipeline_stages s
			where s.tenant_id = p_tenant_id and (lower(s.name) = v_stage_name or s.stage_type = v_stage_name)
			order by lower(s.name) = v_stage_name desc, s.stage_order limit 1;
		if not found then
			raise exception 'pipeline stage % does not exist', left(p_outcome ->> 'stage', 100) using errcode = 'ZF004';
		end if;
		v_kind := coalesce(v_kind, case when v_stage.stage_type in ('proposal', 'negotiation') then 'opportunity' when v_stage.stage_type = 'closed' then 'client' else 'stage' end);
	elsif (v_kind = 'opportunity' and v_lead.stage in ('lead', 'contact')) or (v_kind = 'client' and v_lead.stage <> 'closed') then
		select s.* into v_stage from pipeline_stages s
			where s.tenant_id = p_tenant_id and s.stage_type = case v_kind when 'client' then 'closed' else 'proposal' end order by s.stage_order limit 1;
	end if;
	v_converts := v_kind in ('opportunity', 'client');

	select c.* into v_label from classified_leads c
		where c.tenant_id = p_tenant_id and c.lead_id = v_lead.id
			and (p_outcome ->> 'classifiedLeadId' is null or c.id = (p_outcome ->> 'classifiedLeadId')::uuid)
		-- The newest before it; a clock of theirs that runs behind is answered with the first one.
		order by c.created_at <= v_at desc, case when c.created_at <= v_at then c.created_at end desc, c.created_at limit 1;
	if not found and p_outcome ->> 'classifiedLeadId' is not null then
		raise exception 'classification % is not of this lead', p_outcome ->> 'classifiedLeadId' using errcode = 'ZF004';
	end if;

	insert into lead_outcomes (tenant_id, lead_id, classified_lead_id, kind, stage, source, actor, happened_at, idempotency_key)
		values (p_tenant_id, v_lead.id, v_label.id, v_kind, v_stage.stage_type, coalesce(p_outcome ->> 'source', 'person'),
			left(coalesce(p_outcome ->> 'actor', nullif(current_setting('agent_factory.actor', true), ''), 'system'), 200), v_at, p_outcome ->> 'idempotencyKey')
		on conflict (tenant_id, idempotency_key) do nothing returning * into v_row;
	if v_row.id is null then
		select * into v_row from lead_outcomes o where o.tenant_id = p_tenant_id and o.idempotency_key = p_outcome ->> 'idempotencyKey';
		if v_row.lead_id <> v_lead.id or v_row.kind <> v_kind then
			raise exception 'that idempotency key names another outcome' using errcode = 'ZF005';
		end if;
		return jsonb_build_object('id', v_row.id, 'leadId', v_row.lead_id, 'classifiedLeadId', v_row.classified_lead_id, 'kind', v_row.kind, 'tier', v_row.tier,
			'stage', v_lead.stage, 'created', false, 'hint', null);
	end if;

	update classified_leads c set final_outcome = case v_kind when 'client' then 'cliente' when 'rejected' then 'rejeitou' else coalesce(c.final_outcome, 'sem_resposta') end
		where c.tenant_id = p_tenant_id and c.id = v_label.id and v_row.tier = 3 and not exists (
			select 1 from lead_outcomes o where o.tenant_id = p_tenant_id and o.lead_id = v_lead.id and o.kind in ('client', 'rejected') and o.happened_at > v_at);
	update classified_leads c set converted_to_opportunity = true, opportunity_created_at = least(c.opportunity_created_at, v_at)
		where c.tenant_id = p_tenant_id and c.id = v_label.id and v_converts;
	-- News that come late move nobody back.
	update leads l set stage = v_stage.stage_type, stage_id = v_stage.id
		where l.tenant_id = p_tenant_id and l.id = v_lead.id and v_stage.id is not null and not exists (
			select 1 from lead_outcomes o where o.tenant_id = p_tenant_id and o.lead_id = v_lead.id and o.stage is not null and o.happened_at > v_at);
	select * into v_lead from leads l where l.tenant_id = p_tenant_id and l.id = v_row.lead_id;
	if v_converts and v_label.persona_id is not null then
		perform refresh_persona_stats(p_tenant_id, v_label.persona_id);
	end if;
	perform log_training_example(p_tenant_id, v_row.id);
	perform record_audit(p_tenant_id, 'lead.outcome', 'lead', v_lead.id::text, jsonb_build_object('kind', v_kind, 'tier', v_row.tier, 'stage', v_lead.stage, 'by', v_row.actor));
	return jsonb_build_object('id', v_row.id, 'leadId', v_lead.id, 'classifiedLeadId', v_label.id, 'kind', v_kind, 'tier', v_row.tier, 'stage', v_lead.stage, 'created', true,
		'hint', case when v_kind = 'pessoal' then jsonb_build_object('action', 'add_known_contact', 'platform', v_label.platform, 'username', v_label.username) end);
end
$$;
comment on function record_outcome(uuid, jsonb) is
	'Writes down one outcome {leadId or classifiedLeadId, kind and/or stage (name or type), source, actor, at, idempotencyKey}, once a key, with all that follows from it. hint says what a person may want to do next; nothing is done by itself.';

create function log_training_example(p_tenant_id uuid, p_outcome_id bigint) returns boolean
language plpgsql
set search_path from current
as $$
begin
	-- Who turns out to be family or staff leaves the sample.
	delete from ai_training_data d using lead_outcomes o
		where o.tenant_id = p_tenant_id and o.id = p_outcome_id and o.kind = 'pessoal' and d.tenant_id = o.tenant_id and d.lead_id = o.lead_id;
	insert into ai_training_data (tenant_id, data_type, lead_id, classified_lead_id, outcome_id, input_data, expected_output, actual_output, feedback_score,
			lead_key_hash, label_tier, source, labelled_at, treat_propensity, exploration_arm, split)
		select o.tenant_id, 'lead_qualification', o.lead_id, c.id, o.id,
			jsonb_build_object('rules', (
					select coalesce(jsonb_object_agg(r.name, r.points), '{}') from (
						select p ->> 'axis' || '.' || (p ->> 'rule') as name, sum((p ->> 'points')::numeric) as points
						from jsonb_array_elements(c.score_breakdown) p group by 1) r where r.name is not null),
				'platform', c.platform, 'personaVersion', c.persona_version, 'source', l.source, 'hasReferral', l.referral is not null),
			jsonb_build_object('label', o.kind, 'tier', o.tier),
			jsonb_build_object('score', c.icp_score, 'fit', c.fit_score, 'intent', c.intent_score, 'classification', c.classification, 'decidedBy', c.decided_by,
				'confidence', c.confidence, 'treatment', c.treatment),
			case when o.kind in ('bom', 'opportunity', 'client') then 1 when o.kind <> 'no_answer' then 0 end,
			h.hash, o.tier, o.source, o.happened_at, c.treat_propensity, c.exploration_arm,
				case when get_byte(decode(h.hash, 'hex'), 0) < 154 then 'propose' else 'gate' end
		from lead_outcomes o
		join leads l on l.tenant_id = o.tenant_id and l.id = o.lead_id
		join contacts k on k.tenant_id = l.tenant_id and k.id = l.contact_id
		join classified_leads c on c.tenant_id = o.tenant_id and c.id = o.classified_lead_id
		cross join lateral (select encode(sha256(convert_to(o.tenant_id || '|' || c.lead_key, 'UTF8')), 'hex') as hash) h
		where o.tenant_id = p_tenant_id and o.id = p_outcome_id and o.tier is not null and k.opted_out_at is null and not c.injection_flagged
			and 'PESSOAL' not in (c.classification, l.classification)
			and not exists (select 1 from lead_outcomes w where w.tenant_id = o.tenant_id and w.lead_id = o.lead_id and w.kind = 'pessoal')
		on conflict (tenant_id, outcome_id) do nothing;
	return found;
end
$$;
comment on function log_training_example(uuid, bigint) is 'Keeps an outcome as a labelled example, unless it is of somebody who must not be learned from; true when it did.';

create function lead_labels(p_tenant_id uuid, p_horizon_days integer default 30)
returns table (lead_id uuid, classified_lead_id uuid, y integer, tier smallint, verdict text, started_at timestamptz, matured_at timestamptz, treat_propensity numeric, learnable boolean)
language sql stable
set search_path from current
as $$
	with said as (
		-- Through the classification: when two people turn out to be one, it moves with them and the log does not.
		select coalesce(c.lead_id, o.lead_id) as lead_id, min(o.happened_at) filter (where o.kind in ('opportunity', 'client')) as won_at, max(o.tier) filter (where o.kind in ('opportunity', 'client')) as won_tier,
			(array_agg(o.classified_lead_id order by o.happened_at, o.id) filter (where o.kind in ('opportunity', 'client')))[1] as won_label,
			max(o.happened_at) filter (where o.kind = 'rejected') as rejected_at,
			(array_agg(o.kind order by o.happened_at desc, o.id desc) filter (where o.tier = 1))[1] as verdict, max(o.happened_at) filter (where o.tier = 1) as verdict_at,
			(array_agg(o.classified_lead_id order by o.happened_at desc, o.id desc) filter (where o.kind = 'rejected' or o.tier = 1))[1] as lost_label
		from lead_outcomes o left join classified_leads c on c.tenant_id = p_tenant_id and c.id = o.classified_lead_id
		where o.tenant_id = p_tenant_id group by 1
	), person as (
		select l.id, l.contact_id, l.created_at as started, l.created_at + make_interval(days => p_horizon_days) as due, s.*,
			s.won_at <= l.created_at + make_interval(days => p_horizon_days) as won,
			coalesce(s.rejected_at is not null or s.verdict in ('ruim', 'pessoal', 'spam', 'concorrente'), false) as lost
		from leads l left join said s on s.lead_id = l.id
		where l.tenant_id = p_tenant_id
	)
	select p.id, c.id, m.y, case when m.y = 1 then p.won_tier when p.lost then case when p.rejected_at is null then 1 else 3 end end::smallint, p.verdict, p.started,
		case when m.y is null then null when p.won then p.won_at when p.lost then least(p.due, greatest(p.rejected_at, p.verdict_at)) else p.due end,
		c.treat_propensity, not c.injection_flagged and c.classification <> 'PESSOAL' and p.verdict is distinct from 'pessoal' and k.opted_out_at is null
	from person p
	join contacts k on k.tenant_id = p_tenant_id and k.id = p.contact_id
	cross join lateral (select case when p.won then 1 when p.lost or p.due <= now() then 0 end as y) m
	cross join lateral (
		select x.* from classified_leads x where x.tenant_id = p_tenant_id and x.lead_id = p.id and (
			x.id = case when p.won then p.won_label when p.lost then p.lost_label end or (x.created_at <= p.due and not coalesce(p.won or p.lost, false)))
		order by x.created_at desc limit 1
	) c
$$;
comment on function lead_labels(uuid, integer) is
	'One row a person: y 1 won (opportunity or client) within the horizon, 0 refused, judged no lead, or past the horizon without either, null still open. Of somebody who has not answered yet nothing is known before the horizon. learnable: may be learned from.';

create function scorer_examples(p_tenant_id uuid, p_horizon_days integer, p_limit integer)
returns table (y integer, at timestamptz, score integer, is_hot boolean, propensity numeric, platform text, from_ad boolean, points jsonb)
language sql stable
set search_path from current
as $$
	select b.y, c.created_at, c.icp_score, c.classification = 'LEAD_HOT', b.treat_propensity, c.platform, l.referral is not null, c.score_breakdown
	from lead_labels(p_tenant_id, p_horizon_days) b
	join classified_leads c on c.tenant_id = p_tenant_id and c.id = b.classified_lead_id
	join leads l on l.tenant_id = p_tenant_id and l.id = b.lead_id
	where b.y is not null and b.learnable and c.classification like 'LEAD\_%'
	order by c.created_at desc limit p_limit
$$;
comment on function scorer_examples(uuid, integer, integer) is 'Matured, learnable leads with what was known when they were classified, newest first.';

create function score_results(p_tenant_id uuid, p_horizon_days integer) returns table (score integer, n integer, won integer)
language sql stable
set search_path from current
as $$
	select c.icp_score, count(*)::integer, sum(b.y)::integer
	from lead_labels(p_tenant_id, p_horizon_days) b
	join classified_leads c on c.tenant_id = p_tenant_id and c.id = b.classified_lead_id
	where b.y is not null and c.classification like 'LEAD\_%'
	group by c.icp_score
$$;
comment on function score_results(uuid, integer) is 'How many matured leads each score had, and how many of them were won.';

create function save_scoring_model(p_tenant_id uuid, p_model jsonb) returns jsonb
language sql
set search_path from current
as $$
	-- What the newest outcomes say holds: a scorer that loses to the rules takes its predecessor with it.
	with retired as (
		update lead_scoring_models set is_active = false where tenant_id = p_tenant_id and is_active
	), next as (
		select 'v' || coalesce(max(substr(m.model_version, 2)::integer), 0) + 1 as version from lead_scoring_models m
		where m.tenant_id = p_tenant_id and m.model_name = p_model ->> 'name' and m.model_version ~ '^v\d{1,9}$'
	), made as (
		insert into lead_scoring_models (tenant_id, model_name, model_version, model_config, training_data_count, accuracy_score, weights, calibration,
				model_metrics, rule_metrics, beats_rules)
			select p_tenant_id, p_model ->> 'name', n.version, p_model -> 'config', (p_model ->> 'count')::integer, (p_model ->> 'accuracy')::numeric, p_model -> 'weights',
				p_model -> 'calibration', p_model -> 'modelMetrics', p_model -> 'ruleMetrics', (p_model ->> 'beatsRules')::boolean
			from next n
			returning id, model_version, beats_rules
	)
	select jsonb_build_object('id', id, 'version', model_version, 'beatsRules', beats_rules) from made
$$;
comment on function save_scoring_model(uuid, jsonb) is 'Stores a trained scorer as the next version and retires the active one; activate_scoring_model puts it to work.';

create function activate_scoring_model(p_tenant_id uuid, p_model_id uuid) returns boolean
language sql
set search_path from current
as $$
	with active as (
		update lead_scoring_models set is_active = true where tenant_id = p_tenant_id and id = p_model_id and beats_rules returning id, model_version
	)
	select coalesce((select true from active, record_audit(p_tenant_id, 'scorer.activated', 'lead_scoring_model', id::text, jsonb_build_object('version', model_version))), false)
$$;
comment on function activate_scoring_model(uuid, uuid) is 'Puts a scorer that beat the rules to work; false for one that did not.';

create function active_scoring_model(p_tenant_id uuid) returns jsonb
language sql stable
set search_path from current
as $$
	select jsonb_build_object('id', m.id, 'version', m.model_version, 'config', m.model_config, 'weights', m.weights, 'calibration', m.calibration)
	from lead_scoring_models m left join lead_settings s on s.tenant_id = m.tenant_id
	where m.tenant_id = p_tenant_id and m.is_active and coalesce(s.learned_scorer_enabled, true)
$$;
comment on function active_scoring_model(uuid) is 'The scorer at work for a tenant; null while the rules alone decide.';

select secure_schema();
