import { readLoopSettings, updateLoopSettings } from '../../../core/reflection';
import type { Database } from '../../../core/database';
import { createTestDatabase, type TestDatabase } from '../../support/database';
import { databaseFor, dropDatabase, makeTenant, type TestTenant } from '../../support/factory';

let test_: TestDatabase;
let database: Database;
let tenant: TestTenant;

beforeAll(async () => {
	test_ = await createTestDatabase();
	database = databaseFor(test_);
	tenant = await makeTenant(database);
});
afterAll(async () => await dropDatabase(database, test_));

const versionId = async (): Promise<string> =>
	(await test_.admin.query('select id from agent_factory.agent_versions where tenant_id = $1', [tenant.id])).rows[0].id;

test('nothing changes by itself before a person says so; the other defaults are the bands, cooldowns and caps of the design', async () => {
	expect(await readLoopSettings(database, tenant.id)).toMatchObject({
		reflectionEnabled: true,
		reflectionIntervalHours: 6,
		thresholds: { none: 4, suggestion: 3, autoUpdate: 2 },
		autoApply: { enabled: false, minConfidence: 0.85, maxScoreDrop: 0.5 },
		maxUpdatesPerDay: 3,
		horizonDays: null,
	});
});

test('what is not given stays, and an agent version goes by the tenant until it has its own', async () => {
	const changed = await updateLoopSettings(database, tenant.id, {
		autoApplyEnabled: true,
		notificationEmails: ['a@example.com'],
	});
	expect(changed).toMatchObject({ autoApply: { enabled: true }, notify: { emails: ['a@example.com'] } });
	await updateLoopSettings(database, tenant.id, { sampleSize: 80 });
	const agentVersionId = await versionId();
	expect(await readLoopSettings(database, tenant.id, agentVersionId)).toMatchObject({
		sampleSize: 80,
		autoApply: { enabled: true },
	});
	await updateLoopSettings(database, tenant.id, { sampleSize: 50 }, { agentVersionId });
	expect(await readLoopSettings(database, tenant.id, agentVersionId)).toMatchObject({
		sampleSize: 50,
		autoApply: { enabled: true },
	});
	expect(await readLoopSettings(database, tenant.id)).toMatchObject({ sampleSize: 80 });
});

test.each([
	[{ thresholdNone: 2.5 }, 'thresholdNone'],
	[{ reflectionIntervalHours: 1 }, 'reflectionIntervalHours'],
	[{ maxUpdatesPerDay: 4 }, 'maxUpdatesPerDay'],
	[{ notificationEmails: ['nobody'] }, 'notificationEmails.0'],
])('%j is refused by name and changes nothing', async (change, item) => {
	const before = await readLoopSettings(database, tenant.id);
	await expect(updateLoopSettings(database, tenant.id, change)).rejects.toMatchObject({ code: 'VALUE_REFUSED', item });
	expect(await readLoopSettings(database, tenant.id)).toEqual(before);
});
