import { fill } from '../../../bench/support/fill';
import { hotRound, type Timed } from '../../../bench/support/hot-queries';
import { watchPlans } from '../../../bench/support/plans';
import { createTestDatabase, testDirectly, type TestDatabase } from '../../support/database';

/** Large enough that a plan which reads a table from end to end costs more than one that does not. */
const SIZE = { tenants: 20, turns: 500 };

let test_: TestDatabase;

beforeAll(async () => {
	test_ = await createTestDatabase();
	await fill(test_.admin, 'agent_factory', SIZE);
}, 120_000);
afterAll(async () => await test_.drop());

const untimed: Timed = async (_, query) => await query();

testDirectly(
	'no statement that traffic waits for reads a growing table from end to end, or throws most of it away',
	async () => {
		const { database, complaints, seen } = watchPlans(test_.connectionString);
		try {
			// From the sixth call on a function may settle for one plan for all tenants.
			for (let n = 0; n < 12; n++) await hotRound(database, SIZE, n, untimed);
			expect(seen()).toBeGreaterThan(1_000);
			expect(complaints()).toEqual([]);
			await database.pool.query(`select count(*) from agent_factory.messages where body = 'nothing'`);
			expect(complaints()).toContainEqual(expect.stringMatching(/^Seq Scan on messages in: /));
		} finally {
			await database.pool.end();
		}
	},
	120_000,
);
