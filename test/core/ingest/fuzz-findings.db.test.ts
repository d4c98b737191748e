import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import type { Database } from '../../../core/database';
import { ingest } from '../../../core/ingest';
import { signBody } from '../../../core/meta';
import { createChannelAccount } from '../../../core/tenancy';
import { createTestDatabase, type TestDatabase } from '../../support/database';
import { databaseFor, dropDatabase, makeTenant, vault } from '../../support/factory';

/** Bodies that were refused for ever, or whose status was lost, before the readers knew them; `npm run fuzz` writes the next to .cache/fuzz. */
const FOLDER = path.join(__dirname, '../../fixtures/fuzz');
/** The number that these bodies are for. */
const PHONE_NUMBER_ID = '106540352242922';

let test_: TestDatabase;
let database: Database;

beforeAll(async () => {
	test_ = await createTestDatabase();
	database = databaseFor(test_);
	const { id, agentId } = await makeTenant(database);
	await createChannelAccount(database, id, { kind: 'whatsapp', externalId: PHONE_NUMBER_ID, agentId }, vault);
});
afterAll(async () => await dropDatabase(database, test_));

test.each(readdirSync(FOLDER))('%s is stored and acknowledged', async (file) => {
	const rawBody = readFileSync(path.join(FOLDER, file));
	const send = async () => await ingest(database, { rawBody, signature: signBody(rawBody, 's'), secrets: ['s'] });
	const result = await send();
	expect([result.httpStatus, result.error]).toEqual([200, null]);
	expect(result.events.map(({ outcome }) => outcome)).not.toContain('failed');
	expect(result.events.length).toBeGreaterThan(0);
	expect((await send()).events.map(({ outcome }) => outcome)).toEqual(result.events.map(() => 'duplicate'));
});
