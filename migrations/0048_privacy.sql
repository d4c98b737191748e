-- breaking: no
-- What the law gives a person: everything that is kept of them, in one answer; and its end, with a receipt. Texts of spam and of family go by themselves.

create table privacy_requests (
	tenant_id uuid not null references tenants (id) on delete cascade,
	id uuid not null default gen_random_uuid(),
	kind text not null constraint privacy_requests_kind_known check (kind in ('export', 'erase')),
	contact_id uuid not null,
	identity_hashes text[] not null default '{}',
	reason text not null,
	requested_by text not null,
	counts jsonb not null default '{}',
	elsewhere jsonb not null default '[]',
	created_at timestamptz not null default now(),
	primary key (tenant_id, id)
);
comment on table privacy_requests is
	'Receipts of exports and erasures: what was handed out or removed, by table, and what is left to remove in other systems. Of the person only hashes of ids remain, salted with the tenant.';
create index idx_privacy_requests_time on privacy_requests (tenant_id, created_at desc);
create index idx_privacy_requests_hashes on privacy_requests using gin (identity_hashes);
create trigger append_only before update or delete on privacy_requests for each row execute function refuse_change();

create function identity_hash(p_tenant_id uuid, p_kind text, p_value text) returns text
language sql immutable
set search_path from current
as $$
	select encode(sha256(convert_to(p_tenant_id::text || '/' || p_kind || '/' || p_value, 'UTF8')), 'hex')
$$;
comment on function identity_hash(uuid, text, text) is 'An id of a person that says nothing by itself; the tenant is its salt.';

create function was_erased(p_tenant_id uuid, p_kind text, p_value text) returns boolean
language sql stable
set search_path from current
as $$
	select exists (
		select 1 from privacy_requests r
		where r.tenant_id = p_tenant_id and r.kind = 'erase' and r.identity_hashes @> array[identity_hash(p_tenant_id, p_kind, p_value)]
	)
$$;
comment on function was_erased(uuid, text, text) is 'Whether a person of this id had everything erased: a list is not to bring them back.';

create function person_of(p_tenant_id uuid, p_contact_id uuid) returns table (contacts uuid[], leads uuid[], conversations uuid[], names text[])
language sql stable
set search_path from current
as $$
	with recursive kept as (
		-- The end of the chain of merges, then all that was folded into it.
		select k.id, k.merged_into_id from contacts k where k.tenant_id = p_tenant_id and k.id = p_contact_id
		union
		select k.id, k.merged_into_id from kept b join contacts k on k.tenant_id = p_tenant_id and (k.id = b.merged_into_id or k.merged_into_id = b.id)
	), ids as (
		select array_agg(id) as contacts from kept
	)
	select i.contacts,
		coalesce((select array_agg(l.id) from leads l where l.tenant_id = p_tenant_id and l.contact_id = any (i.contacts)), '{}'),
		coalesce((select array_agg(c.id) from conversations c where c.tenant_id = p_tenant_id and c.contact_id = any (i.contacts)), '{}'),
		coalesce((
			select array_agg(distinct n.value) from (
				select i2.value from contact_identities i2 where i2.tenant_id = p_tenant_id and i2.contact_id = any (i.contacts)
				union all
				select v from contacts k cross join lateral unnest(array[k.phone, k.username]) v where k.tenant_id = p_tenant_id and k.id = any (i.contacts) and v <> ''
			) n), '{}')
	from ids i where i.contacts is not null
$$;
comment on function person_of(uuid, uuid) is 'All rows that are one person: contacts that were merged, their leads and conversations, and every id they had.';

create function rows_as_json(p_rows jsonb[]) returns jsonb
language sql immutable
set search_path from current
as $$
	select coalesce(jsonb_agg(jsonb_strip_nulls(r - 'tenant_id') order by n), '[]') from unnest(p_rows) with ordinality u(r, n)
$$;
comment on function rows_as_json(jsonb[]) is 'Rows as a list, without the tenant and what is empty.';

create function export_contact(p_tenant_id uuid, p_contact_id uuid, p_reason text, p_limit integer) returns jsonb
language plpgsql
set search_path from current
as $$
declare
	p record;
	v_export jsonb;
	v_counts jsonb;
begin
	select * into p from person_of(p_tenant_id, p_contact_id);
	if not found then
		raise exception 'contact % does not exist', p_contact_id using errcode = 'ZF004';
	end if;
	v_export := jsonb_build_object(
		'contacts', (select rows_as_json(array_agg(to_jsonb(x) order by x.created_at)) from contacts x where x.tenant_id = p_tenant_id and x.id = any (p.contacts)),
		'contact_identities', (select rows_as_json(array_agg(to_jsonb(x) order by x.id)) from contact_identities x where x.tenant_id = p_tenant_id and x.contact_id = any (p.contacts)),
		'consent_events', (select rows_as_json(array_agg(to_jsonb(x) order by x.id)) from consent_events x where x.tenant_id = p_tenant_id and x.contact_id = any (p.contacts)),
		'tenant_known_contacts', (select rows_as_json(array_agg(to_jsonb(x))) from tenant_known_contacts x
			where x.tenant_id = p_tenant_id and x.username_key = any (array(select identity_key(n) from unnest(p.names) n))),
		'conversations', (select rows_as_json(array_agg(to_jsonb(x) order by x.created_at)) from conversations x where x.tenant_id = p_tenant_id and x.id = any (p.conversations)),
		'messages', (select rows_as_json(array_agg(to_jsonb(x) order by x.id)) from (
			select m.id, m.conversation_id, m.direction, m.author, m.kind, m.body, m.payload, m.status, coalesce(m.provider_timestamp, m.created_at) as said_at
			from messages m where m.tenant_id = p_tenant_id and m.conversation_id = any (p.conversations) order by m.id desc limit p_limit) x),
		'media_readings', (select rows_as_json(array_agg(to_jsonb(x) - 'sha256')) from media_readings x join messages m on m.tenant_id = x.tenant_id and m.id = x.message_id
			where x.tenant_id = p_tenant_id and m.conversation_id = any (p.conversations)),
		'leads', (select rows_as_json(array_agg(to_jsonb(x))) from leads x where x.tenant_id = p_tenant_id and x.contact_id = any (p.contacts)),
		'classified_leads', (select rows_as_json(array_agg(to_jsonb(x) - 'treat_propensity' - 'exploration_arm' order by x.created_at)) from (
			select * from classified_leads c where c.tenant_id = p_tenant_id and c.lead_id = any (p.leads) order by c.created_at desc limit p_limit) x),
		'lead_outcomes', (select rows_as_json(array_agg(to_jsonb(x) order by x.id)) from lead_outcomes x where x.tenant_id = p_tenant_id and x.lead_id = any (p.leads)),
		'pipeline_moves', (select rows_as_json(array_agg(to_jsonb(x) order by x.id)) from pipeline_moves x where x.tenant_id = p_tenant_id and x.lead_id = any (p.leads)),
		'calendar_events', (select rows_as_json(array_agg(to_jsonb(x) - 'hold_token' order by x.starts_at)) from calendar_events x
			where x.tenant_id = p_tenant_id and (x.contact_id = any (p.contacts) or x.lead_id = any (p.leads) or x.conversation_id = any (p.conversations))),
		'calls', (select rows_as_json(array_agg(to_jsonb(x) order by x.id)) from calls x
			where x.tenant_id = p_tenant_id and (x.contact_id = any (p.contacts) or x.conversation_id = any (p.conversations))),
		'call_tasks', (select rows_as_json(array_agg(to_jsonb(x))) from call_tasks x where x.tenant_id = p_tenant_id and x.contact_id = any (p.contacts)),
		'handoffs', (select rows_as_json(array_agg(to_jsonb(x) order by x.started_at)) from handoffs x where x.tenant_id = p_tenant_id and x.conversation_id = any (p.conversations)),
		'tool_calls', (select rows_as_json(array_agg(to_jsonb(x) order by x.created_at)) from tool_calls x where x.tenant_id = p_tenant_id and x.conversation_id = any (p.conversations)),
		'lead_imports', (select rows_as_json(array_agg(to_jsonb(x))) from lead_imports x where x.tenant_id = p_tenant_id and x.contact_id = any (p.contacts)),
		'campaign_messages', (select rows_as_json(array_agg(to_jsonb(x))) from campaign_messages x where x.tenant_id = p_tenant_id and x.lead_id = any (p.leads)),
		'crm_links', (select rows_as_json(array_agg(to_jsonb(x))) from crm_links x where x.tenant_id = p_tenant_id and x.lead_id = any (p.leads))
	);
	select jsonb_object_agg(key, jsonb_array_length(value)) into v_counts from jsonb_each(v_export) where jsonb_array_length(value) > 0;
	insert into privacy_requests (tenant_id, kind, contact_id, reason, requested_by, counts)
		values (p_tenant_id, 'export', p_contact_id, p_reason, coalesce(nullif(current_setting('agent_factory.actor', true), ''), 'system'), coalesce(v_counts, '{}'));
	perform record_audit(p_tenant_id, 'privacy.exported', 'contact', p_contact_id::text, v_counts);
	return jsonb_build_object('data', v_export, 'counts', v_counts, 'elsewhere', systems_that_know(p_tenant_id, p.leads, p.conversations),
		'complete', coalesce((v_counts ->> 'messages')::integer, 0) < p_limit and coalesce((v_counts ->> 'classified_leads')::integer, 0) < p_limit);
end
$$;
comment on function export_contact(uuid, uuid, text, integer) is
	'Everything that is kept of a person, by table, with the reasons of each classification, and a receipt. complete false: more than p_limit messages, the newest are here.';

create function systems_that_know(p_tenant_id uuid, p_leads uuid[], p_conversations uuid[]) returns jsonb
language sql stable
set search_path from current
as $$
	select coalesce(jsonb_agg(jsonb_build_object('system', s.system, 'what', s.what, 'id', s.id)), '[]') from (
		select i.provider::text as system, l.entity as what, l.external_id as id from crm_links l
			join crm_integrations i on i.tenant_id = l.tenant_id and i.id = l.integration_id
			where l.tenant_id = p_tenant_id and l.lead_id = any (p_leads) and l.external_id is not null
		union all
		select i.provider::text, 'event', e.provider_event_id from calendar_events e
			join calendar_integrations i on i.tenant_id = e.tenant_id and i.id = e.integration_id
			where e.tenant_id = p_tenant_id and e.provider_event_id is not null and (e.lead_id = any (p_leads) or e.conversation_id = any (p_conversations))
		union all
		select 'chatwoot', 'conversation', t.chatwoot_conversation_id::text from chatwoot_threads t
			where t.tenant_id = p_tenant_id and t.conversation_id = any (p_conversations)
		union all
		select c.provider, 'call', c.provider_call_id from calls c where c.tenant_id = p_tenant_id and c.conversation_id = any (p_conversations)
	) s
$$;
comment on function systems_that_know(uuid, uuid[], uuid[]) is 'Where else a person stands, and under which id: what a tenant has to look after itself.';

create function erase_contact(p_tenant_id uuid, p_contact_id uuid, p_reason text) returns jsonb
language plpgsql
set search_path from current
as $$
declare
	p record;
	v_ids text[];
	v_like text[];
	v_pattern text;
	v_sent text[];
	v_elsewhere jsonb;
	v_hashes text[];
	v_counts jsonb := '{}';
	v_rows integer;
	v_receipt uuid;
begin
	select * into p from person_of(p_tenant_id, p_contact_id);
	if not found then
		raise exception 'contact % does not exist', p_contact_id using errcode = 'ZF004';
	end if;
	-- Lanes first, as everybody: a worker that has a turn in hand loses its lease and writes nothing.
	perform 1 from conversation_locks l where l.tenant_id = p_tenant_id and l.conversation_id = any (p.conversations) order by l.conversation_id for update;
	v_ids := array(select i::text from unnest(p.contacts || p.leads || p.conversations) i);
	v_pattern := array_to_string(v_ids, '|');
	v_like := array(select '%' || i || '%' from unnest(v_ids) i);
	v_sent := array(select m.provider_message_id from messages m where m.tenant_id = p_tenant_id and m.conversation_id = any (p.conversations) and m.provider_message_id is not null);
	v_elsewhere := systems_that_know(p_tenant_id, p.leads, p.conversations);
	v_hashes := array(select identity_hash(p_tenant_id, i.kind, i.value) from contact_identities i where i.tenant_id = p_tenant_id and i.contact_id = any (p.contacts));
	v_counts := jsonb_build_object('messages', (select count(*) from messages m where m.tenant_id = p_tenant_id and m.conversation_id = any (p.conversations)),
		'conversations', cardinality(p.conversations), 'leads', cardinality(p.leads), 'contacts', cardinality(p.contacts));

	-- The row stays as the key that makes a redelivery a duplicate; what Meta sent goes, and what waits is not done.
	update webhook_events e set payload = '{}', status = case when e.status = 'pending' then 'ignored' else e.status end,
			reason = case when e.status = 'pending' then 'erased' else e.reason end, processed_at = coalesce(e.processed_at, now())
		where e.tenant_id = p_tenant_id and e.payload <> '{}' and (e.meta_message_id = any (v_sent)
			or ((e.kind not in ('message', 'status', 'echo') or e.status = 'pending') and exists (select 1 from unnest(p.names) n where position(n in e.payload::text) > 0)));
	get diagnostics v_rows = row_count;
	v_counts := v_counts || jsonb_build_object('webhook_events', v_rows);
	delete from background_jobs j where j.tenant_id = p_tenant_id and (j.payload::text like any (v_like) or j.job_key like any (v_like)
		or exists (select 1 from unnest(p.names) n where position(n in j.payload::text) > 0));
	get diagnostics v_rows = row_count;
	v_counts := v_counts || jsonb_build_object('background_jobs', v_rows);
	delete from notification_deliveries d where d.tenant_id = p_tenant_id and d.payload::text like any (v_like);
	get diagnostics v_rows = row_count;
	v_counts := v_counts || jsonb_build_object('notification_deliveries', v_rows);

	-- What has been counted stays counted, and points to nobody.
	update analytics_events set lead_id = null, session_id = null, event_data = '{}', event_key = 'erased:' || id
		where tenant_id = p_tenant_id and (lead_id = any (p.leads) or session_id = any (v_ids) or event_key like any (v_like));
	update template_usage_stats set lead_id = null, conversation_id = null, outbox_id = gen_random_uuid()
		where tenant_id = p_tenant_id and (lead_id = any (p.leads) or conversation_id = any (p.conversations));
	update llm_usage set conversation_id = null, turn_id = null where tenant_id = p_tenant_id and conversation_id = any (p.conversations);

	delete from calendar_events x where x.tenant_id = p_tenant_id and (x.contact_id = any (p.contacts) or x.lead_id = any (p.leads) or x.conversation_id = any (p.conversations));
	get diagnostics v_rows = row_count;
	v_counts := v_counts || jsonb_build_object('calendar_events', v_rows);
	delete from calls x where x.tenant_id = p_tenant_id and (x.contact_id = any (p.contacts) or x.conversation_id = any (p.conversations));
	delete from agentic_instagram_leads x where x.tenant_id = p_tenant_id and lower(x.username) = any (array(select lower(n) from unnest(p.names) n));
	delete from tenant_known_contacts x where x.tenant_id = p_tenant_id and x.username_key = any (array(select identity_key(n) from unnest(p.names) n));
	get diagnostics v_rows = row_count;
	v_counts := v_counts || jsonb_build_object('tenant_known_contacts', v_rows);

	-- Evidence of suggestions and cycles names people by id: the figures stay, the ids go.
	update persona_improvement_suggestions set gate_result = regexp_replace(gate_result::text, v_pattern, '00000000-0000-0000-0000-000000000000', 'g')::jsonb
		where tenant_id = p_tenant_id and gate_result::text like any (v_like);
	update improvement_suggestions set gate_result = regexp_replace(gate_result::text, v_pattern, '00000000-0000-0000-0000-000000000000', 'g')::jsonb
		where tenant_id = p_tenant_id and gate_result::text like any (v_like);
	update persona_reflection_logs set metrics = regexp_replace(metrics::text, v_pattern, '00000000-0000-0000-0000-000000000000', 'g')::jsonb
		where tenant_id = p_tenant_id and metrics::text like any (v_like);
	update reflection_logs set metrics = regexp_replace(metrics::text, v_pattern, '00000000-0000-0000-0000-000000000000', 'g')::jsonb
		where tenant_id = p_tenant_id and metrics::text like any (v_like);

	-- Messages, sends, turns, verdicts, golden items, readings, tool calls, drafts and hand-overs go with their conversation;
	-- classifications, outcomes, examples, imports and CRM links with their lead.
	delete from conversations c where c.tenant_id = p_tenant_id and c.id = any (p.conversations);
	delete from contacts k where k.tenant_id = p_tenant_id and k.id = any (p.contacts) and k.merged_into_id is not null;
	delete from contacts k where k.tenant_id = p_tenant_id and k.id = any (p.contacts);

	insert into privacy_requests (tenant_id, kind, contact_id, identity_hashes, reason, requested_by, counts, elsewhere)
		values (p_tenant_id, 'erase', p_contact_id, v_hashes, p_reason, coalesce(nullif(current_setting('agent_factory.actor', true), ''), 'system'), v_counts, v_elsewhere)
		returning id into v_receipt;
	perform record_audit(p_tenant_id, 'privacy.erased', 'contact', p_contact_id::text, v_counts);
	return jsonb_build_object('receiptId', v_receipt, 'counts', v_counts, 'elsewhere', v_elsewhere);
end
$$;
comment on function erase_contact(uuid, uuid, text) is
	'Removes a person from every table and leaves a receipt with what was removed, hashes of their ids and where else they stand. Counts, the audit log and what was learned in numbers stay.';

create index idx_leads_short_lived on leads (tenant_id, id) where classification in ('SPAM', 'PESSOAL');

-- Two tasks more for the nightly run: words of spam stay a week, words of family and staff do not stay.
do $$
declare
	v_source text := pg_get_functiondef('run_maintenance(text, integer, integer, uuid)'::regprocedure);
	c_before constant text := '		elsif p_task = ''turns'' then';
begin
	if position(c_before in v_source) = 0 then
		raise exception 'run_maintenance is not the function that this migration changes';
	end if;
	execute replace(v_source, c_before, '		elsif p_task in (''spam_texts'', ''personal_texts'') then
			v_rows := empty_texts_of_class(v_tenant.id, p_task, v_before, v_left);
' || c_before);
end
$$;

create function empty_texts_of_class(p_tenant_id uuid, p_task text, p_before timestamptz, p_limit integer) returns integer
language plpgsql
set search_path from current
as $$
declare
	v_ids bigint[];
	v_conversations uuid[];
begin
	select array_agg(f.id), array_agg(distinct f.conversation_id) into v_ids, v_conversations from (
		select m.id, m.conversation_id from leads l
		join conversations c on c.tenant_id = l.tenant_id and c.contact_id = l.contact_id
		join messages m on m.tenant_id = c.tenant_id and m.conversation_id = c.id
		where l.tenant_id = p_tenant_id and (m.body <> '' or m.payload <> '{}') and m.created_at < p_before
			and case p_task when 'spam_texts' then l.classification = 'SPAM'
				else l.classification = 'PESSOAL' and l.personal_reason in ('familiar', 'interno') end
		order by m.id limit p_limit
	) f;
	if v_ids is null then return 0; end if;
	update webhook_events e set payload = '{}' from messages m
		where m.tenant_id = p_tenant_id and m.id = any (v_ids) and e.tenant_id = p_tenant_id and e.meta_message_id = m.provider_message_id and e.status <> 'pending';
	update media_readings set text = '' where tenant_id = p_tenant_id and message_id = any (v_ids) and text <> '';
	update conversations set summary = null where tenant_id = p_tenant_id and id = any (v_conversations) and summary is not null;
	update messages set body = '', payload = '{}' where tenant_id = p_tenant_id and id = any (v_ids);
	return cardinality(v_ids);
end
$$;
comment on function empty_texts_of_class(uuid, text, timestamptz, integer) is
	'Empties messages, what was read of their media and what Meta sent, of people who are spam (spam_texts) or family and staff (personal_texts). Returns how many messages.';

create function note_maintenance(p_report jsonb) returns void
language sql
security definer
set search_path from current
as $$
	select record_audit(null, 'maintenance.run', 'maintenance', null, p_report)
$$;
comment on function note_maintenance(jsonb) is 'Door. The receipt of a nightly run: which task removed how many rows.';

select secure_schema();
