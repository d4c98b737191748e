import type { Database } from '../database';
import { whileAway } from '../database';
import { FactoryError } from '../errors';
import { inTenant, type TenantConnection } from '../tenancy';
import { whyOpen, type Alarm, type BreakerState, type OpenReason } from './breaker';
import { LIST_LIMIT, MONITOR_LIMIT } from './defaults';
import {
	evidenceOf,
	eventsOf,
	nextStep,
	type CountedRollout,
	type NextStep,
	type RolloutStage,
	type Target,
} from './evidence';
import { volumeReport, type VolumeReport } from './low-volume';
import { countsOf, eValues } from './sequential';
import { describeArms, type ArmDescription } from './statistics';

/** Who acts: a named person, or the loop itself. */
export interface Actor {
	name: string;
	isPerson: boolean;
}

export interface NewRollout {
	target: Target;
	/** Whose prompt; null for the persona. */
	agentId: string | null;
	/** The version to try; its parent must be the one in service. */
	candidateId: string;
	suggestionId?: string | null;
	/** The person who approved it, when it is not the actor. */
	approvedBy?: string | null;
}

export interface StartedRollout {
	rolloutId: string;
	incumbentId: string;
	share: number;
}

/** What is known of a roll-out, in figures for people; the decision is made on `eBetter` and `eWorse`. */
export interface RolloutReport {
	tenantId: string;
	rolloutId: string;
	target: Target;
	stage: RolloutStage;
	moved: boolean;
	step: NextStep['to'];
	reason: string;
	eBetter: number;
	eWorse: number;
	hotPerWeek: number;
	guardrails: readonly string[];
	arms: { incumbent: ArmDescription; candidate: ArmDescription; candidateBetter: number };
	/** What could be noticed at this volume, and by when; below the minimum a person decides. */
	volume: VolumeReport;
	breakerOpened: OpenReason | null;
}

const REFUSED: Record<string, string> = {
	already_running: 'Another roll-out of this target is running. Wait for its end or roll it back first.',
	old_version:
		'The suggestion was made for a version that is no longer in service. Make a new suggestion for the version that is.',
	breaker_open: 'The breaker of this target is open. A named person has to close it first.',
	half_open_limit: 'While the breaker is half open, one change a week is tried. Wait until the week is over.',
	auto_apply_off:
		'No person approved this change, and the tenant does not let changes go live by themselves. Approve it.',
	daily_cap: 'As many changes as a day may bring have begun by themselves today. Approve it, or wait until tomorrow.',
	cooldown:
		'The last change that began by itself is too recent. Approve this one, or wait for the end of the cooldown.',
};

const START = 'select start_rollout($1::uuid, $2::jsonb) as answer';
const MOVE = 'select move_rollout($1::uuid, $2::uuid, $3::jsonb) as answer';
const EVIDENCE = 'select rollout_evidence($1::uuid, $2::uuid) as counted';
const RESTORE = 'select restore_version($1::uuid, $2::text, $3::uuid, $4::text) as answer';
const BREAKER = 'select set_breaker($1::uuid, $2::text, $3::uuid, $4::jsonb) as answer';
const LOCK = 'select lock_target($1::uuid, $2::text, $3::uuid)';
const LIST = `select r.id, r.target, r.agent_id as "agentId", r.stage, r.share::float8 as share, r.started_by as "startedBy", r.approved_by_person as "approvedByPerson",
		r.held_by as "heldBy", r.started_at as "startedAt", r.stage_since as "stageSince", r.ended_at as "endedAt", r.end_reason as "endReason",
		coalesce(r.candidate_persona_id, r.candidate_prompt_id) as "candidateId", coalesce(r.incumbent_persona_id, r.incumbent_prompt_id) as "incumbentId"
	from rollouts r where r.tenant_id = $1::uuid order by r.ended_at is not null, r.started_at desc limit $2::integer`;

export type ListedRollout = Record<string, unknown>;

export const listRollouts = async (
	database: Database,
	tenantId: string,
	limit = LIST_LIMIT,
): Promise<ListedRollout[]> =>
	await inTenant(database, tenantId, async (db) => await db.all<ListedRollout>(LIST, [tenantId, limit]));

/** Starts a candidate on a tenth of the people. ROLLOUT_REFUSED says why not. */
export async function startRollout(
	database: Database,
	tenantId: string,
	rollout: NewRollout,
	actor: Actor,
): Promise<StartedRollout> {
	return await inTenant(database, tenantId, async (db) => await startRolloutWithin(db, rollout, actor), {
		actor: actor.name,
	});
}

/** The same inside the caller's transaction: a version and its roll-out come to be together or not at all. */
export async function startRolloutWithin(
	db: TenantConnection,
	{ approvedBy, ...rollout }: NewRollout,
	actor: Actor,
): Promise<StartedRollout> {
	const row = await db.one<{ answer: StartedRollout & { started: boolean; reason?: string } }>(START, [
		db.tenantId,
		JSON.stringify({
			...rollout,
			...{ actor: actor.name, isPerson: actor.isPerson },
			...(approvedBy ? { approvedBy, approvedByPerson: true } : {}),
		}),
	]);
	const { started, reason, ...answer } = row!.answer;
	if (!started)
		throw new FactoryError('ROLLOUT_REFUSED', REFUSED[reason!] ?? `The roll-out may not start: ${reason}.`, {
			item: reason,
		});
	return answer;
}

async function readCounted(db: TenantConnection, rolloutId: string): Promise<CountedRollout> {
	const row = await db.one<{ counted: CountedRollout | null }>(EVIDENCE, [db.tenantId, rolloutId]);
	if (!row?.counted)
		throw new FactoryError('ROLLOUT_NOT_FOUND', `Roll-out ${rolloutId} does not exist. List the roll-outs.`, {
			item: rolloutId,
		});
	return row.counted;
}

function reportOf(tenantId: string, counted: CountedRollout): Omit<RolloutReport, 'moved' | 'breakerOpened'> {
	const evidence = evidenceOf(counted);
	const { to, reason } = nextStep(counted, evidence);
	const { incumbent, candidate } = countsOf(evidence.outcomes);
	const { better, worse } = eValues(evidence.outcomes);
	const arms = describeArms(incumbent, candidate);
	return {
		tenantId,
		...{ rolloutId: counted.rolloutId, target: counted.target, stage: counted.stage, step: to, reason },
		...{ eBetter: better, eWorse: worse, hotPerWeek: evidence.hotPerWeek, guardrails: evidence.guardrails },
		arms,
		volume: volumeReport({ hotPerWeek: evidence.hotPerWeek, precision: arms.incumbent.mean, share: counted.share }),
	};
}

/** What a roll-out has shown so far and where it would go; changes nothing. */
export const readRollout = async (
	database: Database,
	tenantId: string,
	rolloutId: string,
): Promise<Omit<RolloutReport, 'moved' | 'breakerOpened'>> =>
	await inTenant(database, tenantId, async (db) => reportOf(tenantId, await readCounted(db, rolloutId)));

/** One look at a running roll-out: moves it where the evidence says, and opens the breaker where the log says. */
export async function lookAtRollout(
	database: Database,
	tenantId: string,
	rolloutId: string,
	actor: Actor = { name: 'rollout-monitor', isPerson: false },
): Promise<RolloutReport> {
	return await inTenant(
		database,
		tenantId,
		async (db) => {
			const first = await readCounted(db, rolloutId);
			// Evidence that is decided on is read under the lock.
			await db.one(LOCK, [tenantId, first.target, first.agentId]);
			const counted = await readCounted(db, rolloutId);
			const report = reportOf(tenantId, counted);
			const moved = report.step !== null && (await move(db, rolloutId, report.step, report, actor));
			const after = moved ? await readCounted(db, rolloutId) : counted;
			const opened = await openIfDue(db, after, [], actor);
			return { ...report, stage: after.stage, moved, breakerOpened: opened };
		},
		{ actor: actor.name },
	);
}

async function move(
	db: TenantConnection,
	rolloutId: string,
	to: string,
	report: Omit<RolloutReport, 'moved' | 'breakerOpened'> | null,
	actor: Actor,
	reason = report?.reason,
): Promise<boolean> {
	const row = await db.one<{ answer: { moved: boolean } }>(MOVE, [
		db.tenantId,
		rolloutId,
		JSON.stringify({ to, reason, evidence: report ?? undefined, actor: actor.name, isPerson: actor.isPerson }),
	]);
	return row!.answer.moved;
}

async function openIfDue(
	db: TenantConnection,
	counted: CountedRollout,
	alarms: readonly Alarm[],
	actor: Actor,
): Promise<OpenReason | null> {
	const reason = whyOpen(eventsOf(counted), new Date(counted.now), alarms);
	if (reason === null) return null;
	await db.one(BREAKER, [
		db.tenantId,
		counted.target,
		counted.agentId,
		JSON.stringify({ to: 'open', reason, actor: actor.name, isPerson: actor.isPerson }),
	]);
	return reason;
}

export type PersonsMove = 'canary50' | 'active' | 'rolled_back' | 'halted' | 'held';

/** A step that a person takes by hand. The step must be one that the stage allows. */
export async function moveRollout(
	database: Database,
	tenantId: string,
	rolloutId: string,
	{ to, reason }: { to: PersonsMove; reason: string },
	actor: Actor,
): Promise<{ stage: RolloutStage; breakerOpened: OpenReason | null }> {
	return await inTenant(
		database,
		tenantId,
		async (db) => {
			const before = await readCounted(db, rolloutId);
			if (!(await move(db, rolloutId, to, null, actor, reason)))
				throw new FactoryError(
					'ROLLOUT_REFUSED',
					`Roll-out ${rolloutId} stands at ${before.stage} and cannot be taken to ${to} now. Read it to see why.`,
					{ item: rolloutId },
				);
			const counted = await readCounted(db, rolloutId);
			return { stage: counted.stage, breakerOpened: await openIfDue(db, counted, [], actor) };
		},
		{ actor: actor.name },
	);
}

export interface BreakerChange {
	target: Target;
	agentId: string | null;
	to: BreakerState;
	reason: string;
}

/** Opens a breaker, or, for a named person, half opens and closes it. */
export async function setBreaker(
	database: Database,
	tenantId: string,
	{ target, agentId, to, reason }: BreakerChange,
	actor: Actor,
): Promise<{ changed: boolean; state: BreakerState; restoredId: string | null; haltedRolloutId: string | null }> {
	if (to !== 'open' && (!actor.isPerson || actor.name.trim() === ''))
		throw new FactoryError('PERSON_NEEDED', 'Only a named person closes a breaker. Say who you are.', { item: target });
	return await inTenant(
		database,
		tenantId,
		async (db) => {
			const row = await db.one<{ answer: Awaited<ReturnType<typeof setBreaker>> }>(BREAKER, [
				tenantId,
				target,
				agentId,
				JSON.stringify({ to, reason, actor: actor.name, isPerson: actor.isPerson }),
			]);
			return row!.answer;
		},
		{ actor: actor.name },
	);
}

export interface Restored {
	/** False: it is the one in service. */
	changed: boolean;
	/** The version that served until now. */
	wasId: string | null;
	/** The roll-out that ended with it. */
	endedRolloutId: string | null;
}

/** A named person puts a version that has served before back in service. */
export async function restoreVersion(
	database: Database,
	tenantId: string,
	{ target, versionId, reason }: { target: Target; versionId: string; reason: string },
	actor: Actor,
): Promise<Restored> {
	if (!actor.isPerson || actor.name.trim() === '')
		throw new FactoryError('PERSON_NEEDED', 'Only a named person puts a version back in service. Say who you are.', {
			item: versionId,
		});
	return await inTenant(
		database,
		tenantId,
		async (db) => (await db.one<{ answer: Restored }>(RESTORE, [tenantId, target, versionId, reason]))!.answer,
		{ actor: actor.name },
	);
}

/** Looks at the running roll-outs of all tenants, the ones that stood still longest first. One that fails does not stop the others. */
export async function monitorRollouts(
	database: Database,
	limit = MONITOR_LIMIT,
): Promise<Array<RolloutReport | Error>> {
	const due = await whileAway(
		async () =>
			await database.pool.query<{ tenant_id: string; rollout_id: string }>(
				`select * from ${database.qualified}due_rollouts($1)`,
				[limit],
			),
	);
	const reports: Array<RolloutReport | Error> = [];
	for (const { tenant_id: tenantId, rollout_id: rolloutId } of due.rows)
		reports.push(await lookAtRollout(database, tenantId, rolloutId).catch((error: unknown) => error as Error));
	return reports;
}
