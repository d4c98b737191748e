import type { Database } from '../../../core/database';
import { inTenant } from '../../../core/tenancy';
import { createTestDatabase, type TestDatabase } from '../../support/database';
import { databaseFor, dropDatabase, makeTenant } from '../../support/factory';

let test_: TestDatabase;
let database: Database;
beforeAll(async () => {
	test_ = await createTestDatabase();
	database = databaseFor(test_);
});
afterAll(async () => await dropDatabase(database, test_));

test('a call whose tokens nobody told is stored without any, and counts none', async () => {
	const tenant = await makeTenant(database);
	const call = { provider: 'ollama', model: 'llama3', latencyMs: 5, attempts: 1, requestId: null, outcome: 'ok' };
	const unknown = { ...call, inputTokens: null, cachedInputTokens: null, outputTokens: null, costUsd: null };
	const known = { ...call, inputTokens: 7, cachedInputTokens: 0, outputTokens: 2, costUsd: 0.5 };
	const stored = await inTenant(database, tenant.id, async (db) => {
		for (const usage of [[unknown], [unknown, known]])
			await db.all(`select record_llm_usage($1::uuid, null, null, null, 'reply', $2::jsonb)`, [
				tenant.id,
				JSON.stringify(usage),
			]);
		return await db.all(
			'select input_tokens, cached_input_tokens, output_tokens, cost_usd::float from llm_usage where tenant_id = $1::uuid order by id',
			[tenant.id],
		);
	});
	const none = { input_tokens: null, cached_input_tokens: null, output_tokens: null, cost_usd: null };
	expect(stored).toEqual([none, none, { input_tokens: 7, cached_input_tokens: 0, output_tokens: 2, cost_usd: 0.5 }]);
	const counted = await inTenant(database, tenant.id, (db) =>
		db.all(`select sum(value)::int as used from usage_counters where tenant_id = $1::uuid and metric = 'llm_tokens'`, [
			tenant.id,
		]),
	);
	expect(counted).toEqual([{ used: 9 }]);
});
