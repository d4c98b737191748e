import { addBlock, addOutcome, countsOf, describeArms, eValues, noEvidence } from '../../../core/rollouts';
import { seeded } from './support';

const RUNS = 300;
const LEADS = 1_600;
const LOOK_EVERY = 20;

interface Crossed {
	better: number;
	worse5: number;
	worse20: number;
	/** Median leads until it crossed. */
	medianWorse20: number;
}

/** Many tests, looked at every 20 leads: how many ever cross. */
function crossings(incumbent: number, candidate: number, share = 0.5, seed = 7): Crossed {
	const random = seeded(seed);
	const crossed = { better: 0, worse5: 0, worse20: 0 };
	const at: number[] = [];
	for (let run = 0; run < RUNS; run++) {
		let evidence = noEvidence();
		const seen = { better: false, worse5: false, worse20: false };
		for (let leads = 0; leads < LEADS; leads += LOOK_EVERY) {
			const block = { incumbent: { n: 0, won: 0 }, candidate: { n: 0, won: 0 } };
			for (let i = 0; i < LOOK_EVERY; i++) {
				const isCandidate = random() < share;
				const arm = block[isCandidate ? 'candidate' : 'incumbent'];
				arm.n++;
				if (random() < (isCandidate ? candidate : incumbent)) arm.won++;
			}
			evidence = addBlock(evidence, block);
			const { better, worse } = eValues(evidence);
			seen.better ||= better >= 20;
			seen.worse5 ||= worse >= 5;
			if (worse >= 20 && !seen.worse20) at.push(leads + LOOK_EVERY);
			seen.worse20 ||= worse >= 20;
		}
		for (const key of ['better', 'worse5', 'worse20'] as const) if (seen[key]) crossed[key]++;
	}
	return {
		better: crossed.better / RUNS,
		worse5: crossed.worse5 / RUNS,
		worse20: crossed.worse20 / RUNS,
		medianWorse20: at.sort((a, b) => a - b)[Math.floor(at.length / 2)],
	};
}

describe('the sequential test, looked at every 20 leads of 1,600', () => {
	test('promotes and rolls back what changes nothing as rarely as it promises', () => {
		const { better, worse20, worse5 } = crossings(0.1, 0.1);
		expect(better).toBeLessThan(0.05);
		expect(worse20).toBeLessThan(0.055);
		expect(worse5).toBeGreaterThan(0.07);
		expect(worse5).toBeLessThan(0.2);
	});

	test('sees a conversion that halves and a precision that falls from 40 to 25 %', () => {
		const halved = crossings(0.1, 0.05);
		expect(halved.worse20).toBeGreaterThan(0.87);
		expect(halved.worse5).toBeGreaterThan(0.95);
		expect(halved.medianWorse20).toBeGreaterThan(480);
		expect(halved.medianWorse20).toBeLessThan(720);
		const fallen = crossings(0.4, 0.25);
		expect(fallen.worse20).toBeGreaterThan(0.98);
		expect(fallen.medianWorse20).toBeGreaterThan(180);
		expect(fallen.medianWorse20).toBeLessThan(340);
	});

	test('cannot confirm two points more of conversion, and keeps its promise at a share of 10 %', () => {
		const small = crossings(0.1, 0.12);
		expect(small.better).toBeGreaterThan(0.09);
		expect(small.better).toBeLessThan(0.23);
		expect(crossings(0.4, 0.25, 0.1).worse5).toBeGreaterThan(0.93);
		const nothing = crossings(0.4, 0.4, 0.1);
		expect(nothing.better).toBeLessThan(0.05);
		expect(nothing.worse5).toBeLessThan(0.2);
	});
});

test('outcomes of one arm alone are counted, and say nothing until the other arm has one', () => {
	let evidence = noEvidence();
	for (let i = 0; i < 30; i++) evidence = addOutcome(evidence, 'candidate', false);
	expect(eValues(evidence)).toEqual({ better: 1, worse: 1 });
	expect(countsOf(evidence).candidate).toEqual({ n: 30, won: 0 });
	expect(eValues(addOutcome(evidence, 'incumbent', true)).worse).toBeGreaterThan(1);
});

test('evidence survives being stored as JSON', () => {
	const evidence = addBlock(noEvidence(), { incumbent: { n: 9, won: 4 }, candidate: { n: 1, won: 0 } });
	const again = JSON.parse(JSON.stringify(evidence)) as typeof evidence;
	expect(eValues(addOutcome(again, 'candidate', true))).toEqual(eValues(addOutcome(evidence, 'candidate', true)));
});

test('people are told how sure one may be, by the outcomes of both arms', () => {
	const same = describeArms({ n: 50, won: 20 }, { n: 50, won: 20 });
	expect(same.candidateBetter).toBeCloseTo(0.5, 3);
	const better = describeArms({ n: 50, won: 10 }, { n: 50, won: 25 });
	// Beta(11, 41) against Beta(26, 26): 0.9989 by numerical integration in scipy.
	expect(better.candidateBetter).toBeGreaterThan(0.997);
	expect(better.candidate.mean).toBeCloseTo(0.5, 6);
	expect(better.candidate.low).toBeCloseTo(0.411, 2);
	expect(better.candidate.high).toBeCloseTo(0.589, 2);
});
