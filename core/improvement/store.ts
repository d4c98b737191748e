import type { Database } from '../database';
import { FactoryError } from '../errors';
import { inTenant, type TenantConnection } from '../tenancy';
import { applyOperations } from './apply';
import { EXPIRE_BATCH, LIST_LIMIT, NOTE_CHARACTERS, REJECTED_DAYS } from './defaults';
import { diffLines } from './diff';
import type { RejectReason } from './findings';
import type { LintResult } from './lint';
import type { Rejection } from './offers';
import { parseOperations, type SuggestionOperation, type Target } from './operations';
import { suggestionSha256, suggestionType, type Candidate } from './propose';
import { STATEMENTS } from './statements';
import { OPEN_STATES, type StoredGate, type StoredSuggestion, type SuggestionState } from './suggestions';
import { EXPECTED, RISK, type CardLanguage } from './texts';
import { readBase, type Base } from './versions';

type Row = StoredSuggestion & Record<string, unknown>;

/** Who does something: a person, or the loop by itself. */
export interface Actor {
	name: string;
	isPerson: boolean;
}

const unknown = (id: string): FactoryError =>
	new FactoryError('NOT_FOUND', `The tenant has no suggestion ${id}. List the suggestions to see which there are.`, {
		item: id,
	});

export async function lockSuggestion(db: TenantConnection, target: Target, id: string): Promise<StoredSuggestion> {
	const row = await db.one<Row>(STATEMENTS[target].lock, [db.tenantId, id]);
	if (!row) throw unknown(id);
	return row;
}

export interface Move {
	state: SuggestionState;
	lint?: LintResult;
	gate?: StoredGate;
	reviewer?: string;
	reason?: RejectReason;
	notes?: string;
	applied?: string;
	byLoop?: boolean;
}

/** The seeds know five statuses; every state has one. */
function statusOf({ state, byLoop }: Move): StoredSuggestion['status'] {
	if (state === 'rolled_back') return 'rolled_back';
	if (state === 'rejected' || state === 'superseded' || state === 'expired') return 'rejected';
	if (OPEN_STATES.includes(state)) return 'pending';
	return byLoop ? 'auto_applied' : 'approved';
}

/** One step of a suggestion, with its line in the log. */
export async function moveSuggestion(
	db: TenantConnection,
	{ id, target }: StoredSuggestion,
	move: Move,
): Promise<StoredSuggestion> {
	const row = await db.one<Row>(STATEMENTS[target].move, [
		db.tenantId,
		id,
		move.state,
		statusOf(move),
		move.lint ? JSON.stringify(move.lint) : null,
		move.gate ? JSON.stringify(move.gate) : null,
		move.reviewer ?? null,
		move.reason ?? null,
		move.notes?.slice(0, NOTE_CHARACTERS) ?? null,
		move.applied ?? null,
	]);
	await db.one(`select record_audit($1::uuid, 'suggestion.' || $2::text, 'suggestion', $3::text, $4::jsonb)`, [
		db.tenantId,
		move.state,
		id,
		JSON.stringify({ target, by: move.reviewer, reason: move.reason, appliedVersionId: move.applied }),
	]);
	return row!;
}

/** The base of a suggestion while it is still the version in service; otherwise the suggestion is closed. */
export async function currentBase(
	db: TenantConnection,
	suggestion: StoredSuggestion,
): Promise<{ base: Base; closed: null } | { base: null; closed: StoredSuggestion }> {
	const base = await readBase(db, suggestion.target, suggestion.baseVersionId);
	if (base?.isActive) return { base, closed: null };
	return { base: null, closed: await moveSuggestion(db, suggestion, { state: 'superseded' }) };
}

export const readSuggestion = async (
	database: Database,
	tenantId: string,
	target: Target,
	id: string,
): Promise<StoredSuggestion> =>
	await inTenant(database, tenantId, async (db) => {
		const row = await db.one<Row>(STATEMENTS[target].read, [tenantId, id]);
		if (!row) throw unknown(id);
		return row;
	});

export const listSuggestions = async (
	database: Database,
	tenantId: string,
	target: Target,
	options: { state?: SuggestionState; limit?: number } = {},
): Promise<StoredSuggestion[]> =>
	await inTenant(
		database,
		tenantId,
		async (db) =>
			await db.all<Row>(STATEMENTS[target].list, [tenantId, options.state ?? null, options.limit ?? LIST_LIMIT]),
	);

/** What people said no to lately: the proposer does not bring it again. */
export const recentRejections = async (
	db: TenantConnection,
	target: Target,
	agentId: string | null,
): Promise<Rejection[]> =>
	await db.all<Rejection & Record<string, unknown>>(STATEMENTS[target].rejections, [
		db.tenantId,
		agentId,
		REJECTED_DAYS,
		LIST_LIMIT,
	]);

/** Stores a candidate. An escalation waits for a person at once: there is nothing to lint or to measure. */
export async function addSuggestion(
	db: TenantConnection,
	candidate: Candidate,
	base: Base,
	requestedBy: string,
): Promise<StoredSuggestion> {
	const escalation = candidate.type === 'escalation';
	const after = escalation ? null : applyOperations(base, candidate.operations);
	const row = await db.one<Row>(STATEMENTS[base.target].add, [
		db.tenantId,
		JSON.stringify({
			base: base.versionId,
			reflection: candidate.reflectionId,
			type: candidate.type,
			before: base.state,
			after: after?.state ?? null,
			diff: candidate.diff.join('\n'),
			rationale: candidate.rationale,
			expected: candidate.expectedEffect,
			risk: candidate.risk,
			focus: candidate.focusAreas,
			operations: candidate.operations,
			sha256: candidate.sha256,
			state: escalation ? 'awaiting_approval' : 'proposed',
			by: requestedBy,
		}),
	]);
	if (!row) throw new FactoryError('NOT_FOUND', `The version ${base.versionId} is gone.`, { item: base.versionId });
	await db.one(`select record_audit($1::uuid, 'suggestion.created', 'suggestion', $2::text, $3::jsonb)`, [
		db.tenantId,
		row.id,
		JSON.stringify({ target: base.target, type: candidate.type, by: requestedBy }),
	]);
	return row;
}

const noVersion = (target: Target): FactoryError =>
	new FactoryError('NOT_FOUND', `There is no active ${target} to improve. Activate a version first.`, { item: target });

/** A change that is not of the loop's making, a person's own unless `why` says more: it takes the same road as one of the loop. */
export function candidateByHand(
	base: Base,
	operations: readonly SuggestionOperation[],
	language: CardLanguage,
	why: Pick<Candidate, 'rationale' | 'focusAreas'> = {
		rationale: language === 'pt-BR' ? 'Pedido por uma pessoa.' : 'Asked for by a person.',
		focusAreas: ['manual'],
	},
): Candidate {
	const type = suggestionType(base.target, operations);
	const broad = operations.some(({ op }) => op === 'set_threshold' || op === 'refit_scorer' || op === 'config_change');
	return {
		target: base.target,
		baseVersionId: base.versionId,
		reflectionId: null,
		type,
		operations: [...operations],
		diff: diffLines(base, applyOperations(base, operations)),
		rationale: why.rationale,
		expectedEffect: EXPECTED[language][base.target],
		risk: RISK[language][broad ? 'medium' : 'low'],
		focusAreas: why.focusAreas,
		sha256: suggestionSha256(base.target, base.versionId, operations),
	};
}

/** Stores a change that a person wrote as operations, on the version in service. */
export async function proposeByHand(
	database: Database,
	tenantId: string,
	given: { target: Target; agentId: string | null; operations: unknown; language: CardLanguage },
	actor: Actor,
): Promise<StoredSuggestion> {
	const operations = parseOperations(given.target, given.operations);
	return await inTenant(
		database,
		tenantId,
		async (db) => {
			const base = await readBase(db, given.target, null, given.agentId);
			if (!base) throw noVersion(given.target);
			return await addSuggestion(db, candidateByHand(base, operations, given.language), base, actor.name);
		},
		{ actor: actor.name },
	);
}

/** A decision about one suggestion in one transaction; the row is its lock. */
export const decideOn = async <T>(
	database: Database,
	tenantId: string,
	ref: { target: Target; id: string },
	actor: Actor,
	work: (db: TenantConnection, suggestion: StoredSuggestion) => Promise<T>,
): Promise<T> =>
	await inTenant(database, tenantId, async (db) => await work(db, await lockSuggestion(db, ref.target, ref.id)), {
		actor: actor.name,
	});

/** Closes what nobody decided in time; answers the ids. Run again, it closes the next. */
export const expireSuggestions = async (database: Database, tenantId: string): Promise<string[]> =>
	await inTenant(database, tenantId, async (db) => {
		const expired: string[] = [];
		for (const target of ['persona', 'prompt'] as const) {
			const rows = await db.all<{ id: string }>(STATEMENTS[target].expire, [tenantId, EXPIRE_BATCH]);
			expired.push(...rows.map(({ id }) => id));
		}
		return expired;
	});
