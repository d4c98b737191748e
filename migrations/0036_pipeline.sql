-- breaking: no
-- The pipeline board (who moved whom, stages that people name, leads in hand), and where a tenant's CRM and the deals in it are kept.

create table crm_integrations (
	tenant_id uuid not null references tenants (id) on delete cascade,
	id uuid not null default gen_random_uuid(),
	provider text not null constraint crm_integrations_provider_known check (provider in ('pipedrive', 'rd_station')),
	name text not null check (length(name) between 1 and 100),
	base_url text,
	allow_local boolean not null default false,
	create_on text not null default 'hot' constraint crm_integrations_create_on_known check (create_on in ('hot', 'stage', 'manual')),
	create_on_stage text constraint crm_integrations_stage_known check (create_on_stage in ('lead', 'contact', 'proposal', 'negotiation', 'closed')),
	stages jsonb not null default '[]' check (jsonb_typeof(stages) = 'array'),
	pipeline_external_id text,
	owner_external_id text,
	marker_field text,
	account_name text,
	is_active boolean not null default true,
	blocked_at timestamptz,
	last_error text,
	paused_until timestamptz,
	last_sync_at timestamptz,
	webhook_token_sha256 text check (webhook_token_sha256 ~ '^[0-9a-f]{64}$'),
	created_at timestamptz not null default now(),
	updated_at timestamptz not null default now(),
	primary key (tenant_id, id),
	unique (tenant_id, name),
	unique (tenant_id, webhook_token_sha256),
	constraint crm_integrations_stage_says_which check (create_on <> 'stage' or create_on_stage is not null)
);
comment on table crm_integrations is
	'A tenant''s CRM. Its token is in api_keys under the provider and this id. create_on: which event makes a deal. blocked_at: the token was refused, work waits for a new one; paused_until: the CRM asked for patience.';
comment on column crm_integrations.allow_local is 'Plain http and addresses of this network are fine: development only.';
comment on column crm_integrations.stages is 'Which stage of ours is which of theirs: [{stageId, externalId, externalName}]. Several of theirs may be one of ours; the first is where we move a deal.';
create trigger touch before update on crm_integrations for each row execute function touch_updated_at();

create table crm_links (
	tenant_id uuid not null,
	integration_id uuid not null,
	entity text not null constraint crm_links_entity_known check (entity in ('person', 'deal')),
	lead_id uuid not null,
	state text not null default 'wanted' constraint crm_links_state_known check (state in ('wanted', 'unknown', 'created')),
	external_id text,
	attempts integer not null default 0,
	attempted_at timestamptz,
	details jsonb not null default '{}',
	remote_stage text,
	remote_status text constraint crm_links_status_known check (remote_status in ('open', 'won', 'lost')),
	remote_updated_at timestamptz,
	checked_at timestamptz,
	changes integer not null default 0,
	created_at timestamptz not null default now(),
	updated_at timestamptz not null default now(),
	primary key (tenant_id, integration_id, entity, lead_id),
	foreign key (tenant_id, integration_id) references crm_integrations (tenant_id, id) on delete cascade,
	foreign key (tenant_id, lead_id) references leads (tenant_id, id) on delete cascade,
	constraint crm_links_created_has_id check ((state = 'created') = (external_id is not null))
);
comment on table crm_links is
	'One person and one deal a lead and CRM. unknown is written before a create is sent: until it is settled by looking in the CRM, nobody sends another. remote_*: where the deal stands there, as last told; checked_at: when it was last asked about on its own.';
comment on column crm_links.details is 'What the agent said of the deal (title, value, notes); emptied when the deal is there.';
create unique index crm_links_deal on crm_links (tenant_id, integration_id, external_id) where entity = 'deal' and external_id is not null;
create index crm_links_lead on crm_links (tenant_id, lead_id);
create trigger touch before update on crm_links for each row execute function touch_updated_at();

create table pipeline_moves (
	tenant_id uuid not null references tenants (id) on delete cascade,
	id bigint generated always as identity,
	lead_id uuid not null,
	from_stage_id uuid,
	to_stage_id uuid,
	from_stage text not null,
	to_stage text not null,
	from_name text,
	to_name text,
	moved_by text not null,
	moved_at timestamptz not null default now(),
	primary key (tenant_id, id),
	foreign key (tenant_id, lead_id) references leads (tenant_id, id) on delete cascade
);
comment on table pipeline_moves is 'Append-only: each move of a lead on the board, by whom, from where, to where; the names as they were then. Stage ids may outlive their stage.';
create index idx_pipeline_moves_lead on pipeline_moves (tenant_id, lead_id, id desc);
create trigger append_only before update or delete on pipeline_moves for each row execute function refuse_change();

create function note_pipeline_move() returns trigger
language plpgsql
set search_path from current
as $$
begin
	insert into pipeline_moves (tenant_id, lead_id, from_stage_id, to_stage_id, from_stage, to_stage, from_name, to_name, moved_by)
		values (new.tenant_id, new.id, old.stage_id, new.stage_id, old.stage, new.stage,
			(select s.name from pipeline_stages s where s.tenant_id = new.tenant_id and s.id = old.stage_id),
			(select s.name from pipeline_stages s where s.tenant_id = new.tenant_id and s.id = new.stage_id),
			left(coalesce(nullif(current_setting('agent_factory.actor', true), ''), 'system'), 200));
	return null;
end
$$;
comment on function note_pipeline_move() is 'Trigger: whoever moves a lead, by hand, link, webhook or CRM, leaves a line.';
create trigger note_pipeline_move after update of stage, stage_id on leads for each row
	when ((new.stage, new.stage_id) is distinct from (old.stage, old.stage_id)) execute function note_pipeline_move();

create view vw_pipeline_board with (security_invoker = true) as
	select s.tenant_id, s.id, s.name, s.stage_order, s.color, s.stage_type, count(l.id)::integer as leads,
		count(l.id) filter (where l.classification = 'LEAD_HOT')::integer as hot, count(l.id) filter (where l.assigned_user_id is null)::integer as unassigned,
		round(avg(l.lead_score), 1) as mean_score, max(l.updated_at) as last_change_at
	from pipeline_stages s
	left join leads l on l.tenant_id = s.tenant_id and l.classification not in ('PESSOAL', 'SPAM')
		and s.id = coalesce(l.stage_id, (
			select f.id from pipeline_stages f where f.tenant_id = l.tenant_id and f.stage_type = l.stage order by f.stage_order limit 1))
		and not exists (select 1 from contacts k where k.tenant_id = l.tenant_id and k.id = l.contact_id and k.merged_into_id is not null)
	group by s.tenant_id, s.id;
comment on view vw_pipeline_board is 'The board: each stage in order with how many leads stand there, how many are hot and how many are in nobody''s hands. Family and spam are no leads.';

create function move_lead(p_tenant_id uuid, p_lead_id uuid, p_stage_id uuid, p_person text, p_key text) returns jsonb
language plpgsql
set search_path from current
as $$
declare
	v_from record;
	v_to text;
	v_outcome jsonb;
begin
	select l.stage_id, s.name into v_from from leads l left join pipeline_stages s on s.tenant_id = l.tenant_id and s.id = l.stage_id
		where l.tenant_id = p_tenant_id and l.id = p_lead_id for update of l;
	if not found then
		raise exception 'lead % does not exist', p_lead_id using errcode = 'ZF004';
	end if;
	select s.name into v_to from pipeline_stages s where s.tenant_id = p_tenant_id and s.id = p_stage_id;
	if not found then
		raise exception 'pipeline stage % does not exist', p_stage_id using errcode = 'ZF004';
	end if;
	if v_from.stage_id = p_stage_id then
		return jsonb_build_object('leadId', p_lead_id, 'moved', false, 'from', v_from.name, 'to', v_to);
	end if;
	v_outcome := record_outcome(p_tenant_id, jsonb_build_object('leadId', p_lead_id, 'stage', v_to, 'source', 'person', 'actor', p_person, 'idempotencyKey', p_key));
	return jsonb_build_object('leadId', p_lead_id, 'moved', (v_outcome ->> 'created')::boolean, 'from', v_from.name, 'to', v_to, 'outcomeId', v_outcome -> 'id', 'kind', v_outcome ->> 'kind');
end
$$;
comment on function move_lead(uuid, uuid, uuid, text, text) is 'A person moves a lead to another stage: an outcome, a line of the board, and the deal in the CRM follow. The same key again moves nobody.';

create function save_pipeline_stage(p_tenant_id uuid, p_stage_id uuid, p_name text, p_color text, p_stage_type text) returns uuid
language plpgsql
set search_path from current
as $$
declare
	v_id uuid;
begin
	if exists (select 1 from pipeline_stages s where s.tenant_id = p_tenant_id and lower(s.name) = lower(btrim(p_name)) and s.id is distinct from p_stage_id) then
		raise exception 'a stage of the name % exists', left(p_name, 100) using errcode = 'ZF005';
	end if;
	if p_stage_id is null then
		perform 1 from tenants t where t.id = p_tenant_id for update;
		insert into pipeline_stages (tenant_id, name, stage_order, color, stage_type)
			select p_tenant_id, btrim(p_name), coalesce(max(s.stage_order), 0) + 1, coalesce(lower(p_color), '#6366f1'), coalesce(p_stage_type, 'contact')
			from pipeline_stages s where s.tenant_id = p_tenant_id returning id into v_id;
	else
		update pipeline_stages s set name = coalesce(nullif(btrim(p_name), ''), s.name), color = coalesce(lower(p_color), s.color)
			where s.tenant_id = p_tenant_id and s.id = p_stage_id returning s.id into v_id;
		if not found then
			raise exception 'pipeline stage % does not exist', p_stage_id using errcode = 'ZF004';
		end if;
	end if;
	perform record_audit(p_tenant_id, 'pipeline.stage_saved', 'pipeline_stage', v_id::text, jsonb_build_object('new', p_stage_id is null));
	return v_id;
end
$$;
comment on function save_pipeline_stage(uuid, uuid, text, text, text) is 'Adds a stage at the end of the board, or renames or recolours one. What kind of stage it is stays: outcomes were written by it.';

create function reorder_pipeline_stages(p_tenant_id uuid, p_stage_ids uuid[]) returns integer
language plpgsql
set search_path from current
as $$
declare
	v_count integer;
begin
	perform 1 from tenants t where t.id = p_tenant_id for update;
	select count(*)::integer into v_count from pipeline_stages s where s.tenant_id = p_tenant_id and s.id = any (p_stage_ids);
	if v_count = 0 then
		raise exception 'none of these stages exists' using errcode = 'ZF004';
	end if;
	-- Out of the way first: no two stages share a place, not for a moment. Who is not named comes after, in the old order.
	update pipeline_stages s set stage_order = s.stage_order + 100000 where s.tenant_id = p_tenant_id;
	update pipeline_stages s set stage_order = n.place
		from (select o.id, row_number() over (order by coalesce(array_position(p_stage_ids, o.id), 100000), o.stage_order)::integer as place
			from pipeline_stages o where o.tenant_id = p_tenant_id) n
		where s.tenant_id = p_tenant_id and s.id = n.id;
	perform record_audit(p_tenant_id, 'pipeline.reordered', 'tenant', p_tenant_id::text, jsonb_build_object('stages', v_count));
	return v_count;
end
$$;
comment on function reorder_pipeline_stages(uuid, uuid[]) is 'Puts the stages of the board into this order.';

create function hand_lead_to(p_tenant_id uuid, p_lead_id uuid, p_user_id uuid) returns boolean
language plpgsql
set search_path from current
as $$
begin
	if p_user_id is not null and not exists (select 1 from tenant_members m where m.tenant_id = p_tenant_id and m.user_id = p_user_id) then
		raise exception 'user % does not work for this tenant', p_user_id using errcode = 'ZF004';
	end if;
	update leads l set assigned_user_id = p_user_id where l.tenant_id = p_tenant_id and l.id = p_lead_id and l.assigned_user_id is distinct from p_user_id;
	if not found then
		if not exists (select 1 from leads l where l.tenant_id = p_tenant_id and l.id = p_lead_id) then
			raise exception 'lead % does not exist', p_lead_id using errcode = 'ZF004';
		end if;
		return false;
	end if;
	perform record_audit(p_tenant_id, 'lead.assigned', 'lead', p_lead_id::text, jsonb_build_object('user', p_user_id));
	return true;
end
$$;
comment on function hand_lead_to(uuid, uuid, uuid) is 'Puts a lead into the hands of a member, or of nobody (null). False: it was there already.';

create function set_favorite_lead(p_tenant_id uuid, p_lead_id uuid, p_is_favorite boolean) returns boolean
language plpgsql
set search_path from current
as $$
begin
	update leads l set is_favorite = p_is_favorite where l.tenant_id = p_tenant_id and l.id = p_lead_id;
	if not found then
		raise exception 'lead % does not exist', p_lead_id using errcode = 'ZF004';
	end if;
	return p_is_favorite;
end
$$;
comment on function set_favorite_lead(uuid, uuid, boolean) is 'Marks a lead as a favourite of the team, or takes the mark away.';

select secure_schema();
