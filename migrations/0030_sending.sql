-- breaking: no
-- What may be sent when: windows of ads, templates by language and purpose, what became of a template, consent before what we start, human pace.

alter table conversations
	add column ad_entry_at timestamptz,
	add column ad_window_until timestamptz,
	add column template_sent_at timestamptz;
comment on column conversations.ad_entry_at is 'When the customer last came by an ad: answered within 24 hours it opens ad_window_until, 72 hours from here. Null once Meta said that the window is closed.';
comment on column conversations.template_sent_at is 'A template went out and nobody answered yet.';

alter table contacts add column marketing_hold_until timestamptz;
comment on column contacts.marketing_hold_until is 'Meta said that this person gets too much marketing (131049): none before this time.';

alter table channel_accounts add column typing_chars_per_second integer not null default 0
	constraint channel_accounts_typing_speed check (typing_chars_per_second between 0 and 1000);
comment on column channel_accounts.typing_chars_per_second is 'How fast the agent seems to type: a reply waits for its length in this speed, at most 20 seconds, with read receipt and typing sign. 0: off.';

alter table message_templates
	add column meta_id text,
	add column waba_id text,
	add column quality text,
	add column parameter_format text constraint message_templates_format_known check (parameter_format in ('NAMED', 'POSITIONAL')),
	add column rejected_reason text,
	add column meta_components jsonb not null default '[]',
	add column submitted_at timestamptz,
	add column synced_at timestamptz;
comment on column message_templates.components is 'What is sent beside the text: ready parameters for a template whose values never change. meta_components is the definition at Meta.';
comment on column message_templates.waba_id is 'WhatsApp business account that holds the template; null: typed in by hand, any account.';
create index idx_message_templates_meta_id on message_templates (tenant_id, meta_id) where meta_id is not null;

alter table outbox_messages
	add column author text not null default 'agent',
	add column template_id uuid,
	add column message_category text,
	add column fallback_category text not null default 'window',
	add column typed_at timestamptz;
comment on column outbox_messages.author is 'agent answers, human writes, system is what we start by ourselves: only that needs consent, has caps and can be stopped.';
comment on column outbox_messages.message_category is 'What Meta bills it as, known when it is claimed: SERVICE, or the category of its template.';
create index outbox_messages_marketing on outbox_messages (tenant_id, contact_id, created_at desc) where message_category = 'MARKETING';

create table sending_settings (
	tenant_id uuid primary key references tenants (id) on delete cascade,
	marketing_per_person integer not null default 2 check (marketing_per_person between 0 and 100),
	marketing_days integer not null default 7 check (marketing_days between 1 and 90),
	marketing_needs_opt_in boolean not null default false,
	proactive_floor integer not null default 50 check (proactive_floor between 1 and 1000000),
	proactive_times_peak numeric(5,2) not null default 3 check (proactive_times_peak >= 1),
	proactive_stopped_at timestamptz,
	proactive_stop jsonb,
	proactive_closed_on date,
	created_at timestamptz not null default now(),
	updated_at timestamptz not null default now()
);
comment on table sending_settings is 'A tenant''s limits of what we start; without a row the defaults hold. proactive_stopped_at: the breaker is open until a person closes it.';
create trigger touch before update on sending_settings for each row execute function touch_updated_at();

create table template_usage_stats (
	tenant_id uuid not null,
	id bigint generated always as identity,
	template_id uuid not null,
	lead_id uuid,
	conversation_id uuid,
	outbox_id uuid not null,
	used_at timestamptz not null default now(),
	success_metric varchar(50) not null constraint template_usage_stats_metric_known check (success_metric in ('response_received', 'lead_advanced')),
	success_value boolean,
	primary key (tenant_id, id),
	unique (tenant_id, outbox_id, success_metric),
	foreign key (tenant_id, template_id) references message_templates (tenant_id, id) on delete cascade,
	foreign key (tenant_id, lead_id) references leads (tenant_id, id) on delete set null (lead_id)
);
comment on table template_usage_stats is 'One response_received a template that left: true when the customer wrote within 24 hours, null while that may still happen; and a lead_advanced when the lead moved up a stage within 7 days.';
create index idx_template_usage_org_template_used on template_usage_stats (tenant_id, template_id, used_at desc);
create index template_usage_stats_lead on template_usage_stats (tenant_id, lead_id, used_at desc) where lead_id is not null;
create index template_usage_stats_open on template_usage_stats (tenant_id, conversation_id) where success_value is null;

create view template_performance with (security_invoker = true) as
	select u.tenant_id, u.template_id, count(*) filter (where u.success_metric = 'response_received') as uses,
		count(*) filter (where u.success_metric = 'response_received' and u.success_value) as answered,
		count(*) filter (where u.success_metric = 'response_received' and u.success_value is null and u.used_at > now() - interval '24 hours') as open,
		round((count(*) filter (where u.success_metric = 'response_received' and u.success_value))::numeric
			/ nullif(count(*) filter (where u.success_metric = 'response_received' and (u.success_value is not null or u.used_at <= now() - interval '24 hours')), 0), 4) as answered_share,
		count(*) filter (where u.success_metric = 'lead_advanced' and u.success_value) as advanced, max(u.used_at) as last_used_at
	from template_usage_stats u group by u.tenant_id, u.template_id;
comment on view template_performance is 'How each template does: uses, answered within 24 hours (share of those whose 24 hours are over or that were answered), leads that moved on.';

create function category_of_template(p_template message_templates) returns text
language sql immutable
set search_path from current
as $$
	-- A template that was typed in without Meta's word is judged by what it is for; what could be advertising counts as such.
	select coalesce(p_template.meta_category, case when p_template.category in ('window', 'reminder', 'apology', 'proposal') then 'UTILITY' else 'MARKETING' end)
$$;
comment on function category_of_template(message_templates) is 'MARKETING, UTILITY or AUTHENTICATION: Meta''s word, or else what the purpose suggests.';

create function template_parameters(p_tenant_id uuid, p_template_id uuid, p_contact_id uuid) returns jsonb
language sql stable
set search_path from current
as $$
	select case
		when mt.components <> '[]' then mt.components
		when v.names is null then case when position('{{' in mt.content) = 0 then '[]'::jsonb end
		when v.known = v.names then jsonb_build_array(jsonb_build_object('type', 'body', 'parameters', v.parameters)) end
	from message_templates mt
	join contacts k on k.tenant_id = mt.tenant_id and k.id = p_contact_id
	join tenants t on t.id = mt.tenant_id
	cross join lateral (
		select nullif(count(*), 0) as names, count(f.value) as known, jsonb_agg(
			jsonb_build_object('type', 'text', 'text', f.value)
				|| case when coalesce(mt.parameter_format, case when mt.content ~ '\{\{\s*[0-9]' then 'POSITIONAL' else 'NAMED' end) = 'NAMED'
					then jsonb_build_object('parameter_name', n.name) else '{}' end order by n.place) as parameters
		from jsonb_array_elements_text(mt.variables) with ordinality n(name, place)
		cross join lateral (select nullif(trim(regexp_replace(case
			when n.name in ('lead_name', 'name', 'first_name', 'contact_name', 'nome') then coalesce(nullif(split_part(trim(k.full_name), ' ', 1), ''), k.username,
				case left(mt.language, 2) when 'en' then 'there' else 'cliente' end)
			when n.name in ('company', 'business', 'empresa') then t.name end, '\s+', ' ', 'g')), '') as value) f
	) v
	where mt.tenant_id = p_tenant_id and mt.id = p_template_id
$$;
comment on function template_parameters(uuid, uuid, uuid) is 'The components with which a template goes out by itself: names of person and company are known, null when it needs anything else.';

create function window_template(p_tenant_id uuid, p_conversation_id uuid, p_fallback_template_id uuid, p_category text) returns setof message_templates
language sql stable
set search_path from current
as $$
	select mt.*
	from conversations c
	join contacts k on k.tenant_id = c.tenant_id and k.id = c.contact_id
	join channel_accounts ca on ca.tenant_id = c.tenant_id and ca.id = c.channel_account_id and ca.kind = 'whatsapp'
	left join agent_versions av on av.tenant_id = c.tenant_id and av.agent_id = coalesce(c.agent_id, ca.agent_id) and av.is_active
	join message_templates mt on mt.tenant_id = c.tenant_id and mt.is_active and mt.meta_status = 'APPROVED' and mt.meta_name is not null
		and (mt.waba_id is null or mt.waba_id = ca.parent_id)
		and case when p_fallback_template_id is null then mt.category = p_category else mt.id = p_fallback_template_id end
	cross join lateral (
		select min(l.place) as rank from (values (0, replace(k.language, '-', '_')), (2, replace(av.spec ->> 'language', '-', '_')), (4, 'pt_BR')) s(place, code)
		cross join lateral (select s.place + case when s.code = replace(mt.language, '-', '_') then 0 else 1 end as place
			where left(s.code, 2) = left(mt.language, 2)) l
	) fit
	where c.tenant_id = p_tenant_id and c.id = p_conversation_id and (fit.rank is not null or p_fallback_template_id is not null)
		and template_parameters(c.tenant_id, mt.id, c.contact_id) is not null
	order by fit.rank, mt.quality = 'RED' nulls first, mt.created_at
	limit 1
$$;
comment on function window_template(uuid, uuid, uuid, text) is 'The template that goes out where free text may not: approved, of this account and purpose, in the language of the person, else of the agent, else Brazilian Portuguese.';

create function consent_refusal(p_row outbox_messages, p_contact contacts, p_template message_templates) returns text
language plpgsql stable
set search_path from current
as $$
declare
	v_settings sending_settings;
begin
	if p_template.id is not null and (p_template.meta_status <> 'APPROVED' or not p_template.is_active) then
		return 'template_' || lower(case when p_template.is_active then p_template.meta_status else 'inactive' end);
	elsif p_template.id is null or category_of_template(p_template) <> 'MARKETING' then
		return null;
	elsif p_contact.marketing_opted_out_at is not null then
		return 'marketing_opted_out';
	elsif p_row.author <> 'system' then
		return null;
	elsif p_contact.marketing_hold_until > now() then
		return 'marketing_held_by_meta';
	end if;
	select * into v_settings from sending_settings s where s.tenant_id = p_row.tenant_id;
	if coalesce(v_settings.marketing_needs_opt_in, false) and not exists (
		select 1 from contact_consents e where e.tenant_id = p_row.tenant_id and e.contact_id = p_contact.id and e.purpose = 'marketing' and e.granted
	) then
		return 'marketing_not_allowed_yet';
	elsif (
		select count(*) from outbox_messages o
		where o.tenant_id = p_row.tenant_id and o.contact_id = p_contact.id and o.message_category = 'MARKETING' and o.id <> p_row.id
			and o.status in ('sending', 'sent', 'delivered', 'read', 'unknown')
			and o.created_at > now() - make_interval(days => coalesce(v_settings.marketing_days, 7) + 2)
			and coalesce(o.sent_at, now()) > now() - make_interval(days => coalesce(v_settings.marketing_days, 7))
	) >= coalesce(v_settings.marketing_per_person, 2) then
		return 'marketing_cap';
	end if;
	return null;
end
$$;
comment on function consent_refusal(outbox_messages, contacts, message_templates) is 'Why a template may not go to this person now, null when it may. Marketing needs consent whoever sends it; what we start has a cap a person too.';

create function note_ad_entry() returns trigger
language plpgsql
set search_path from current
as $$
begin
	if new.direction = 'inbound' then
		update conversations set ad_entry_at = new.provider_timestamp, ad_window_until = null
			where tenant_id = new.tenant_id and id = new.conversation_id and new.payload #>> '{referral,source_type}' in ('ad', 'post')
				and new.provider_timestamp > coalesce(ad_entry_at, '-infinity');
	else
		update conversations set ad_window_until = ad_entry_at + interval '72 hours'
			where tenant_id = new.tenant_id and id = new.conversation_id and ad_window_until is null
				and new.provider_timestamp between ad_entry_at and ad_entry_at + interval '24 hours';
	end if;
	return null;
end
$$;
comment on function note_ad_entry() is 'Trigger: a message that came by an ad, or a person''s answer to it from the phone.';
create trigger note_ad_entry after insert on messages for each row
	when ((new.direction = 'inbound' and new.payload ? 'referral') or (new.direction = 'outbound' and new.outbox_id is null))
	execute function note_ad_entry();

create function follow_send() returns trigger
language plpgsql
set search_path from current
as $$
declare
	v_lead uuid;
begin
	if old.sent_at is null and new.sent_at is not null then
		update conversations c set
				ad_window_until = case when c.ad_entry_at > new.sent_at - interval '24 hours' then coalesce(c.ad_window_until, c.ad_entry_at + interval '72 hours') else c.ad_window_until end,
				template_sent_at = case when new.template_id is not null then new.sent_at else c.template_sent_at end
			where c.tenant_id = new.tenant_id and c.id = new.conversation_id
				and (new.template_id is not null or (c.ad_entry_at > new.sent_at - interval '24 hours' and c.ad_window_until is null));
		if new.template_id is not null then
			select l.id into v_lead from leads l where l.tenant_id = new.tenant_id and l.contact_id = new.contact_id;
			insert into template_usage_stats (tenant_id, template_id, lead_id, conversation_id, outbox_id, used_at, success_metric)
				select new.tenant_id, mt.id, v_lead, new.conversation_id, new.id, new.sent_at, 'response_received'
				from message_templates mt where mt.tenant_id = new.tenant_id and mt.id = new.template_id
				on conflict do nothing;
			update message_templates set usage_count = usage_count + 1 where tenant_id = new.tenant_id and id = new.template_id;
			perform track_event(new.tenant_id, 'template.sent', new.id::text, jsonb_build_object('templateId', new.template_id), v_lead, new.conversation_id);
		end if;
	end if;
	if new.status = 'failed' and old.status <> 'failed' then
		if new.error_code = 131050 then
			perform record_consent(new.tenant_id, new.contact_id, 'marketing', false, 'meta_refused', jsonb_build_object('outboxId', new.id, 'code', 131050), now(), 'outbox:' || new.id);
		elsif new.error_code = 131049 then
			update contacts set marketing_hold_until = now() + interval '24 hours' where tenant_id = new.tenant_id and id = new.contact_id;
		end if;
	end if;
	return null;
end
$$;
comment on function follow_send() is 'Trigger: a message that left opens the 72 hours of an ad and counts its template; Meta''s word about marketing is kept for the person.';
create trigger follow_send after update on outbox_messages for each row
	when ((old.sent_at is null and new.sent_at is not null) or (new.status = 'failed' and old.status <> 'failed'))
	execute function follow_send();

create function note_template_answer() returns trigger
language plpgsql
set search_path from current
as $$
declare
	v_answered record;
begin
	for v_answered in
		update template_usage_stats set success_value = new.last_customer_message_at <= used_at + interval '24 hours'
			where tenant_id = new.tenant_id and conversation_id = new.id and success_value is null
				-- Meta tells seconds, and its clock is not ours.
				and used_at - interval '5 seconds' <= new.last_customer_message_at
			returning outbox_id, template_id, lead_id, success_value
	loop
		if v_answered.success_value then
			perform track_event(new.tenant_id, 'template.answered', v_answered.outbox_id::text, jsonb_build_object('templateId', v_answered.template_id), v_answered.lead_id, new.id);
		end if;
	end loop;
	new.template_sent_at := null;
	return new;
end
$$;
comment on function note_template_answer() is 'Trigger: the customer wrote after a template, within 24 hours or later.';
create trigger note_template_answer before update on conversations for each row
	when (old.template_sent_at is not null and new.last_customer_message_at > old.template_sent_at - interval '5 seconds'
		and new.last_customer_message_at is distinct from old.last_customer_message_at)
	execute function note_template_answer();

create function note_lead_advanced() returns trigger
language plpgsql
set search_path from current
as $$
begin
	insert into template_usage_stats (tenant_id, template_id, lead_id, conversation_id, outbox_id, used_at, success_metric, success_value)
		select u.tenant_id, u.template_id, u.lead_id, u.conversation_id, u.outbox_id, u.used_at, 'lead_advanced', true
		from template_usage_stats u
		where u.tenant_id = new.tenant_id and u.lead_id = new.id and u.used_at > now() - interval '7 days' and u.success_metric = 'response_received'
			and (select s.stage_order from pipeline_stages s where s.tenant_id = new.tenant_id and s.id = new.stage_id)
				> (select s.stage_order from pipeline_stages s where s.tenant_id = new.tenant_id and s.id = old.stage_id)
		on conflict do nothing;
	return null;
end
$$;
comment on function note_lead_advanced() is 'Trigger: a lead that moved up a stage within 7 days of a template.';
create trigger note_lead_advanced after update of stage_id on leads for each row
	when (old.stage_id is not null and new.stage_id is not null and old.stage_id <> new.stage_id) execute function note_lead_advanced();

create or replace function apply_template_event(p_tenant_id uuid, p_payload jsonb) returns void
language plpgsql
set search_path from current
as $$
declare
	v_value jsonb := coalesce(p_payload #> '{item,value}', p_payload -> 'item', p_payload -> 'value', p_payload);
	v_event text := upper(nullif(v_value ->> 'event', ''));
	v_status text := case
		when v_event in ('REINSTATED', 'UNARCHIVED') then 'APPROVED'
		-- A warning: the template may still be sent.
		when v_event in ('FLAGGED', 'LIMIT_EXCEEDED') then null
		when v_event = 'PENDING_DELETION' then 'DELETED' else v_event end;
	v_category text := upper(coalesce(nullif(v_value ->> 'correct_category', ''), v_value ->> 'new_category'));
begin
	update message_templates set
			meta_status = coalesce(v_status, meta_status),
			meta_id = coalesce(nullif(v_value ->> 'message_template_id', ''), meta_id),
			meta_category = case when v_category in ('MARKETING', 'UTILITY', 'AUTHENTICATION') then v_category else meta_category end,
			quality = coalesce(nullif(v_value ->> 'new_quality_score', ''), quality),
			rejected_reason = case v_status when 'REJECTED' then coalesce(nullif(v_value ->> 'reason', ''), 'UNKNOWN') when 'APPROVED' then null else rejected_reason end
		where tenant_id = p_tenant_id and (meta_id = v_value ->> 'message_template_id' or (meta_name = v_value ->> 'message_template_name'
			and replace(language, '-', '_') = replace(coalesce(v_value ->> 'message_template_language', language), '-', '_')
			and (meta_id is null or nullif(v_value ->> 'message_template_id', '') is null)));
	perform record_audit(p_tenant_id, 'template.changed', 'message_template', v_value ->> 'message_template_name',
		jsonb_strip_nulls(jsonb_build_object('event', v_value -> 'event', 'reason', v_value -> 'reason', 'category', v_category, 'quality', v_value -> 'new_quality_score')));
end
$$;
comment on function apply_template_event(uuid, jsonb) is 'Follows what Meta says of a template: review, pause, quality, category.';

-- Functions of others change by a line each; a text that is not there any more stops this migration.
do $$
declare
	v_change text[];
	v_source text;
begin
	foreach v_change slice 1 in array array[
		array['enqueue_outbox(uuid, uuid, text, text, integer, bigint, jsonb, text, text, bigint, uuid)',
			'whatsapp_payload, answers_up_to, fallback_template_id)', 'whatsapp_payload, answers_up_to, fallback_template_id, author)'],
		array['enqueue_outbox(uuid, uuid, text, text, integer, bigint, jsonb, text, text, bigint, uuid)',
			'p_payload, p_answers_up_to, p_fallback_template_id', 'p_payload, p_answers_up_to, p_fallback_template_id, p_author'],
		array['process_event(bigint, uuid, uuid, boolean, jsonb)',
			'update contacts set marketing_opted_out_at = case when p_item #>> ''{message,type}'' = ''stop'' then v_occurred end
			where tenant_id = p_tenant_id and id = v_contact;',
			'perform record_consent(p_tenant_id, v_contact, ''marketing'', p_item #>> ''{message,type}'' is distinct from ''stop'', ''user_preferences'',
			jsonb_build_object(''event'', p_event_id), v_occurred, ''event:'' || p_event_id);'],
		array['act_on_turn(uuid, uuid, bigint, jsonb)',
			'update contacts k set opted_out_at = now() from conversations c
			where c.tenant_id = p_tenant_id and c.id = p_conversation_id and k.tenant_id = p_tenant_id and k.id = c.contact_id;',
			'perform record_consent(p_tenant_id, c.contact_id, ''service'', false, ''opt_out_word'', jsonb_build_object(''turn'', p_turn_id), now(), ''turn:'' || p_turn_id)
			from conversations c where c.tenant_id = p_tenant_id and c.id = p_conversation_id;'],
		array['apply_status(uuid, uuid, text, jsonb, timestamptz)',
			'		if v_error = 131050 then
			update contacts set marketing_opted_out_at = coalesce(marketing_opted_out_at, now()) where tenant_id = p_tenant_id and id = v_outbox.contact_id;
		end if;
', ''],
		array['settle_outbox(uuid, uuid, bigint, jsonb)',
			'update contacts set marketing_opted_out_at = coalesce(marketing_opted_out_at, now()) where tenant_id = p_tenant_id and id = v_row.contact_id;',
			'perform record_consent(p_tenant_id, v_row.contact_id, ''marketing'', false, ''meta_refused'', jsonb_build_object(''outboxId'', p_id, ''code'', v_code), now(), ''outbox:'' || p_id);'],
		array['settle_outbox(uuid, uuid, bigint, jsonb)',
			'set last_customer_message_at = least(last_customer_message_at, now() - interval ''24 hours'')',
			'set last_customer_message_at = least(last_customer_message_at, now() - interval ''24 hours''), ad_entry_at = null, ad_window_until = null'],
		array['settle_outbox(uuid, uuid, bigint, jsonb)', '	if v_outcome = ''sent'' then',
			'	-- A template is what goes outside the window: refused for it, nothing is left to try.
	if v_outcome = ''window'' and v_row.whatsapp_payload ->> ''type'' = ''template'' then
		v_outcome := ''failed'';
	end if;
	if v_outcome = ''sent'' then'],
		array['claim_outbox(text, integer, integer, integer)', 'v_contact contacts;', 'v_contact contacts;
	v_refusal text;
	v_typing double precision;'],
		array['claim_outbox(text, integer, integer, integer)', 'l.pair_tokens, l.pair_tokens_at
		from', 'l.pair_tokens, l.pair_tokens_at, ca.typing_chars_per_second
		from'],
		array['claim_outbox(text, integer, integer, integer)', 'coalesce(v_conversation.last_customer_message_at, ''-infinity'') <= now() - interval ''24 hours'' then',
			'coalesce(v_conversation.last_customer_message_at, ''-infinity'') <= now() - interval ''24 hours''
			-- 72 hours after an ad: Meta decides, and its refusal ends them.
			and coalesce(v_conversation.ad_window_until, ''-infinity'') <= now() then'],
		array['claim_outbox(text, integer, integer, integer)',
			'select * into v_template from message_templates mt
				where mt.tenant_id = v_row.tenant_id and mt.is_active and mt.meta_status = ''APPROVED'' and mt.meta_name is not null
					and (mt.id = v_row.fallback_template_id or (v_row.fallback_template_id is null and mt.category = ''window''))
				order by mt.created_at limit 1;',
			'select * into v_template from window_template(v_row.tenant_id, v_row.conversation_id, v_row.fallback_template_id, v_row.fallback_category);'],
		array['claim_outbox(text, integer, integer, integer)', '''components'', v_template.components));',
			'''components'', template_parameters(v_row.tenant_id, v_template.id, v_row.contact_id)));'],
		array['claim_outbox(text, integer, integer, integer)',
			'			update message_templates mt set usage_count = usage_count + 1 where mt.tenant_id = v_row.tenant_id and mt.id = v_template.id;
		end if;
',
			'		elsif v_payload ->> ''type'' = ''template'' then
			select * into v_template from message_templates mt
				where mt.tenant_id = v_row.tenant_id and mt.meta_name = v_payload #>> ''{template,name}'' and mt.language = v_payload #>> ''{template,language,code}''
				order by mt.id = v_row.fallback_template_id desc nulls last limit 1;
		end if;
		-- Only what we start, and templates whoever sends them, pay for these checks.
		if v_row.author = ''system'' or v_template.id is not null then
			v_refusal := consent_refusal(v_row, v_contact, v_template);
			if v_refusal is not null then
				perform block_outbox(v_row.tenant_id, v_row.id, v_refusal);
				perform next_in_lane(v_lane.tenant_id, v_lane.conversation_id);
				continue;
			end if;
		end if;
		-- An agent that types: the read receipt and the sign leave now, the text when it would be written.
		if v_lane.typing_chars_per_second > 0 and v_row.kind = ''reply'' and v_row.typed_at is null and v_template.id is null then
			v_typing := least(20, length(coalesce(v_payload #>> ''{text,body}'', '''')) / v_lane.typing_chars_per_second::double precision);
			update outbox_messages o set typed_at = now() where o.tenant_id = v_row.tenant_id and o.id = v_row.id;
			perform wake_outbox_lane(v_lane.tenant_id, v_lane.conversation_id, now() + make_interval(secs => v_typing));
			v_taken := v_taken + 1;
			return query
				select v_row.id, v_row.tenant_id, v_row.conversation_id, v_token, v_row.attempts, v_row.kind,
					jsonb_build_object(''type'', ''typing'', ''messageId'', m.provider_message_id), ca.id, ca.kind, ca.external_id, ca.access_token_encrypted,
					null::text, null::text,
					(select i.value from contact_identities i where i.tenant_id = v_row.tenant_id and i.contact_id = v_row.contact_id and i.kind = ''igsid'' and i.superseded_at is null order by i.id desc limit 1),
					(select i.value from contact_identities i where i.tenant_id = v_row.tenant_id and i.contact_id = v_row.contact_id and i.kind = ''psid'' and i.superseded_at is null order by i.id desc limit 1)
				from channel_accounts ca join messages m on m.tenant_id = ca.tenant_id and m.id = v_row.answers_up_to
				where ca.tenant_id = v_row.tenant_id and ca.id = v_row.channel_account_id;
			continue;
		end if;
'],
		array['claim_outbox(text, integer, integer, integer)', 'kind = case when v_template.id is not null then ''template'' else o.kind end',
			'template_id = v_template.id, message_category = case when v_template.id is null then ''SERVICE'' else category_of_template(v_template) end,
				kind = case when v_template.id is not null then ''template'' else o.kind end']
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
