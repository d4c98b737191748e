import { canonicalSha256 } from '../agents';
import type { Database } from '../database';
import { FactoryError } from '../errors';
import type { LlmUsage } from '../llm';
import { calibrate, type Calibration } from './calibrate';
import { compareAll, comparePair, type Comparison, type PairVerdict } from './compare';
import { conversationOf, type Conversation } from './conversation';
import { previousModel, readConfig, recordJudging } from './cycle-log';
import type { ReflectionPorts } from './cycle';
import { FRAME } from './defaults';
import { briefOf } from './frame';
import { goldenVerdicts } from './golden';
import { judgeConversation, type ConversationVerdict, type Judge } from './judge';
import { readTarget, readTurns, type Target } from './store';
import { sellerText } from './taint';
import { tenantVerdicts } from './verdict-store';

interface Bench {
	judge: Judge;
	agentId: string | null;
	agentVersionId: string | null;
	usage: LlmUsage[];
}

/** The judge of a target as its settings name it, with its bill. */
async function benchFor(database: Database, tenantId: string, target: Target, ports: ReflectionPorts): Promise<Bench> {
	const version = await readTarget(database, tenantId, target);
	if (!version)
		throw new FactoryError(
			'REFLECTION_TARGET_MISSING',
			'There is no version in service to judge. Activate a persona or an agent version.',
		);
	const evaluator = ports.evaluator ?? (await readConfig(database, tenantId, target)).evaluator;
	const usage: LlmUsage[] = [];
	return {
		agentId: version.agentId,
		agentVersionId: version.agentVersionId,
		usage,
		judge: {
			port: async () => await ports.llm(evaluator),
			model: evaluator.model,
			effort: 'default',
			brief: briefOf(version.brief),
			candidateSha: version.sha,
			store: tenantVerdicts(database, tenantId),
			fence: () => ports.fence(),
			onUsage: (one) => usage.push(one),
		},
	};
}

async function withBill<T>(database: Database, tenantId: string, bench: Bench, work: () => Promise<T>): Promise<T> {
	try {
		return await work();
	} finally {
		await recordJudging(database, tenantId, bench.agentVersionId, bench.usage);
	}
}

async function readOne(database: Database, tenantId: string, id: string, before: Date): Promise<Conversation> {
	const turns = (await readTurns(database, tenantId, [id], { before, most: FRAME.turns })).get(id)!;
	const conversation = conversationOf(id, id, turns);
	if (!turns.some(({ who }) => who === 'customer') || !turns.some(({ who }) => who === 'agent'))
		throw new FactoryError(
			'REFLECTION_NOTHING_TO_JUDGE',
			`Conversation ${id} has no exchange of a customer and the agent to judge.`,
			{
				item: id,
			},
		);
	return conversation;
}

export interface JudgedOne {
	conversationId: string;
	/** It speaks to the judge: it was not judged. */
	tainted: boolean;
	/** Null: tainted, or the judge's answer cannot be used. */
	verdict: ConversationVerdict | null;
}

/** One conversation by the rubric; writes its verdict to the store and nothing to the log. */
export async function judgeOne(
	database: Database,
	tenantId: string,
	{ target, conversationId }: { target: Target; conversationId: string },
	ports: ReflectionPorts,
): Promise<JudgedOne> {
	const bench = await benchFor(database, tenantId, target, ports);
	const conversation = await readOne(database, tenantId, conversationId, ports.now());
	if (conversation.tainted) return { conversationId, tainted: true, verdict: null };
	return await withBill(database, tenantId, bench, async () => {
		const { verdict } = await judgeConversation(bench.judge, conversation);
		return { conversationId, tainted: false, verdict };
	});
}

/** Two replies to the same conversation. */
export interface ReplyPair {
	conversationId: string;
	incumbent: string;
	candidate: string;
}

/** Pairs that one call compares. */
const MOST_PAIRS = 100;

/** Candidate against incumbent on the same conversations, in both orders. Who speaks to the judge is left out. */
export async function compareReplies(
	database: Database,
	tenantId: string,
	{ target, pairs }: { target: Target; pairs: readonly ReplyPair[] },
	ports: ReflectionPorts,
): Promise<Comparison & { tainted: number; unusable: number; verdicts: PairVerdict[] }> {
	if (pairs.length > MOST_PAIRS)
		throw new FactoryError(
			'REFLECTION_TOO_MANY',
			`One call compares up to ${MOST_PAIRS} pairs, these are ${pairs.length}.`,
		);
	const bench = await benchFor(database, tenantId, target, ports);
	return await withBill(database, tenantId, bench, async () => {
		const verdicts: PairVerdict[] = [];
		let tainted = 0;
		for (const { conversationId, incumbent, candidate } of pairs) {
			const conversation = await readOne(database, tenantId, conversationId, ports.now());
			const candidateSha = canonicalSha256({ of: bench.judge.candidateSha, incumbent, candidate });
			const pair = { conversation, incumbent: sellerText(incumbent), candidate: sellerText(candidate) };
			if (conversation.tainted) tainted += 1;
			else {
				const { verdict } = await comparePair({ ...bench.judge, candidateSha }, pair);
				if (verdict) verdicts.push(verdict);
			}
		}
		return { ...compareAll(verdicts), tainted, unusable: pairs.length - tainted - verdicts.length, verdicts };
	});
}

/** The judge against the conversations that people have scored. */
export async function calibrateJudge(
	database: Database,
	tenantId: string,
	{ target }: { target: Target },
	ports: ReflectionPorts,
): Promise<Calibration> {
	const bench = await benchFor(database, tenantId, target, ports);
	const now = ports.now();
	const before = await previousModel(database, tenantId, target.target, bench.agentId, now);
	return await withBill(database, tenantId, bench, async () => {
		const { verdicts } = await goldenVerdicts(database, tenantId, bench.judge, now, Number.POSITIVE_INFINITY);
		return calibrate(verdicts, { modelChanged: before !== null && before !== bench.judge.model });
	});
}
