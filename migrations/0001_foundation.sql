-- breaking: no
-- Roles, the tenant setting, and secure_schema(), which every migration ends with.
-- Everything here and later is created in the first schema of search_path: the migrator sets it, functions pin it.

do $$
declare
	v_role text;
begin
	-- Roles belong to the whole cluster: another database may have made them already, or may be making them right now.
	foreach v_role in array array['agent_factory_runtime', 'agent_factory_service', 'agent_factory_doors'] loop
		begin
			execute format('create role %I nologin noinherit', v_role);
		exception when duplicate_object or unique_violation then
			null;
		end;
	end loop;
end
$$;

do $$
declare
	v_inherit text := case when current_setting('server_version_num')::int >= 160000 then ' with inherit false, set true' else '' end;
	v_grant text[];
begin
	-- service may become runtime; whoever migrates may use the pack and hand functions to the doors role.
	foreach v_grant slice 1 in array array[
		array['agent_factory_runtime', 'agent_factory_service', v_inherit],
		array['agent_factory_runtime', current_user::text, v_inherit],
		array['agent_factory_doors', current_user::text, v_inherit],
		array['agent_factory_service', current_user::text, '']
	] loop
		begin
			execute format('grant %I to %I', v_grant[1], v_grant[2]) || v_grant[3];
		exception when internal_error or unique_violation then
			null; -- another database granted the same at the same moment
		end;
	end loop;
end
$$;

do $$
begin
	execute format('grant usage on schema %I to agent_factory_runtime, agent_factory_service, agent_factory_doors', current_schema());
	execute format('grant create on schema %I to agent_factory_doors', current_schema());
end
$$;

create function current_tenant_id() returns uuid
language sql stable parallel safe
set search_path from current
as $$
	select coalesce(
		nullif(current_setting('agent_factory.tenant_id', true), ''),
		nullif(current_setting('request.jwt.claims', true), '')::jsonb #>> '{app_metadata,tenant_id}'
	)::uuid
$$;
comment on function current_tenant_id() is
	'The tenant of this transaction: set_config(''agent_factory.tenant_id'', …, true), else app_metadata.tenant_id of Supabase''s JWT claims, else null (no row is visible).';

create function touch_updated_at() returns trigger
language plpgsql
set search_path from current
as $$
begin
	new.updated_at := now();
	return new;
end
$$;
comment on function touch_updated_at() is 'Trigger: stamps updated_at with the database''s clock.';

create function refuse_change() returns trigger
language plpgsql
set search_path from current
as $$
begin
	if tg_op = 'DELETE' and pg_trigger_depth() > 1 then
		return old; -- the tenant itself is being erased
	end if;
	raise exception 'rows of % are append-only', tg_table_name using errcode = 'ZF003';
end
$$;
comment on function refuse_change() is 'Trigger: refuses UPDATE and DELETE (ZF003), except the cascade of erasing a tenant.';

create function secure_schema() returns void
language plpgsql
set search_path from current
as $$
declare
	v_schema name := current_schema();
	v_table record;
	v_function record;
begin
	-- Tables of tenants: row level security, forced; the runtime role sees its tenant, the doors see all.
	for v_table in
		select c.oid, c.relname, c.relkind,
			exists (select 1 from pg_attribute a where a.attrelid = c.oid and a.attname = 'tenant_id' and not a.attisdropped) as has_tenant
		from pg_class c
		where c.relnamespace = v_schema::regnamespace and c.relkind in ('r', 'p', 'v') and c.relname <> 'schema_migrations'
	loop
		if v_table.relkind = 'v' then
			execute format('grant select on %I to agent_factory_runtime, agent_factory_doors', v_table.relname);
			continue;
		end if;
		execute format('alter table %I enable row level security', v_table.relname);
		execute format('alter table %I force row level security', v_table.relname);
		execute format('grant select, insert, update, delete on %I to agent_factory_runtime, agent_factory_doors', v_table.relname);
		if not exists (select 1 from pg_policy p where p.polrelid = v_table.oid and p.polname = 'doors') then
			execute format('create policy doors on %I for all to agent_factory_doors using (true) with check (true)', v_table.relname);
		end if;
		if v_table.has_tenant and not exists (select 1 from pg_policy p where p.polrelid = v_table.oid and p.polname = 'tenant_isolation') then
			execute format(
				'create policy tenant_isolation on %I for all to agent_factory_runtime using (tenant_id = (select current_tenant_id())) with check (tenant_id = (select current_tenant_id()))',
				v_table.relname
			);
		end if;
	end loop;

	-- Functions: nobody by default; doors (security definer) to service, the rest to runtime and service.
	for v_function in
		select p.oid::regprocedure as signature, p.prosecdef, pg_get_userbyid(p.proowner) as owner
		from pg_proc p where p.pronamespace = v_schema::regnamespace and p.proname <> 'secure_schema'
	loop
		execute format('revoke all on function %s from public', v_function.signature);
		if v_function.prosecdef then
			execute format('grant execute on function %s to agent_factory_service', v_function.signature);
			if v_function.owner <> 'agent_factory_doors' then
				-- Small plans on estimates of fresh tables: compiling them costs more than running them.
				execute format('alter function %s set jit = off', v_function.signature);
				execute format('alter function %s owner to agent_factory_doors', v_function.signature);
			end if;
		else
			execute format('grant execute on function %s to agent_factory_runtime, agent_factory_service, agent_factory_doors', v_function.signature);
		end if;
	end loop;
	revoke all on function secure_schema() from public;

	-- Whoever works looks first whether the schema fits.
	if to_regclass(format('%I.schema_migrations', v_schema)) is not null then
		execute format('grant select on %I.schema_migrations to agent_factory_service', v_schema);
	end if;
end
$$;
comment on function secure_schema() is
	'Enables and forces row level security on every table, makes the two policies, hands SECURITY DEFINER functions to agent_factory_doors and sets all grants. Idempotent; each migration ends with it.';

select secure_schema();
