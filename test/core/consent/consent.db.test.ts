import { consentsOf, recordConsent, type ConsentEvent } from '../../../core/consent';
import type { Database } from '../../../core/database';
import { createTestDatabase, type TestDatabase } from '../../support/database';
import { databaseFor, dropDatabase, makeTenant } from '../../support/factory';

let test_: TestDatabase;
let database: Database;
let tenantId: string;
let contactId: string;

beforeAll(async () => {
	test_ = await createTestDatabase();
	database = databaseFor(test_);
	tenantId = (await makeTenant(database)).id;
});
afterAll(async () => await dropDatabase(database, test_));
beforeEach(async () => {
	const { rows } = await test_.admin.query(
		`insert into agent_factory.contacts (tenant_id, full_name) values ($1, 'x') returning id`,
		[tenantId],
	);
	contactId = rows[0].id;
});

const say = async (granted: boolean, changes: Partial<ConsentEvent> = {}) =>
	await recordConsent(database, tenantId, { contactId, purpose: 'marketing', granted, source: 'test', ...changes });
const flags = async () =>
	(
		await test_.admin.query(
			`select opted_out_at is not null as service, marketing_opted_out_at is not null as marketing from agent_factory.contacts where id = $1`,
			[contactId],
		)
	).rows[0];

test('the newest word of a purpose counts, and the contact follows it', async () => {
	await say(false);
	expect(await flags()).toEqual({ service: false, marketing: true });
	await say(true);
	expect(await flags()).toEqual({ service: false, marketing: false });
	await say(false, { purpose: 'service' });
	expect(await flags()).toEqual({ service: true, marketing: false });
	expect(await consentsOf(database, tenantId, contactId)).toMatchObject([
		{ purpose: 'marketing', granted: true },
		{ purpose: 'service', granted: false },
	]);
});

test('a late word of the past does not undo a refusal', async () => {
	await say(false);
	await say(true, { at: '2026-01-01T00:00:00Z' });
	expect(await flags()).toMatchObject({ marketing: true });
});

test('the same word delivered twice is one line', async () => {
	const first = await say(true, { key: 'event-1' });
	expect(await say(true, { key: 'event-1' })).toEqual(first);
	const { rows } = await test_.admin.query(
		'select count(*)::int as n from agent_factory.consent_events where contact_id = $1',
		[contactId],
	);
	expect(rows[0].n).toBe(1);
});
