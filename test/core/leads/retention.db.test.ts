import type { Database } from '../../../core/database';
import { saveClassifiedLead } from '../../../core/leads';
import { runMaintenance } from '../../../core/maintenance';
import { createTestDatabase, type TestDatabase } from '../../support/database';
import { databaseFor, dropDatabase, makeTenant } from '../../support/factory';
import { aLead, contact } from './turns';

let test_: TestDatabase;
let database: Database;

beforeAll(async () => {
	test_ = await createTestDatabase();
	database = databaseFor(test_);
});
afterAll(async () => await dropDatabase(database, test_));

test('texts of leads end with those of the tenant’s messages; class, score and points stay', async () => {
	const [forgetful, other] = [await makeTenant(database), await makeTenant(database)];
	await test_.admin.query('update agent_factory.tenants set message_retention_days = 7 where id = $1', [forgetful.id]);
	for (const tenant of [forgetful, other]) {
		for (const turnId of [1, 2, 3]) {
			const contactId = await contact(test_.admin, tenant);
			await saveClassifiedLead(database, tenant.id, aLead(contactId, { turnId, username: `u${turnId}` }));
		}
	}
	await test_.admin.query(
		`update agent_factory.classified_leads set created_at = now() - interval '8 days', response_sent = 'olá' where turn_id < 3`,
	);
	const kept = async (id: string) =>
		(
			await test_.admin.query<{ n: number }>(
				`select num_nonnulls(message_text, conversation_context, profile_data, response_sent) as n
					from agent_factory.classified_leads where tenant_id = $1 and icp_score = 50 and score_breakdown <> '[]' order by turn_id`,
				[id],
			)
		).rows.map(({ n }) => n);
	const report = await runMaintenance(database, { stepRows: 1 });
	expect(report.tasks.find(({ task }) => task === 'lead_texts')).toMatchObject({ rows: 2, finished: true });
	expect(await kept(forgetful.id)).toEqual([0, 0, 3]);
	expect(await kept(other.id)).toEqual([4, 4, 3]);
	const again = await runMaintenance(database);
	expect(again.tasks.find(({ task }) => task === 'lead_texts')).toMatchObject({ rows: 0, finished: true });
});
