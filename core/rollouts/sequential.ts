import { BASE_RATE_GUESS, BASE_RATE_STRENGTH, ODDS_RATIOS } from './defaults';
import type { Arm } from './arms';
import type { Counts } from './statistics';

/** Outcomes that came in together, by arm. */
export interface Block {
	incumbent: Counts;
	candidate: Counts;
}

/** All that the test needs to go on; plain JSON. */
export interface Evidence extends Block {
	/** Outcomes of one arm that wait for one of the other: alone they say nothing of a difference. */
	open: Block;
	/** Log of the e-value against each odds ratio, "better" then "worse". */
	better: number[];
	worse: number[];
}

const none = (): Block => ({ incumbent: { n: 0, won: 0 }, candidate: { n: 0, won: 0 } });

export const noEvidence = (): Evidence => ({
	...none(),
	open: none(),
	better: ODDS_RATIOS.map(() => 0),
	worse: ODDS_RATIOS.map(() => 0),
});

/**
 * One more block for the safe test of two proportions (Turner, Ly and Grünwald): valid however often one looks and
 * whenever one stops. The base rate comes from the blocks before this one alone.
 */
export function addBlock(evidence: Evidence, block: Block): Evidence {
	const open = plus(evidence.open, block);
	if (open.incumbent.n === 0 || open.candidate.n === 0) return { ...evidence, open };
	const n = evidence.incumbent.n + evidence.candidate.n;
	const won = evidence.incumbent.won + evidence.candidate.won;
	const base = (won + BASE_RATE_GUESS * BASE_RATE_STRENGTH) / (n + BASE_RATE_STRENGTH);
	const grown = (logs: number[], ratioOf: (ratio: number) => number): number[] =>
		logs.map((log, i) => log + logRatio(open, base, ratioOf(ODDS_RATIOS[i])));
	return {
		...plus(evidence, open),
		open: none(),
		better: grown(evidence.better, (ratio) => ratio),
		worse: grown(evidence.worse, (ratio) => 1 / ratio),
	};
}

/** One lead's outcome. */
export const addOutcome = (evidence: Evidence, arm: Arm, won: boolean): Evidence =>
	addBlock(evidence, { ...none(), [arm]: { n: 1, won: won ? 1 : 0 } });

/** How many times more likely than chance: 20 for "better" promotes, 5 for "worse" rolls back. */
export const eValues = ({ better, worse }: Evidence): { better: number; worse: number } => ({
	better: meanOfLogs(better),
	worse: meanOfLogs(worse),
});

/** Outcomes counted so far, the waiting ones too. */
export const countsOf = (evidence: Evidence): Block => plus(evidence, evidence.open);

const meanOfLogs = (logs: number[]): number => logs.reduce((sum, log) => sum + Math.exp(log), 0) / logs.length;

function plus(a: Block, b: Block): Block {
	const sum = (x: Counts, y: Counts): Counts => ({ n: x.n + y.n, won: x.won + y.won });
	return { incumbent: sum(a.incumbent, b.incumbent), candidate: sum(a.candidate, b.candidate) };
}

/** Log-likelihood of a block if the odds differ by `ratio` around `base`, over that of no difference. */
function logRatio({ incumbent, candidate }: Block, base: number, ratio: number): number {
	const share = candidate.n / (incumbent.n + candidate.n);
	const low = incumbentRate(base, ratio, share);
	const high = (ratio * low) / (1 + (ratio - 1) * low);
	return (
		logLikelihood(incumbent, low) -
		logLikelihood(incumbent, base) +
		logLikelihood(candidate, high) -
		logLikelihood(candidate, base)
	);
}

const logLikelihood = ({ n, won }: Counts, rate: number): number =>
	won * Math.log(rate) + (n - won) * Math.log(1 - rate);

/** The incumbent's rate for which the mean over both arms is `base`: only then is the ratio an e-value. */
function incumbentRate(base: number, ratio: number, share: number): number {
	const excess = ratio - 1;
	const a = (1 - share) * excess;
	const b = 1 - share + share * ratio - base * excess;
	return (2 * base) / (b + Math.sqrt(b * b + 4 * a * base));
}
