import type { Pool } from 'pg';

/** A table or view of the schema, as the catalogue tells it: a new one joins by itself. */
export interface Relation {
	name: string;
	isView: boolean;
	/** Says whose a row is: tenant_id, or what `KEYS` names. */
	key: string;
	/** Columns that an INSERT may name. */
	columns: string[];
}

export interface SqlFunction {
	name: string;
	/** SECURITY DEFINER: sees every tenant, and is closed to a tenant transaction. */
	isDoor: boolean;
	isTrigger: boolean;
	parameters: Array<{ name: string; type: string }>;
}

/** The tables that have no tenant_id and still belong to somebody. */
const KEYS: Record<string, string> = { tenants: 'id', users: 'id' };

/** Tables that belong to nobody: the ledger of migrations, the operator's switch and shared practices, which tenants read and none writes. */
const SHARED = "('schema_migrations', 'factory_switches', 'shared_best_practices')";

const RELATIONS = `select c.relname as name, c.relkind = 'v' as "isView",
		array_agg(a.attname::text order by a.attnum) filter (where a.attgenerated = '') as columns,
		bool_or(a.attname = 'tenant_id') as "hasTenant"
	from pg_class c join pg_attribute a on a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped
	where c.relnamespace = 'agent_factory'::regnamespace and c.relkind in ('r', 'p', 'v', 'm', 'f') and c.relname not in ${SHARED}
	group by c.oid, c.relname, c.relkind order by c.relname`;
const FUNCTIONS = `select p.proname as name, p.prosecdef as "isDoor", p.prorettype = 'trigger'::regtype as "isTrigger",
		coalesce((select jsonb_agg(jsonb_build_object('name', p.proargnames[t.position], 'type', format_type(t.type, null)) order by t.position)
			from unnest(p.proargtypes::oid[]) with ordinality as t(type, position)), '[]') as parameters
	from pg_proc p where p.pronamespace = 'agent_factory'::regnamespace and p.prokind = 'f' order by p.proname`;

export async function readRelations(admin: Pool): Promise<Relation[]> {
	const { rows } = await admin.query<Omit<Relation, 'key'> & { hasTenant: boolean }>(RELATIONS);
	return rows.map(({ hasTenant, ...relation }) => {
		const key = hasTenant ? 'tenant_id' : KEYS[relation.name];
		if (!key) throw new Error(`${relation.name} has no tenant_id: say in KEYS whose its rows are`);
		return { ...relation, key };
	});
}

export const readFunctions = async (admin: Pool): Promise<SqlFunction[]> =>
	(await admin.query<SqlFunction>(FUNCTIONS)).rows;

/** A foreign key that does not carry the tenant: the server checks it past row level security. */
export interface LooseReference {
	child: string;
	column: string;
	parent: string;
	parentColumn: string;
}

const LOOSE_REFERENCES = `select c.relname as child, ca.attname as column, p.relname as parent, pa.attname as "parentColumn"
	from pg_constraint k join pg_class c on c.oid = k.conrelid join pg_class p on p.oid = k.confrelid
	join pg_attribute ca on ca.attrelid = c.oid and ca.attnum = k.conkey[1] join pg_attribute pa on pa.attrelid = p.oid and pa.attnum = k.confkey[1]
	where k.contype = 'f' and k.connamespace = 'agent_factory'::regnamespace and cardinality(k.conkey) = 1 and ca.attname <> 'tenant_id' and p.relname not in ${SHARED}`;

export const readLooseReferences = async (admin: Pool): Promise<LooseReference[]> =>
	(await admin.query<LooseReference>(LOOSE_REFERENCES)).rows;

/** A tenant and everything it owns, as an outsider might know it. */
export interface Party {
	tenantId: string;
	userId: string;
	/** Stands in every text of this tenant and nowhere else. */
	mark: string;
}

/** What Meta calls a template in every tenant: the one name that two tenants share. */
export const TEMPLATE_NAME = 'window_text';

/** The value of a relation's key that makes a row this party's. */
export const ownerOf = (relation: Relation, party: Party): string =>
	relation.name === 'users' ? party.userId : party.tenantId;
export const isOf = (relation: Relation, party: Party): string => `${relation.key} = '${ownerOf(relation, party)}'`;

/** A query of one object: a sum a table over the party's rows. */
export const checksumsOf = (relations: Relation[], party: Party): string =>
	`select jsonb_object_agg(name, sum) as sums from (${relations
		.filter(({ isView }) => !isView)
		.map(
			(
				relation,
			) => `select '${relation.name}' as name, count(*)::int || ' rows, ' || md5(coalesce(string_agg(to_jsonb(t)::text, ',' order by to_jsonb(t)::text), '')) as sum
				from agent_factory.${relation.name} t where ${isOf(relation, party)}`,
		)
		.join(' union all ')}) s`;
