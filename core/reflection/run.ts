import type { Database } from '../database';
import { FactoryError, isFactoryError } from '../errors';
import { readLeadSettings } from '../leads';
import type { LlmUsage } from '../llm';
import {
	beginCycle,
	canRunReflection,
	failCycle,
	finishCycle,
	previousModel,
	readCycle,
	recordJudging,
	type CycleRow,
	type MayRun,
} from './cycle-log';
import { judgeCycle, type JudgedCycle, type ReflectionPorts } from './cycle';
import { findingsSchema, type ReflectionFindings } from './findings';
import { checkWindow, planCycle, type Plan } from './plan';
import type { Target, Window } from './store';

export type ReflectionResult =
	| { ran: false; reasons: string[]; may: MayRun }
	| {
			ran: true;
			reflectionId: string;
			status: 'completed' | 'failed';
			/** Why it failed. */
			error: string | null;
			row: CycleRow | null;
			findings: ReflectionFindings | null;
			/** A change may not go live by itself now, whatever the score says. */
			autoUpdateBlocked: boolean;
			spent: JudgedCycle['spent'];
	  };

const NOTHING_SPENT = { calls: 0, inputTokens: 0, outputTokens: 0, costUsd: 0 };

/** One cycle of a target and a window: may it run, judge, count, decide, write it down. A judge that is away ends it as failed. */
export async function runReflection(
	database: Database,
	tenantId: string,
	target: Target,
	window: Window,
	ports: ReflectionPorts,
): Promise<ReflectionResult> {
	const startedAt = ports.now();
	checkWindow(window, startedAt);
	const may = await canRunReflection(database, tenantId, target);
	if (!may.can_run) return { ran: false, reasons: may.reasons, may };
	const { hot } = await readLeadSettings(database, tenantId);
	const plan = await planCycle(database, tenantId, target, window, hot);
	if ('refused' in plan) {
		const { refused, have, needed } = plan;
		return {
			ran: false,
			reasons: [refused],
			may: { ...may, can_run: false, reason: refused, reasons: [refused], have, needed },
		};
	}
	const evaluator = ports.evaluator ?? plan.config.evaluator;
	const asked: Plan = { ...plan, config: { ...plan.config, evaluator } };
	const begun = await beginCycle(database, tenantId, { ...plan, model: evaluator.model });
	if ('refused' in begun) return { ran: false, reasons: begun.refused.reasons, may: begun.refused };
	const cycle = { id: begun.id, target: target.target };
	const milliseconds = (): number => ports.now().getTime() - startedAt.getTime();
	const usage: LlmUsage[] = [];
	const common = { ran: true as const, reflectionId: begun.id, autoUpdateBlocked: may.auto_update_blocked };
	try {
		const judged = await judgeCycle(database, tenantId, asked, ports, {
			ceilingUsd: Number(plan.config.spend_ceiling_usd) - Number(may.spent_usd ?? 0),
			previousModel: await previousModel(database, tenantId, target.target, plan.version.agentId, startedAt),
			onUsage: (one) => usage.push(one),
		});
		const { versionId } = plan.version;
		const written = await finishCycle(database, tenantId, {
			...cycle,
			versionId,
			row: judged.row,
			milliseconds: milliseconds(),
		});
		if (!written)
			return { ...common, status: 'failed', error: 'LEASE_LOST', row: null, findings: null, spent: judged.spent };
		const findings = { ...judged.findings, reflectionId: begun.id };
		return { ...common, status: 'completed', error: null, row: judged.row, findings, spent: judged.spent };
	} catch (error) {
		const reason = reasonOf(error);
		await failCycle(database, tenantId, { ...cycle, reason, milliseconds: milliseconds() });
		if (!isFactoryError(error) || !error.code.startsWith('REFLECTION_')) throw error;
		return { ...common, status: 'failed', error: reason, row: null, findings: null, spent: spentOf(usage) };
	} finally {
		await recordJudging(database, tenantId, plan.version.agentVersionId, usage);
	}
}

const reasonOf = (error: unknown): string => {
	if (!isFactoryError(error)) return 'INTERNAL';
	const inner = (error.details as { code?: string } | undefined)?.code;
	return inner ? `${error.code}: ${inner}` : error.code;
};

const spentOf = (usage: readonly LlmUsage[]): JudgedCycle['spent'] =>
	usage.reduce(
		(total, { attempts, inputTokens, outputTokens, costUsd }) => ({
			calls: total.calls + attempts,
			inputTokens: total.inputTokens + (inputTokens ?? 0),
			outputTokens: total.outputTokens + (outputTokens ?? 0),
			costUsd: total.costUsd + (costUsd ?? 0),
		}),
		NOTHING_SPENT,
	);

/** A finished cycle judged again, from the store: the row as it comes out now, and the columns that differ. Writes no log. */
export async function replayReflection(
	database: Database,
	tenantId: string,
	which: { target: 'persona' | 'prompt'; reflectionId: string },
	ports: ReflectionPorts,
): Promise<{ identical: boolean; differs: string[]; row: CycleRow; spent: JudgedCycle['spent'] }> {
	const stored = await readCycle(database, tenantId, which.target, which.reflectionId);
	if (stored?.status !== 'completed') throw unknownCycle(which.reflectionId);
	const target: Target =
		which.target === 'prompt' ? { target: 'prompt', agentVersionId: stored.agentVersionId! } : { target: 'persona' };
	const window = { start: stored.periodStart, end: stored.periodEnd };
	const { hot } = await readLeadSettings(database, tenantId);
	const plan = await planCycle(database, tenantId, target, window, hot);
	if ('refused' in plan) throw unknownCycle(which.reflectionId);
	const asJudged: Plan = {
		...plan,
		config: { ...plan.config, evaluator: { ...plan.config.evaluator, model: stored.model } },
	};
	const usage: LlmUsage[] = [];
	const { row, spent } = await judgeCycle(database, tenantId, asJudged, ports, {
		ceilingUsd: Number(plan.config.spend_ceiling_usd),
		previousModel: await previousModel(database, tenantId, which.target, plan.version.agentId, stored.createdAt),
		onUsage: (one) => usage.push(one),
	});
	await recordJudging(database, tenantId, plan.version.agentVersionId, usage);
	const differs = [
		...(plan.cycleKey === stored.cycleKey ? [] : ['cycle_key']),
		...Object.keys(row).filter((column) => !isSame(row[column], stored.row[column])),
	];
	return { identical: differs.length === 0, differs, row, spent };
}

/** As jsonb gives it back: keys in another order, numbers without trailing noughts. */
const isSame = (a: unknown, b: unknown): boolean => {
	if (typeof a !== 'object' || a === null || typeof b !== 'object' || b === null) return (a ?? null) === (b ?? null);
	const [left, right] = [a as Record<string, unknown>, b as Record<string, unknown>];
	return [...new Set([...Object.keys(left), ...Object.keys(right)])].every((key) => isSame(left[key], right[key]));
};

const unknownCycle = (id: string): FactoryError =>
	new FactoryError(
		'REFLECTION_UNKNOWN',
		`The tenant has no completed reflection ${id} of a version in service. Pick one from its log.`,
		{
			item: id,
		},
	);

/** What a cycle found, as a proposer may see it. */
export async function readFindings(
	database: Database,
	tenantId: string,
	target: 'persona' | 'prompt',
	reflectionId: string,
): Promise<ReflectionFindings> {
	const stored = await readCycle(database, tenantId, target, reflectionId);
	const parsed = findingsSchema.safeParse({
		...(stored?.row.metrics as { findings?: object } | undefined)?.findings,
		reflectionId,
	});
	if (!parsed.success) throw unknownCycle(reflectionId);
	return parsed.data;
}
