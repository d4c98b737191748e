import { randomBytes } from 'node:crypto';
import { Client } from 'pg';
import type { TestDatabase } from './database';
import { PACK_ROLES } from './logins';

export type Run = (sql: string, values?: unknown[]) => Promise<Array<Record<string, unknown>>>;

/** What a Supabase project has before the pack arrives, under names of its own: roles are the cluster's. */
export interface Supabase {
	/** `postgres` of Supabase: no superuser, may create roles and databases. */
	ownerUrl: string;
	anon: string;
	authenticated: string;
	serviceRole: string;
	/** One request as PostgREST makes it: the authenticator's connection, role and claims set in the transaction, taken back. */
	request<T>(role: string, claims: string | undefined, work: (run: Run) => Promise<T>): Promise<T>;
	drop(): Promise<void>;
}

export async function createSupabase(test: TestDatabase): Promise<Supabase> {
	const suffix = randomBytes(5).toString('hex');
	const password = randomBytes(12).toString('hex');
	const named = (role: string): string => `${role}_${suffix}`;
	const [owner, authenticator] = [named('postgres'), named('authenticator')];
	const [anon, authenticated, serviceRole] = [named('anon'), named('authenticated'), named('service_role')];
	const everybody = `${anon}, ${authenticated}, ${serviceRole}`;
	await test.admin.query(`
		create role ${owner} login createrole createdb bypassrls password '${password}';
		create role ${anon} nologin; create role ${authenticated} nologin; create role ${serviceRole} nologin bypassrls;
		create role ${authenticator} login noinherit password '${password}';
		grant ${everybody} to ${authenticator};
		grant ${everybody} to ${owner} with admin option;
		grant create on database "${test.name}" to ${owner};
		create schema extensions; grant usage on schema extensions to ${owner}, ${everybody};
		alter role ${owner} set search_path = '"$user"', public, extensions;
		alter default privileges for role ${owner} grant all on tables to ${everybody};
		alter default privileges for role ${owner} grant all on sequences to ${everybody};
		alter default privileges for role ${owner} grant all on functions to ${everybody}`);
	// Another database of this cluster may have made the pack's roles: then an administrator lends them.
	await test.admin.query(`do $$ declare r text; begin foreach r in array array['${PACK_ROLES.join(`','`)}'] loop
		begin execute format('create role %I nologin noinherit', r); exception when duplicate_object or unique_violation then null; end;
		execute format('grant %I to ${owner} with admin ', r) || case when current_setting('server_version_num')::int >= 160000
			then 'true, inherit false' else 'option' end; end loop; end $$`);
	const urlOf = (login: string): string => {
		const url = new URL(test.directUrl);
		url.username = login;
		url.password = password;
		return url.toString();
	};
	return {
		ownerUrl: urlOf(owner),
		anon,
		authenticated,
		serviceRole,
		async request(role, claims, work) {
			const client = new Client({ connectionString: urlOf(authenticator) });
			await client.connect();
			try {
				await client.query('begin');
				await client.query(
					`select set_config('role', $1, true), set_config('request.method', 'GET', true), set_config('search_path', 'agent_factory, public', true)`,
					[role],
				);
				if (claims !== undefined) await client.query(`select set_config('request.jwt.claims', $1, true)`, [claims]);
				return await work(async (sql, values) => (await client.query(sql, values)).rows);
			} finally {
				await client.end();
			}
		},
		async drop() {
			for (const role of ['agent_factory_doors', owner, anon, authenticated, serviceRole, authenticator])
				await test.admin.query(`drop owned by ${role} cascade`);
			for (const role of [owner, authenticator, anon, authenticated, serviceRole])
				await test.admin.query(`drop role ${role}`);
		},
	};
}
