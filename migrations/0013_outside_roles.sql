-- breaking: no
-- Installations that hand every new object to roles of the outside, as Supabase does; claims that name no tenant.

create or replace function current_tenant_id() returns uuid
language sql stable parallel safe
set search_path from current
as $$
	select coalesce(
		nullif(current_setting('agent_factory.tenant_id', true), ''),
		-- A claim that is no uuid names nobody: no row, and no error either.
		substring(
			nullif(current_setting('request.jwt.claims', true), '')::jsonb #>> '{app_metadata,tenant_id}'
			from '^[0-9a-fA-F]{8}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{12}$'
		)
	)::uuid
$$;
comment on function current_tenant_id() is
	'The tenant of this transaction: set_config(''agent_factory.tenant_id'', …, true), else app_metadata.tenant_id of Supabase''s JWT claims, else null (no row is visible).';

create or replace function secure_schema() returns void
language plpgsql
set search_path from current
as $$
declare
	v_schema name := current_schema();
	v_table record;
	v_function record;
	v_grant record;
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
		select p.oid, p.oid::regprocedure as signature, p.prosecdef, pg_get_userbyid(p.proowner) as owner
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

	-- Default privileges (Supabase sets some) hand new objects to roles of the outside. Taken away is what row level security does
	-- not hold back: doors, sequences, the ledger, writing through views, truncate; and references and triggers, which act with the owner's eyes.
	for v_grant in
		select 'all on function ' || p.oid::regprocedure as what, a.grantee
			from pg_proc p, aclexplode(p.proacl) a
			where p.pronamespace = v_schema::regnamespace and p.prosecdef and a.grantee not in (p.proowner, 'agent_factory_service'::regrole)
		union
		select case when c.relkind = 'S' then 'all on sequence ' when c.relname = 'schema_migrations' then 'all on table '
				when c.relkind = 'v' then 'insert, update, delete, truncate, references, trigger on table '
				else 'truncate, references, trigger on table ' end || c.oid::regclass, a.grantee
			from pg_class c, aclexplode(c.relacl) a
			where c.relnamespace = v_schema::regnamespace and c.relkind in ('r', 'p', 'v', 'S') and a.grantee <> c.relowner
				and a.grantee not in ('agent_factory_runtime'::regrole, 'agent_factory_service'::regrole, 'agent_factory_doors'::regrole)
				and (c.relkind = 'S' or c.relname = 'schema_migrations' or a.privilege_type in ('TRUNCATE', 'REFERENCES', 'TRIGGER')
					or (c.relkind = 'v' and a.privilege_type in ('INSERT', 'UPDATE', 'DELETE')))
	loop
		execute format('revoke %s from %s', v_grant.what, case v_grant.grantee when 0 then 'public' else v_grant.grantee::regrole::text end);
	end loop;

	-- Whoever works looks first whether the schema fits.
	if to_regclass(format('%I.schema_migrations', v_schema)) is not null then
		execute format('grant select on %I.schema_migrations to agent_factory_service', v_schema);
	end if;
end
$$;
comment on function secure_schema() is
	'Enables and forces row level security on every table, makes the two policies, hands SECURITY DEFINER functions to agent_factory_doors, sets all grants and takes from other roles what row level security does not hold back. Idempotent; each migration ends with it.';

select secure_schema();
