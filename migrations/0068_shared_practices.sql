-- breaking: no
-- Practices that tenants share when both sides agreed: consent with receipts, what is shared, where it went, and how evidence becomes a practice.

create function is_shareable_operation(p_operation jsonb) returns boolean
language sql immutable
set search_path from current
as $$
	-- Numbers, enumerated words and templates of ours: no argument can hold a text of anybody's.
	select coalesce(case p_operation ->> 'op'
		when 'set_threshold' then
			(select array_agg(k order by k) from jsonb_object_keys(p_operation) k) = array['op', 'shift'] and (p_operation -> 'shift')::text ~ '^-?([1-9]|1[0-5])$'
		when 'add_rule' then
			(select array_agg(k order by k) from jsonb_object_keys(p_operation) k) = array['count', 'op', 'slot', 'templateId']
			and (p_operation -> 'count')::text ~ '^(null|[1-4])$'
			and (p_operation ->> 'slot', p_operation ->> 'templateId') in (('answers', 'answer_every_question'), ('answers', 'take_up_need'), ('depth', 'use_own_facts'),
				('depth', 'use_what_was_said'), ('depth', 'explain_how'), ('depth', 'relate_to_situation'), ('qualification', 'ask_what_is_missing'),
				('qualification', 'explore_need'), ('tone', 'write_as_they_do'), ('tone', 'stay_kind'), ('tone', 'leave_time'), ('tone', 'keep_it_short'),
				('tone', 'never_twice'), ('next_step', 'name_next_step'), ('next_step', 'take_the_signal'), ('objections', 'meet_objection'))
		when 'config_change' then
			(select array_agg(k order by k) from jsonb_object_keys(p_operation) k) = array['effort', 'maxTokens', 'model', 'op'] and p_operation -> 'model' = 'null'
			and p_operation -> 'effort' in ('null', '"low"', '"medium"', '"high"') and (p_operation -> 'maxTokens')::text ~ '^(null|[1-9][0-9]{1,4})$'
			and coalesce((p_operation ->> 'maxTokens')::integer between 64 and 16000, p_operation -> 'effort' <> 'null')
	end, false)
$$;
comment on function is_shareable_operation(jsonb) is
	'Whether a typed operation may travel between tenants: the shift of the thresholds, a rule of our own templates, effort and length of answers. Never a keyword, an alias, a sentence, a range of a clientele, a model or a scorer.';

create table practice_consents (
	tenant_id uuid not null references tenants (id) on delete cascade,
	id bigint generated always as identity,
	purpose text not null constraint practice_consents_purpose_known check (purpose in ('share', 'receive')),
	-- WhatsApp is no source that anybody could agree to: Meta's terms.
	source text constraint practice_consents_source_known check (source in ('instagram', 'messenger')),
	granted boolean not null,
	text_version text not null check (text_version ~ '^[0-9]{4}-[0-9]{2}-[0-9]{2}$'),
	text_sha256 text not null check (text_sha256 ~ '^[0-9a-f]{64}$'),
	language text not null check (language in ('pt-BR', 'en')),
	person text not null check (length(person) between 1 and 200),
	given_on text not null constraint practice_consents_given_on_known check (given_on in ('page', 'n8n')),
	created_at timestamptz not null default clock_timestamp(),
	primary key (tenant_id, id),
	constraint practice_consents_source_fits check ((purpose = 'share') = (source is not null))
);
comment on table practice_consents is 'Append-only receipts: who agreed to share evidence from which source, or to receive practices, or took that back, when, and to which text. Without a row nobody agreed.';
create index idx_practice_consents_last on practice_consents (tenant_id, purpose, source, id desc);
create trigger append_only before update or delete on practice_consents for each row execute function refuse_change();

create view vw_practice_consents with (security_invoker = true) as
	select distinct on (tenant_id, purpose, source) tenant_id, purpose, source, granted, text_version, person, created_at as since
	from practice_consents order by tenant_id, purpose, source, id desc;
comment on view vw_practice_consents is 'What a tenant agrees to now, from its newest receipts.';

create table shared_best_practices (
	id uuid primary key default gen_random_uuid(),
	practice_type text not null generated always as (case practice_config ->> 'op' when 'set_threshold' then 'scoring_weights' when 'add_rule' then 'prompt_template' else 'config_change' end) stored,
	practice_name text not null generated always as (coalesce(practice_config ->> 'templateId', practice_config ->> 'op')) stored,
	practice_config jsonb not null unique constraint shared_best_practices_no_text check (is_shareable_operation(practice_config)),
	tags text[] not null generated always as (array[coalesce(practice_config ->> 'slot', case practice_config ->> 'op' when 'set_threshold' then 'scoring' else 'model' end)]) stored,
	status text not null constraint shared_best_practices_status_known check (status in ('published', 'resting', 'retired')),
	is_public boolean not null generated always as (status = 'published') stored,
	source_tenants integer check (source_tenants >= 5),
	source_leads_classified integer check (source_leads_classified >= 1000),
	source_conversion_rate numeric(5, 2) check (source_conversion_rate between 0 and 100),
	avg_improvement_delta numeric(5, 2),
	effect_low numeric(5, 2),
	effect_high numeric(5, 2),
	times_applied integer not null default 0 check (times_applied = 0 or times_applied >= 5),
	published_at timestamptz,
	created_at timestamptz not null default now(),
	updated_at timestamptz not null default now(),
	constraint shared_best_practices_figures_fit check (num_nonnulls(source_tenants, source_leads_classified, source_conversion_rate, avg_improvement_delta, effect_low, effect_high, published_at)
		= case status when 'published' then 7 else 0 end)
);
comment on table shared_best_practices is 'What helped many tenants: one typed operation without a text, and rounded figures. Belongs to nobody and names nobody. published: offered; resting: supported, its figures are being counted anew; retired: too few tenants stand behind it. avg_improvement_delta in percentage points.';
comment on column shared_best_practices.tags is 'What the operation is for: a slot of the conversation, scoring, or model.';
create trigger touch before update on shared_best_practices for each row execute function touch_updated_at();

create table best_practice_sources (
	tenant_id uuid not null references tenants (id) on delete cascade,
	best_practice_id uuid not null references shared_best_practices (id),
	leads integer check (leads > 0),
	counted_at timestamptz not null default now(),
	withdrawn_at timestamptz,
	primary key (tenant_id, best_practice_id),
	constraint best_practice_sources_withdrawn_is_empty check ((withdrawn_at is null) = (leads is not null))
);
comment on table best_practice_sources is 'Whose evidence the last published figures of a practice hold; a tenant sees its own rows only. Withdrawn rows keep no figure: they only say that the figures must not be told apart from the next ones.';
create index best_practice_sources_practice on best_practice_sources (best_practice_id);

create table best_practice_applications (
	tenant_id uuid not null references tenants (id) on delete cascade,
	id uuid not null default gen_random_uuid(),
	best_practice_id uuid not null references shared_best_practices (id),
	agent_id uuid,
	persona_suggestion_id uuid,
	prompt_suggestion_id uuid,
	applied_to_persona_id uuid,
	applied_to_prompt_id uuid,
	conversion_rate_before numeric(5, 2) check (conversion_rate_before between 0 and 100),
	conversion_rate_after numeric(5, 2) check (conversion_rate_after between 0 and 100),
	improvement_delta numeric(5, 2) generated always as (conversion_rate_after - conversion_rate_before) stored,
	offered_at timestamptz not null default now(),
	applied_at timestamptz,
	reverted_at timestamptz,
	revert_reason text constraint best_practice_applications_reason_known check (revert_reason in ('practice_retired', 'receiving_withdrawn')),
	revert_how text constraint best_practice_applications_how_known check (revert_how in ('offer_closed', 'rollout_stopped', 'version_restored', 'needs_person', 'nothing_live')),
	primary key (tenant_id, id),
	foreign key (tenant_id, agent_id) references agents (tenant_id, id) on delete cascade,
	foreign key (tenant_id, persona_suggestion_id) references persona_improvement_suggestions (tenant_id, id) on delete cascade,
	foreign key (tenant_id, prompt_suggestion_id) references improvement_suggestions (tenant_id, id) on delete cascade,
	foreign key (tenant_id, applied_to_persona_id) references tenant_personas (tenant_id, id) on delete cascade,
	foreign key (tenant_id, applied_to_prompt_id) references system_prompts (tenant_id, id) on delete cascade,
	constraint best_practice_applications_one_suggestion check (num_nonnulls(persona_suggestion_id, prompt_suggestion_id) = 1),
	constraint best_practice_applications_revert_fits check (num_nonnulls(reverted_at, revert_reason, revert_how) in (0, 3))
);
comment on table best_practice_applications is 'A practice offered to a tenant as a suggestion of its own, what became of it, and the conversion of both arms of the tenant''s own roll-out.';
create index idx_best_practice_applications_practice on best_practice_applications (tenant_id, best_practice_id, offered_at desc);
create unique index idx_best_practice_applications_persona on best_practice_applications (tenant_id, persona_suggestion_id) where persona_suggestion_id is not null;
create unique index idx_best_practice_applications_prompt on best_practice_applications (tenant_id, prompt_suggestion_id) where prompt_suggestion_id is not null;

create policy read_by_both_sides on shared_best_practices for select to agent_factory_runtime using (
	exists (select 1 from best_practice_sources s where s.tenant_id = (select current_tenant_id()) and s.best_practice_id = shared_best_practices.id)
	or exists (select 1 from best_practice_applications a where a.tenant_id = (select current_tenant_id()) and a.best_practice_id = shared_best_practices.id)
	or (is_public and exists (select 1 from vw_practice_consents c where c.tenant_id = (select current_tenant_id()) and c.purpose = 'receive' and c.granted)));

create function practice_evidence(p_tenant_id uuid, p_horizon_days integer) returns table (operation jsonb, leads integer, rate double precision, effect double precision, variance double precision)
language sql stable
set search_path from current
as $$
	with agreed as (
		select c.source from vw_practice_consents c where c.tenant_id = p_tenant_id and c.purpose = 'share' and c.granted
	), tried as (
		-- One operation alone: of several nobody knows which one helped.
		select r.id, s.operations -> 0 as operation from rollouts r join persona_improvement_suggestions s on s.tenant_id = r.tenant_id and s.id = r.persona_suggestion_id
			where r.tenant_id = p_tenant_id and jsonb_array_length(s.operations) = 1 and is_shareable_operation(s.operations -> 0) and exists (select 1 from agreed)
		union all
		select r.id, s.operations -> 0 from rollouts r join improvement_suggestions s on s.tenant_id = r.tenant_id and s.id = r.prompt_suggestion_id
			where r.tenant_id = p_tenant_id and jsonb_array_length(s.operations) = 1 and is_shareable_operation(s.operations -> 0) and exists (select 1 from agreed)
	), label as materialized (
		select b.* from lead_labels(p_tenant_id, p_horizon_days) b where b.y is not null and b.learnable and exists (select 1 from tried)
	), person as (
		-- While everybody meets one version, chance deals nobody: only people dealt by a share below one are compared.
		select t.operation, t.id as rollout_id, a.share, l.id as lead_id, a.arm = 'candidate' as treated, b.y
		from tried t
		join rollout_arms a on a.tenant_id = p_tenant_id and a.rollout_id = t.id and a.share < 1
		join leads l on l.tenant_id = p_tenant_id and l.contact_id = a.contact_id
		join label b on b.lead_id = l.id and b.matured_at > a.assigned_at
		join classified_leads c on c.tenant_id = p_tenant_id and c.id = b.classified_lead_id and c.platform in (select g.source from agreed g)
		-- Whoever ever was a person of WhatsApp is none here.
		where not exists (select 1 from classified_leads w where w.tenant_id = p_tenant_id and w.lead_id = l.id and w.platform = 'whatsapp')
			and not exists (select 1 from conversations v join channel_accounts k on k.tenant_id = v.tenant_id and k.id = v.channel_account_id
				where v.tenant_id = p_tenant_id and v.contact_id = a.contact_id and k.kind = 'whatsapp')
			and not exists (select 1 from contact_identities i where i.tenant_id = p_tenant_id and i.contact_id = a.contact_id and i.kind in ('bsuid', 'parent_bsuid'))
	), dealt as (
		select p.operation, p.rollout_id, p.share, count(*) filter (where p.treated)::double precision as n1, count(*) filter (where not p.treated)::double precision as n0,
			sum(p.y) filter (where p.treated)::double precision as w1, sum(p.y) filter (where not p.treated)::double precision as w0
		from person p group by 1, 2, 3
	), stratum as (
		select d.*, d.n1 * d.n0 / (d.n1 + d.n0) as weight, d.w1 / d.n1 - d.w0 / d.n0 as difference,
			-- Two people added to each arm: an arm without a client has a width all the same.
			(d.w1 + 1) / (d.n1 + 2) * (1 - (d.w1 + 1) / (d.n1 + 2)) / d.n1 + (d.w0 + 1) / (d.n0 + 2) * (1 - (d.w0 + 1) / (d.n0 + 2)) / d.n0 as spread
		from dealt d where d.n1 > 0 and d.n0 > 0
	)
	select s.operation, (select count(distinct p.lead_id) from person p join stratum x using (operation, rollout_id, share) where p.operation = s.operation)::integer,
		sum(s.w1) / sum(s.n1), sum(s.weight * s.difference) / sum(s.weight), sum(s.weight ^ 2 * s.spread) / sum(s.weight) ^ 2
	from stratum s group by s.operation
$$;
comment on function practice_evidence(uuid, integer) is
	'What each shareable operation did to people of this tenant''s own roll-outs: matured leads from sources it agreed to, never one of WhatsApp; conversion of the new version and the difference to the old one within each share (Mantel-Haenszel). Nothing without consent.';

create function combine_practices(p_evidence jsonb, p_floor jsonb default '{}')
returns table (operation jsonb, supported boolean, worth_it boolean, source_tenants integer, source_leads integer, source_rate numeric, delta numeric, effect_low numeric, effect_high numeric, members jsonb)
language sql immutable
set search_path from current
as $$
	-- The floor can be asked higher, never lower.
	with floors as (
		select greatest(coalesce((p_floor ->> 'tenants')::integer, 5), 5) as tenants, greatest(coalesce((p_floor ->> 'leads')::integer, 200), 200) as leads
	), given as (
		select g.* from floors f, jsonb_to_recordset(p_evidence) g ("tenantId" uuid, operation jsonb, leads integer, rate double precision, effect double precision, variance double precision)
		where g.leads >= f.leads and is_shareable_operation(g.operation)
	), ranked as (
		select g.*, count(*) over whole as n, sum(g.leads) over whole as total, first_value(g.leads) over sized as first, coalesce(nth_value(g.leads, 2) over sized, 0) as second
		from given g window whole as (partition by g.operation),
			sized as (partition by g.operation order by g.leads desc, g."tenantId" rows between unbounded preceding and unbounded following)
	), counted as (
		-- Nobody counts for more than 40 %: the largest are counted with fewer leads, 2/3 of all others, or twice the rest where two are that large.
		select r.*, least(r.leads::double precision, case when 2.0 / 3 * (r.total - r.first) >= r.second then 2.0 / 3 * (r.total - r.first) else 2.0 * (r.total - r.first - r.second) end::double precision) as weight
		from ranked r
	), whole as (
		select c.operation, max(c.n)::integer as n, sum(c.weight) as leads, sum(c.weight * c.rate) / nullif(sum(c.weight), 0) as rate,
			sum(c.weight * c.effect) / nullif(sum(c.weight), 0) as effect, jsonb_object_agg(c."tenantId", c.leads) as members
		from counted c group by c.operation
	), spread as (
		-- The wider of what chance does within tenants and of how far tenants are apart.
		select w.*, sqrt(greatest(sum(c.weight ^ 2 * c.variance), sum(c.weight ^ 2 * (c.effect - w.effect) ^ 2)) / nullif(w.leads ^ 2, 0)) * 1.96 as half
		from whole w join counted c on c.operation = w.operation group by w.operation, w.n, w.leads, w.rate, w.effect, w.members
	)
	-- Above the floor whoever is left out: nobody's coming or going decides between the floor and nothing.
	select s.operation, s.n > f.tenants, s.n > f.tenants and floor((s.effect - s.half) * 100) >= 1,
		(select max(b) from unnest(array[5, 10, 20, 50, 100, 200, 500]) b where b <= s.n),
		(select max(b) from unnest(array[1000, 2000, 5000, 10000, 20000, 50000, 100000, 200000, 500000, 1000000]) b where b <= s.leads),
		round(s.rate * 20)::numeric * 5, round(s.effect * 100)::numeric, floor((s.effect - s.half) * 100)::numeric, ceil((s.effect + s.half) * 100)::numeric, s.members
	from spread s cross join floors f
$$;
comment on function combine_practices(jsonb, jsonb) is
	'Evidence of tenants [{tenantId, operation, leads, rate, effect, variance}] made practices: at least 5 tenants with at least 200 matured leads each whoever is left out, none over 40 %; tenants and leads in bands, conversion to 5 points, effect to whole points outwards. worth_it: by its rounded lower bound it gains a point.';

select secure_schema();
