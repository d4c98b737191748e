import type { Database } from '../../../core/database';
import { createPersonaVersion } from '../../../core/leads';
import { moveRollout, restoreVersion, startRollout, type Actor } from '../../../core/rollouts';
import { createTestDatabase, type TestDatabase } from '../../support/database';
import { databaseFor, dropDatabase, makeTenant, type TestTenant } from '../../support/factory';

const ana: Actor = { name: 'Ana', isPerson: true };
let test_: TestDatabase;
let database: Database;
let tenant: TestTenant;
let versions: string[];

const persona = async (keyword: string, settings: { activate?: boolean; basedOn?: number }): Promise<string> =>
	(await createPersonaVersion(database, tenant.id, { positiveKeywords: [keyword] }, settings)).id;
const inService = async (): Promise<string> =>
	(
		await test_.admin.query('select id from agent_factory.tenant_personas where tenant_id = $1 and is_active', [
			tenant.id,
		])
	).rows[0].id;
const restore = async (versionId: string, actor = ana) =>
	await restoreVersion(database, tenant.id, { target: 'persona', versionId, reason: 'better before' }, actor);

beforeEach(async () => {
	test_ = await createTestDatabase();
	database = databaseFor(test_);
	tenant = await makeTenant(database);
	versions = [await persona('treino', { activate: true }), await persona('aula', { activate: true })];
});
afterEach(async () => await dropDatabase(database, test_));

test('a person puts an earlier version back in one step, once, and the log says who', async () => {
	expect(await restore(versions[0])).toEqual({ changed: true, wasId: versions[1], endedRolloutId: null });
	expect(await inService()).toBe(versions[0]);
	expect(await restore(versions[0])).toMatchObject({ changed: false });
	const { rows } = await test_.admin.query(
		`select actor, subject_id, details from agent_factory.audit_events where event_type = 'version.restored'`,
	);
	expect(rows).toEqual([
		{ actor: 'Ana', subject_id: versions[0], details: { was: versions[1], reason: 'better before' } },
	]);
});

test('what is being tried ends when an older version comes back', async () => {
	const candidateId = await persona('plano', { basedOn: 2 });
	const { rolloutId } = await startRollout(database, tenant.id, { target: 'persona', agentId: null, candidateId }, ana);
	expect(await restore(versions[0])).toMatchObject({ changed: true, endedRolloutId: rolloutId });
	const { rows } = await test_.admin.query('select stage, end_reason from agent_factory.rollouts');
	expect(rows).toEqual([{ stage: 'halted', end_reason: 'incumbent_replaced' }]);
});

test('the version before a promoted one comes back as the roll-back of its roll-out', async () => {
	const candidateId = await persona('plano', { basedOn: 2 });
	const { rolloutId } = await startRollout(database, tenant.id, { target: 'persona', agentId: null, candidateId }, ana);
	for (const to of ['canary50', 'active'] as const)
		await moveRollout(database, tenant.id, rolloutId, { to, reason: 'by hand' }, ana);
	expect(await restore(versions[1])).toEqual({ changed: true, wasId: candidateId, endedRolloutId: rolloutId });
	expect(await inService()).toBe(versions[1]);
	const { rows } = await test_.admin.query('select stage from agent_factory.rollouts');
	expect(rows).toEqual([{ stage: 'rolled_back' }]);
});

test.each([
	['a machine', { name: 'loop', isPerson: false }, 'Only a named person'],
	['nobody', { name: ' ', isPerson: true }, 'Only a named person'],
])('%s puts nothing back', async (_, actor, message) => {
	await expect(restore(versions[0], actor)).rejects.toThrow(message);
	expect(await inService()).toBe(versions[1]);
});

test('a version that never served goes live through a roll-out only, and one of another tenant is not there', async () => {
	await expect(restore(await persona('novo', { basedOn: 2 }))).rejects.toThrow('was never in service');
	const other = await makeTenant(database);
	const foreign = await createPersonaVersion(database, other.id, { positiveKeywords: ['x'] }, { activate: true });
	await expect(restore(foreign.id)).rejects.toThrow('does not exist');
	expect(await inService()).toBe(versions[1]);
});
