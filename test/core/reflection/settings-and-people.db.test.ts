import { randomUUID } from 'node:crypto';
import { readLoopSettings, scoreConversation, updateLoopSettings } from '../../../core/reflection';
import type { Database } from '../../../core/database';
import { createTestDatabase, type TestDatabase } from '../../support/database';
import { databaseFor, dropDatabase, makeTenant, type TestTenant } from '../../support/factory';
import { turnOf } from '../leads/lead-story';

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

describe('what people think of a conversation', () => {
	const scored = async (conversationId: string, person: string, levels: object) =>
		await scoreConversation(database, tenant.id, { conversationId, person, levels });
	const conversation = async (): Promise<string> =>
		(await turnOf(database, tenant, `55119${Date.now() % 1e8}`)).conversationId;

	test('two people score it, each their latest word; a third finds the places taken', async () => {
		const id = await conversation();
		expect(await scored(id, 'Ana', { tone: 2 })).toMatchObject({ first: 'Ana', second: null });
		await scored(id, 'Ana', { tone: 3 });
		expect(await scored(id, 'Rui', { tone: 5, depth: null })).toMatchObject({ first: 'Ana', second: 'Rui' });
		await expect(scored(id, 'Eva', { tone: 1 })).rejects.toMatchObject({ code: 'WRONG_STATE' });
		const { rows } = await test_.admin.query(
			'select labels, second_labels from agent_factory.golden_items where conversation_id = $1',
			[id],
		);
		expect(rows).toEqual([{ labels: { tone: 3 }, second_labels: { tone: 5, depth: null } }]);
	});

	test.each([
		['a level outside', { tone: 6 }, 'VALUE_REFUSED'],
		['no level at all', {}, 'VALUE_REFUSED'],
		['a criterion that there is not', { charm: 3 }, 'VALUE_REFUSED'],
	])('%s is refused', async (_, levels, code) => {
		await expect(scored(randomUUID(), 'Ana', levels)).rejects.toMatchObject({ code });
	});

	test('an unknown conversation, and a person without a name', async () => {
		await expect(scored(randomUUID(), 'Ana', { tone: 3 })).rejects.toMatchObject({ code: 'NOT_FOUND' });
		await expect(scored(randomUUID(), ' ', { tone: 3 })).rejects.toMatchObject({ code: 'VALUE_REFUSED' });
	});
});
