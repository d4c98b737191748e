import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import type { Database } from '../../../core/database';
import { storeEvents } from '../../../core/ingest';
import { eventKey, normaliseBody, parseBody, type MetaEvent } from '../../../core/meta';
import { createChannelAccount } from '../../../core/tenancy';
import { createTestDatabase, type TestDatabase } from '../../support/database';
import { databaseFor, dropDatabase, makeTenant, vault, type TestTenant } from '../../support/factory';

const FOLDER = path.join(__dirname, '../../fixtures/meta');
const files = readdirSync(FOLDER).filter((file) => file.endsWith('.json') && file !== 'signatures.json');

let test_: TestDatabase;
let database: Database;
let tenant: TestTenant;
const bodies = new Map<string, MetaEvent[]>();

beforeAll(async () => {
	test_ = await createTestDatabase();
	database = databaseFor(test_);
	tenant = await makeTenant(database);
	for (const file of files) {
		const parsed = parseBody(readFileSync(path.join(FOLDER, file)));
		bodies.set(file, parsed.ok ? normaliseBody(parsed.body) : []);
	}
	// Every account that a fixture names belongs to this tenant, so that each shape is filed and not just stored.
	const accounts = new Map<string, MetaEvent['route']>();
	for (const { route } of [...bodies.values()].flat()) {
		if (route.channel && route.externalId)
			accounts.set(`${route.channel}/${route.externalId}`, {
				...accounts.get(`${route.channel}/${route.externalId}`),
				...route,
			});
	}
	for (const { channel, externalId, parentId } of accounts.values()) {
		await createChannelAccount(
			database,
			tenant.id,
			{ kind: channel!, externalId: externalId!, parentId, agentId: tenant.agentId },
			vault,
		);
	}
});
afterAll(async () => await dropDatabase(database, test_));

test.each(files)('%s is stored whole, item by item, and once', async (file) => {
	const events = bodies.get(file)!;
	// Some fixtures share an item on purpose.
	const { rows: known } = await test_.admin.query(
		`select object || '|' || account_id || '|' || kind || '|' || meta_message_id || '|' || provider_status as key from agent_factory.webhook_events`,
	);
	const before = new Set(known.map(({ key }) => key as string));
	const keyOf = (event: MetaEvent): string =>
		[event.object, event.accountId, event.kind, event.providerId, event.providerStatus].join('|');
	expect(new Set(events.map(eventKey)).size).toBe(events.length);
	const first = await storeEvents(database, events);
	expect(first.map(({ outcome }) => outcome === 'duplicate')).toEqual(events.map((event) => before.has(keyOf(event))));
	for (const { event, outcome } of first) {
		if (outcome === 'queued') expect(event.wantsTurn).toBe(true);
		if (event.ignoredReason) expect(['ignored', 'duplicate']).toContain(outcome);
	}
	const second = await storeEvents(database, events);
	expect(second.map(({ outcome }) => outcome)).toEqual(events.map(() => 'duplicate'));
});

test('a person is one contact, however the payloads spell them', async () => {
	const { rows } = await test_.admin.query(
		`select kind, value, count(distinct contact_id)::int as people from agent_factory.contact_identities where superseded_at is null group by 1, 2 having count(distinct contact_id) > 1`,
	);
	expect(rows).toEqual([]);
});
