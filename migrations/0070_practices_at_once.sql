-- breaking: no
-- Taking a consent back never waits for the count of the evidence, and a tenant that is erased leaves every practice as one that withdraws.

create function leave_practices(p_tenant_id uuid) returns void
language plpgsql
set search_path from current
as $$
declare
	v_row record;
begin
	perform pg_advisory_xact_lock(hashtextextended('shared-practices', 0));
	for v_row in
		update best_practice_sources s set leads = null, withdrawn_at = now() where s.tenant_id = p_tenant_id and s.withdrawn_at is null returning s.best_practice_id as id
	loop
		-- As at publication: the floor of five must hold whoever else is left out.
		perform retire_practice(v_row.id, case when (select count(*) from best_practice_sources o where o.best_practice_id = v_row.id and o.withdrawn_at is null) > 5 then 'resting' else 'retired' end)
			from shared_best_practices p where p.id = v_row.id and p.status <> 'retired';
	end loop;
end
$$;
comment on function leave_practices(uuid) is 'Takes a tenant''s evidence out of every practice at once: figures go, and a practice that no longer stands without it is retired.';

create or replace function take_back_practices() returns trigger
language plpgsql
security definer
set search_path from current
as $$
begin
	if tg_op = 'DELETE' then
		perform leave_practices(old.id);
		return old;
	elsif new.purpose = 'receive' then
		perform enqueue_job(a.tenant_id, 'practice.revert', a.id || ':receiving', jsonb_build_object('applicationId', a.id, 'reason', 'receiving_withdrawn'))
			from best_practice_applications a where a.tenant_id = new.tenant_id and a.applied_at is null and a.reverted_at is null;
		return null;
	end if;
	perform leave_practices(new.tenant_id);
	return null;
end
$$;
comment on function take_back_practices() is
	'Trigger, across tenants: who takes back a consent to share, or is erased, leaves every practice at once; its figures go, and one that no longer stands without them is retired and taken back from its receivers. Who no longer receives has open offers closed.';
create trigger take_back_practices before delete on tenants for each row execute function take_back_practices();

-- The evidence is counted before the lock; whose consents have changed until then is left out.
do $$
declare
	v_change text[];
	v_source text;
begin
	foreach v_change slice 1 in array array[
		array[E'\tperform pg_advisory_xact_lock(hashtextextended(''shared-practices'', 0));\n', ''],
		array['''variance'', e.variance)', '''variance'', e.variance,
			''receipt'', (select max(r.id) from practice_consents r where r.tenant_id = t.id))'],
		array[E'\tfor v_row in\n', E'\tperform pg_advisory_xact_lock(hashtextextended(''shared-practices'', 0));
	select coalesce(jsonb_agg(e), ''[]'') into v_evidence from jsonb_array_elements(v_evidence) e
		where (e ->> ''receipt'')::bigint = (select max(r.id) from practice_consents r where r.tenant_id = (e ->> ''tenantId'')::uuid);
	for v_row in\n']
	] loop
		v_source := pg_get_functiondef('refresh_practices(jsonb)'::regprocedure);
		if position(v_change[1] in v_source) = 0 then
			raise exception 'refresh_practices is not the function that this migration changes: %', v_change[1];
		end if;
		execute replace(v_source, v_change[1], v_change[2]);
	end loop;
end
$$;

select secure_schema();
