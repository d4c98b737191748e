import type { Database } from '../../../core/database';
import { readView, VIEW_NAMES } from '../../../core/reports';
import { createTestDatabase, type TestDatabase } from '../../support/database';
import { databaseFor, dropDatabase, makeTenant } from '../../support/factory';

let test_: TestDatabase;
let database: Database;

beforeAll(async () => {
	test_ = await createTestDatabase();
	database = databaseFor(test_);
});
afterAll(async () => await dropDatabase(database, test_));

test('each view answers for its tenant alone', async () => {
	const [here, there] = [await makeTenant(database), await makeTenant(database)];
	for (const view of VIEW_NAMES) {
		const rows = await readView(database, here.id, view);
		expect(rows.filter(({ tenant_id }) => tenant_id !== undefined && tenant_id !== here.id)).toEqual([]);
	}
	const [account] = await readView(database, there.id, 'whatsapp_configs');
	expect(account).toMatchObject({ tenant_id: there.id });
	expect(await readView(database, here.id, 'whatsapp_configs', 0)).toEqual([]);
});
