import { isFactoryError, type FactoryError } from '../errors';
import type { LlmPort, LlmUsage } from '../llm';
import { JUDGED_CODES, type CheckCode } from './checks';
import type { Conversation } from './conversation';
import { VOTES, VOTE_DOUBT } from './defaults';
import { countedAnswers, factsOf, type ConversationFacts } from './facts';
import { conversationSha, judgeRequest } from './frame';
import { ANSWERS, CRITERIA, levelsOf, overallOf, type Answers, type CheckAnswer, type Levels } from './rubric';
import { median, rounded } from './statistics';
import type { TenantText } from './taint';
import { verdictKey, type StoredVerdict, type VerdictStore } from './verdict-store';

/** Who judges, by what, and where answers are kept. */
export interface Judge {
	port: () => Promise<LlmPort>;
	model: string;
	/** How hard the model thinks; part of what a verdict depends on. */
	effort: string;
	brief: TenantText;
	/** Of the version that is judged. */
	candidateSha: string;
	store: VerdictStore;
	fence: () => string;
	/** Every call that was paid for, as it happens, failed ones too. */
	onUsage?: (usage: LlmUsage) => void;
	signal?: AbortSignal;
}

/** Enums, numbers and turn numbers: all that crosses from what people wrote. */
export interface ConversationVerdict {
	conversationId: string;
	leadKey: string;
	levels: Levels;
	/** 1 to 5; null where no check applied. */
	overall: number | null;
	votes: number;
	/** Of each vote. */
	voteLevels: Levels[];
	/** The largest distance of two votes on one criterion. */
	spread: number;
	failed: Array<{ code: CheckCode; turns: number[] }>;
	/** Checks that applied: what a failure is a share of. */
	applied: CheckCode[];
	facts: ConversationFacts;
	/** Of all its votes, whether they were asked now or before. */
	inputTokens: number;
	outputTokens: number;
	costUsd: number;
}

export interface JudgedConversation {
	/** Null: what the judge answered cannot be used. */
	verdict: ConversationVerdict | null;
	conversationId: string;
	/** Calls of now; empty where everything was read from the store. */
	usage: LlmUsage[];
}

/** Turns that one check cites at most. */
const TURNS_CITED = 8;
/** What a model did to earn no verdict, as opposed to being away. */
const UNUSABLE = ['LLM_INVALID_OUTPUT', 'LLM_REFUSED'];

export const keysOf = (judge: Judge, conversation: Conversation): string[] =>
	Array.from({ length: VOTES.most }, (_, index) =>
		verdictKey({
			model: judge.model,
			effort: judge.effort,
			candidateSha: judge.candidateSha,
			conversationSha: conversationSha(conversation),
			vote: index + 1,
		}),
	);

/** A yes needs a turn that exists: praise without evidence passes nothing. */
export function provenAnswers(given: Answers, turns: number): Answers {
	return Object.fromEntries(
		JUDGED_CODES.map((code): [CheckCode, CheckAnswer] => {
			const { answer, turns: cited } = given[code]!;
			const real = [...new Set(cited)].filter((turn) => turn >= 1 && turn <= turns).sort((a, b) => a - b);
			return [
				code,
				{ answer: answer === 'yes' && real.length === 0 ? 'no' : answer, turns: real.slice(0, TURNS_CITED) },
			];
		}),
	);
}

/** Judges one conversation; throws only where the judge is away. `known` is what the store has of it, and grows. */
export async function judgeConversation(
	judge: Judge,
	conversation: Conversation,
	known?: Map<string, StoredVerdict>,
): Promise<JudgedConversation> {
	const keys = keysOf(judge, conversation);
	const stored = known ?? (await judge.store.read(keys));
	const facts = factsOf(conversation);
	const counted = countedAnswers(conversation, facts);
	const usage: LlmUsage[] = [];
	const given: StoredVerdict[] = [];
	const levels = (): Levels[] => readable(given).map((answers) => levelsOf({ ...answers, ...counted }));
	const vote = async (): Promise<void> => {
		const key = keys[given.length];
		const before = stored.get(key);
		if (before) return void given.push(before);
		const { verdict, spent } = await ask(judge, conversation, key);
		await judge.store.write(verdict);
		stored.set(key, verdict);
		if (spent) usage.push(spent);
		given.push(verdict);
	};
	await vote();
	if (levels().length === 0) return { verdict: null, conversationId: conversation.id, usage };
	if (levels().some(nearEdge)) for (let more = 0; more < VOTES.more; more++) await vote();
	if (spreadOf(levels()) >= VOTE_DOUBT.conflict && given.length < VOTES.most)
		for (let more = 0; more < VOTES.more; more++) await vote();
	return { verdict: settled(conversation, facts, counted, given), conversationId: conversation.id, usage };
}

async function ask(
	judge: Judge,
	conversation: Conversation,
	key: string,
): Promise<{ verdict: StoredVerdict; spent: LlmUsage | null }> {
	const kept = (
		result: Record<string, unknown>,
		spent: LlmUsage | null,
	): { verdict: StoredVerdict; spent: LlmUsage | null } => ({
		verdict: {
			key,
			conversationId: conversation.id,
			result,
			model: judge.model,
			inputTokens: spent?.inputTokens ?? 0,
			outputTokens: spent?.outputTokens ?? 0,
			// As the table keeps it, so that a cycle read back costs what it cost.
			costUsd: rounded(spent?.costUsd ?? 0, 6),
		},
		spent,
	});
	try {
		const request = judgeRequest({ ...judge, conversation, fence: judge.fence() });
		const { output, usage } = await (await judge.port()).generate(request);
		judge.onUsage?.(usage);
		return kept({ answers: provenAnswers(output, conversation.turns.length) }, usage);
	} catch (error) {
		const spent = isFactoryError(error) ? spentBy(error) : null;
		if (spent) judge.onUsage?.(spent);
		if (!isFactoryError(error) || !UNUSABLE.includes(error.code)) throw error;
		return kept({ unusable: error.code }, spent);
	}
}

const spentBy = (error: FactoryError): LlmUsage | null =>
	(error.details as { usage?: LlmUsage } | undefined)?.usage ?? null;

/** Answers out of the store; a row that somebody wrote by hand counts for nothing. */
const readable = (given: readonly StoredVerdict[]): Answers[] =>
	given.flatMap(({ result }) => {
		const answers = result.answers as Answers | undefined;
		const whole = answers && JUDGED_CODES.every((code) => ANSWERS.includes(answers[code]?.answer as never));
		return whole ? [answers] : [];
	});

const nearEdge = (levels: Levels): boolean =>
	CRITERIA.some((criterion) =>
		VOTE_DOUBT.edges.some((edge) => levels[criterion] !== null && Math.abs(levels[criterion] - edge) < VOTE_DOUBT.near),
	);

/** What the votes gave one criterion, without those to which it did not apply. */
const votesOn = (votes: readonly Levels[], criterion: (typeof CRITERIA)[number]): number[] =>
	votes.flatMap((levels) => levels[criterion] ?? []);

const spreadOf = (votes: readonly Levels[]): number =>
	Math.max(
		0,
		...CRITERIA.map((criterion) => {
			const given = votesOn(votes, criterion);
			return given.length < 2 ? 0 : Math.max(...given) - Math.min(...given);
		}),
	);

function settled(
	conversation: Conversation,
	facts: ConversationFacts,
	counted: Answers,
	given: readonly StoredVerdict[],
): ConversationVerdict {
	const votes = readable(given).map((answers): Answers => ({ ...answers, ...counted }));
	const each = votes.map(levelsOf);
	const levels = Object.fromEntries(
		CRITERIA.map((criterion) => {
			const values = votesOn(each, criterion);
			// Of few votes the half or more must say that it applied.
			return [criterion, values.length * 2 < votes.length || values.length === 0 ? null : median(values)];
		}),
	) as Levels;
	const codes = Object.keys({ ...votes[0], ...counted }) as CheckCode[];
	const most = (code: CheckCode, holds: (answer: CheckAnswer) => boolean): boolean =>
		votes.filter((answers) => holds(answers[code]!)).length * 2 > votes.length;
	return {
		conversationId: conversation.id,
		leadKey: conversation.leadKey,
		levels,
		overall: overallOf(levels),
		votes: votes.length,
		voteLevels: each,
		spread: spreadOf(each),
		failed: codes
			.filter((code) => most(code, ({ answer }) => answer === 'no'))
			.map((code) => ({
				code,
				turns: [...new Set(votes.flatMap((answers) => answers[code]!.turns))].sort((a, b) => a - b),
			})),
		applied: codes.filter((code) => most(code, ({ answer }) => answer !== 'na')),
		facts,
		inputTokens: given.reduce((total, one) => total + one.inputTokens, 0),
		outputTokens: given.reduce((total, one) => total + one.outputTokens, 0),
		costUsd: given.reduce((total, one) => total + one.costUsd, 0),
	};
}
