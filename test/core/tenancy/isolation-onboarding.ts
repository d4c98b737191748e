import type { Database } from '../../../core/database';
import { inTenant, type TenantConnection } from '../../../core/tenancy';

/** An onboarding in each state that some function asks for: with a failed test, with the client, approved, and live. */
export async function beginOnboarding(database: Database, tenantId: string, mark: string): Promise<void> {
	await inTenant(database, tenantId, async (db) => {
		const version = await db.one<{ id: string; bundle: string }>(
			'select id, bundle_sha256 as bundle from agent_versions where tenant_id = $1 and is_active order by created_at limit 1',
			[tenantId],
		);
		await tested(db, mark, 'a'.repeat(64), false);
		await sent(db, mark);
		await approved(db, mark, version!.bundle);
		const live = await approved(db, mark, version!.bundle);
		await db.one('select activate_onboarding($1, $2, $3, 1)', [tenantId, live, version!.id]);
	});
}

async function tested(db: TenantConnection, mark: string, bundle: string, passed: boolean): Promise<string> {
	const started = await db.one<{ id: string }>(`select start_onboarding($1, $2::jsonb, 'pt-BR', $3) as id`, [
		db.tenantId,
		JSON.stringify({ businessName: mark }),
		mark,
	]);
	const { id } = started!;
	await db.one('select save_onboarding_document($1, $2, $3::jsonb)', [
		db.tenantId,
		id,
		JSON.stringify({ title: mark, content: mark }),
	]);
	await db.one(`select save_onboarding_bundle($1, $2, '{}', '{}', $3::jsonb)`, [
		db.tenantId,
		id,
		JSON.stringify({ sha256: bundle }),
	]);
	await db.one(`select save_onboarding_test($1, $2, $3, '{"items": []}', $4)`, [db.tenantId, id, bundle, passed]);
	return id;
}

async function sent(db: TenantConnection, mark: string, bundle = 'a'.repeat(64)): Promise<string> {
	const id = await tested(db, mark, bundle, true);
	await db.one('select send_onboarding_for_approval($1, $2)', [db.tenantId, id]);
	return id;
}

async function approved(db: TenantConnection, mark: string, bundle: string): Promise<string> {
	const id = await sent(db, mark, bundle);
	await db.one('select decide_onboarding($1, $2, $3, true, $4, null)', [db.tenantId, id, bundle, mark]);
	return id;
}
