-- breaking: no
-- White-glove onboarding: from a form's answers to an agent that a named person approved, what the setup owes, and events that came before their tenant.

create table onboardings (
	tenant_id uuid not null references tenants (id) on delete cascade,
	id uuid not null default gen_random_uuid(),
	state text not null default 'draft' constraint onboardings_state_known
		check (state in ('draft', 'compiled', 'tested', 'sent_for_approval', 'approved', 'rejected', 'active')),
	language text not null default 'pt-BR' constraint onboardings_language_known check (language in ('pt-BR', 'en')),
	answers jsonb not null default '{}',
	spec jsonb,
	persona jsonb,
	bundle jsonb,
	bundle_sha256 text check (bundle_sha256 ~ '^[0-9a-f]{64}$'),
	channels jsonb not null default '{}',
	test_result jsonb,
	test_passed boolean,
	test_override text check (length(test_override) between 1 and 1000),
	test_override_by text,
	approved_sha256 text,
	approved_by text,
	approved_at timestamptz,
	decision_note text,
	agent_id uuid,
	agent_version_id uuid,
	persona_version integer,
	cloned_from jsonb,
	first_message_id uuid,
	first_message_at timestamptz,
	created_by text not null default 'system',
	created_at timestamptz not null default now(),
	updated_at timestamptz not null default now(),
	activated_at timestamptz,
	primary key (tenant_id, id),
	foreign key (tenant_id, agent_id) references agents (tenant_id, id),
	foreign key (tenant_id, agent_version_id) references agent_versions (tenant_id, id),
	constraint onboardings_compiled_has_bundle check (state = 'draft' or (bundle is not null and bundle_sha256 is not null)),
	constraint onboardings_tested_has_result check (state not in ('tested', 'sent_for_approval', 'approved', 'active') or test_passed is not null),
	-- Nobody is shown an agent that failed its test, unless a person says why.
	constraint onboardings_sent_is_good check (state not in ('sent_for_approval', 'approved', 'active') or test_passed or test_override is not null),
	constraint onboardings_override_has_name check ((test_override is null) = (test_override_by is null)),
	constraint onboardings_approved_by_somebody check (state not in ('approved', 'active')
		or (approved_by is not null and approved_at is not null and approved_sha256 = bundle_sha256)),
	constraint onboardings_active_has_version check ((state = 'active') = (activated_at is not null) and (state <> 'active' or agent_version_id is not null))
);
comment on table onboardings is
	'A new client''s way to an agent: the answers as given, what was compiled of them, the test, who approved exactly which bundle, and the version that it became. bundle is a draft until the client says yes; then it is frozen as v1.0.0.';
comment on column onboardings.channels is 'By channel account: the steps of connecting it and how each ended. No tokens.';
create index idx_onboardings_recent on onboardings (tenant_id, created_at desc);
create trigger touch before update on onboardings for each row execute function touch_updated_at();

create table onboarding_documents (
	tenant_id uuid not null,
	onboarding_id uuid not null,
	title text not null check (length(title) between 1 and 160),
	file_name text,
	mime_type text,
	pages integer,
	truncated boolean not null default false,
	content text not null check (content <> ''),
	created_at timestamptz not null default now(),
	primary key (tenant_id, onboarding_id, title),
	foreign key (tenant_id, onboarding_id) references onboardings (tenant_id, id) on delete cascade
);
comment on table onboarding_documents is 'The text of what a client uploaded, until it is compiled into the AgentSpec; the file itself is not kept.';

create function lock_onboarding(p_tenant_id uuid, p_onboarding_id uuid, p_states text[]) returns onboardings
language plpgsql
set search_path from current
as $$
declare
	v_row onboardings;
begin
	select * into v_row from onboardings o where o.tenant_id = p_tenant_id and o.id = p_onboarding_id for update;
	if not found then
		raise exception 'onboarding % does not exist', p_onboarding_id using errcode = 'ZF004';
	end if;
	if v_row.state <> all (p_states) then
		raise exception 'the onboarding is %, this needs %', v_row.state, array_to_string(p_states, ' or ') using errcode = 'ZF005';
	end if;
	return v_row;
end
$$;
comment on function lock_onboarding(uuid, uuid, text[]) is 'Locks an onboarding that is in one of these states; ZF004 when there is none, ZF005 in another state.';

create function start_onboarding(p_tenant_id uuid, p_answers jsonb, p_language text, p_person text, p_cloned_from jsonb default null) returns uuid
language plpgsql
set search_path from current
as $$
declare
	v_id uuid;
begin
	insert into onboardings (tenant_id, answers, language, created_by, cloned_from)
		values (p_tenant_id, coalesce(p_answers, '{}'), coalesce(p_language, 'pt-BR'), coalesce(nullif(p_person, ''), 'system'), p_cloned_from)
		returning id into v_id;
	perform record_audit(p_tenant_id, 'onboarding.started', 'onboarding', v_id::text, '{}');
	perform track_event(p_tenant_id, 'onboarding.started', v_id::text);
	return v_id;
end
$$;
comment on function start_onboarding(uuid, jsonb, text, text, jsonb) is 'Begins an onboarding with the first answers.';

-- What is compiled no longer says what the answers say.
create function reopen_onboarding(p_tenant_id uuid, p_onboarding_id uuid) returns void
language sql
set search_path from current
as $$
	update onboardings set state = 'draft', spec = null, persona = null, bundle = null, bundle_sha256 = null, test_result = null, test_passed = null,
			test_override = null, test_override_by = null, approved_sha256 = null, approved_by = null, approved_at = null
		where tenant_id = p_tenant_id and id = p_onboarding_id
$$;
comment on function reopen_onboarding(uuid, uuid) is 'Back to a draft: what was compiled, tested and approved of the old answers no longer counts.';

create function save_onboarding_answers(p_tenant_id uuid, p_onboarding_id uuid, p_answers jsonb) returns text
language plpgsql
set search_path from current
as $$
declare
	v_row onboardings := lock_onboarding(p_tenant_id, p_onboarding_id, '{draft,compiled,tested,sent_for_approval,approved,rejected}');
begin
	if (v_row.answers || p_answers) = v_row.answers then
		return v_row.state;
	end if;
	update onboardings set answers = answers || p_answers where tenant_id = p_tenant_id and id = p_onboarding_id;
	perform reopen_onboarding(p_tenant_id, p_onboarding_id);
	return 'draft';
end
$$;
comment on function save_onboarding_answers(uuid, uuid, jsonb) is 'Lays answers over those that are there; a changed answer makes the onboarding a draft again.';

create function save_onboarding_document(p_tenant_id uuid, p_onboarding_id uuid, p_document jsonb) returns void
language plpgsql
set search_path from current
as $$
declare
	v_row onboardings := lock_onboarding(p_tenant_id, p_onboarding_id, '{draft,compiled,tested,sent_for_approval,approved,rejected}');
begin
	insert into onboarding_documents as d (tenant_id, onboarding_id, title, file_name, mime_type, pages, truncated, content)
		values (p_tenant_id, p_onboarding_id, p_document ->> 'title', p_document ->> 'fileName', p_document ->> 'mimeType', (p_document ->> 'pages')::integer,
			coalesce((p_document ->> 'truncated')::boolean, false), p_document ->> 'content')
		on conflict (tenant_id, onboarding_id, title) do update set file_name = excluded.file_name, mime_type = excluded.mime_type, pages = excluded.pages,
			truncated = excluded.truncated, content = excluded.content;
	perform reopen_onboarding(p_tenant_id, v_row.id);
end
$$;
comment on function save_onboarding_document(uuid, uuid, jsonb) is 'Keeps the text of a document; the same title again replaces it.';

create function remove_onboarding_document(p_tenant_id uuid, p_onboarding_id uuid, p_title text) returns boolean
language plpgsql
set search_path from current
as $$
declare
	v_row onboardings := lock_onboarding(p_tenant_id, p_onboarding_id, '{draft,compiled,tested,sent_for_approval,approved,rejected}');
begin
	delete from onboarding_documents where tenant_id = p_tenant_id and onboarding_id = v_row.id and title = p_title;
	if found then
		perform reopen_onboarding(p_tenant_id, v_row.id);
		return true;
	end if;
	return false;
end
$$;
comment on function remove_onboarding_document(uuid, uuid, text) is 'Takes a document out again; false when there was none of that title.';

create function note_onboarding_channel(p_tenant_id uuid, p_onboarding_id uuid, p_key text, p_steps jsonb) returns void
language plpgsql
set search_path from current
as $$
begin
	-- What failed before there was an account stands under its kind and id.
	update onboardings set channels = (channels - ((p_steps ->> 'kind') || ':' || (p_steps ->> 'externalId'))) || jsonb_build_object(p_key, p_steps) where tenant_id = p_tenant_id and id = p_onboarding_id;
	if not found then
		raise exception 'onboarding % does not exist', p_onboarding_id using errcode = 'ZF004';
	end if;
end
$$;
comment on function note_onboarding_channel(uuid, uuid, text, jsonb) is 'Writes down how connecting a channel account went, over what stood there.';

create function save_onboarding_bundle(p_tenant_id uuid, p_onboarding_id uuid, p_spec jsonb, p_persona jsonb, p_bundle jsonb) returns void
language plpgsql
set search_path from current
as $$
declare
	v_row onboardings := lock_onboarding(p_tenant_id, p_onboarding_id, '{draft,compiled,tested,sent_for_approval,rejected}');
begin
	perform reopen_onboarding(p_tenant_id, v_row.id);
	update onboardings set state = 'compiled', spec = p_spec, persona = p_persona, bundle = p_bundle, bundle_sha256 = p_bundle ->> 'sha256'
		where tenant_id = p_tenant_id and id = v_row.id;
	perform record_audit(p_tenant_id, 'onboarding.compiled', 'onboarding', v_row.id::text, jsonb_build_object('bundle', p_bundle ->> 'sha256'));
end
$$;
comment on function save_onboarding_bundle(uuid, uuid, jsonb, jsonb, jsonb) is 'Keeps what the answers were compiled into; test and approval begin anew.';

create function save_onboarding_test(p_tenant_id uuid, p_onboarding_id uuid, p_bundle_sha256 text, p_result jsonb, p_passed boolean) returns void
language plpgsql
set search_path from current
as $$
declare
	v_row onboardings := lock_onboarding(p_tenant_id, p_onboarding_id, '{compiled,tested,sent_for_approval,rejected}');
begin
	if v_row.bundle_sha256 is distinct from p_bundle_sha256 then
		raise exception 'the agent changed while it was tested: test it again' using errcode = 'ZF005';
	end if;
	update onboardings set state = 'tested', test_result = p_result, test_passed = p_passed, test_override = null, test_override_by = null
		where tenant_id = p_tenant_id and id = v_row.id;
	perform record_audit(p_tenant_id, 'onboarding.tested', 'onboarding', v_row.id::text, jsonb_build_object('passed', p_passed, 'bundle', p_bundle_sha256));
end
$$;
comment on function save_onboarding_test(uuid, uuid, text, jsonb, boolean) is 'Keeps the result of the conversation test of exactly this bundle.';

create function override_onboarding_test(p_tenant_id uuid, p_onboarding_id uuid, p_person text, p_reason text) returns void
language plpgsql
set search_path from current
as $$
declare
	v_row onboardings := lock_onboarding(p_tenant_id, p_onboarding_id, '{tested}');
begin
	if coalesce(trim(p_person), '') = '' or coalesce(trim(p_reason), '') = '' then
		raise exception 'a person and a reason are needed' using errcode = 'ZF005';
	end if;
	update onboardings set test_override = trim(p_reason), test_override_by = trim(p_person) where tenant_id = p_tenant_id and id = v_row.id and not test_passed;
	if not found then
		raise exception 'the test passed: there is nothing to set aside' using errcode = 'ZF005';
	end if;
	perform record_audit(p_tenant_id, 'onboarding.test_overridden', 'onboarding', v_row.id::text,
		jsonb_build_object('person', trim(p_person), 'reason', trim(p_reason), 'bundle', v_row.bundle_sha256));
end
$$;
comment on function override_onboarding_test(uuid, uuid, text, text) is 'A person lets an agent with failed test items go on, and says why.';

select secure_schema();
