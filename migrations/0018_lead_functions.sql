-- breaking: no
-- What the classifier reads in one round trip and writes in one transaction, and what the seeds' callers know by name.

create function get_active_persona(p_tenant_id uuid) returns jsonb
language sql stable
set search_path from current
as $$
	select jsonb_build_object('id', p.id, 'version', p.version, 'business_type', p.business_type, 'target_audience', p.target_audience,
			'product_service', p.product_service, 'value_proposition', p.value_proposition)
		|| jsonb_build_object('main_pain_points', p.main_pain_points, 'solutions_offered', p.solutions_offered, 'ideal_niches', p.ideal_niches,
			'ideal_job_titles', p.ideal_job_titles, 'ideal_business_types', p.ideal_business_types, 'min_followers', p.min_followers, 'max_followers', p.max_followers)
		|| jsonb_build_object('positive_keywords', p.positive_keywords, 'negative_keywords', p.negative_keywords, 'service_areas', p.service_areas,
			'brand_voice', p.brand_voice, 'message_style', p.message_style, 'ai_classification_prompt', p.ai_classification_prompt,
			'ai_response_prompt', p.ai_response_prompt)
	from tenant_personas p where p.tenant_id = p_tenant_id and p.is_active
$$;
comment on function get_active_persona(uuid) is 'The active persona of a tenant with the seeds'' column names; null when there is none.';

create function known_contact_of(p_tenant_id uuid, p_platform text, p_values text[]) returns tenant_known_contacts
language sql stable
set search_path from current
as $$
	-- Whoever is on the list by phone number on WhatsApp is the same person elsewhere when the number is known.
	select k.* from tenant_known_contacts k
	where k.tenant_id = p_tenant_id and k.username_key = any (select identity_key(v.value) from unnest(p_values) v(value) where v.value <> '')
		and (k.platform = p_platform or k.username_key ~ '^\d{8,15}$')
	order by k.platform = p_platform desc, k.created_at limit 1
$$;
comment on function known_contact_of(uuid, text, text[]) is 'The known contact that any of a person''s phone numbers, user ids or usernames names, in any spelling.';

create function is_known_contact(p_tenant_id uuid, p_platform text, p_username text) returns jsonb
language sql stable
set search_path from current
as $$
	select jsonb_build_object('is_known', k.id is not null, 'id', k.id, 'contact_type', k.contact_type, 'auto_classify_as', k.auto_classify_as,
			'skip_ai_analysis', k.skip_ai_analysis, 'auto_respond', k.auto_respond)
	from (select 1) one left join known_contact_of(p_tenant_id, p_platform, array[p_username]) k on true
$$;
comment on function is_known_contact(uuid, text, text) is 'Whether a username, phone number or user id stands on the tenant''s list, and as what.';

create function lead_settings_of(p_tenant_id uuid) returns jsonb
language sql stable
set search_path from current
as $$
	select jsonb_build_object('hot', coalesce(s.hot_threshold, 70), 'warm', coalesce(s.warm_threshold, 45), 'cold', coalesce(s.cold_threshold, 20),
		'unsureBelow', coalesce(s.unsure_below, 0.60), 'hysteresis', coalesce(s.hysteresis, 5), 'scoreHalfLifeDays', coalesce(s.score_half_life_days, 30),
		'answeredClasses', coalesce(s.answered_classes, '{LEAD_HOT,LEAD_WARM,LEAD_COLD}'), 'modelEnabled', coalesce(s.model_enabled, true),
		'modelProvider', coalesce(s.model_provider, 'anthropic'), 'modelApi', coalesce(s.model_api, 'messages'), 'model', coalesce(s.model, 'claude-haiku-4-5'),
		'explorationShare', coalesce(s.exploration_share, 0.05), 'hotCapacityPerDay', coalesce(s.hot_capacity_per_day, 20),
		'learnedScorerEnabled', coalesce(s.learned_scorer_enabled, true), 'analysisLanguage', coalesce(s.analysis_language, 'pt-BR'))
	from tenants t left join lead_settings s on s.tenant_id = t.id where t.id = p_tenant_id
$$;
comment on function lead_settings_of(uuid) is 'A tenant''s settings of the classifier, the defaults where it has none of its own.';

create function classified_lead_of(p_row classified_leads) returns jsonb
language sql immutable
set search_path from current
as $$
	select jsonb_build_object('id', p_row.id, 'leadId', p_row.lead_id, 'classification', p_row.classification, 'personalReason', p_row.personal_reason,
		'score', p_row.icp_score, 'fit', p_row.fit_score, 'intent', p_row.intent_score, 'confidence', p_row.confidence, 'decidedBy', p_row.decided_by,
		'points', p_row.score_breakdown, 'injection', p_row.injection_flagged, 'treatment', p_row.treatment, 'overLimit', p_row.over_limit,
		'personaVersion', p_row.persona_version)
$$;
comment on function classified_lead_of(classified_leads) is 'A stored classification as core/leads knows it: StoredLead.';

create function load_lead_context(p_tenant_id uuid, p_turn_id bigint, p_history_limit integer) returns jsonb
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
	), person as (
		select head.*, c.contact_id, k.full_name, k.username, k.phone, k.profile, ca.kind as platform, c.status <> 'handoff' and k.opted_out_at is null as answerable,
			array(select i.value from contact_identities i where i.tenant_id = p_tenant_id and i.contact_id = k.id and i.superseded_at is null order by i.id) as ids
		from head
		join conversations c on c.tenant_id = p_tenant_id and c.id = head.conversation_id
		join contacts k on k.tenant_id = p_tenant_id and k.id = c.contact_id
		join channel_accounts ca on ca.tenant_id = p_tenant_id and ca.id = c.channel_account_id
	)
	select jsonb_build_object(
		'turnId', p_turn_id, 'conversationId', p.conversation_id, 'contactId', p.contact_id, 'platform', p.platform, 'answerable', p.answerable,
		'username', coalesce(nullif(p.phone, ''), nullif(p.username, ''), p.ids[1], p.contact_id::text), 'fullName', p.full_name, 'profile', p.profile,
		'persona', get_active_persona(p_tenant_id),
		'settings', lead_settings_of(p_tenant_id),
		'hotToday', coalesce((select u.value from usage_counters u join tenants t on t.id = u.tenant_id
			where u.tenant_id = p_tenant_id and u.metric = 'hot_treated' and u.period_start = (now() at time zone t.timezone)::date), 0),
		'known', (
			select jsonb_build_object('id', w.id, 'contactType', w.contact_type, 'autoClassifyAs', w.auto_classify_as, 'skipAiAnalysis', w.skip_ai_analysis,
				'autoRespond', w.auto_respond)
			from known_contact_of(p_tenant_id, p.platform, p.ids || array[p.phone, p.username]) w where w.id is not null),
		-- A turn that was put back comes again: it is not paid for twice.
		'stored', (select classified_lead_of(s) from classified_leads s where s.tenant_id = p_tenant_id and s.turn_id = p_turn_id),
		'previous', (
			select jsonb_build_object('leadId', l.id, 'classification', l.classification, 'personalReason', l.personal_reason, 'score', l.lead_score,
				'fit', l.fit_score, 'intent', l.intent_score, 'scoredAt', l.scored_at, 'stage', l.stage)
			from leads l where l.tenant_id = p_tenant_id and l.contact_id = p.contact_id),
		'messages', (
			select jsonb_agg(jsonb_build_object('id', m.id::text, 'text', m.body, 'kind', m.kind, 'referral', m.payload -> 'referral',
				'at', coalesce(m.provider_timestamp, m.created_at)) order by m.id)
			from messages m where m.tenant_id = p_tenant_id and m.id = any (p.message_ids)),
		'history', coalesce((
			select jsonb_agg(jsonb_build_object('id', h.id::text, 'text', h.body, 'kind', h.kind, 'referral', h.payload -> 'referral') order by h.id)
			from (
				select m.* from messages m
				where m.tenant_id = p_tenant_id and m.conversation_id = p.conversation_id and m.direction = 'inbound' and m.body <> '' and m.revoked_at is null
					and m.kind <> 'reaction' and not (m.id = any (p.message_ids)) and m.id < (select max(x) from unnest(p.message_ids) x)
				order by m.id desc limit p_history_limit
			) h), '[]')
	)
	from person p
$$;
comment on function load_lead_context(uuid, bigint, integer) is
	'Everything the classifier may look at, in one round trip: LeadContext of core/leads. Null when the turn is not leased.';

create function count_lead(p_tenant_id uuid, p_month date, p_limit integer) returns boolean
language sql
set search_path from current
as $$
	-- One statement: two persons at once cannot both take the last place.
	with counted as (
		insert into usage_counters as u (tenant_id, metric, period_start, value)
			select p_tenant_id, 'leads', p_month, 1 where coalesce(p_limit, 1) > 0
			on conflict (tenant_id, metric, period_start) do update set value = u.value + 1 where p_limit is null or u.value < p_limit
			returning 1
	)
	select exists (select 1 from counted)
$$;
comment on function count_lead(uuid, date, integer) is 'Counts one more person of the month; false when the plan''s limit is reached, and then nothing is counted.';

create function save_classified_lead(p_tenant_id uuid, p_lead jsonb) returns jsonb
language plpgsql
set search_path from current
as $$
declare
	v_tenant record;
	v_month date;
	v_lead record;
	v_row classified_leads;
	v_at timestamptz := (p_lead ->> 'messageTimestamp')::timestamptz;
	v_class text := p_lead ->> 'classification';
	v_is_lead boolean := v_class like 'LEAD\_%';
	v_private boolean := v_class = 'PESSOAL' and p_lead ->> 'personalReason' is distinct from 'cliente_ativo';
	v_over boolean := false;
	v_told boolean := false;
	v_was text;
begin
	select t.timezone, t.max_leads_per_month into v_tenant from tenants t where t.id = p_tenant_id;
	if not found then
		raise exception 'tenant % does not exist', p_tenant_id using errcode = 'ZF004';
	end if;
	if p_lead ->> 'username' is null or p_lead ->> 'contactId' is null then
		raise exception 'a lead needs a contact and a phone number, user id or username' using errcode = 'ZF005';
	end if;

	-- The person's row is the lock: two turns of one person are saved one after the other.
	select l.id, l.classification, l.counted_month, false as is_new into v_lead from leads l
		where l.tenant_id = p_tenant_id and l.contact_id = (p_lead ->> 'contactId')::uuid for update;
	if not found then
		insert into leads as l (tenant_id, contact_id, classification, personal_reason, lead_score, fit_score, intent_score, source, referral, stage_id)
			select p_tenant_id, (p_lead ->> 'contactId')::uuid, v_class, p_lead ->> 'personalReason', (p_lead ->> 'icpScore')::integer, (p_lead ->> 'fitScore')::integer,
				(p_lead ->> 'intentScore')::integer, coalesce(p_lead ->> 'source', 'organic'), nullif(p_lead -> 'referral', 'null'),
				(select s.id from pipeline_stages s where s.tenant_id = p_tenant_id and s.stage_type = 'lead' order by s.stage_order limit 1)
			on conflict (tenant_id, contact_id) do update set updated_at = now()
			returning l.id, l.classification, l.counted_month, l.xmax = 0 as is_new into v_lead;
	end if;

	-- Tokens were spent, whoever stored first.
	perform record_llm_usage(p_tenant_id, (p_lead ->> 'turnId')::bigint, (p_lead ->> 'conversationId')::uuid, null, 'classification', p_lead -> 'usage')
		where p_lead -> 'usage' <> '[]';
	select * into v_row from classified_leads c where c.tenant_id = p_tenant_id and c.turn_id = (p_lead ->> 'turnId')::bigint;
	if not found and p_lead ->> 'turnId' is null then
		select * into v_row from classified_leads c where c.tenant_id = p_tenant_id and c.platform = p_lead ->> 'platform' and c.username = p_lead ->> 'username'
			and c.message_timestamp = v_at;
	end if;
	if found then
		return classified_lead_of(v_row) || jsonb_build_object('created', false, 'limitTold', false, 'becameHot', false);
	end if;

	v_month := date_trunc('month', now() at time zone v_tenant.timezone)::date;
	if v_is_lead and v_lead.counted_month is distinct from v_month then
		v_over := not count_lead(p_tenant_id, v_month, v_tenant.max_leads_per_month);
		if v_over then
			insert into usage_counters (tenant_id, metric, period_start, value) values (p_tenant_id, 'leads_limit_told', v_month, 1) on conflict do nothing;
			v_told := found;
			if v_told then
				perform record_audit(p_tenant_id, 'plan.leads_limit', 'tenant', p_tenant_id::text, jsonb_build_object('limit', v_tenant.max_leads_per_month, 'month', v_month));
			end if;
		end if;
	end if;

	-- Meta tells seconds: two turns of a person in one second stand a microsecond apart.
	select greatest(v_at, max(c.message_timestamp) + interval '1 microsecond') into v_at from classified_leads c
		where c.tenant_id = p_tenant_id and c.platform = p_lead ->> 'platform' and c.username = p_lead ->> 'username'
			and c.message_timestamp >= v_at and c.message_timestamp < v_at + interval '1 second';

	insert into classified_leads (tenant_id, lead_id, turn_id, conversation_id, persona_id, persona_version, known_contact_id, platform, username, full_name,
			message_text, message_timestamp, conversation_context, profile_data, ai_analysis, classification, personal_reason, icp_score, fit_score, intent_score,
			confidence, score_breakdown, decided_by, injection_flagged, treatment, treat_propensity, exploration_arm, over_limit)
		values (p_tenant_id, v_lead.id, (p_lead ->> 'turnId')::bigint, (p_lead ->> 'conversationId')::uuid, (p_lead ->> 'personaId')::uuid,
			(p_lead ->> 'personaVersion')::integer, (p_lead ->> 'knownContactId')::uuid, p_lead ->> 'platform', p_lead ->> 'username', p_lead ->> 'fullName',
			case when not v_private then p_lead ->> 'messageText' end, coalesce(v_at, (p_lead ->> 'messageTimestamp')::timestamptz),
			case when not v_private then nullif(p_lead -> 'conversationContext', 'null') end, case when not v_private then nullif(p_lead -> 'profileData', 'null') end,
			case when not v_private then nullif(p_lead -> 'aiAnalysis', 'null') end, v_class, p_lead ->> 'personalReason', (p_lead ->> 'icpScore')::integer, (p_lead ->> 'fitScore')::integer,
			(p_lead ->> 'intentScore')::integer, (p_lead ->> 'confidence')::numeric, case when v_private then '[]' else coalesce(p_lead -> 'scoreBreakdown', '[]') end,
			p_lead ->> 'decidedBy', coalesce((p_lead ->> 'injectionFlagged')::boolean, false), coalesce(p_lead ->> 'treatment', 'none'),
			coalesce((p_lead ->> 'treatPropensity')::numeric, 1), p_lead ->> 'explorationArm', v_over)
		returning * into v_row;

	v_was := case when v_lead.is_new then null else v_lead.classification end;
	update leads l set classification = v_class, personal_reason = v_row.personal_reason, lead_score = v_row.icp_score, fit_score = v_row.fit_score,
			intent_score = v_row.intent_score, scored_at = now(), counted_month = case when v_is_lead and not v_over then v_month else l.counted_month end,
			first_hot_at = case when v_class = 'LEAD_HOT' then coalesce(l.first_hot_at, now()) else l.first_hot_at end,
			referral = coalesce(l.referral, nullif(p_lead -> 'referral', 'null'))
		where l.tenant_id = p_tenant_id and l.id = v_lead.id;
	update tenant_personas tp set leads_classified = tp.leads_classified + 1
		where tp.tenant_id = p_tenant_id and tp.id = v_row.persona_id and v_lead.is_new;
	return classified_lead_of(v_row) || jsonb_build_object('created', true, 'limitTold', v_told,
		'becameHot', v_class = 'LEAD_HOT' and v_was is distinct from 'LEAD_HOT');
end
$$;
comment on function save_classified_lead(uuid, jsonb) is
	'Stores one classification (ClassifiedLead of core/leads: every column in camelCase, usage) and moves the person''s row; a turn that is stored already is answered as it stands, and nothing is counted twice.';

create function follow_response() returns trigger
language plpgsql
set search_path from current
as $$
begin
	update classified_leads c set
			response_status = case when new.status in ('sent', 'delivered', 'read') then 'sent' when new.status in ('failed', 'blocked') then 'failed'
				when new.status = 'superseded' then 'skipped' else 'pending' end,
			auto_responded = new.status in ('sent', 'delivered', 'read'),
			response_timestamp = coalesce(new.sent_at, c.response_timestamp),
			response_sent = (select m.body from messages m where m.tenant_id = new.tenant_id and m.conversation_id = new.conversation_id and m.outbox_id = new.id)
		where c.tenant_id = new.tenant_id and c.turn_id = new.turn_id;
	return null;
end
$$;
comment on function follow_response() is 'Trigger: a classification''s response_* columns follow the first part of its turn''s reply.';
create trigger follow_response after insert or update of status on outbox_messages for each row
	when (new.turn_id is not null and new.position = 0) execute function follow_response();

create view vw_leads with (security_invoker = true) as
	select l.tenant_id, l.id, l.contact_id, k.full_name, k.username, k.phone, l.stage, s.name as stage_name, l.classification, l.personal_reason,
		l.lead_score, l.fit_score, l.intent_score, l.scored_at, l.source, l.assigned_user_id, l.first_hot_at,
		-- Intent fades, fit does not: what is left of the score today.
		greatest(0, least(l.lead_score, round(l.lead_score - l.lead_score * (l.intent_score::numeric / greatest(1, l.fit_score + l.intent_score))
			* (1 - power(0.5, extract(epoch from now() - l.scored_at) / 86400 / coalesce(x.score_half_life_days, 30))))))::integer as score_now
	from leads l
	join contacts k on k.tenant_id = l.tenant_id and k.id = l.contact_id and k.merged_into_id is null
	left join pipeline_stages s on s.tenant_id = l.tenant_id and s.id = l.stage_id
	left join lead_settings x on x.tenant_id = l.tenant_id;
comment on view vw_leads is 'Every person with stage, class and score; score_now is the score aged by the tenant''s half-life.';

create view vw_tenant_performance with (security_invoker = true) as
	select t.id as tenant_id, t.name as tenant_name, t.slug, t.status, t.plan_tier, p.id as active_persona_id, p.version as persona_version,
		coalesce(c.leads_30d, 0) as leads_30d, coalesce(c.hot_leads_30d, 0) as hot_leads_30d, c.avg_icp_score_30d, coalesce(c.conversions_30d, 0) as conversions_30d
	from tenants t
	left join tenant_personas p on p.tenant_id = t.id and p.is_active
	left join lateral (
		-- Persons, by their newest classification in the window: a talkative one counts once.
		select count(*) filter (where n.classification like 'LEAD\_%') as leads_30d, count(*) filter (where n.classification = 'LEAD_HOT') as hot_leads_30d,
			round(avg(n.icp_score) filter (where n.classification like 'LEAD\_%'), 2) as avg_icp_score_30d, count(*) filter (where n.converted) as conversions_30d
		from (
			select distinct on (l.lead_id) l.classification, l.icp_score, bool_or(l.converted_to_opportunity) over (partition by l.lead_id) as converted
			from classified_leads l where l.tenant_id = t.id and l.created_at >= now() - interval '30 days'
			order by l.lead_id, l.created_at desc
		) n
	) c on true;
comment on view vw_tenant_performance is 'Persons, HOT persons, mean score and conversions of the last 30 days, a tenant a row.';

create view vw_lead_classification_stats with (security_invoker = true) as
	select c.tenant_id, c.classification, count(*) as total_leads, round(avg(c.icp_score), 2) as avg_score, round(avg(c.confidence), 2) as avg_confidence,
		count(*) filter (where c.auto_responded) as auto_responded_count, count(*) filter (where c.converted_to_opportunity) as converted_count
	from classified_leads c where c.created_at >= now() - interval '30 days'
	group by c.tenant_id, c.classification;
comment on view vw_lead_classification_stats is 'Classifications of the last 30 days by class.';

select secure_schema();
