-- breaking: no
-- What was read of audio, images and documents before the turn: once a message, written where the customer's words stand. And who connects a tenant's calls.

create table media_settings (
	tenant_id uuid primary key references tenants (id) on delete cascade,
	audio boolean not null default true,
	images boolean not null default true,
	documents boolean not null default true,
	transcription_model text not null default 'gpt-4o-mini-transcribe' check (length(transcription_model) between 1 and 100),
	vision_provider text constraint media_settings_vision_provider_known check (vision_provider in ('anthropic', 'openai')),
	vision_api text constraint media_settings_vision_api_known check (vision_api in ('responses', 'chat_completions')),
	vision_model text check (length(vision_model) between 1 and 100),
	updated_at timestamptz not null default now(),
	constraint media_settings_vision_whole check ((vision_provider is null) = (vision_model is null))
);
comment on table media_settings is
	'What a tenant has read before the turn, and by which models; without a row everything is read. vision_* null: the agent''s own model looks at images.';
create trigger touch before update on media_settings for each row execute function touch_updated_at();

create table media_readings (
	tenant_id uuid not null,
	message_id bigint not null,
	kind text not null constraint media_readings_kind_known check (kind in ('audio', 'image', 'document', 'video')),
	status text not null constraint media_readings_status_known check (status in ('read', 'failed', 'too_large', 'unsupported', 'refused')),
	text text check (length(text) <= 20000),
	mime_type text check (length(mime_type) <= 200),
	bytes bigint,
	sha256 text constraint media_readings_sha256_shape check (sha256 ~ '^[0-9a-f]{64}$'),
	model text,
	input_tokens integer not null default 0,
	output_tokens integer not null default 0,
	cost_usd numeric(14, 8),
	latency_ms integer,
	error_code text check (length(error_code) <= 100),
	created_at timestamptz not null default now(),
	primary key (tenant_id, message_id),
	foreign key (tenant_id, message_id) references messages (tenant_id, id) on delete cascade,
	constraint media_readings_failure_says_why check ((status = 'read') = (error_code is null)),
	constraint media_readings_only_read_has_text check (text is null or status = 'read')
);
comment on table media_readings is
	'What became of one audio, image, document or video of a customer: read once, before the turn that answers it. text goes when the message''s own text goes. refused: the tenant does not want this kind read, or the file may not be.';
create index idx_media_readings_recent on media_readings (tenant_id, created_at desc);

create function load_turns_media(p_tenant_id uuid, p_turn_ids bigint[], p_most integer)
returns table (turn_id bigint, conversation_id uuid, message_id bigint, kind text, body text, media jsonb, channel_account_id uuid, channel_kind text,
	access_token_encrypted text, agent_version_id uuid, language text, model jsonb, settings jsonb, beyond boolean)
language sql stable
set search_path from current
as $$
	with found as (
		select q.turn_id, q.conversation_id, m.id as message_id, m.body, m.payload -> 'media' as media, c.agent_id, c.channel_account_id,
			case when m.kind in ('audio', 'voice') then 'audio' when m.kind = 'image' then 'image' when m.kind in ('document', 'file') then 'document' when m.kind = 'video' then 'video' end as kind,
			row_number() over (partition by q.turn_id order by m.id) > p_most as beyond
		from message_queue q
		join messages m on m.tenant_id = q.tenant_id and m.id = q.message_id
		join conversations c on c.tenant_id = q.tenant_id and c.id = q.conversation_id
		where q.tenant_id = p_tenant_id and q.turn_id = any (p_turn_ids) and q.status = 'locked' and q.finished_at is null
			and m.direction = 'inbound' and m.kind in ('audio', 'voice', 'image', 'document', 'file', 'video') and m.payload ? 'media' and not m.payload ? 'reading'
			and m.revoked_at is null
	)
	select f.turn_id, f.conversation_id, f.message_id, f.kind, f.body, f.media, ca.id, ca.kind, ca.access_token_encrypted, av.id,
		av.compiled_bundle #>> '{spec,language}', av.compiled_bundle -> 'model', to_jsonb(s) - 'tenant_id' - 'updated_at', f.beyond
	from found f
	join channel_accounts ca on ca.tenant_id = p_tenant_id and ca.id = f.channel_account_id
	left join agent_versions av on av.tenant_id = p_tenant_id and av.agent_id = coalesce(f.agent_id, ca.agent_id) and av.is_active
	left join media_settings s on s.tenant_id = p_tenant_id
	order by f.turn_id, f.message_id
$$;
comment on function load_turns_media(uuid, bigint[], integer) is
	'What of these leased turns has still to be read, with what reading needs. beyond: past the number that one turn reads.';

create function save_media_reading(p_tenant_id uuid, p_message_id bigint, p_turn_id bigint, p_agent_version_id uuid, p_reading jsonb, p_body text) returns boolean
language plpgsql
set search_path from current
as $$
declare
	v_conversation uuid;
begin
	-- Tokens were spent, whoever stored first.
	select m.conversation_id into v_conversation from messages m where m.tenant_id = p_tenant_id and m.id = p_message_id;
	if v_conversation is null then
		raise exception 'message % does not exist', p_message_id using errcode = 'ZF004';
	end if;
	perform record_llm_usage(p_tenant_id, p_turn_id, v_conversation, p_agent_version_id, 'media', p_reading -> 'usage')
		where jsonb_array_length(coalesce(p_reading -> 'usage', '[]')) > 0;
	-- Taken back meanwhile: its words go nowhere.
	perform 1 from messages m where m.tenant_id = p_tenant_id and m.id = p_message_id and m.revoked_at is null for update;
	if not found then
		return false;
	end if;
	insert into media_readings (tenant_id, message_id, kind, status, text, mime_type, bytes, sha256, model, input_tokens, output_tokens, cost_usd, latency_ms, error_code)
		select p_tenant_id, p_message_id, p_reading ->> 'kind', p_reading ->> 'status', left(p_reading ->> 'text', 20000), left(p_reading ->> 'mimeType', 200),
			(p_reading ->> 'bytes')::bigint, p_reading ->> 'sha256', p_reading ->> 'model', coalesce(sum(u."inputTokens"), 0), coalesce(sum(u."outputTokens"), 0), sum(u."costUsd"),
			(p_reading ->> 'latencyMs')::double precision::integer, p_reading ->> 'errorCode'
		from jsonb_to_recordset(coalesce(p_reading -> 'usage', '[]')) as u("inputTokens" integer, "outputTokens" integer, "costUsd" numeric)
		on conflict do nothing;
	if not found then
		return false;
	end if;
	update messages set body = p_body,
			payload = payload || jsonb_build_object('reading', jsonb_strip_nulls(jsonb_build_object('kind', p_reading -> 'kind', 'status', p_reading -> 'status',
				'text', p_reading -> 'text', 'errorCode', p_reading -> 'errorCode')))
		where tenant_id = p_tenant_id and id = p_message_id;
	return true;
end
$$;
comment on function save_media_reading(uuid, bigint, bigint, uuid, jsonb, text) is
	'Writes down what was read of a message, once: the row, the message''s text and the model calls, in one transaction. False when it was read already or taken back.';

create function empty_media_reading() returns trigger
language plpgsql
set search_path from current
as $$
begin
	update media_readings set text = null, mime_type = null, sha256 = null where tenant_id = new.tenant_id and message_id = new.id;
	return null;
end
$$;
comment on function empty_media_reading() is 'Trigger: where a message loses its content (retention, taken back, erased), what was read of it goes too.';
create trigger empty_media_reading after update of payload on messages for each row
	when (old.payload ? 'reading' and not new.payload ? 'reading') execute function empty_media_reading();

-- One function changes by a line: the moment of the turn says which of its media nobody could read.
do $$
declare
	v_source text := pg_get_functiondef('load_turn_context(uuid, bigint, integer)'::regprocedure);
	v_old text := '''messageId'', m.id::text, ''type'', m.kind)';
	v_new text := '''messageId'', m.id::text, ''type'', m.kind, ''reading'', m.payload #> ''{reading,status}'')';
begin
	if position(v_old in v_source) = 0 then
		raise exception 'load_turn_context is not the function that this migration changes';
	end if;
	execute replace(v_source, v_old, v_new);
end
$$;

create table voip_configs (
	tenant_id uuid not null references tenants (id) on delete cascade,
	id uuid not null default gen_random_uuid(),
	provider varchar(20) not null constraint voip_configs_provider_known check (provider in ('twilio', 'telnyx')),
	is_active boolean not null default true,
	phone_number varchar(50) constraint voip_configs_number_shape check (phone_number ~ '^\+[0-9]{5,20}$'),
	api_credentials jsonb not null default '{}',
	cost_per_minute numeric(8, 4) check (cost_per_minute >= 0),
	setup_completed boolean not null default false,
	status_url text check (length(status_url) <= 500),
	last_error text,
	created_at timestamptz not null default now(),
	updated_at timestamptz not null default now(),
	primary key (tenant_id, id),
	unique (tenant_id, provider),
	constraint voip_configs_whole check (not setup_completed or (phone_number is not null and api_credentials ? 'sealed'))
);
comment on table voip_configs is
	'Telephony of a tenant, one row a provider. api_credentials: {sealed} by the vault, beside ids that are no secrets. cost_per_minute in US dollars, by the minute begun.';
comment on column voip_configs.status_url is 'Where the provider reports calls, exactly as it was told: its signature covers the address.';
create trigger touch before update on voip_configs for each row execute function touch_updated_at();

create table voice_settings (
	tenant_id uuid primary key references tenants (id) on delete cascade,
	hot_lead_tasks boolean not null default false,
	missed_call_tasks boolean not null default true,
	due_minutes integer not null default 15 check (due_minutes between 0 and 1440),
	expire_hours integer not null default 72 check (expire_hours between 1 and 720),
	updated_at timestamptz not null default now()
);
comment on table voice_settings is 'When a tenant wants call-back tasks, and how soon. Without a row: missed calls yes, HOT leads no.';
create trigger touch before update on voice_settings for each row execute function touch_updated_at();

create function seed_voip_configs() returns trigger
language plpgsql
set search_path from current
as $$
begin
	insert into voip_configs (tenant_id, provider, is_active, cost_per_minute) values (new.id, 'twilio', false, 0.0140), (new.id, 'telnyx', false, 0.0070) on conflict do nothing;
	return null;
end
$$;
comment on function seed_voip_configs() is 'Trigger: a new tenant begins with both providers, switched off, at a list price a minute that Connect replaces.';
create trigger seed_voip_configs after insert on tenants for each row execute function seed_voip_configs();
insert into voip_configs (tenant_id, provider, is_active, cost_per_minute)
	select t.id, p.provider, false, p.cost from tenants t cross join (values ('twilio', 0.0140), ('telnyx', 0.0070)) p (provider, cost);

select secure_schema();
