import { decideStage, noEvidence, type RolloutState } from '../../../core/rollouts';
import { day, evidence, outcomes } from './support';

const first: RolloutState = { stage: 'canary10', startedAt: day(0), stageSince: day(0), gainShown: true };
const second: RolloutState = { ...first, stage: 'canary50', stageSince: day(4) };
const good = outcomes(40, 0.4, 0.45);

describe('at 10 %', () => {
	test.each([
		['before 72 hours', 2.9, good, 'stay', 'too_early'],
		['with seven labelled leads', 9, outcomes(7, 0.4, 0.4), 'stay', 'too_few_labelled'],
		['after both', 3, outcomes(8, 0.4, 0.4), 'advance', 'first_stage_passed'],
		['whatever the evidence, 100 % comes after 50 %', 20, outcomes(200, 0.2, 0.7), 'advance', 'first_stage_passed'],
	])('%s', (_, days, counted, action, reason) => {
		expect(decideStage(first, evidence({ outcomes: counted }), day(days))).toEqual({ action, reason });
	});

	test('while the breaker is half open it stays there', () => {
		const held = { ...first, heldUntil: day(7) };
		expect(decideStage(held, evidence({ outcomes: good }), day(6)).reason).toBe('held_half_open');
		expect(decideStage(held, evidence({ outcomes: good }), day(7)).action).toBe('advance');
	});
});

describe('at 50 %', () => {
	test('strong evidence promotes, with or without the gate', () => {
		const strong = evidence({ outcomes: outcomes(120, 0.2, 0.6) });
		expect(decideStage({ ...second, gainShown: false }, strong, day(6))).toEqual({
			action: 'promote',
			reason: 'outcomes_better',
		});
	});

	test('"not worse" promotes only what the gate has shown to gain, after a week with 30 leads of each arm', () => {
		const now = day(8);
		expect(decideStage(second, evidence({ outcomes: good }), now)).toEqual({
			action: 'promote',
			reason: 'gain_shown_and_not_worse',
		});
		expect(decideStage({ ...second, gainShown: false }, evidence({ outcomes: good }), now).action).toBe('stay');
		expect(decideStage(second, evidence({ outcomes: good }), day(6.9)).reason).toBe('too_early');
		expect(decideStage(second, evidence({ outcomes: outcomes(29, 0.4, 0.5) }), now).reason).toBe('too_few_labelled');
		expect(decideStage(second, evidence({ outcomes: outcomes(40, 0.4, 0.35) }), now).reason).toBe(
			'waiting_for_evidence',
		);
	});

	test('no time promotes: without outcomes it waits, and ends on day 45', () => {
		for (let days = 4; days < 45; days++) expect(decideStage(second, evidence(), day(days)).action).toBe('stay');
		expect(decideStage(second, evidence({ outcomes: noEvidence() }), day(45))).toEqual({
			action: 'expire',
			reason: 'no_evidence_in_time',
		});
	});

	test('below 20 HOT leads a week nothing is promoted without a person', () => {
		expect(decideStage(second, evidence({ outcomes: good, hotPerWeek: 19 }), day(8)).reason).toBe('low_volume');
	});

	test('a candidate that calls many more or fewer people HOT is not promoted for its precision', () => {
		const decided = (candidate: number) =>
			decideStage(second, evidence({ outcomes: good, hotShare: { incumbent: 0.2, candidate } }), day(8));
		expect(decided(0.31).reason).toBe('hot_volume_differs');
		expect(decided(0.13).reason).toBe('hot_volume_differs');
		expect(decided(0.28).action).toBe('promote');
		expect(decided(0.15).action).toBe('promote');
	});

	test('what a person holds goes no further, and may still be stopped', () => {
		const held = { ...second, heldByPerson: true };
		expect(decideStage(held, evidence({ outcomes: good }), day(8)).reason).toBe('held_by_person');
		expect(decideStage(held, evidence({ outcomes: outcomes(80, 0.5, 0.2) }), day(8)).action).toBe('rollback');
	});
});

describe('harm ends a rollout at any stage and at once', () => {
	test.each([
		['a guardrail', { guardrails: ['complaints' as const] }, 'rollback', 'guardrail'],
		['arms that are not as planned', { sampleRatioMismatch: true }, 'halt', 'sample_ratio_mismatch'],
		['worse outcomes', { outcomes: outcomes(60, 0.5, 0.2) }, 'rollback', 'outcomes_worse'],
		['an open breaker', { breakerOpen: true }, 'halt', 'breaker_open'],
	])('%s', (_, change, action, reason) => {
		for (const state of [first, second, { ...first, heldByPerson: true }])
			expect(decideStage(state, evidence(change), day(0.1))).toEqual({ action, reason });
	});
});
