import { estimateTokens, renderPrompt } from '../agents';
import type { Database } from '../database';
import { FactoryError } from '../errors';
import { HORIZON_DAYS, readLeadSettings, type LeadSettings } from '../leads';
import { inTenant, type TenantConnection } from '../tenancy';
import { applyOperations, applyToPersona, applyToPrompt, isPersonaOperation, isPromptOperation } from './apply';
import { BREAK_EVEN_PRECISION } from './defaults';
import { diffLines, jsonPatch, type PatchStep } from './diff';
import { offlineGate } from './gate';
import { lintSuggestion, type LintResult } from './lint';
import { readOperations, type SuggestionOperation, type Target } from './operations';
import { affectedBy, measureOf, replay, type Affected, type Measure } from './replay';
import { STATEMENTS } from './statements';
import { requireState } from './decide';
import { currentBase, decideOn, moveSuggestion, type Actor } from './store';
import type { Answer, StoredGate, StoredSuggestion, SuggestionState } from './suggestions';
import { readBase, type Base } from './versions';

type PersonaBase = Extract<Base, { target: 'persona' }>;

/** Both versions of a persona with all they decide by. */
async function bothOf(
	db: TenantConnection,
	base: PersonaBase,
	operations: readonly SuggestionOperation[],
	settings: LeadSettings,
): Promise<[Measure, Measure]> {
	const after = applyToPersona(base.state, operations.filter(isPersonaOperation));
	return [await measureOf(db, base.state, settings), await measureOf(db, after, settings)];
}

/** What cannot be replayed waits for a person as what passed does. */
const stateAfter = ({ target }: Base, { verdict }: StoredGate): SuggestionState =>
	verdict === 'reject' ? 'rejected' : verdict === 'pass' || target === 'prompt' ? 'awaiting_approval' : 'needs_data';

async function gateOf(
	db: TenantConnection,
	suggestion: StoredSuggestion,
	base: Base,
	settings: LeadSettings,
	options: { horizonDays: number; breakEvenPrecision: number },
): Promise<StoredGate> {
	// What a prompt would have answered nobody knows: people decide, and the canary measures.
	if (base.target === 'prompt') return { verdict: 'needs_data', reasons: ['prompt_needs_people'] };
	const [incumbent, candidate] = await bothOf(db, base, suggestion.operations, settings);
	const pairs = await replay(db, incumbent, candidate, options);
	const asked = await db.one<{ n: number }>(STATEMENTS[base.target].queries, [db.tenantId, suggestion.agentId]);
	return offlineGate({
		pairs,
		breakEvenPrecision: options.breakEvenPrecision,
		queryThisYear: asked!.n + 1,
	});
}

/** Measures a linted suggestion on leads that it was not made from. Only a pass goes on by itself. */
export async function gateSuggestion(
	database: Database,
	tenantId: string,
	ref: { target: Target; id: string },
	actor: Actor,
	options: { horizonDays?: number; breakEvenPrecision?: number } = {},
): Promise<Answer> {
	const settings = await readLeadSettings(database, tenantId);
	const { horizonDays = HORIZON_DAYS, breakEvenPrecision = BREAK_EVEN_PRECISION } = options;
	return await decideOn(database, tenantId, ref, actor, async (db, suggestion): Promise<Answer> => {
		requireState(suggestion, ['linted', 'gated', 'needs_data'], 'gated');
		const { base, closed } = await currentBase(db, suggestion);
		if (closed) return { result: 'superseded', suggestion: closed };
		const gate = await gateOf(db, suggestion, base, settings, { horizonDays, breakEvenPrecision });
		return {
			result: 'done',
			suggestion: await moveSuggestion(db, suggestion, { state: stateAfter(base, gate), gate }),
		};
	});
}

/** What a change would do, to the letter, and to whom. Nothing is written. */
export interface DryRun {
	target: Target;
	baseVersionId: string;
	lint: LintResult;
	patch: PatchStep[];
	diff: string[];
	/** People of the last days whose class would change; null for a prompt, and where the lint refuses. */
	affected: Affected | null;
	/** Tokens that every reply's prompt would have more; null for a persona. */
	promptTokens: number | null;
}

async function dryRunOn(
	db: TenantConnection,
	base: Base,
	operations: unknown,
	settings: LeadSettings,
): Promise<DryRun> {
	const { target, versionId: baseVersionId } = base;
	const lint = lintSuggestion({ target, baseVersionId, operations }, base);
	const read = readOperations(target, operations);
	const nothing = { patch: [], diff: [], affected: null, promptTokens: null };
	if (!read.operations) return { target, baseVersionId, lint, ...nothing };
	const after = applyOperations(base, read.operations);
	const changes = { patch: jsonPatch(base.state, after.state), diff: diffLines(base, after) };
	if (base.target === 'prompt') {
		const taught = applyToPrompt(base.state, read.operations.filter(isPromptOperation));
		const tokens = ({ learnedRules }: typeof taught): number =>
			estimateTokens(renderPrompt(base.bundle, { learnedRules: learnedRules.map(({ text }) => text) }));
		return {
			target,
			baseVersionId,
			lint,
			...changes,
			affected: null,
			promptTokens: tokens(taught) - tokens(base.state),
		};
	}
	const both = lint.ok ? await bothOf(db, base, read.operations, settings) : null;
	const affected = both && (await affectedBy(db, ...both));
	return { target, baseVersionId, lint, ...changes, affected, promptTokens: null };
}

/** Tries operations on the version in service. */
export async function dryRun(
	database: Database,
	tenantId: string,
	given: { target: Target; agentId: string | null; operations: unknown },
): Promise<DryRun> {
	const settings = await readLeadSettings(database, tenantId);
	return await inTenant(database, tenantId, async (db) => {
		const base = await readBase(db, given.target, null, given.agentId);
		if (!base)
			throw new FactoryError('NOT_FOUND', `There is no active ${given.target} to try on. Activate a version first.`, {
				item: given.target,
			});
		return await dryRunOn(db, base, given.operations, settings);
	});
}

/** Tries a stored suggestion on the version it was made for: what its card shows. */
export async function dryRunSuggestion(
	database: Database,
	tenantId: string,
	suggestion: StoredSuggestion,
): Promise<DryRun | null> {
	if (suggestion.type === 'escalation') return null;
	const settings = await readLeadSettings(database, tenantId);
	return await inTenant(database, tenantId, async (db) => {
		const base = await readBase(db, suggestion.target, suggestion.baseVersionId);
		return base && (await dryRunOn(db, base, suggestion.operations, settings));
	});
}
