import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { MIGRATIONS_FOLDER } from './migrations';
import type { Database } from './pool';

/** One line a table, column, index, constraint, trigger, policy, view and function: what the schema is, in words that do not differ between server versions. */
const CATALOG = `
	with s as (select $1::regnamespace as oid)
	select 'table ' || c.relname || case when c.relrowsecurity and c.relforcerowsecurity then ' rls forced' else '' end as line
		from pg_class c, s where c.relnamespace = s.oid and c.relkind in ('r', 'p') and c.relname <> 'schema_migrations'
	union all select 'view ' || c.relname || case when 'security_invoker=true' = any (c.reloptions) then ' security_invoker' else '' end
		from pg_class c, s where c.relnamespace = s.oid and c.relkind = 'v'
	union all select 'column ' || c.relname || '.' || a.attname || ' ' || format_type(a.atttypid, a.atttypmod) || case when a.attnotnull then ' not null' else '' end
		from pg_attribute a join pg_class c on c.oid = a.attrelid, s
		where c.relnamespace = s.oid and c.relkind in ('r', 'p') and a.attnum > 0 and not a.attisdropped and c.relname <> 'schema_migrations'
	union all select 'index ' || c.relname from pg_class c, s
		where c.relnamespace = s.oid and c.relkind = 'i' and c.relname <> 'schema_migrations_pkey'
	union all select 'constraint ' || c.relname || '.' || k.conname from pg_constraint k join pg_class c on c.oid = k.conrelid, s
		where c.relnamespace = s.oid and k.contype <> 'n' and c.relname <> 'schema_migrations'
	union all select 'trigger ' || c.relname || '.' || t.tgname || case when t.tgenabled = 'D' then ' disabled' else '' end
		from pg_trigger t join pg_class c on c.oid = t.tgrelid, s where c.relnamespace = s.oid and not t.tgisinternal
	union all select 'policy ' || c.relname || '.' || p.polname || ' to ' || (select string_agg(r.rolname, ',' order by r.rolname) from pg_roles r where r.oid = any (p.polroles))
		from pg_policy p join pg_class c on c.oid = p.polrelid, s where c.relnamespace = s.oid
	union all select 'function ' || p.proname || '(' || replace(pg_get_function_identity_arguments(p.oid), p.pronamespace::regnamespace || '.', '') || ') ' || case when p.prosecdef then 'door ' else '' end || md5(replace(p.prosrc, E'\\r', ''))
		from pg_proc p, s where p.pronamespace = s.oid`;

export async function readCatalog(database: Database): Promise<string[]> {
	const { rows } = await database.pool.query<{ line: string }>(CATALOG, [database.schema]);
	return rows.map((row) => row.line).sort();
}

/** The catalog that the shipped migrations make: migrations/schema.txt, checked by a test. */
export async function shippedCatalog(folder: string = MIGRATIONS_FOLDER): Promise<string[]> {
	return (await readFile(path.join(folder, 'schema.txt'), 'utf8')).split('\n').filter((line) => line !== '');
}

export interface Drift {
	missing: string[];
	unexpected: string[];
}

export function compareCatalogs(shipped: readonly string[], live: readonly string[]): Drift {
	const has = new Set(live);
	const wants = new Set(shipped);
	return { missing: shipped.filter((line) => !has.has(line)), unexpected: live.filter((line) => !wants.has(line)) };
}
