import {
	BREAKER_CONSECUTIVE,
	BREAKER_IN_WINDOW,
	BREAKER_WINDOW_MS,
	HALF_OPEN_FORCED_MS,
	HALF_OPEN_INTERVAL_MS,
	SURVIVAL_MS,
} from './defaults';

export type RolloutEventKind =
	| 'started'
	| 'advanced'
	| 'promoted'
	| 'rolled_back'
	| 'expired'
	| 'superseded'
	| 'halted'
	| 'breaker_opened'
	| 'breaker_half_open'
	| 'breaker_closed';

/** A line of the append-only log of one agent or persona, oldest first. */
export interface RolloutEvent {
	kind: RolloutEventKind;
	at: Date;
	rolloutId: string;
	isPerson: boolean;
	/** Reason of a stop: a stage's, or an alarm. */
	reason?: string;
}

export type BreakerState = 'closed' | 'open' | 'half_open';
/** What opens the breaker without any roll-back. */
export type Alarm = 'guardrail' | 'sample_ratio_mismatch' | 'judge_untrusted' | 'injection' | 'spend_ceiling';
export type OpenReason = Alarm | 'consecutive_rollbacks' | 'rollbacks_in_a_week' | 'rollback_while_half_open';

const STATES: Partial<Record<RolloutEventKind, BreakerState>> = {
	breaker_opened: 'open',
	breaker_half_open: 'half_open',
	breaker_closed: 'closed',
};
const isBreakerEvent = ({ kind }: RolloutEvent): boolean => kind in STATES;

/** The last word of the log. */
export function breakerState(events: readonly RolloutEvent[]): BreakerState {
	const last = events.findLast(isBreakerEvent);
	return last ? STATES[last.kind]! : 'closed';
}

/** Why the breaker must open now, or null. */
export function whyOpen(events: readonly RolloutEvent[], now: Date, alarms: readonly Alarm[] = []): OpenReason | null {
	const state = breakerState(events);
	if (state === 'open') return null;
	if (alarms.length > 0) return alarms[0];
	const fresh = events.slice(events.findLastIndex(isBreakerEvent) + 1);
	const guardrail = fresh.find(({ kind, reason }) => kind === 'rolled_back' && reason === 'guardrail');
	if (guardrail) return 'guardrail';
	if (fresh.some(({ kind, reason }) => kind === 'halted' && reason === 'sample_ratio_mismatch'))
		return 'sample_ratio_mismatch';
	const rollbacks = fresh.filter(({ kind }) => kind === 'rolled_back');
	if (state === 'half_open' && rollbacks.length > 0) return 'rollback_while_half_open';
	if (consecutiveRollbacks(fresh, now) >= BREAKER_CONSECUTIVE) return 'consecutive_rollbacks';
	const recent = rollbacks.filter(({ at }) => now.getTime() - at.getTime() < BREAKER_WINDOW_MS);
	return recent.length >= BREAKER_IN_WINDOW ? 'rollbacks_in_a_week' : null;
}

/** Roll-backs since a change last held for a week at 100 %; a change that merely ran out neither counts nor helps. */
export function consecutiveRollbacks(events: readonly RolloutEvent[], now: Date): number {
	const since = events.findLastIndex((event) => survived(event, events, now));
	return events.slice(since + 1).filter(({ kind }) => kind === 'rolled_back').length;
}

const survived = (event: RolloutEvent, events: readonly RolloutEvent[], now: Date): boolean =>
	event.kind === 'promoted' &&
	now.getTime() - event.at.getTime() >= SURVIVAL_MS &&
	!events.some(
		({ kind, rolloutId, at }) =>
			kind === 'rolled_back' && rolloutId === event.rolloutId && at.getTime() - event.at.getTime() < SURVIVAL_MS,
	);

/** Half open ends by itself only when a change begun since then has held for a week at 100 %. */
export function mayCloseAgain(events: readonly RolloutEvent[], now: Date): boolean {
	if (breakerState(events) !== 'half_open') return false;
	const fresh = events.slice(events.findLastIndex(isBreakerEvent) + 1);
	return fresh.some((event) => survived(event, events, now));
}

export type StartAnswer =
	| { allowed: true; heldUntil?: Date }
	| { allowed: false; reason: 'breaker_open' | 'half_open_interval'; retryAt?: Date };

/** May a rollout start, and how long must it stay at 10 %? */
export function mayStart(events: readonly RolloutEvent[], now: Date): StartAnswer {
	const state = breakerState(events);
	if (state === 'open') return { allowed: false, reason: 'breaker_open' };
	if (state === 'closed') return { allowed: true };
	const fresh = events.slice(events.findLastIndex(isBreakerEvent) + 1);
	const last = fresh.findLast(({ kind }) => kind === 'started');
	const retryAt = last && new Date(last.at.getTime() + HALF_OPEN_INTERVAL_MS);
	if (retryAt && now < retryAt) return { allowed: false, reason: 'half_open_interval', retryAt };
	return { allowed: true, heldUntil: new Date(now.getTime() + HALF_OPEN_FORCED_MS) };
}

export interface VersionHistory {
	versionId: string;
	/** When it became the default. */
	activatedAt: Date;
	approvedByPerson: boolean;
	/** Taken back, or it never got to 100 %. */
	rolledBack: boolean;
}

/** What goes live when the breaker opens: the last version that a person approved and nobody took back, or null for "leave it". */
export function versionToRestore(history: readonly VersionHistory[]): string | null {
	const approved = history.filter(({ approvedByPerson, rolledBack }) => approvedByPerson && !rolledBack);
	const last = approved.reduce<VersionHistory | null>(
		(best, version) => (best === null || version.activatedAt >= best.activatedAt ? version : best),
		null,
	);
	return last?.versionId ?? null;
}

export type RolloutAct =
	'start' | 'advance' | 'promote' | 'rollback' | 'halt' | 'expire' | 'open_breaker' | 'half_open_breaker';
const STOPS: readonly RolloutAct[] = ['rollback', 'halt', 'expire', 'open_breaker'];

/** An automatic actor may stop a change, but never overrule a person: what a person stopped or held stays so until a person speaks. */
export const mayAct = (act: RolloutAct, actor: { isPerson: boolean }, lastWordIsPersonsStop: boolean): boolean =>
	actor.isPerson || STOPS.includes(act) || (act !== 'half_open_breaker' && !lastWordIsPersonsStop);
