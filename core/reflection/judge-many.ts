import { FactoryError, isFactoryError } from '../errors';
import type { Conversation } from './conversation';
import { JUDGE_AWAY_AFTER, JUDGED_AT_ONCE, UNIFORM_FROM } from './defaults';
import { judgeConversation, keysOf, type ConversationVerdict, type Judge } from './judge';
import { CRITERIA } from './rubric';

export interface JudgedSample {
	verdicts: ConversationVerdict[];
	/** Conversations whose answers could not be used. */
	unusable: number;
	/** Of the calls of now: nothing where the store had it all. */
	spent: { calls: number; inputTokens: number; outputTokens: number; costUsd: number };
}

/** What nobody can mend by trying again. */
const FATAL = ['LLM_AUTH', 'LLM_REQUEST', 'LLM_ABORTED'];

/**
 * Judges a sample, a few side by side. What was judged stays in the store, so that a cycle that ends here goes on from here;
 * it ends when the judge is away or the money is spent.
 */
export async function judgeSample(
	judge: Judge,
	conversations: readonly Conversation[],
	{ ceilingUsd = Number.POSITIVE_INFINITY }: { ceilingUsd?: number } = {},
): Promise<JudgedSample> {
	const known = await judge.store.read(conversations.flatMap((conversation) => keysOf(judge, conversation)));
	const results: Array<ConversationVerdict | null> = new Array<null>(conversations.length).fill(null);
	const spent = { calls: 0, inputTokens: 0, outputTokens: 0, costUsd: 0 };
	const waiting = conversations.map((_, index) => index);
	const state: { failures: number; stop: FactoryError | null } = { failures: 0, stop: null };
	const worker = async (): Promise<void> => {
		while (waiting.length > 0 && state.stop === null) {
			const index = waiting.shift()!;
			try {
				const { verdict, usage } = await judgeConversation(judge, conversations[index], known);
				results[index] = verdict;
				state.failures = 0;
				for (const { inputTokens, outputTokens, costUsd, attempts } of usage) {
					spent.calls += attempts;
					spent.inputTokens += inputTokens ?? 0;
					spent.outputTokens += outputTokens ?? 0;
					spent.costUsd += costUsd ?? 0;
				}
				if (spent.costUsd >= ceilingUsd && waiting.length > 0) state.stop ??= ceilingReached(ceilingUsd);
			} catch (error) {
				// At the end of the line once more: a hiccup is over by then, and a judge that is away fails for everybody in a row.
				state.failures += 1;
				if (!isFactoryError(error) || FATAL.includes(error.code) || state.failures >= JUDGE_AWAY_AFTER)
					state.stop ??= away(error);
				else waiting.push(index);
			}
		}
	};
	await Promise.all(Array.from({ length: JUDGED_AT_ONCE }, worker));
	if (state.stop) throw state.stop;
	const verdicts = results.filter((verdict) => verdict !== null);
	return { verdicts, unusable: conversations.length - verdicts.length, spent };
}

const ceilingReached = (ceilingUsd: number): FactoryError =>
	new FactoryError(
		'REFLECTION_SPEND_CEILING',
		`What is left of this month's spend ceiling (US$ ${ceilingUsd.toFixed(2)}) is used up. Raise spend_ceiling_usd, or wait for the next month; the cycle goes on from here.`,
	);

const away = (error: unknown): FactoryError =>
	new FactoryError(
		'REFLECTION_JUDGE_AWAY',
		`The judge gave no answer (${isFactoryError(error) ? error.code : 'INTERNAL'}). What was judged is kept: run the cycle again when it is back.`,
		{ retryable: true, cause: error, details: { code: isFactoryError(error) ? error.code : 'INTERNAL' } },
	);

/** The same levels for everybody: such a judge has not read. */
export const saysNothing = (verdicts: readonly ConversationVerdict[]): boolean =>
	verdicts.length >= UNIFORM_FROM &&
	new Set(verdicts.map(({ levels }) => CRITERIA.map((criterion) => levels[criterion]).join('|'))).size === 1;
