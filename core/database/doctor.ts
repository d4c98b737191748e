import { compareCatalogs, readCatalog, shippedCatalog } from './catalog';
import { MIN_N8N_VERSION, MIN_SERVER_VERSION } from './defaults';
import { migrationStatus } from './migrate';
import type { Database } from './pool';
import { toDatabaseError } from './sql-errors';

/** One thing the doctor looked at. `repair` is a command or statement to paste. */
export interface Finding {
	check: string;
	level: 'ok' | 'warning' | 'problem';
	message: string;
	repair: string | null;
}

export interface DoctorInput {
	/** Of the n8n that runs this; absent in the CLI. */
	n8nVersion?: string;
}

const ok = (check: string, message: string): Finding => ({ check, level: 'ok', message, repair: null });
const MIGRATE = 'npx n8n-nodes-agent-factory migrate apply   (or run the workflow 00-setup)';

/** Looks at server, schema, drift, roles, grants, row level security, pooler and n8n; changes nothing. */
export async function runDoctor(database: Database, input: DoctorInput = {}): Promise<Finding[]> {
	try {
		await database.pool.query('select 1');
	} catch (error) {
		return [
			{
				check: 'connection',
				level: 'problem',
				message: toDatabaseError(error).message,
				repair: 'Check host, port, user and password of the Postgres credential.',
			},
		];
	}
	const findings: Finding[] = [ok('connection', 'The database answers.'), ...checkN8n(input.n8nVersion)];
	findings.push(await checkServer(database), await checkPooler(database), await checkLogin(database));
	const schema = await checkSchema(database);
	findings.push(schema);
	if (schema.level !== 'problem') {
		findings.push(await checkDrift(database), await checkGrants(database), await checkRowSecurity(database));
	}
	return findings;
}

function checkN8n(version: string | undefined): Finding[] {
	if (!version) return [];
	const parts = (text: string): number[] => text.split('.').map((part) => Number.parseInt(part, 10) || 0);
	const [have, want] = [parts(version), parts(MIN_N8N_VERSION)];
	const index = want.findIndex((part, i) => part !== (have[i] ?? 0));
	const older = index >= 0 && (have[index] ?? 0) < want[index];
	return [
		older
			? {
					check: 'n8n',
					level: 'warning',
					message: `This n8n is ${version}; the nodes are tested on ${MIN_N8N_VERSION} and newer.`,
					repair: `Update n8n to ${MIN_N8N_VERSION} or newer.`,
				}
			: ok('n8n', `n8n ${version}.`),
	];
}

async function checkServer(database: Database): Promise<Finding> {
	const { rows } = await database.pool.query<{ num: number; text: string }>(
		`select current_setting('server_version_num')::integer as num, current_setting('server_version') as text`,
	);
	return rows[0].num < MIN_SERVER_VERSION
		? {
				check: 'server',
				level: 'problem',
				message: `PostgreSQL ${rows[0].text} is too old: 15 or newer is needed.`,
				repair: 'Move the factory to PostgreSQL 15, 16, 17 or 18.',
			}
		: ok('server', `PostgreSQL ${rows[0].text}.`);
}

async function checkPooler(database: Database): Promise<Finding> {
	const client = await database.pool.connect();
	try {
		const { rows } = await client.query<{ pid: number }>('select pg_backend_pid() as pid');
		// A pooler hands out a process id of its own in the handshake.
		const handshake = (client as unknown as { processID: number | null }).processID;
		return rows[0].pid === handshake
			? ok('pooler', 'The connection is direct.')
			: {
					check: 'pooler',
					level: 'warning',
					message:
						'A connection pooler is in the way. Everything works, but LISTEN does not pass a transaction pooler: the Queue Trigger then polls.',
					repair:
						'Use the direct port in the credential of the Queue Trigger (Supabase: 5432 instead of 6543), or keep the poll interval short.',
				};
	} finally {
		client.release();
	}
}

async function checkLogin(database: Database): Promise<Finding> {
	const { rows } = await database.pool.query<{ name: string; super: boolean; bypass: boolean }>(
		'select rolname as name, rolsuper as super, rolbypassrls as bypass from pg_roles where rolname = current_user',
	);
	const { name, super: isSuper, bypass } = rows[0];
	if (!isSuper && !bypass) return ok('login', `Login "${name}" is an ordinary role.`);
	return {
		check: 'login',
		level: 'warning',
		message: `Login "${name}" ${isSuper ? 'is a superuser' : 'has BYPASSRLS'}. The nodes change to agent_factory_runtime for every tenant statement, but raw SQL with this credential sees all tenants.`,
		repair: `create role agent_factory_app login password '<password>'; grant agent_factory_service to agent_factory_app; grant usage on schema ${database.qualified.slice(0, -1)} to agent_factory_app;`,
	};
}

async function checkSchema(database: Database): Promise<Finding> {
	const status = await migrationStatus(database);
	if (status.changed.length > 0) {
		return {
			check: 'migrations',
			level: 'problem',
			message: `Applied with another text than this package ships: ${status.changed.join(', ')}.`,
			repair: 'Install the package version that made this schema.',
		};
	}
	if (status.newer.length > 0) {
		const breaking = status.newer.some((row) => row.breaking);
		return {
			check: 'migrations',
			level: breaking ? 'problem' : 'warning',
			message: `The database is newer than this package (${status.newer[status.newer.length - 1].name}).`,
			repair: 'Update n8n-nodes-agent-factory and restart n8n.',
		};
	}
	if (status.pending.length > 0) {
		return {
			check: 'migrations',
			level: 'problem',
			message: `${status.pending.length} migration(s) to apply: ${status.pending.map(({ name }) => (status.unfinished.includes(name) ? `${name} (begun, not finished)` : name)).join(', ')}.`,
			repair: MIGRATE,
		};
	}
	return ok('migrations', `${status.applied.length} migrations applied, none pending.`);
}

async function checkDrift(database: Database): Promise<Finding> {
	const drift = compareCatalogs(await shippedCatalog(), await readCatalog(database));
	if (drift.missing.length + drift.unexpected.length === 0)
		return ok('drift', 'The schema is what the migrations made.');
	const some = (lines: string[]): string =>
		lines.slice(0, 5).join('; ') + (lines.length > 5 ? ` and ${lines.length - 5} more` : '');
	return {
		check: 'drift',
		level: drift.missing.length > 0 ? 'problem' : 'warning',
		message: [
			drift.missing.length > 0 ? `missing or changed: ${some(drift.missing)}` : '',
			drift.unexpected.length > 0 ? `not ours or changed: ${some(drift.unexpected)}` : '',
		]
			.filter(Boolean)
			.join('. '),
		repair:
			'Somebody changed the schema by hand. Put back what is missing (the definitions stand in migrations/), and keep own objects in another schema.',
	};
}

async function checkGrants(database: Database): Promise<Finding> {
	const { rows } = await database.pool.query<{ missing: string }>(
		`select 'grant agent_factory_service to ' || quote_ident(current_user) || ';' as missing
			where not exists (select 1 from pg_roles where rolname = current_user and rolsuper) and not pg_has_role(current_user, 'agent_factory_service', 'member')
		union all
		select 'grant execute on function ' || p.oid::regprocedure || ' to ' || case when p.prosecdef then 'agent_factory_service' else 'agent_factory_runtime' end || ';'
			from pg_proc p where p.pronamespace = $1::regnamespace and p.proname <> 'secure_schema'
				and not has_function_privilege(case when p.prosecdef then 'agent_factory_service' else 'agent_factory_runtime' end, p.oid, 'execute')
		union all
		select 'revoke all on function ' || p.oid::regprocedure || ' from ' || case a.grantee when 0 then 'public' else a.grantee::regrole::text end || ';'
			from pg_proc p, aclexplode(p.proacl) a where p.pronamespace = $1::regnamespace and p.prosecdef
				and a.grantee not in (p.proowner, 'agent_factory_service'::regrole)
		union all
		select 'grant select, insert, update, delete on ' || c.oid::regclass || ' to agent_factory_runtime, agent_factory_doors;'
			from pg_class c where c.relnamespace = $1::regnamespace and c.relkind in ('r', 'p') and c.relname <> 'schema_migrations'
				and not (has_table_privilege('agent_factory_runtime', c.oid, 'select') and has_table_privilege('agent_factory_doors', c.oid, 'select')
					and has_table_privilege('agent_factory_runtime', c.oid, 'insert') and has_table_privilege('agent_factory_doors', c.oid, 'insert'))`,
		[database.schema],
	);
	if (rows.length === 0) return ok('grants', 'All grants are in place.');
	return {
		check: 'grants',
		level: 'problem',
		message: `${rows.length} grant(s) missing, or doors open to a role that must not use them.`,
		repair: rows.map((row) => row.missing).join(' '),
	};
}

async function checkRowSecurity(database: Database): Promise<Finding> {
	const { rows } = await database.pool.query<{ name: string }>(
		`select c.oid::regclass::text as name from pg_class c
			where c.relnamespace = $1::regnamespace and c.relkind in ('r', 'p') and c.relname <> 'schema_migrations'
				and (not c.relrowsecurity or not c.relforcerowsecurity or not exists (select 1 from pg_policy p where p.polrelid = c.oid))`,
		[database.schema],
	);
	if (rows.length === 0) return ok('row_security', 'Every table is under forced row level security.');
	return {
		check: 'row_security',
		level: 'problem',
		message: `Without forced row level security: ${rows.map((row) => row.name).join(', ')}.`,
		repair: `set search_path to ${database.qualified.slice(0, -1)}; select secure_schema();`,
	};
}
