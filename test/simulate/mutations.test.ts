import { eValues, noEvidence } from '../../core/rollouts';
import { figuresOf, type FigureName } from '../../simulate/figures';
import type { Proposal } from '../../simulate/proposer';
import { runSeed, type Parts, type RunSettings } from '../../simulate/run';
import { REAL, type Safeguards } from '../../simulate/safeguards';
import type { Version } from '../../simulate/versions';
import { streamOf, type Stream } from '../../simulate/world';

const SMALL: RunSettings = {
	seed: 1,
	tenants: 2,
	days: 90,
	perDay: 40,
	judge: 'good',
	naive: false,
	injectPastGate: false,
	aa: false,
};

function figures(settings: Partial<RunSettings>, parts: Partial<Parts>, without: Partial<Safeguards> = {}) {
	const run = { ...SMALL, ...settings };
	const result = runSeed(run, { ...parts, safeguards: { ...REAL, ...without } });
	const of = new Map(figuresOf([result], run).map((figure) => [figure.name, figure.value]));
	return { result, value: (name: FigureName): number => of.get(name)! };
}

/** The incumbent under another name, with something changed. */
const changed = ({ incumbent, id }: Proposal, change: Partial<Version>): Version => ({ ...incumbent, id, ...change });

/** Calls as many HOT as it should, and in truth the worst. */
function harmful(proposal: Proposal): Version {
	const { truth } = proposal.stream;
	const threshold = -Float64Array.from(truth).sort()[Math.floor(truth.length / 4)];
	return changed(proposal, { threshold, scoreOf: (i) => -truth[i] });
}

describe('harm that the gate has let through', () => {
	const past = { injectPastGate: true, days: 120 };
	const parts = { propose: harmful };
	const kept = figures(past, parts);

	test('is stopped with every safeguard in place', () => {
		expect(kept.value('promoted')).toBe(0);
		expect(kept.value('breakersOpen')).toBe(1);
		expect(kept.value('conversions')).toBeGreaterThanOrEqual(-0.01);
		expect(kept.value('conversionsInAll')).toBeGreaterThan(-0.04);
	});

	test('without the canary is promoted, and conversions fall', () => {
		const { value } = figures(past, parts, { canary: false });
		expect(value('promoted')).toBe(1);
		expect(value('conversions')).toBeLessThan(-0.05);
	});

	test('without the sequential test stays live until it expires, and no breaker opens', () => {
		const deaf: Safeguards['addOutcome'] = (evidence, arm, won) => ({
			...REAL.addOutcome(evidence, arm, won),
			better: noEvidence().better,
			worse: noEvidence().worse,
		});
		expect(eValues(deaf(noEvidence(), 'candidate', true))).toEqual({ better: 1, worse: 1 });
		const { value, result } = figures(past, parts, { addOutcome: deaf });
		expect(result.rolledBack).toBe(0);
		expect(value('breakersOpen')).toBe(0);
		expect(value('conversionsInAll')).toBeLessThan(kept.value('conversionsInAll') - 0.02);
	});

	test('without the breaker comes back again and again', () => {
		const { value, result } = figures(past, parts, { whyOpen: () => null });
		expect(value('breakersOpen')).toBe(0);
		expect(result.rollouts).toBeGreaterThan(kept.result.rollouts);
	});
});

describe('a candidate that has learned its leads by heart', () => {
	/** Knows every lead that it was shown, and nothing of any other. */
	const memoriser = ({ leads, incumbent, id }: Proposal): Version => {
		const seen = new Map(leads.map(({ i, won }) => [i, won]));
		return {
			id,
			threshold: incumbent.threshold,
			scoreOf: (i) => (seen.has(i) ? (seen.get(i) ? 90 : 0) + (i % 10) : (i * 7919) % 97),
			probabilityOf: () => null,
		};
	};

	test('never reaches a rollout where other people judge than those it learned from', () => {
		const { value, result } = figures({}, { propose: memoriser });
		expect(result.proposals).toBeGreaterThan(5);
		expect(value('reachedRollout')).toBe(0);
	});

	test('without the hold-out reaches one at once', () => {
		expect(figures({}, { propose: memoriser }, { holdOut: false }).value('reachedRollout')).toBeGreaterThan(0.2);
	});
});

describe('a candidate that only calls fewer people', () => {
	const tightener = (proposal: Proposal): Version =>
		changed(proposal, { threshold: proposal.incumbent.threshold + 10 });
	/** Judges the candidate at the threshold that it asks for. */
	const asAsked: Safeguards['offlineGate'] = (input) => {
		const result = REAL.offlineGate(input);
		const dropped = input.pairs.filter(
			({ incumbentHot, candidateScore }) => incumbentHot && candidateScore < asked.threshold,
		);
		const gain = dropped.reduce((sum, { won }) => sum + input.breakEvenPrecision - Number(won), 0);
		return { ...result, candidateThreshold: null, verdict: dropped.length >= 10 && gain > 0 ? 'pass' : 'reject' };
	};
	const asked = { threshold: 0 };
	const propose = (proposal: Proposal): Version => {
		const version = tightener(proposal);
		asked.threshold = version.threshold;
		return version;
	};

	test('changes nothing at equal HOT volume, and conversions stay', () => {
		const { value } = figures({}, { propose });
		expect(value('reachedRollout')).toBe(0);
		expect(value('conversions')).toBeGreaterThanOrEqual(-0.01);
	});

	test('judged at its own volume goes live, and conversions fall', () => {
		const { value, result } = figures({ days: 120 }, { propose }, { offlineGate: asAsked });
		expect(result.promoted).toBeGreaterThan(0);
		expect(value('conversions')).toBeLessThan(-0.01);
	});
});

test('without maturity, with no news taken for a loss, the loop learns nothing', () => {
	const settings = { tenants: 1, perDay: 80 };
	const kept = figures(settings, {});
	expect(kept.value('falsePositives')).toBeLessThan(-0.12);
	const { value } = figures(settings, {}, { maturity: false });
	expect(value('falsePositives')).toBeGreaterThan(-0.12);
});

describe('five people who write again and again', () => {
	/** Every sixth lead is from one of them: never worth it, and always said to be. */
	const flooded: Parts['streamOf'] = (...input) => {
		const stream = streamOf(...input);
		const flood = (i: number): boolean => i % 6 === 0;
		const like = stream.facts.findIndex(({ score }) => score >= 40 && score < 60);
		const put = <T extends Uint8Array | Float64Array>(values: T, value: number): T =>
			values.map((was, i) => (flood(i) ? value : was)) as T;
		return {
			...stream,
			facts: stream.facts.map((facts, i) => (flood(i) ? stream.facts[like] : facts)),
			active: stream.active.map((active, i) => (flood(i) ? stream.active[like] : active)),
			leadKey: stream.leadKey.map((key, i) => (flood(i) ? `whatsapp:flood.${i % 30}` : key)),
			qualified: put(stream.qualified, 0),
			verdict: put(stream.verdict, 1),
		} satisfies Stream;
	};
	const settings = { seed: 2, tenants: 1, perDay: 90 };

	test('have one vote each, and what they say changes little', () => {
		expect(figures(settings, { streamOf: flooded }).value('conversions')).toBeGreaterThanOrEqual(-0.01);
	});

	test('with a vote for every message take the HOT places of customers', () => {
		const { value } = figures(settings, { streamOf: flooded }, { onePerPerson: false });
		expect(value('conversions')).toBeLessThan(-0.01);
	});
});
