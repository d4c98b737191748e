import { z } from 'zod/v4';
import type { Database } from '../database';
import { FactoryError } from '../errors';
import type { TenantConnection } from '../tenancy';
import { applyOperations } from './apply';
import { REJECT_REASONS, type RejectReason } from './findings';
import { lintSuggestion } from './lint';
import { parseOperations, type Target } from './operations';
import { currentBase, decideOn, moveSuggestion, type Actor, type Move } from './store';
import { OPEN_STATES, type Answer, type StoredSuggestion, type SuggestionState } from './suggestions';
import { addVersion, lockVersions } from './versions';

const wrongState = (suggestion: StoredSuggestion, wanted: readonly SuggestionState[], what: string): FactoryError =>
	new FactoryError(
		'WRONG_STATE',
		`The suggestion is ${suggestion.state}; to be ${what} it must be ${wanted.join(' or ')}. Look at its present state first.`,
		{ item: suggestion.id, details: { state: suggestion.state, wanted } },
	);

export const requireState = (suggestion: StoredSuggestion, wanted: readonly SuggestionState[], what: string): void => {
	if (!wanted.includes(suggestion.state)) throw wrongState(suggestion, wanted, what);
};

/** Reads a suggestion with the eyes of the lint. What fails is closed. */
export async function lintIn(db: TenantConnection, suggestion: StoredSuggestion): Promise<Answer> {
	requireState(suggestion, ['proposed', 'linted'], 'linted');
	const { base, closed } = await currentBase(db, suggestion);
	if (closed) return { result: 'superseded', suggestion: closed };
	const lint = lintSuggestion(suggestion, base);
	const moved = await moveSuggestion(db, suggestion, { state: lint.ok ? 'linted' : 'rejected', lint });
	return { result: 'done', suggestion: moved };
}

/** A yes. Where the gate had too little data, or there is nothing but a task, only a person's yes counts. */
export async function approveIn(db: TenantConnection, suggestion: StoredSuggestion, actor: Actor): Promise<Answer> {
	const wanted: SuggestionState[] = actor.isPerson ? ['awaiting_approval', 'needs_data'] : ['awaiting_approval'];
	requireState(suggestion, wanted, 'approved');
	if (!actor.isPerson && suggestion.gate?.verdict !== 'pass')
		throw new FactoryError('PERSON_NEEDED', 'The gate did not pass this suggestion: only a person may approve it.', {
			item: suggestion.id,
		});
	const { base, closed } = await currentBase(db, suggestion);
	if (closed) return { result: 'superseded', suggestion: closed };
	// The lint has the last word on what a person edited in the meantime.
	const lint = suggestion.type === 'escalation' ? null : lintSuggestion(suggestion, base);
	if (lint && !lint.ok)
		return { result: 'done', suggestion: await moveSuggestion(db, suggestion, { state: 'rejected', lint }) };
	const move: Move = { state: 'approved', reviewer: actor.name, byLoop: !actor.isPerson };
	return { result: 'done', suggestion: await moveSuggestion(db, suggestion, move) };
}

export async function rejectIn(
	db: TenantConnection,
	suggestion: StoredSuggestion,
	actor: Actor,
	why: { reason: RejectReason; notes?: string },
): Promise<Answer> {
	requireState(suggestion, [...OPEN_STATES, 'approved'], 'rejected');
	const move: Move = { state: 'rejected', reviewer: actor.name, ...why };
	return { result: 'done', suggestion: await moveSuggestion(db, suggestion, move) };
}

export async function askForDataIn(db: TenantConnection, suggestion: StoredSuggestion, actor: Actor): Promise<Answer> {
	requireState(suggestion, ['awaiting_approval', 'needs_data'], 'sent back for more data');
	return {
		result: 'done',
		suggestion: await moveSuggestion(db, suggestion, { state: 'needs_data', reviewer: actor.name }),
	};
}

/** Makes the candidate version beside the one in service. Once: asked again it answers with the version it made. */
export async function applyIn(db: TenantConnection, suggestion: StoredSuggestion, actor: Actor): Promise<Answer> {
	if (suggestion.appliedVersionId) return { result: 'done', suggestion };
	requireState(suggestion, ['approved'], 'applied');
	if (suggestion.type === 'escalation')
		throw new FactoryError('WRONG_STATE', 'An escalation is a task for a person and changes nothing by itself.', {
			item: suggestion.id,
		});
	await lockVersions(db, suggestion.target, suggestion.agentId);
	const { base, closed } = await currentBase(db, suggestion);
	if (closed) return { result: 'superseded', suggestion: closed };
	const operations = parseOperations(suggestion.target, suggestion.operations);
	const byLoop = suggestion.status === 'auto_applied';
	const made = await addVersion(db, base, applyOperations(base, operations), {
		approvedBy: byLoop ? null : (suggestion.reviewer ?? actor.name),
		summary: suggestion.diff,
	});
	return {
		result: 'done',
		suggestion: await moveSuggestion(db, suggestion, { state: 'approved', applied: made.id, byLoop }),
	};
}

export function readReason(given: unknown): RejectReason {
	const parsed = z.enum(REJECT_REASONS).safeParse(given);
	if (parsed.success) return parsed.data;
	throw new FactoryError('VALUE_REFUSED', `Field "reason" must be one of ${REJECT_REASONS.join(', ')}. Correct it.`, {
		item: 'reason',
	});
}

interface Ref {
	target: Target;
	id: string;
}

export const lintSuggestionStored = async (
	database: Database,
	tenantId: string,
	ref: Ref,
	actor: Actor,
): Promise<Answer> => await decideOn(database, tenantId, ref, actor, lintIn);

export const approveSuggestion = async (
	database: Database,
	tenantId: string,
	ref: Ref,
	actor: Actor,
): Promise<Answer> =>
	await decideOn(database, tenantId, ref, actor, async (db, found) => await approveIn(db, found, actor));

export const rejectSuggestion = async (
	database: Database,
	tenantId: string,
	ref: Ref,
	actor: Actor,
	why: { reason: unknown; notes?: string },
): Promise<Answer> => {
	const reason = readReason(why.reason);
	return await decideOn(database, tenantId, ref, actor, async (db, found) =>
		rejectIn(db, found, actor, { reason, notes: why.notes }),
	);
};

export const applySuggestion = async (database: Database, tenantId: string, ref: Ref, actor: Actor): Promise<Answer> =>
	await decideOn(database, tenantId, ref, actor, async (db, found) => await applyIn(db, found, actor));
