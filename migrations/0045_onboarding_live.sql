-- breaking: no
-- The second half of an onboarding: approval, going live, the report, events that came before their tenant, and tokens that end.

create function send_onboarding_for_approval(p_tenant_id uuid, p_onboarding_id uuid) returns text
language plpgsql
set search_path from current
as $$
declare
	v_row onboardings := lock_onboarding(p_tenant_id, p_onboarding_id, '{tested,sent_for_approval}');
begin
	if not v_row.test_passed and v_row.test_override is null then
		raise exception 'the conversation test has failed items: mend them, or let a person set them aside with a reason' using errcode = 'ZF005';
	end if;
	update onboardings set state = 'sent_for_approval', decision_note = null where tenant_id = p_tenant_id and id = v_row.id;
	perform record_audit(p_tenant_id, 'onboarding.sent_for_approval', 'onboarding', v_row.id::text, jsonb_build_object('bundle', v_row.bundle_sha256));
	return v_row.bundle_sha256;
end
$$;
comment on function send_onboarding_for_approval(uuid, uuid) is 'The client may decide now; refused while test items fail and nobody set them aside. Returns the hash of what is approved.';

create function decide_onboarding(p_tenant_id uuid, p_onboarding_id uuid, p_bundle_sha256 text, p_approved boolean, p_person text, p_note text) returns text
language plpgsql
set search_path from current
as $$
declare
	v_row onboardings := lock_onboarding(p_tenant_id, p_onboarding_id, '{sent_for_approval}');
begin
	if v_row.bundle_sha256 <> p_bundle_sha256 then
		raise exception 'the agent has changed since this was shown' using errcode = 'ZF005';
	end if;
	update onboardings set state = case when p_approved then 'approved' else 'rejected' end, decision_note = nullif(trim(p_note), ''),
			approved_sha256 = case when p_approved then p_bundle_sha256 end, approved_by = case when p_approved then p_person end,
			approved_at = case when p_approved then now() end
		where tenant_id = p_tenant_id and id = v_row.id;
	perform record_audit(p_tenant_id, case when p_approved then 'onboarding.approved' else 'onboarding.changes_asked' end, 'onboarding', v_row.id::text,
		jsonb_build_object('person', p_person, 'bundle', p_bundle_sha256));
	return case when p_approved then 'approved' else 'rejected' end;
end
$$;
comment on function decide_onboarding(uuid, uuid, text, boolean, text, text) is 'The client''s word on exactly the bundle that was shown.';

create function activate_onboarding(p_tenant_id uuid, p_onboarding_id uuid, p_agent_version_id uuid, p_persona_version integer) returns jsonb
language plpgsql
set search_path from current
as $$
declare
	v_row onboardings := lock_onboarding(p_tenant_id, p_onboarding_id, '{approved,active}');
	v_version agent_versions;
begin
	select * into v_version from agent_versions where tenant_id = p_tenant_id and id = p_agent_version_id;
	if not found or v_version.bundle_sha256 <> v_row.approved_sha256 then
		raise exception 'this version is not what the client approved' using errcode = 'ZF005';
	end if;
	if v_row.state = 'active' then
		return jsonb_build_object('agentId', v_row.agent_id, 'agentVersionId', v_row.agent_version_id, 'version', v_version.version, 'again', true);
	end if;
	perform activate_agent_version(p_tenant_id, p_agent_version_id);
	update channel_accounts ca set agent_id = v_version.agent_id
		where ca.tenant_id = p_tenant_id and ca.agent_id is null and v_row.channels ? ca.id::text;
	update onboardings set state = 'active', activated_at = now(), agent_id = v_version.agent_id, agent_version_id = p_agent_version_id, persona_version = p_persona_version
		where tenant_id = p_tenant_id and id = v_row.id;
	perform record_audit(p_tenant_id, 'onboarding.activated', 'onboarding', v_row.id::text, jsonb_build_object('version', v_version.version, 'bundle', v_version.bundle_sha256));
	perform track_event(p_tenant_id, 'agent.activated', v_version.agent_id::text || ':' || v_version.version,
		jsonb_build_object('agent', v_version.agent_id, 'version', v_version.version));
	return jsonb_build_object('agentId', v_version.agent_id, 'agentVersionId', p_agent_version_id, 'version', v_version.version, 'again', false);
end
$$;
comment on function activate_onboarding(uuid, uuid, uuid, integer) is 'Puts the approved version into service and gives it the channel accounts of the onboarding; once.';

create function note_first_message(p_tenant_id uuid, p_onboarding_id uuid, p_outbox_id uuid) returns void
language plpgsql
set search_path from current
as $$
declare
	v_row onboardings := lock_onboarding(p_tenant_id, p_onboarding_id, '{active}');
begin
	update onboardings set first_message_id = p_outbox_id, first_message_at = now() where tenant_id = p_tenant_id and id = v_row.id and first_message_id is null;
end
$$;
comment on function note_first_message(uuid, uuid, uuid) is 'Which message was the first that the new agent''s number sent on purpose.';

create view vw_setup_report with (security_invoker = true) as
	with facts as (
		select o.tenant_id, o.id as onboarding_id, t.name as business, o.state, o.approved_by, o.approved_at, o.activated_at, o.test_passed, o.test_override_by, o.first_message_at,
			n.at as number_answered_at, v.version, v.is_active, h.at as handoff_answered_at,
			exists (select 1 from jsonb_array_elements(o.test_result -> 'items') i where i ->> 'item' = 'handoff' and (i ->> 'passed')::boolean) as handoff_in_test,
			d.at as dashboard_at
		from onboardings o
		join tenants t on t.id = o.tenant_id
		left join lateral (
			select min(coalesce(m.provider_timestamp, m.status_at)) as at from messages m
			join channel_accounts ca on ca.tenant_id = m.tenant_id and ca.id = m.channel_account_id
			where m.tenant_id = o.tenant_id and o.channels ? ca.id::text and m.direction = 'outbound' and m.author = 'agent' and m.status in ('delivered', 'read', 'played')
		) n on true
		left join agent_versions v on v.tenant_id = o.tenant_id and v.id = o.agent_version_id
		left join lateral (
			-- The bot handed over, then a person wrote.
			select min(m.created_at) as at from messages m
			join audit_events a on a.tenant_id = m.tenant_id and a.event_type = 'conversation.handoff' and a.subject_id = m.conversation_id::text and a.created_at <= m.created_at
			where m.tenant_id = o.tenant_id and m.direction = 'outbound' and m.author = 'human' and a.details ->> 'reason' is distinct from 'human_takeover'
		) h on true
		left join lateral (
			select min(e.created_at) as at from analytics_events e where e.tenant_id = o.tenant_id and e.event_type = 'dashboard.opened'
		) d on true
	)
	select tenant_id, onboarding_id, business, state, approved_by, approved_at, activated_at, test_passed, test_override_by, first_message_at,
		number_answered_at is not null as number_answers, number_answered_at,
		coalesce(version = 'v1.0.0', false) as versioned, version, coalesce(is_active, false) as version_is_active,
		handoff_answered_at is not null or handoff_in_test as handoff_tested,
		case when handoff_answered_at is not null then 'conversation' when handoff_in_test then 'sandbox test' end as handoff_evidence, handoff_answered_at,
		dashboard_at is not null as dashboard_seen, dashboard_at as dashboard_seen_at,
		(number_answered_at is not null)::integer + coalesce(version = 'v1.0.0', false)::integer + (handoff_answered_at is not null or handoff_in_test)::integer
			+ (dashboard_at is not null)::integer as items_met
	from facts;
comment on view vw_setup_report is 'Which of the four items of a finished setup are met, and by what: the number answers, v1.0.0 exists, the hand-off was tested, the client has seen the dashboard.';

create function list_account_events(p_tenant_id uuid, p_channel_account_id uuid, p_days integer, p_limit integer)
returns table (id bigint, object text, account_id text, field text, kind text, provider_id text, provider_status text, payload jsonb, provider_timestamp timestamptz, received_at timestamptz)
language sql
stable
security definer
set search_path from current
as $$
	select e.id, e.object, e.account_id, e.field, e.kind, e.meta_message_id, e.provider_status, e.payload, e.provider_timestamp, e.received_at
	from channel_accounts ca
	join webhook_events e on e.account_id = ca.external_id
		and e.object = case ca.kind when 'whatsapp' then 'whatsapp_business_account' when 'instagram' then 'instagram' else 'page' end
	-- A token that Meta took is what shows that the account is this tenant's.
	where ca.tenant_id = p_tenant_id and ca.id = p_channel_account_id and ca.access_token_encrypted is not null
		and e.tenant_id is null and e.reason = 'unknown_account' and e.received_at >= now() - make_interval(days => p_days)
	order by e.id limit least(p_limit, 1000)
$$;
comment on function list_account_events(uuid, uuid, integer, integer) is 'Door. Events that came for this account before anybody had it, oldest first.';

create function reroute_events(p_tenant_id uuid, p_channel_account_id uuid, p_events jsonb, p_answer_within interval)
returns table (item integer, outcome text, event_id bigint, tenant_id uuid, conversation_id uuid)
language plpgsql
security definer
set search_path from current
as $$
#variable_conflict use_column
declare
	v_items jsonb;
	v_times jsonb;
begin
	with wanted as (
		select (w.value ->> 'id')::bigint as id, w.value -> 'event' as body from jsonb_array_elements(p_events) w
	), taken as (
		delete from webhook_events e using wanted w, channel_accounts ca
			where e.id = w.id and e.tenant_id is null and e.reason = 'unknown_account' and ca.tenant_id = p_tenant_id and ca.id = p_channel_account_id
				and ca.access_token_encrypted is not null and e.account_id = ca.external_id
				and (e.object, e.account_id, e.kind, e.meta_message_id, e.provider_status)
					= (w.body ->> 'object', w.body ->> 'accountId', w.body ->> 'kind', w.body ->> 'providerId', coalesce(w.body ->> 'providerStatus', ''))
				and w.body #>> '{route,externalId}' = ca.external_id and w.body #>> '{route,channel}' = ca.kind
			returning e.id, e.received_at, e.payload, e.provider_timestamp, w.body
	)
	select jsonb_agg(t.body || jsonb_build_object('payload', t.payload, 'wantsTurn', coalesce((t.body ->> 'wantsTurn')::boolean, false)
				and coalesce(t.provider_timestamp, t.received_at) > now() - p_answer_within) order by t.id),
			jsonb_agg(to_jsonb(t.received_at) order by t.id)
		into v_items, v_times from taken t;
	if v_items is null then
		return;
	end if;
	perform record_audit(p_tenant_id, 'ingest.rerouted', 'channel_account', p_channel_account_id::text, jsonb_build_object('events', jsonb_array_length(v_items)));
	for item, outcome, event_id, tenant_id, conversation_id in select f.item, f.outcome, f.event_id, f.tenant_id, f.conversation_id from ingest_events(v_items) f loop
		-- They keep the age that they have: retention counts from when they came.
		update webhook_events e set received_at = (v_times ->> item)::timestamptz where e.id = event_id;
		return next;
	end loop;
end
$$;
comment on function reroute_events(uuid, uuid, jsonb, interval) is
	'Door. Files events of no tenant through ingest_events, once: whoever takes the row files it. What is older than p_answer_within is stored and shown, not answered.';

create function list_ending_tokens(p_kind text, p_days integer, p_limit integer)
returns table (tenant_id uuid, id uuid, external_id text, access_token_encrypted text, token_expires_at timestamptz)
language sql
stable
security definer
set search_path from current
as $$
	select ca.tenant_id, ca.id, ca.external_id, ca.access_token_encrypted, ca.token_expires_at from channel_accounts ca join tenants t on t.id = ca.tenant_id
	where ca.kind = p_kind and ca.is_active and ca.status <> 'disconnected' and t.status in ('trial', 'active') and ca.access_token_encrypted is not null
		and ca.token_expires_at > now() and ca.token_expires_at <= now() + make_interval(days => p_days)
	order by ca.token_expires_at limit least(p_limit, 1000)
$$;
comment on function list_ending_tokens(text, integer, integer) is 'Door. Accounts whose token ends within so many days and has not ended yet, soonest first.';

create function note_token_trouble(p_tenant_id uuid, p_channel_account_id uuid, p_reason text) returns void
language plpgsql
set search_path from current
as $$
declare
	v_account channel_accounts;
begin
	select * into v_account from channel_accounts ca where ca.tenant_id = p_tenant_id and ca.id = p_channel_account_id;
	if not found then
		raise exception 'channel account % does not exist', p_channel_account_id using errcode = 'ZF004';
	end if;
	perform record_audit(p_tenant_id, 'channel_account.refresh_failed', 'channel_account', p_channel_account_id::text, jsonb_build_object('reason', p_reason));
	perform notify_tenant(p_tenant_id, 'channel.trouble', 'token:' || p_channel_account_id || ':' || current_date,
		jsonb_build_object('channelAccountId', p_channel_account_id, 'channel', v_account.kind, 'name', v_account.display_name, 'reason', p_reason,
			'tokenExpiresAt', v_account.token_expires_at));
end
$$;
comment on function note_token_trouble(uuid, uuid, text) is 'A token could not be renewed: audited, and told once a day.';

select secure_schema();
