import type { Pool } from 'pg';
import { openFactory, post, setBehaviour, state } from './support/running';
import { twoHundredMessages } from './support/two-hundred-messages';

let pool: Pool;
beforeAll(() => {
	pool = openFactory();
});
afterAll(async () => await pool.end());

test('200 messages of 20 customers in bursts and batches get one reply a burst, in order, none twice', async () => {
	// Some statuses come in the wrong order and twice.
	await setBehaviour('graph', { statuses: ['read', 'sent', 'delivered'], duplicateStatuses: true, times: 25 });
	await twoHundredMessages({ state: state(), pool, post, roundTimeoutMs: 120_000 });
}, 600_000);
