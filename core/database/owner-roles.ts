import type { PoolClient } from 'pg';

// The doors belong to agent_factory_doors. Replacing one needs that role's privileges, which an ordinary owner has while it migrates
// and not after: with them its raw SQL would see every tenant. Superusers need nothing, and a first migration makes the role itself.
const BORROW = `do $$
begin
	if to_regrole('agent_factory_doors') is null or (select rolsuper from pg_roles where rolname = current_user) then return; end if;
	execute format('grant agent_factory_doors to %I', current_user)
		|| case when current_setting('server_version_num')::int >= 160000 then ' with inherit true' else '' end;
exception when insufficient_privilege or internal_error or unique_violation then
	null; -- lent by an administrator, or granted by another database at the same moment
end
$$`;

// Before 16 every membership inherits: there the login keeps only agent_factory_service, through which it may become the runtime role.
const GIVE_BACK = `do $$
begin
	if to_regrole('agent_factory_doors') is null or (select rolsuper from pg_roles where rolname = current_user) then return; end if;
	if current_setting('server_version_num')::int >= 160000 then
		execute format('grant agent_factory_doors to %I with inherit false', current_user);
	else
		execute format('revoke agent_factory_doors, agent_factory_runtime from %I', current_user);
	end if;
exception when insufficient_privilege or internal_error then
	null;
end
$$`;

/** Runs `work` with the privileges of the doors' owner; both grants are part of the caller's transaction. */
export async function asOwnerOfDoors<T>(client: PoolClient, work: () => Promise<T>): Promise<T> {
	await client.query(BORROW);
	const result = await work();
	await client.query(GIVE_BACK);
	return result;
}
