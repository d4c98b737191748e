-- breaking: no
-- Leads that come from forms and files, each once; what a campaign costs and brings; who takes which lead.

create table marketing_integrations (
	tenant_id uuid not null references tenants (id) on delete cascade,
	id uuid not null default gen_random_uuid(),
	platform varchar(20) not null constraint marketing_integrations_platform_known check (platform in ('facebook', 'google', 'linkedin')),
	account_id varchar(100) not null check (account_id <> ''),
	access_token text,
	refresh_token text,
	token_expires_at timestamptz,
	is_active boolean not null default true,
	settings jsonb not null default '{}',
	last_import_at timestamptz,
	total_leads_imported integer not null default 0,
	last_error text,
	created_at timestamptz not null default now(),
	updated_at timestamptz not null default now(),
	primary key (tenant_id, id),
	unique (tenant_id, platform, account_id)
);
comment on table marketing_integrations is
	'Where a tenant''s leads come from. account_id: the page at Facebook, the customer id at Google, any name for files. access_token sealed: the page''s token, or the key that Google sends along. settings: which field means marketing consent, which number and template greet.';
create trigger touch before update on marketing_integrations for each row execute function touch_updated_at();

create table marketing_ads (
	tenant_id uuid not null references tenants (id) on delete cascade,
	ad_id text not null check (length(ad_id) between 1 and 100),
	platform varchar(20) not null,
	campaign_id text not null check (length(campaign_id) between 1 and 100),
	seen_at timestamptz not null default now(),
	primary key (tenant_id, ad_id)
);
comment on table marketing_ads is 'Which campaign an ad belongs to: a click on WhatsApp tells the ad alone. Learnt from lead forms and from imported costs.';

create table marketing_costs (
	tenant_id uuid not null references tenants (id) on delete cascade,
	platform varchar(20) not null constraint marketing_costs_platform_known check (platform in ('facebook', 'google', 'linkedin', 'other')),
	campaign_id text not null check (length(campaign_id) between 1 and 100),
	day date not null,
	campaign_name text,
	spend numeric(14, 2) not null check (spend >= 0),
	currency char(3) not null check (currency ~ '^[A-Z]{3}$'),
	updated_at timestamptz not null default now(),
	primary key (tenant_id, platform, campaign_id, day)
);
comment on table marketing_costs is 'What a campaign cost on a day; saved again it is replaced. A campaign has one currency.';

create table assignment_rules (
	tenant_id uuid not null references tenants (id) on delete cascade,
	id uuid not null default gen_random_uuid(),
	rule_order integer not null check (rule_order > 0),
	name text not null check (length(name) between 1 and 100),
	triggers text[] not null default '{import,hot,handoff}'
		constraint assignment_rules_triggers_known check (triggers <@ array['import', 'hot', 'handoff'] and cardinality(triggers) > 0),
	classifications text[] not null default '{}',
	sources text[] not null default '{}',
	channels text[] not null default '{}',
	user_ids uuid[] not null check (cardinality(user_ids) between 1 and 100),
	is_active boolean not null default true,
	turns_taken bigint not null default 0,
	created_at timestamptz not null default now(),
	updated_at timestamptz not null default now(),
	primary key (tenant_id, id),
	unique (tenant_id, rule_order)
);
comment on table assignment_rules is 'Who takes which lead: the first active rule that fits, its people in turn. An empty list fits everything. turns_taken is the pointer; its row lock lets two leads at once go to two people.';
create trigger touch before update on assignment_rules for each row execute function touch_updated_at();

create table lead_imports (
	tenant_id uuid not null references tenants (id) on delete cascade,
	platform varchar(20) not null constraint lead_imports_platform_known check (platform in ('facebook', 'google', 'linkedin', 'file')),
	import_key text not null check (length(import_key) between 1 and 200),
	integration_id uuid,
	contact_id uuid,
	lead_id uuid,
	first_contact text not null default 'not_wanted' constraint lead_imports_first_contact_known check (first_contact in ('not_wanted', 'due', 'queued', 'no_phone',
		'no_number', 'no_template', 'opted_out', 'with_a_person', 'not_a_lead', 'too_late')),
	outbox_id uuid,
	happened_at timestamptz not null,
	created_at timestamptz not null default now(),
	primary key (tenant_id, platform, import_key),
	foreign key (tenant_id, integration_id) references marketing_integrations (tenant_id, id) on delete set null (integration_id),
	foreign key (tenant_id, contact_id) references contacts (tenant_id, id) on delete cascade,
	foreign key (tenant_id, lead_id) references leads (tenant_id, id) on delete cascade
);
comment on table lead_imports is 'Ledger of imported leads, one row a platform''s lead: the same lead again finds its row. first_contact: what became of the greeting; due, no_number and no_template are tried again for a day.';
create index idx_lead_imports_to_greet on lead_imports (tenant_id, created_at) where first_contact in ('due', 'no_number', 'no_template');
create index idx_lead_imports_lead on lead_imports (tenant_id, lead_id);
create index idx_contacts_email on contacts (tenant_id, lower(profile ->> 'email')) where profile ? 'email';

create function phone_spellings(p_phone text) returns text[]
language sql immutable
set search_path from current
as $$
	-- The ninth digit of a Brazilian mobile is written or left out as people, and WhatsApp, like.
	select case
		when p_phone ~ '^55\d\d9\d{8}$' then array[left(p_phone, 4) || substr(p_phone, 6), p_phone]
		when p_phone ~ '^55\d\d[6-9]\d{7}$' then array[left(p_phone, 4) || '9' || substr(p_phone, 5), p_phone]
		else array[p_phone] end
$$;
comment on function phone_spellings(text) is 'The ways in which WhatsApp may write a number, the given one last.';

create function imported_contact(p_tenant_id uuid, p_phone text, p_name text, p_email text) returns uuid
language plpgsql
set search_path from current
as $$
declare
	v_spellings text[] := phone_spellings(p_phone);
	v_known text;
	v_contact uuid;
begin
	if p_phone is null then
		perform pg_advisory_xact_lock(hashtextextended(p_tenant_id::text || p_email, 0));
		select k.id into v_contact from contacts k
			where k.tenant_id = p_tenant_id and k.profile ? 'email' and lower(k.profile ->> 'email') = p_email and k.merged_into_id is null order by k.created_at limit 1;
		if v_contact is null then
			insert into contacts (tenant_id, full_name, profile) values (p_tenant_id, p_name, jsonb_build_object('email', p_email)) returning id into v_contact;
		end if;
		return v_contact;
	end if;
	-- The same locks as resolve_contact takes: whoever writes at this moment is the same person.
	perform pg_advisory_xact_lock(hashtextextended(p_tenant_id::text || s.value, 0)) from (select v.value from unnest(v_spellings) v(value) order by 1) s;
	select i.value into v_known from contact_identities i
		where i.tenant_id = p_tenant_id and i.kind = 'phone' and i.superseded_at is null and i.value = any (v_spellings) order by i.value = p_phone desc limit 1;
	v_contact := resolve_contact(p_tenant_id, jsonb_build_object('phone', coalesce(v_known, v_spellings[1]), 'name', p_name));
	if v_known is null then
		-- The given spelling comes last: messages go to the newest.
		insert into contact_identities (tenant_id, contact_id, kind, value)
			select p_tenant_id, v_contact, 'phone', p_phone on conflict (tenant_id, kind, value) where superseded_at is null do nothing;
		update contacts set phone = p_phone where tenant_id = p_tenant_id and id = v_contact and phone is distinct from p_phone;
	end if;
	return v_contact;
end
$$;
comment on function imported_contact(uuid, text, text, text) is 'The person of a form: by phone in either spelling, else by e-mail; made when new.';

create function assign_lead(p_tenant_id uuid, p_lead_id uuid, p_why text) returns uuid
language plpgsql
set search_path from current
as $$
declare
	v_lead leads;
	v_rule record;
	v_user uuid;
	v_turn bigint;
begin
	select * into v_lead from leads l where l.tenant_id = p_tenant_id and l.id = p_lead_id for update;
	if not found then
		raise exception 'lead % does not exist', p_lead_id using errcode = 'ZF004';
	elsif v_lead.assigned_user_id is not null then
		return v_lead.assigned_user_id;
	end if;
	for v_rule in
		select r.id, m.people from assignment_rules r
		cross join lateral (
			-- In the order of the rule; who has left or only looks on is passed over.
			select array_agg(u.id order by u.place) as people from unnest(r.user_ids) with ordinality u(id, place)
			join tenant_members tm on tm.tenant_id = p_tenant_id and tm.user_id = u.id and tm.role <> 'viewer'
		) m
		where r.tenant_id = p_tenant_id and r.is_active and m.people is not null and (p_why = 'now' or p_why = any (r.triggers))
			and (r.classifications = '{}' or v_lead.classification = any (r.classifications)) and (r.sources = '{}' or v_lead.source = any (r.sources))
			and (r.channels = '{}' or exists (
				select 1 from conversations c join channel_accounts ca on ca.tenant_id = c.tenant_id and ca.id = c.channel_account_id
				where c.tenant_id = p_tenant_id and c.contact_id = v_lead.contact_id and ca.kind = any (r.channels)))
		order by r.rule_order limit 1
	loop
		update assignment_rules r set turns_taken = r.turns_taken + 1 where r.tenant_id = p_tenant_id and r.id = v_rule.id returning r.turns_taken - 1 into v_turn;
		v_user := v_rule.people[v_turn % cardinality(v_rule.people) + 1];
		update leads set assigned_user_id = v_user where tenant_id = p_tenant_id and id = p_lead_id;
		perform record_audit(p_tenant_id, 'lead.assigned', 'lead', p_lead_id::text, jsonb_build_object('user', v_user, 'rule', v_rule.id, 'why', p_why));
	end loop;
	return v_user;
end
$$;
comment on function assign_lead(uuid, uuid, text) is 'Gives a lead to the next person of the first rule that fits (why: import, hot, handoff, or now for any rule). Who has it keeps it; null when no rule fits.';

create function save_assignment_rules(p_tenant_id uuid, p_rules jsonb) returns integer
language plpgsql
set search_path from current
as $$
declare
	v_stranger uuid;
	v_saved integer;
begin
	-- Two who save at once do so one after the other.
	perform pg_advisory_xact_lock(hashtextextended(p_tenant_id::text || 'assignment_rules', 0));
	select u.value::uuid into v_stranger from jsonb_array_elements(p_rules) r cross join jsonb_array_elements_text(r -> 'userIds') u(value)
		where not exists (select 1 from tenant_members m where m.tenant_id = p_tenant_id and m.user_id = u.value::uuid) limit 1;
	if v_stranger is not null then
		raise exception 'user % does not work for this tenant: add them as a member first', v_stranger using errcode = 'ZF005';
	end if;
	delete from assignment_rules a where a.tenant_id = p_tenant_id and not exists (select 1 from jsonb_array_elements(p_rules) r where r ->> 'name' = a.name);
	update assignment_rules set rule_order = rule_order + 1000000 where tenant_id = p_tenant_id;
	with given as (
		select r.ordinality::integer as place, r.value ->> 'name' as name, array(select jsonb_array_elements_text(r.value -> 'triggers')) as triggers,
			array(select jsonb_array_elements_text(r.value -> 'classifications')) as classifications, array(select jsonb_array_elements_text(r.value -> 'sources')) as sources,
			array(select jsonb_array_elements_text(r.value -> 'channels')) as channels, array(select jsonb_array_elements_text(r.value -> 'userIds'))::uuid[] as user_ids,
			coalesce((r.value ->> 'isActive')::boolean, true) as is_active
		from jsonb_array_elements(p_rules) with ordinality r(value, ordinality)
	), kept as (
		update assignment_rules a set rule_order = g.place, triggers = g.triggers, classifications = g.classifications, sources = g.sources, channels = g.channels,
				user_ids = g.user_ids, is_active = g.is_active
			from given g where a.tenant_id = p_tenant_id and a.name = g.name returning a.name
	)
	insert into assignment_rules (tenant_id, rule_order, name, triggers, classifications, sources, channels, user_ids, is_active)
		select p_tenant_id, g.place, g.name, g.triggers, g.classifications, g.sources, g.channels, g.user_ids, g.is_active from given g
		where g.name not in (select k.name from kept k);
	select count(*) into v_saved from assignment_rules where tenant_id = p_tenant_id;
	perform record_audit(p_tenant_id, 'assignment.rules_saved', 'tenant', p_tenant_id::text, jsonb_build_object('rules', v_saved));
	return v_saved;
end
$$;
comment on function save_assignment_rules(uuid, jsonb) is 'Replaces the rules, in the order given; a rule of the same name keeps its turn. Only members may be named.';

create function import_lead(p_tenant_id uuid, p_lead jsonb) returns jsonb
language plpgsql
set search_path from current
as $$
declare
	v_platform text := p_lead ->> 'platform';
	v_key text := p_lead ->> 'key';
	v_at timestamptz := least(coalesce((p_lead ->> 'occurredAt')::timestamptz, now()), now());
	v_referral jsonb := nullif(p_lead -> 'referral', 'null');
	v_contact uuid;
	v_lead uuid;
	v_consent record;
begin
	insert into lead_imports (tenant_id, platform, import_key, integration_id, happened_at, first_contact)
		values (p_tenant_id, v_platform, v_key, (p_lead ->> 'integrationId')::uuid, v_at, case when (p_lead ->> 'greet')::boolean then 'due' else 'not_wanted' end)
		on conflict (tenant_id, platform, import_key) do nothing;
	if not found then
		return (select jsonb_build_object('created', false, 'leadId', i.lead_id, 'contactId', i.contact_id, 'firstContact', i.first_contact)
			from lead_imports i where i.tenant_id = p_tenant_id and i.platform = v_platform and i.import_key = v_key);
	end if;
	v_contact := imported_contact(p_tenant_id, p_lead ->> 'phone', p_lead ->> 'fullName', p_lead ->> 'email');
	update contacts k set profile = jsonb_strip_nulls(jsonb_build_object('email', p_lead -> 'email')) || k.profile
				|| jsonb_build_object('answers', coalesce(k.profile -> 'answers', '{}') || coalesce(p_lead -> 'answers', '{}'))
		where k.tenant_id = p_tenant_id and k.id = v_contact;
	-- A form says what somebody wants and nothing of who they are: all the points are for intent.
	insert into leads as l (tenant_id, contact_id, classification, lead_score, fit_score, intent_score, source, referral, stage_id)
		select p_tenant_id, v_contact, c.class, s.score, 0, s.score, p_lead ->> 'source', v_referral,
			(select g.id from pipeline_stages g where g.tenant_id = p_tenant_id and g.stage_type = 'lead' order by g.stage_order limit 1)
		from (select coalesce((known_contact_of(p_tenant_id, 'whatsapp', array[p_lead ->> 'phone'])).auto_classify_as, p_lead ->> 'classification') as class) c
		cross join lateral (select case c.class when 'LEAD_WARM' then (lead_settings_of(p_tenant_id) ->> 'warm')::integer
			when 'LEAD_COLD' then (lead_settings_of(p_tenant_id) ->> 'cold')::integer else 0 end as score) s
		on conflict (tenant_id, contact_id) do update set referral = coalesce(l.referral, excluded.referral)
		returning l.id into v_lead;
	update lead_imports set contact_id = v_contact, lead_id = v_lead where tenant_id = p_tenant_id and platform = v_platform and import_key = v_key;
	for v_consent in select c.purpose, c.granted, c.evidence from jsonb_to_recordset(coalesce(p_lead -> 'consents', '[]')) c(purpose text, granted boolean, evidence jsonb) loop
		-- Whoever said no after filling in the form has said no; a list of names takes back nobody's no.
		perform record_consent(p_tenant_id, v_contact, v_consent.purpose, v_consent.granted, 'import.' || v_platform, v_consent.evidence, v_at,
				'import:' || v_platform || ':' || v_key || ':' || v_consent.purpose)
			from contacts k cross join lateral (select case v_consent.purpose when 'service' then k.opted_out_at when 'marketing' then k.marketing_opted_out_at end as at) no
			where k.tenant_id = p_tenant_id and k.id = v_contact and (not v_consent.granted or no.at is null or (v_platform <> 'file' and no.at < v_at));
	end loop;
	insert into marketing_ads (tenant_id, ad_id, platform, campaign_id)
		select p_tenant_id, v_referral ->> 'ad_id', v_platform, v_referral ->> 'campaign_id' where v_referral ->> 'ad_id' <> '' and v_referral ->> 'campaign_id' <> ''
		on conflict (tenant_id, ad_id) do nothing;
	update marketing_integrations set total_leads_imported = total_leads_imported + 1, last_import_at = now(), last_error = null
		where tenant_id = p_tenant_id and id = (p_lead ->> 'integrationId')::uuid;
	perform track_event(p_tenant_id, 'form.imported', v_platform || ':' || v_key, jsonb_build_object('platform', v_platform), v_lead);
	perform assign_lead(p_tenant_id, v_lead, 'import');
	return jsonb_build_object('created', true, 'leadId', v_lead, 'contactId', v_contact,
		'firstContact', (select i.first_contact from lead_imports i where i.tenant_id = p_tenant_id and i.platform = v_platform and i.import_key = v_key));
end
$$;
comment on function import_lead(uuid, jsonb) is
	'Files a lead of a form or a file: person, lead, consent, count, whose it is; once a platform and key. {platform, key, fullName, email, phone, source, classification, referral, answers, consents, occurredAt, greet}.';

create function prepare_greeting(p_tenant_id uuid, p_platform text, p_key text) returns jsonb
language plpgsql
set search_path from current
as $$
declare
	v_import lead_imports;
	v_facts record;
	v_account uuid;
	v_template uuid;
	v_conversation conversations;
	v_state text;
begin
	select * into v_import from lead_imports i where i.tenant_id = p_tenant_id and i.platform = p_platform and i.import_key = p_key for update;
	if not found then
		raise exception 'import % does not exist', p_key using errcode = 'ZF004';
	elsif v_import.first_contact not in ('due', 'no_number', 'no_template') then
		return jsonb_build_object('firstContact', v_import.first_contact);
	end if;
	select k.opted_out_at, k.full_name, t.name as company, l.classification, m.settings,
			exists (select 1 from contact_identities i where i.tenant_id = p_tenant_id and i.contact_id = k.id and i.kind = 'phone' and i.superseded_at is null) as has_phone,
			exists (select 1 from conversations c where c.tenant_id = p_tenant_id and c.contact_id = k.id and c.status = 'handoff') as with_a_person
		into v_facts
		from leads l join contacts k on k.tenant_id = l.tenant_id and k.id = l.contact_id join tenants t on t.id = l.tenant_id
		left join marketing_integrations m on m.tenant_id = p_tenant_id and m.id = v_import.integration_id
		where l.tenant_id = p_tenant_id and l.id = v_import.lead_id;
	select ca.id into v_account from channel_accounts ca
		where ca.tenant_id = p_tenant_id and ca.kind = 'whatsapp' and ca.is_active and ca.status <> 'disconnected'
			and (v_facts.settings ->> 'channelAccountId' is null or ca.id::text = v_facts.settings ->> 'channelAccountId')
		order by ca.created_at limit 1;
	select mt.id into v_template from message_templates mt
		where mt.tenant_id = p_tenant_id and mt.is_active and mt.meta_status = 'APPROVED' and mt.meta_name is not null
			and case when v_facts.settings ->> 'templateId' is null then mt.category = 'lead_ad' else mt.id::text = v_facts.settings ->> 'templateId' end
		order by mt.created_at limit 1;
	v_state := case when v_import.created_at < now() - interval '1 day' then 'too_late' when not v_facts.has_phone then 'no_phone'
		when v_facts.opted_out_at is not null then 'opted_out' when v_facts.classification not like 'LEAD\_%' then 'not_a_lead'
		when v_facts.with_a_person then 'with_a_person' when v_account is null then 'no_number' when v_template is null then 'no_template' else 'due' end;
	update lead_imports set first_contact = v_state where tenant_id = p_tenant_id and platform = p_platform and import_key = p_key and first_contact <> v_state;
	if v_state <> 'due' then
		return jsonb_build_object('firstContact', v_state);
	end if;
	-- A form opens no window: what is not a template waits until the person writes.
	insert into conversations as c (tenant_id, contact_id, channel_account_id) values (p_tenant_id, v_import.contact_id, v_account)
		on conflict (tenant_id, channel_account_id, contact_id) do update set status = case when c.status = 'closed' then 'open' else c.status end
		returning * into v_conversation;
	return jsonb_build_object('firstContact', 'due', 'conversationId', v_conversation.id, 'templateId', v_template, 'leadName', v_facts.full_name, 'company', v_facts.company);
end
$$;
comment on function prepare_greeting(uuid, text, text) is 'Whether an imported lead is to be greeted now, by which template and in which conversation; writes down why not.';

create function note_greeting(p_tenant_id uuid, p_platform text, p_key text, p_outbox_id uuid) returns void
language sql
set search_path from current
as $$
	update lead_imports set first_contact = 'queued', outbox_id = p_outbox_id
		where tenant_id = p_tenant_id and platform = p_platform and import_key = p_key and outbox_id is null
			and exists (select 1 from outbox_messages o where o.tenant_id = p_tenant_id and o.id = p_outbox_id)
$$;
comment on function note_greeting(uuid, text, text, uuid) is 'The greeting of an imported lead stands in the outbox.';

create function tenants_to_greet(p_limit integer) returns table (tenant_id uuid)
language sql stable
security definer
set search_path from current
as $$
	select t.id from tenants t
	where t.status in ('trial', 'active') and exists (
		select 1 from lead_imports i where i.tenant_id = t.id and i.first_contact in ('due', 'no_number', 'no_template') and i.created_at > now() - interval '25 hours')
	order by t.id limit least(p_limit, 1000)
$$;
comment on function tenants_to_greet(integer) is 'Door. Tenants with imported leads whose greeting waits, for a number or a template.';

select secure_schema();
