import {
	breakerState,
	consecutiveRollbacks,
	mayAct,
	mayCloseAgain,
	mayStart,
	versionToRestore,
	whyOpen,
	type RolloutEvent,
	type RolloutEventKind,
} from '../../../core/rollouts';
import { day } from './support';

const event = (kind: RolloutEventKind, at: number, rolloutId = `r${at}`, reason?: string): RolloutEvent => ({
	kind,
	at: day(at),
	rolloutId,
	isPerson: kind === 'breaker_half_open',
	reason,
});
const rollbacks = (...days: number[]) => days.map((at) => event('rolled_back', at));

describe('the breaker opens', () => {
	test('on the third roll-back in a row, however far apart', () => {
		expect(whyOpen(rollbacks(0, 20), day(20))).toBeNull();
		expect(whyOpen(rollbacks(0, 20, 40), day(40))).toBe('consecutive_rollbacks');
	});

	test('on the second roll-back in seven days', () => {
		expect(whyOpen(rollbacks(0, 6.9), day(6.9))).toBe('rollbacks_in_a_week');
		expect(whyOpen(rollbacks(0, 7), day(7))).toBeNull();
	});

	test('at once on a guardrail, a wrong sample ratio and every alarm', () => {
		expect(whyOpen([event('rolled_back', 1, 'r', 'guardrail')], day(1))).toBe('guardrail');
		expect(whyOpen([event('halted', 1, 'r', 'sample_ratio_mismatch')], day(1))).toBe('sample_ratio_mismatch');
		expect(whyOpen([], day(1), ['judge_untrusted'])).toBe('judge_untrusted');
		expect(whyOpen([], day(1), ['spend_ceiling'])).toBe('spend_ceiling');
	});

	test('while half open on any roll-back, and never twice', () => {
		const halfOpen = [...rollbacks(0, 1), event('breaker_opened', 1), event('breaker_half_open', 5)];
		expect(whyOpen(halfOpen, day(5))).toBeNull();
		expect(whyOpen([...halfOpen, ...rollbacks(30)], day(30))).toBe('rollback_while_half_open');
		expect(whyOpen([...rollbacks(0, 1), event('breaker_opened', 1)], day(1))).toBeNull();
	});
});

describe('the count of roll-backs in a row', () => {
	test('starts anew only after a change has held for a week at 100 %', () => {
		const log = [...rollbacks(0, 20), event('promoted', 40, 'p')];
		expect(consecutiveRollbacks(log, day(46))).toBe(2);
		expect(consecutiveRollbacks(log, day(47))).toBe(0);
	});

	test('a promoted change that is taken back within the week counts as one more', () => {
		const log = [...rollbacks(0, 20), event('promoted', 40, 'p'), event('rolled_back', 44, 'p')];
		expect(consecutiveRollbacks(log, day(60))).toBe(3);
	});

	test('a change that ran out neither counts nor helps', () => {
		expect(consecutiveRollbacks([...rollbacks(0), event('expired', 45), ...rollbacks(60)], day(60))).toBe(2);
	});
});

describe('after it opened', () => {
	const opened = [...rollbacks(0, 1), event('breaker_opened', 1)];

	test('nothing starts, however long one waits, until a person says so', () => {
		expect(breakerState(opened)).toBe('open');
		expect(mayStart(opened, day(300))).toEqual({ allowed: false, reason: 'breaker_open' });
		expect(mayAct('half_open_breaker', { isPerson: false }, false)).toBe(false);
		expect(mayAct('half_open_breaker', { isPerson: true }, true)).toBe(true);
	});

	test('half open: one change in seven days, and seven days at 10 %', () => {
		const halfOpen = [...opened, event('breaker_half_open', 10)];
		expect(mayStart(halfOpen, day(10))).toEqual({ allowed: true, heldUntil: day(17) });
		const started = [...halfOpen, event('started', 10)];
		expect(mayStart(started, day(16))).toEqual({ allowed: false, reason: 'half_open_interval', retryAt: day(17) });
		expect(mayStart(started, day(17))).toMatchObject({ allowed: true });
	});

	test('it closes again when a change has held for a week at 100 %', () => {
		const log = [...opened, event('breaker_half_open', 10), event('promoted', 25, 'p')];
		expect(mayCloseAgain(log, day(31))).toBe(false);
		expect(mayCloseAgain(log, day(32))).toBe(true);
		expect(mayCloseAgain([...log, event('rolled_back', 30, 'p')], day(40))).toBe(false);
		expect(mayCloseAgain(opened, day(40))).toBe(false);
		expect(whyOpen([...log, event('breaker_closed', 32)], day(32))).toBeNull();
	});

	test('the last version that a person approved is restored, not one that a machine chose or somebody took back', () => {
		const version = (versionId: string, at: number, approvedByPerson: boolean, rolledBack = false) => ({
			versionId,
			activatedAt: day(at),
			approvedByPerson,
			rolledBack,
		});
		const history = [
			version('a', 0, true),
			version('b', 5, true),
			version('c', 9, true, true),
			version('d', 12, false),
		];
		expect(versionToRestore(history)).toBe('b');
		expect(versionToRestore([version('d', 12, false)])).toBeNull();
	});
});

test('a machine may stop a change at any time and never takes up what a person stopped', () => {
	for (const act of ['rollback', 'halt', 'expire', 'open_breaker'] as const)
		expect(mayAct(act, { isPerson: false }, true)).toBe(true);
	for (const act of ['start', 'advance', 'promote'] as const) {
		expect(mayAct(act, { isPerson: false }, true)).toBe(false);
		expect(mayAct(act, { isPerson: false }, false)).toBe(true);
		expect(mayAct(act, { isPerson: true }, true)).toBe(true);
	}
});
