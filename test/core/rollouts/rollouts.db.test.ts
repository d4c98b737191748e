import { randomUUID } from 'node:crypto';
import { openDatabase, type Database } from '../../../core/database';
import { createPersonaVersion, loadLeadContexts } from '../../../core/leads';
import {
	armOf,
	listRollouts,
	lookAtRollout,
	monitorRollouts,
	moveRollout,
	setBreaker,
	startRollout,
	type Actor,
} from '../../../core/rollouts';
import { inTenant } from '../../../core/tenancy';
import { createTestDatabase, type TestDatabase } from '../../support/database';
import { databaseFor, dropDatabase, makeTenant, type TestTenant } from '../../support/factory';
import { saveLead, turnOf } from '../leads/lead-story';
import { ageRollout, dealtFairly, meetPeople, type ArmOutcomes } from './people';

let test_: TestDatabase;
let database: Database;
let tenant: TestTenant;

const ana: Actor = { name: 'Ana', isPerson: true };
const loop: Actor = { name: 'loop', isPerson: false };

beforeEach(async () => {
	test_ = await createTestDatabase();
	database = databaseFor(test_);
	tenant = await makeTenant(database);
	await createPersonaVersion(database, tenant.id, { businessType: 'academia' }, { activate: true });
});
afterEach(async () => await dropDatabase(database, test_));

const one = async <T>(sql: string, values: unknown[] = []): Promise<T> => {
	const { rows } = await test_.admin.query(`select ${sql}`, values);
	return rows[0] as T;
};
const personaId = async (version: number): Promise<string> =>
	(
		await one<{ id: string }>('id from agent_factory.tenant_personas where tenant_id = $1 and version = $2', [
			tenant.id,
			version,
		])
	).id;
const activeVersion = async (): Promise<number> =>
	(
		await one<{ version: number }>('version from agent_factory.tenant_personas where tenant_id = $1 and is_active', [
			tenant.id,
		])
	).version;

/** A version that the loop made of the one in service. */
async function candidate(version: number): Promise<string> {
	const made = await createPersonaVersion(
		database,
		tenant.id,
		{ positiveKeywords: ['matrícula'] },
		{ basedOn: version },
	);
	await test_.admin.query(`update agent_factory.tenant_personas set change_reason = 'auto_improvement' where id = $1`, [
		made.id,
	]);
	return made.id;
}

const start = async (candidateId: string, actor = ana): Promise<string> =>
	(await startRollout(database, tenant.id, { target: 'persona', agentId: null, candidateId }, actor)).rolloutId;

const people = async (outcomes: ArmOutcomes): Promise<void> => await meetPeople(database, tenant.id, outcomes);
const age = async (rolloutId: string, days: number): Promise<void> => await ageRollout(test_.admin, rolloutId, days);
const deal = async (rolloutId: string): Promise<void> => await dealtFairly(test_.admin, rolloutId);

test('the database deals people to arms as armOf does, and raising the share only adds people', async () => {
	const rolloutId = await start(await candidate(1));
	const { salt } = await one<{ salt: string }>('salt from agent_factory.rollouts where id = $1', [rolloutId]);
	const contacts = Array.from({ length: 300 }, () => randomUUID());
	const chosen = async (): Promise<boolean[]> => {
		const { rows } = await test_.admin.query(
			`select agent_factory.rollout_choice($1, 'persona', null, c.id) is not null as candidate from unnest($2::uuid[]) with ordinality c(id, n) order by n`,
			[tenant.id, contacts],
		);
		return rows.map(({ candidate: is }) => is);
	};
	const expected = (share: number): boolean[] =>
		contacts.map((leadKey) => armOf({ salt, tenantId: tenant.id, leadKey, share }) === 'candidate');
	const tenth = await chosen();
	expect(tenth).toEqual(expected(0.1));
	await test_.admin.query('update agent_factory.rollouts set share = 0.5 where id = $1', [rolloutId]);
	const half = await chosen();
	expect(half).toEqual(expected(0.5));
	expect(tenth.filter((was, i) => was && !half[i])).toEqual([]);
});

test('a person is classified by the version of their arm, and keeps it when the share rises', async () => {
	const rolloutId = await start(await candidate(1));
	const turn = await turnOf(database, tenant, '5511988887777');
	const versionSeen = async (): Promise<number> =>
		(await loadLeadContexts(database, tenant.id, [turn.turnId])).get(turn.turnId)!.persona!.version;
	await test_.admin.query('update agent_factory.rollouts set share = 0 where id = $1', [rolloutId]);
	expect(await versionSeen()).toBe(1);
	await test_.admin.query('update agent_factory.rollouts set share = 0.999 where id = $1', [rolloutId]);
	expect(await versionSeen()).toBe(2);
	await saveLead(database, tenant.id, { contactId: turn.contactId, personaId: await personaId(1) });
	expect(await versionSeen()).toBe(1);
	await moveRollout(database, tenant.id, rolloutId, { to: 'rolled_back', reason: 'not_ours' }, ana);
	expect(await versionSeen()).toBe(1);
});

test('at a low volume the report says what could be noticed and by when, and nothing is promoted', async () => {
	const rolloutId = await start(await candidate(1));
	await moveRollout(database, tenant.id, rolloutId, { to: 'canary50', reason: 'sure' }, ana);
	await age(rolloutId, 30);
	await people({ candidate: [9, 1], incumbent: [3, 7] });
	await deal(rolloutId);
	const report = await lookAtRollout(database, tenant.id, rolloutId);
	expect(report).toMatchObject({ moved: false, reason: 'low_volume', volume: { enough: false } });
	const drops = report.volume.detectable.map(({ drop, days }) => [drop, days === null ? null : days > 0]);
	expect(drops).toEqual([
		[0.05, true],
		[0.1, true],
		[0.15, true],
		[0.2, true],
	]);
});

test('time alone promotes nothing: without evidence a roll-out stays at a tenth and runs out', async () => {
	const rolloutId = await start(await candidate(1));
	await age(rolloutId, 10);
	expect(await lookAtRollout(database, tenant.id, rolloutId)).toMatchObject({
		moved: false,
		reason: 'too_few_labelled',
	});
	await age(rolloutId, 40);
	expect(await lookAtRollout(database, tenant.id, rolloutId)).toMatchObject({ moved: true, stage: 'expired' });
	expect(await activeVersion()).toBe(1);
});

test('outcomes that are clearly better take a candidate to half, to all, and after a week it has survived', async () => {
	const rolloutId = await start(await candidate(1));
	await people({ candidate: [10, 0], incumbent: [1, 12] });
	await deal(rolloutId);
	await age(rolloutId, 4);
	expect(await lookAtRollout(database, tenant.id, rolloutId)).toMatchObject({
		moved: true,
		stage: 'canary50',
		reason: 'first_stage_passed',
	});
	await people({ candidate: [30, 4], incumbent: [8, 32] });
	await deal(rolloutId);
	expect(await lookAtRollout(database, tenant.id, rolloutId)).toMatchObject({
		moved: true,
		stage: 'active',
		reason: 'outcomes_better',
	});
	expect(await activeVersion()).toBe(2);
	expect(await lookAtRollout(database, tenant.id, rolloutId)).toMatchObject({ moved: false });
	await age(rolloutId, 8);
	expect(await lookAtRollout(database, tenant.id, rolloutId)).toMatchObject({ moved: true, stage: 'survived' });
});

test('outcomes that are worse roll a promoted change back: one switch, the old version whole', async () => {
	const rolloutId = await start(await candidate(1));
	await moveRollout(database, tenant.id, rolloutId, { to: 'canary50', reason: 'sure' }, ana);
	await moveRollout(database, tenant.id, rolloutId, { to: 'active', reason: 'sure' }, ana);
	expect(await activeVersion()).toBe(2);
	await people({ candidate: [3, 40], incumbent: [20, 20] });
	expect(await lookAtRollout(database, tenant.id, rolloutId)).toMatchObject({
		...{ moved: true, stage: 'rolled_back', reason: 'outcomes_worse' },
	});
	expect(await activeVersion()).toBe(1);
});

test('two roll-backs in a week open the breaker, which only a named person closes again, and then one change a week is tried', async () => {
	for (const version of [2, 3]) {
		const rolloutId = await start(await candidate(1));
		const { breakerOpened } = await moveRollout(
			database,
			tenant.id,
			rolloutId,
			{ to: 'rolled_back', reason: 'worse' },
			loop,
		);
		expect(breakerOpened).toBe(version === 2 ? null : 'rollbacks_in_a_week');
	}
	const next = await candidate(1);
	await expect(start(next)).rejects.toMatchObject({ code: 'ROLLOUT_REFUSED', item: 'breaker_open' });
	const close = { target: 'persona' as const, agentId: null, to: 'half_open' as const, reason: 'looked into it' };
	await expect(setBreaker(database, tenant.id, close, loop)).rejects.toMatchObject({ code: 'PERSON_NEEDED' });
	await expect(
		inTenant(
			database,
			tenant.id,
			async (db) =>
				await db.one('select set_breaker($1, $2, null, $3)', [
					tenant.id,
					'persona',
					{ to: 'half_open', actor: 'loop' },
				]),
		),
	).rejects.toMatchObject({ code: 'WRONG_STATE' });
	expect(await setBreaker(database, tenant.id, close, ana)).toMatchObject({ changed: true, state: 'half_open' });
	const rolloutId = await start(next);
	await people({ candidate: [9, 0], incumbent: [5, 5] });
	await deal(rolloutId);
	await age(rolloutId, 4);
	expect(await lookAtRollout(database, tenant.id, rolloutId)).toMatchObject({ moved: false, reason: 'held_half_open' });
	await moveRollout(database, tenant.id, rolloutId, { to: 'rolled_back', reason: 'worse' }, ana).then(
		({ breakerOpened }) => expect(breakerOpened).toBe('rollback_while_half_open'),
	);
});

test('an opened breaker puts back the last version that a person wrote or approved', async () => {
	const first = await start(await candidate(1));
	for (const to of ['canary50', 'active'] as const)
		await moveRollout(database, tenant.id, first, { to, reason: 'sure' }, ana);
	await age(first, 8);
	await lookAtRollout(database, tenant.id, first);
	// The loop's own, in service without a person's word.
	const own = await candidate(2);
	await test_.admin.query('update agent_factory.tenant_personas set is_active = true where id = $1', [own]);
	expect(await activeVersion()).toBe(3);
	const opened = await setBreaker(
		database,
		tenant.id,
		{ target: 'persona', agentId: null, to: 'open', reason: 'judge_untrusted' },
		loop,
	);
	expect(opened).toMatchObject({ changed: true, restoredId: await personaId(2) });
	expect(await activeVersion()).toBe(2);
});

test('a machine stops what a person holds and never moves it on', async () => {
	const rolloutId = await start(await candidate(1));
	await moveRollout(database, tenant.id, rolloutId, { to: 'held', reason: 'wait' }, ana);
	await expect(
		moveRollout(database, tenant.id, rolloutId, { to: 'canary50', reason: 'x' }, loop),
	).rejects.toMatchObject({ code: 'ROLLOUT_REFUSED' });
	await people({ candidate: [10, 0], incumbent: [3, 10] });
	await deal(rolloutId);
	await age(rolloutId, 4);
	expect(await lookAtRollout(database, tenant.id, rolloutId)).toMatchObject({ moved: false, reason: 'held_by_person' });
	expect(await moveRollout(database, tenant.id, rolloutId, { to: 'rolled_back', reason: 'x' }, loop)).toMatchObject({
		stage: 'rolled_back',
	});
});

test('of two that start at once one runs; a candidate of an older version and one that nobody approved are refused', async () => {
	const [a, b] = [await candidate(1), await candidate(1)];
	const results = await Promise.allSettled([start(a), start(b)]);
	expect(results.map(({ status }) => status).sort()).toEqual(['fulfilled', 'rejected']);
	const [running] = await listRollouts(database, tenant.id);
	await moveRollout(database, tenant.id, running.id as string, { to: 'rolled_back', reason: 'x' }, ana);
	await expect(start(await candidate(1), loop)).rejects.toMatchObject({ item: 'auto_apply_off' });
	await createPersonaVersion(database, tenant.id, { businessType: 'estúdio' }, { activate: true });
	await expect(start(a)).rejects.toMatchObject({ item: 'old_version' });
	await expect(start(randomUUID())).rejects.toMatchObject({ code: 'NOT_FOUND' });
});

test('a change that was rolled back still counts against the day', async () => {
	await test_.admin.query(
		'insert into agent_factory.self_improving_settings (tenant_id, auto_apply_enabled, max_updates_per_day) values ($1, true, 1)',
		[tenant.id],
	);
	const rolloutId = await start(await candidate(1), loop);
	await moveRollout(database, tenant.id, rolloutId, { to: 'rolled_back', reason: 'x' }, ana);
	await expect(start(await candidate(1), loop)).rejects.toMatchObject({ item: 'daily_cap' });
});

test('a roll-out ends when somebody puts a third version in service', async () => {
	const rolloutId = await start(await candidate(1));
	await createPersonaVersion(database, tenant.id, { businessType: 'estúdio' }, { activate: true });
	expect(await listRollouts(database, tenant.id)).toMatchObject([
		{ id: rolloutId, stage: 'halted', endReason: 'incumbent_replaced' },
	]);
	expect(await activeVersion()).toBe(3);
});

test('the hourly look goes through the roll-outs of all tenants', async () => {
	const rolloutId = await start(await candidate(1));
	await age(rolloutId, 50);
	const login = openDatabase({ connectionString: test_.connectionString });
	try {
		expect(await monitorRollouts(login)).toMatchObject([{ tenantId: tenant.id, rolloutId, stage: 'expired' }]);
		expect(await monitorRollouts(login)).toEqual([]);
	} finally {
		await login.pool.end();
	}
});
