import type { Database } from '../../../core/database';
import { inTenant } from '../../../core/tenancy';

/** An onboarding with a document, tested against a bundle that nobody approved yet. */
export async function beginOnboarding(database: Database, tenantId: string, mark: string): Promise<void> {
	await inTenant(database, tenantId, async (db) => {
		const started = await db.one<{ id: string }>(`select start_onboarding($1, $2::jsonb, 'pt-BR', $3) as id`, [
			tenantId,
			JSON.stringify({ businessName: mark }),
			mark,
		]);
		const { id } = started!;
		await db.one('select save_onboarding_document($1, $2, $3::jsonb)', [
			tenantId,
			id,
			JSON.stringify({ title: mark, content: mark }),
		]);
		const bundle = { sha256: 'a'.repeat(64) };
		await db.one(`select save_onboarding_bundle($1, $2, '{}', '{}', $3::jsonb)`, [
			tenantId,
			id,
			JSON.stringify(bundle),
		]);
		await db.one(`select save_onboarding_test($1, $2, $3, '{"items": []}', true)`, [tenantId, id, bundle.sha256]);
	});
}
