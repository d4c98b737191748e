import { toDatabaseError, type Database } from '../database';
import { LIST_LIMIT } from './defaults';
import { inTenant } from './transaction';

export const ROLES = ['owner', 'admin', 'operator', 'viewer'] as const;
export type Role = (typeof ROLES)[number];

export interface Member {
	user_id: string;
	email: string;
	full_name: string | null;
	role: Role;
	[column: string]: unknown;
}

const LIST = `select u.id as user_id, u.email, u.full_name, m.role, m.created_at from tenant_members m join users u on u.id = m.user_id
	where m.tenant_id = $1::uuid order by u.email limit $2::integer`;

/** A person works for a tenant: added, or given another role. Users are shared by tenants; a name that is there stays. */
export async function saveMember(
	database: Database,
	tenantId: string,
	member: { email: string; fullName?: string | null; role?: Role },
): Promise<Member> {
	try {
		const { rows } = await database.pool.query<Member>(
			`select * from ${database.qualified}save_member($1::uuid, $2::text, $3::text, $4::text)`,
			[tenantId, member.email, member.fullName ?? null, member.role ?? null],
		);
		return rows[0];
	} catch (error) {
		throw toDatabaseError(error);
	}
}

/** Ends a membership; leads and conversations of that person are nobody's again. False when there was none. */
export async function removeMember(database: Database, tenantId: string, userId: string): Promise<boolean> {
	try {
		const { rows } = await database.pool.query<{ done: boolean }>(
			`select ${database.qualified}remove_member($1::uuid, $2::uuid) as done`,
			[tenantId, userId],
		);
		return rows[0].done;
	} catch (error) {
		throw toDatabaseError(error);
	}
}

export const listMembers = async (database: Database, tenantId: string): Promise<Member[]> =>
	await inTenant(database, tenantId, async (db) => await db.all<Member>(LIST, [tenantId, LIST_LIMIT]));
