import type { Database } from '../database';
import { FactoryError, isFactoryError } from '../errors';
import { startRolloutWithin, type StartedRollout } from '../rollouts';
import type { TenantConnection } from '../tenancy';
import { checkApprovalLink, useApprovalLink, type ApprovalPorts, type LinkUse } from './approval-links';
import { approvalPage, decidedPage, failureText, type Decided, type RefusedDecision } from './approval-page';
import { dryRunSuggestion } from './measure';
import { parseOperations } from './operations';
import { applyIn, approveIn, askForDataIn, lintIn, readReason, rejectIn, requireState } from './decide';
import { addSuggestion, candidateByHand, currentBase, moveSuggestion, readSuggestion, type Actor } from './store';
import { OPEN_STATES, type Answer, type StoredSuggestion } from './suggestions';
import type { CardLanguage } from './texts';

/** What a person does on the card. */
export const DECISIONS = ['approve', 'reject', 'needs_data', 'edit', 'close'] as const;
export type DecisionKind = (typeof DECISIONS)[number];

export interface PersonsDecision {
	decision: unknown;
	reason?: unknown;
	/** The edited operations, as the text of the form or as a list. */
	operations?: unknown;
}

export interface DecidedSuggestion {
	decided: Decided;
	suggestion: StoredSuggestion;
	rollout: StartedRollout | null;
	/** The suggestion that an edit made. */
	next: StoredSuggestion | null;
}

/** The card behind a link. Uses nothing up. */
export async function openApproval(
	database: Database,
	token: string,
	language: CardLanguage,
	ports: Pick<ApprovalPorts, 'vault' | 'now'>,
	again?: RefusedDecision,
): Promise<{ html: string; suggestion: StoredSuggestion; tenantId: string; person: string }> {
	const { tenantId, target, suggestionId, person } = await checkApprovalLink(database, token, ports);
	const suggestion = await readSuggestion(database, tenantId, target, suggestionId);
	const run = await dryRunSuggestion(database, tenantId, suggestion);
	const html = approvalPage({ suggestion, dryRun: run, person }, token, language, again);
	return { html, suggestion, tenantId, person };
}

const nothingElse = { rollout: null, next: null };
const closedBy = ({ suggestion }: Answer): DecidedSuggestion => ({ decided: 'superseded', suggestion, ...nothingElse });

/** A yes makes the version and tries it on a tenth of the people, all or nothing. */
export async function approveAndStart(
	db: TenantConnection,
	suggestion: StoredSuggestion,
	actor: Actor,
): Promise<DecidedSuggestion> {
	const approved = await approveIn(db, suggestion, actor);
	if (approved.result === 'superseded') return closedBy(approved);
	if (approved.suggestion.state !== 'approved')
		return { decided: 'rejected', suggestion: approved.suggestion, ...nothingElse };
	if (suggestion.type === 'escalation')
		return { decided: 'escalation_closed', suggestion: approved.suggestion, ...nothingElse };
	const applied = await applyIn(db, approved.suggestion, actor);
	if (applied.result === 'superseded') return closedBy(applied);
	const { target, agentId, id, appliedVersionId } = applied.suggestion;
	const rollout = await startRolloutWithin(
		db,
		{ target, agentId, candidateId: appliedVersionId!, suggestionId: id },
		actor,
	);
	return { decided: 'approved', suggestion: applied.suggestion, rollout, next: null };
}

function readEdit(given: unknown): unknown {
	if (typeof given !== 'string') return given;
	try {
		return JSON.parse(given) as unknown;
	} catch {
		throw new FactoryError('SUGGESTION_INVALID', 'The edited operations are not JSON. Correct them and send again.', {
			item: 'operations',
		});
	}
}

/** The edited suggestion takes the place of the one it came from, and the road from the lint on. */
export async function editIn(
	db: TenantConnection,
	suggestion: StoredSuggestion,
	actor: Actor,
	given: { operations: unknown; language: CardLanguage },
): Promise<DecidedSuggestion> {
	requireState(suggestion, OPEN_STATES, 'edited');
	const operations = parseOperations(suggestion.target, readEdit(given.operations));
	const { base, closed } = await currentBase(db, suggestion);
	if (closed) return closedBy({ result: 'superseded', suggestion: closed });
	const made = await addSuggestion(db, candidateByHand(base, operations, given.language), base, actor.name);
	const { suggestion: next } = await lintIn(db, made);
	if (next.lint && !next.lint.ok) {
		const codes = next.lint.issues.map(({ code }) => code).join(', ');
		throw new FactoryError('SUGGESTION_INVALID', `The edited operations may not be used: ${codes}. Correct them.`, {
			item: 'operations',
			details: next.lint.issues,
		});
	}
	const old = await moveSuggestion(db, suggestion, { state: 'superseded', reviewer: actor.name });
	return { decided: 'edited', suggestion: old, rollout: null, next };
}

async function decide(
	db: TenantConnection,
	suggestion: StoredSuggestion,
	actor: Actor,
	given: PersonsDecision,
	language: CardLanguage,
): Promise<DecidedSuggestion> {
	switch (given.decision as DecisionKind) {
		case 'approve':
		case 'close':
			return await approveAndStart(db, suggestion, actor);
		case 'reject': {
			const answer = await rejectIn(db, suggestion, actor, { reason: readReason(given.reason) });
			return { decided: 'rejected', suggestion: answer.suggestion, ...nothingElse };
		}
		case 'needs_data': {
			const answer = await askForDataIn(db, suggestion, actor);
			return { decided: 'needs_data', suggestion: answer.suggestion, ...nothingElse };
		}
		case 'edit':
			return await editIn(db, suggestion, actor, { operations: given.operations, language });
		default:
			throw new FactoryError('VALUE_REFUSED', `Field "decision" must be one of ${DECISIONS.join(', ')}. Correct it.`, {
				item: 'decision',
			});
	}
}

/** Where the card says what is wrong with a decision; null: it depends on what was refused. */
const FIELD_OF: Record<string, string | null> = {
	SUGGESTION_INVALID: 'operations',
	ROLLOUT_REFUSED: 'decide',
	VALUE_REFUSED: null,
};

const useOf = (decided: Decided): LinkUse => (decided === 'superseded' ? 'rejected' : decided);

/** Acts on a link, once: link, decision, version and roll-out stand or fall together. */
export async function decideByLink(
	database: Database,
	token: string,
	given: PersonsDecision,
	language: CardLanguage,
	ports: Pick<ApprovalPorts, 'vault' | 'now'>,
): Promise<DecidedSuggestion & { html: string; person: string }> {
	try {
		return await useApprovalLink(database, token, ports, async (db, suggestion, person) => {
			const made = await decide(db, suggestion, person, given, language);
			return {
				use: useOf(made.decided),
				result: { ...made, html: decidedPage(made.decided, language), person: person.name },
			};
		});
	} catch (error) {
		if (!isFactoryError(error) || !(error.code in FIELD_OF)) throw error;
		const { code, message, item, retryable } = error;
		// The link still works: the card comes back with what was typed, and says beside the field what is wrong.
		const id = FIELD_OF[code] ?? (item === 'reason' ? 'reason' : 'decide');
		const said = failureText(error, language);
		const problem = { id, message: id === 'operations' && said !== message ? `${said} (${message})` : said };
		const { html } = await openApproval(database, token, language, ports, { ...given, problem });
		throw new FactoryError(code, message, { item, retryable, cause: error, details: { html, facts: error.details } });
	}
}
