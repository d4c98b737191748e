import type { CheckCode, Criterion } from './checks';
import type { ConversationVerdict } from './judge';
import type { Drawn } from './sample';
import { CRITERIA } from './rubric';
import { LEVEL } from './defaults';
import { ratioBootstrap, ratioOf, rounded, sum, type Interval } from './statistics';

/** A score with how far off it may be: one-sided 80 % at either end. */
export interface Score extends Interval {
	score: number;
}

export interface CheckFailures {
	code: CheckCode;
	/** Conversations in which it failed, and in which it applied. */
	failed: number;
	applied: number;
	/** Share of the population, by the weights of the sample. */
	rate: number;
}

export interface Aggregate {
	conversations: number;
	people: number;
	turns: number;
	criteria: Record<Criterion, Score | null>;
	/** Null: nothing could be judged. */
	overall: Score | null;
	failures: CheckFailures[];
	votes: number;
	spread: number;
	inputTokens: number;
	outputTokens: number;
	costUsd: number;
}

interface Weighed {
	verdict: ConversationVerdict;
	/** One over the probability of being drawn. */
	weight: number;
}

const CONFIDENCE = 0.8;

function scoreOf(
	items: readonly Weighed[],
	valueOf: (verdict: ConversationVerdict) => number | null,
	seed: string,
): Score | null {
	const parts = items.flatMap(({ verdict, weight }) => {
		const value = valueOf(verdict);
		return value === null ? [] : [{ cluster: verdict.leadKey, over: weight * value, under: weight }];
	});
	const score = ratioOf(parts);
	if (score === null) return null;
	// One person says nothing about the next: all that is known is the scale.
	const { low, high } = ratioBootstrap(parts, { seed, confidence: CONFIDENCE }) ?? {
		low: LEVEL.lowest,
		high: LEVEL.lowest + LEVEL.range,
	};
	return { score: rounded(score, 2), low: rounded(Math.min(low, score), 2), high: rounded(Math.max(high, score), 2) };
}

/** From verdicts to a score of the whole population: weights by Horvitz and Thompson, bounds by drawing people again. */
export function aggregate(verdicts: readonly ConversationVerdict[], drawn: readonly Drawn[], seed: string): Aggregate {
	const inclusion = new Map(drawn.map(({ id, inclusion: chance }) => [id, chance]));
	const items = verdicts.flatMap((verdict): Weighed[] => {
		const chance = inclusion.get(verdict.conversationId);
		return chance === undefined ? [] : [{ verdict, weight: 1 / chance }];
	});
	return {
		conversations: items.length,
		people: new Set(items.map(({ verdict }) => verdict.leadKey)).size,
		turns: sum(items.map(({ verdict }) => verdict.facts.turns)),
		criteria: Object.fromEntries(
			CRITERIA.map((criterion) => [
				criterion,
				scoreOf(items, ({ levels }) => levels[criterion], `${seed}|${criterion}`),
			]),
		) as Aggregate['criteria'],
		overall: scoreOf(items, ({ overall }) => overall, seed),
		failures: failuresOf(items),
		votes: sum(items.map(({ verdict }) => verdict.votes)),
		spread: rounded(Math.max(0, ...items.map(({ verdict }) => verdict.spread)), 3),
		inputTokens: sum(verdicts.map(({ inputTokens }) => inputTokens)),
		outputTokens: sum(verdicts.map(({ outputTokens }) => outputTokens)),
		costUsd: rounded(sum(verdicts.map(({ costUsd }) => costUsd)), 6),
	};
}

function failuresOf(items: readonly Weighed[]): CheckFailures[] {
	const codes = [...new Set(items.flatMap(({ verdict }) => verdict.failed.map(({ code }) => code)))];
	return codes
		.map((code) => {
			const applied = items.filter(({ verdict }) => verdict.applied.includes(code));
			const failed = applied.filter(({ verdict }) => verdict.failed.some((one) => one.code === code));
			const weight = sum(applied.map((item) => item.weight));
			return {
				code,
				failed: failed.length,
				applied: applied.length,
				rate: weight === 0 ? 0 : rounded(sum(failed.map((item) => item.weight)) / weight),
			};
		})
		.sort((a, b) => b.rate - a.rate || (a.code < b.code ? -1 : 1));
}
