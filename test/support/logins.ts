import { randomBytes } from 'node:crypto';
import type { TestDatabase } from './database';

/** The kinds of login that people put into their Postgres credential. */
export const LOGIN_KINDS = ['owner', 'superuser', 'bypassrls', 'plain'] as const;
export type LoginKind = (typeof LOGIN_KINDS)[number];

export interface TestLogins {
	/** owner: may create roles, ran the migrations. plain: was only granted agent_factory_service. */
	url: Record<LoginKind, string>;
	/** Before the database is dropped; pools of these logins are ended first. */
	drop(): Promise<void>;
}

export const PACK_ROLES = ['agent_factory_runtime', 'agent_factory_service', 'agent_factory_doors'];
const MAKE: Record<LoginKind, (name: string, database: string) => string> = {
	// The roles are the cluster's: whoever made them first lends them to a second owner, as the server itself would have to the first.
	owner: (name, database) => `alter role ${name} createrole; grant create on database "${database}" to ${name};
		do $$ begin execute 'grant ${PACK_ROLES.join(', ')} to ${name} with admin ' || case when current_setting('server_version_num')::int >= 160000
			then 'true, inherit false' else 'option' end; end $$`,
	superuser: (name) => `alter role ${name} superuser`,
	bypassrls: (name) => `alter role ${name} bypassrls; grant agent_factory_service to ${name}`,
	plain: (name) => `grant agent_factory_service to ${name}`,
};

/** One login of each kind; the database need not be migrated yet. */
export async function createLogins(test: TestDatabase): Promise<TestLogins> {
	const suffix = randomBytes(5).toString('hex');
	const nameOf = (kind: LoginKind): string => `${kind}_${suffix}`;
	await test.admin.query(`do $$ declare r text; begin foreach r in array array['${PACK_ROLES.join(`','`)}'] loop
		begin execute format('create role %I nologin noinherit', r); exception when duplicate_object or unique_violation then null; end;
		end loop; end $$`);
	const url = {} as Record<LoginKind, string>;
	for (const kind of LOGIN_KINDS) {
		const password = randomBytes(12).toString('hex');
		await test.admin.query(`create role ${nameOf(kind)} login password '${password}'`);
		await test.admin.query(MAKE[kind](nameOf(kind), test.name));
		const address = new URL(test.directUrl);
		address.username = nameOf(kind);
		address.password = password;
		url[kind] = address.toString();
	}
	return {
		url,
		async drop() {
			await test.admin.query(`drop owned by agent_factory_doors cascade`);
			for (const kind of LOGIN_KINDS) await test.admin.query(`drop owned by ${nameOf(kind)} cascade`);
			for (const kind of LOGIN_KINDS) await test.admin.query(`drop role ${nameOf(kind)}`);
		},
	};
}
