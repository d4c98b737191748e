import { FactoryError } from '../errors';
import type { Database } from '../database';
import type { LlmPort, LlmUsage } from '../llm';
import { aggregate, type Aggregate } from './aggregate';
import { calibrate, type Calibration } from './calibrate';
import type { CycleRow, Evaluator } from './cycle-log';
import { conversationOf, type Conversation } from './conversation';
import { decide, type Decision } from './decide';
import { FRAME, UNUSABLE_SHARE } from './defaults';
import { findingsSchema, stemFindings, type ReflectionFindings } from './findings';
import { briefOf } from './frame';
import { goldenVerdicts } from './golden';
import type { ConversationVerdict, Judge } from './judge';
import { judgeSample, saysNothing } from './judge-many';
import { personaMetrics, personaScore, type PersonaMetrics, type PersonaScore } from './metrics';
import type { Plan } from './plan';
import { CRITERIA, RUBRIC_VERSION } from './rubric';
import { readTurns, writtenBy } from './store';
import { tenantVerdicts } from './verdict-store';

/** What a cycle needs of the outside. */
export interface ReflectionPorts {
	llm(model: Evaluator): Promise<LlmPort>;
	/** Who judges in place of the model in the settings: verdicts are kept and measured by this name. */
	evaluator?: Evaluator;
	/** A word that nobody can guess, new for each call. */
	fence(): string;
	now(): Date;
}

export interface JudgedCycle {
	row: CycleRow;
	decision: Decision;
	findings: Omit<ReflectionFindings, 'reflectionId'>;
	spent: { calls: number; inputTokens: number; outputTokens: number; costUsd: number };
}

/** A conversation needs somebody who asks and an agent that answers. */
const isJudgeable = ({ turns }: Conversation): boolean =>
	turns.some(({ who }) => who === 'customer') && turns.some(({ who }) => who === 'agent');

export const judgeFor = (database: Database, tenantId: string, plan: Plan, ports: ReflectionPorts): Judge => ({
	port: async () => await ports.llm(plan.config.evaluator),
	model: plan.config.evaluator.model,
	effort: 'default',
	brief: briefOf(plan.version.brief),
	candidateSha: plan.version.sha,
	store: tenantVerdicts(database, tenantId),
	fence: () => ports.fence(),
});

/** Reads, judges and counts: everything of a cycle but its place in the log. */
export async function judgeCycle(
	database: Database,
	tenantId: string,
	plan: Plan,
	ports: ReflectionPorts,
	options: { ceilingUsd: number; previousModel: string | null; onUsage: (usage: LlmUsage) => void },
): Promise<JudgedCycle> {
	const judge = { ...judgeFor(database, tenantId, plan, ports), onUsage: options.onUsage };
	const ids = plan.sample.drawn.map(({ id }) => id);
	const turns = await readTurns(database, tenantId, ids, { before: plan.window.end, most: FRAME.turns });
	const read = plan.sample.drawn.map(({ id, leadKey }) => conversationOf(id, leadKey, turns.get(id)!));
	const clean = read.filter(({ tainted }) => !tainted).filter(isJudgeable);
	const golden = await goldenVerdicts(database, tenantId, judge, plan.window.end, options.ceilingUsd);
	const { verdicts, unusable, spent } = await judgeSample(judge, clean, {
		ceilingUsd: options.ceilingUsd - golden.spent.costUsd,
	});
	if (unusable > clean.length * UNUSABLE_SHARE)
		throw new FactoryError(
			'REFLECTION_JUDGE_UNUSABLE',
			`The judge's answers to ${unusable} of ${clean.length} conversations fit no schema. Choose a model that follows schemas in self_improving_settings.`,
		);
	const modelChanged = options.previousModel !== null && options.previousModel !== judge.model;
	const overalls = verdicts.flatMap(({ overall }) => overall ?? []);
	const calibration = calibrate(golden.verdicts, { overalls, modelChanged });
	const result = settle(plan, verdicts, calibration);
	const counts = {
		judged: verdicts.length,
		unusable,
		tainted: plan.flagged + read.filter(({ tainted }) => tainted).length,
	};
	return {
		...result,
		row: { ...result.row, metrics: { ...(result.row.metrics as object), ...counts, calibration } },
		spent: {
			calls: spent.calls + golden.spent.calls,
			inputTokens: spent.inputTokens + golden.spent.inputTokens,
			outputTokens: spent.outputTokens + golden.spent.outputTokens,
			costUsd: spent.costUsd + golden.spent.costUsd,
		},
	};
}

interface Settled {
	row: CycleRow;
	decision: Decision;
	findings: JudgedCycle['findings'];
}

/** From verdicts and outcomes to a score, a decision, and what a proposer may see. */
function settle(plan: Plan, verdicts: readonly ConversationVerdict[], calibration: Calibration): Settled {
	const judged = aggregate(verdicts, plan.sample.drawn, plan.seed);
	const isPersona = plan.target.target === 'persona';
	const metrics = isPersona ? personaMetrics(plan.matured, plan.seed) : null;
	const composite = metrics ? personaScore(metrics, judged.conversations > 0 ? judged.overall : null) : null;
	const bound = composite ?? judged.overall;
	const { none, suggestion, auto_update: autoUpdate } = plan.config.thresholds;
	const decision = decide(
		bound,
		{ none: Number(none), suggestion: Number(suggestion), autoUpdate: Number(autoUpdate) },
		{
			untrusted: !calibration.trusted,
			// A persona is measured by outcomes: a judge that has not read weighs a fifth there.
			uniform: !isPersona && saysNothing(verdicts),
			tooFew:
				!isPersona &&
				judged.conversations < Math.min(plan.config.min_conversations_for_reflection, plan.config.sample_size) / 2,
		},
	);
	const findings = findingsOf(plan, judged, metrics, composite, decision);
	return { decision, findings, row: rowOf(plan, judged, metrics, composite, decision, findings) };
}

function findingsOf(
	plan: Plan,
	judged: Aggregate,
	metrics: PersonaMetrics | null,
	composite: PersonaScore | null,
	{ action, reason }: Decision,
): JudgedCycle['findings'] {
	const overall = composite ?? judged.overall;
	return findingsSchema.omit({ reflectionId: true }).parse({
		target: plan.target.target,
		rubricVersion: RUBRIC_VERSION,
		versionId: plan.version.versionId,
		action,
		reason,
		conversations: judged.conversations,
		people: judged.people,
		overall: overall && { score: overall.score, low: overall.low, high: overall.high },
		criteria: CRITERIA.flatMap((criterion) => {
			const score = judged.criteria[criterion];
			return score ? [{ criterion, ...score }] : [];
		}),
		failures: judged.failures,
		metrics,
		stems: stemFindings(writtenBy(plan.matured)),
	});
}

/** Scores of the checks that most often failed, and never: codes, for people and for the GIN index. */
const LISTED = 5;

function rowOf(
	plan: Plan,
	judged: Aggregate,
	metrics: PersonaMetrics | null,
	composite: PersonaScore | null,
	{ action, reason }: Decision,
	findings: JudgedCycle['findings'],
): CycleRow {
	const bound = composite ?? judged.overall;
	const score = (criterion: (typeof CRITERIA)[number]): number | null => judged.criteria[criterion]?.score ?? null;
	return {
		overall_score: bound?.score ?? null,
		score_low: bound?.low ?? null,
		score_high: bound?.high ?? null,
		score_breakdown: judged.criteria,
		metrics: {
			rubricVersion: RUBRIC_VERSION,
			horizonDays: plan.horizonDays,
			population: plan.population,
			strata: plan.sample.population,
			findings,
		},
		strengths: CRITERIA.filter((criterion) => (judged.criteria[criterion]?.low ?? 0) >= plan.config.thresholds.none),
		weaknesses: judged.failures.slice(0, LISTED).map(({ code }) => code),
		patterns_identified: [],
		action_taken: action,
		action_reason: reason,
		votes: judged.votes,
		vote_spread: judged.spread,
		input_tokens: judged.inputTokens,
		output_tokens: judged.outputTokens,
		cost_usd: judged.costUsd,
		...(metrics
			? {
					total_leads_classified: metrics.leads,
					hot_leads_count: metrics.hot,
					false_positives: metrics.falsePositives,
					false_negatives: metrics.falseNegatives,
					score_precision: composite!.precision,
					score_conversion_rate: composite!.conversion,
					score_response_quality: composite!.response,
				}
			: {
					conversations_analyzed: judged.conversations,
					messages_analyzed: judged.turns,
					score_completeness: score('completeness'),
					score_depth: score('depth'),
					score_tone: score('tone'),
					score_scope: score('scope'),
					score_missed_opportunities: score('missed_opportunities'),
				}),
	};
}
