import { HORIZON_DAYS } from '../leads';
import type { Database } from '../database';
import { isFactoryError } from '../errors';
import { inTenant } from '../tenancy';
import { approveAndStart } from './approval';
import { lintSuggestionStored } from './decide';
import type { Findings } from './findings';
import { gateSuggestion } from './measure';
import { proposeFrom } from './propose-stored';
import { decideOn, moveSuggestion, type Actor } from './store';
import type { StoredSuggestion } from './suggestions';
import type { CardLanguage } from './texts';

/** How far a reflection got: `reason` says why it is no further. */
export interface Improvement {
	suggestion: StoredSuggestion | null;
	reason: string;
	/** It waits for a person: send them a link. */
	needsPerson: boolean;
	/** Who is to decide: the first address that hears of the loop. */
	approver: string | null;
	rolloutId: string | null;
}

interface Options {
	language: CardLanguage;
	now: Date;
	/** The reflection says that nothing may go live by itself now. */
	autoUpdateBlocked: boolean;
	horizonDays?: number;
}

const APPROVER = `select get_self_improving_config($1::uuid, $2::uuid) #>> '{notify,emails,0}' as approver`;

/**
 * From a reflection as far as nobody has to be asked: proposed, linted, gated, and, where the band, the gate and the tenant's settings
 * all allow it, begun on a tenth of the people. Everything else waits for a person.
 */
export async function improveFrom(
	database: Database,
	tenantId: string,
	findings: Findings,
	options: Options,
	actor: Actor = { name: 'reflection-loop', isPerson: false },
): Promise<Improvement> {
	const { suggestion, reason } = await proposeFrom(database, tenantId, findings, options, actor);
	const stopped = (found: StoredSuggestion | null, why: string): Improvement => ({
		...{ suggestion: found, reason: why, needsPerson: false, approver: null, rolloutId: null },
	});
	if (!suggestion) return stopped(null, reason);
	const ref = { target: suggestion.target, id: suggestion.id };
	const waits = async (found: StoredSuggestion, why: string): Promise<Improvement> => {
		const row = await inTenant(
			database,
			tenantId,
			async (db) => await db.one<{ approver: string | null }>(APPROVER, [tenantId, found.agentVersionId]),
		);
		return { ...stopped(found, why), needsPerson: true, approver: row?.approver ?? null };
	};
	if (suggestion.type === 'escalation') {
		const task = await decideOn(database, tenantId, ref, actor, async (db, found) =>
			moveSuggestion(db, found, { state: 'awaiting_approval' }),
		);
		return await waits(task, 'escalated');
	}
	const linted = await lintSuggestionStored(database, tenantId, ref, actor);
	if (linted.suggestion.state !== 'linted') return stopped(linted.suggestion, 'lint');
	const gated = await gateSuggestion(database, tenantId, ref, actor, {
		horizonDays: options.horizonDays ?? HORIZON_DAYS,
	});
	const { state, gate } = gated.suggestion;
	if (state === 'needs_data') return await waits(gated.suggestion, 'needs_data');
	if (state !== 'awaiting_approval') return stopped(gated.suggestion, gate?.reasons[0] ?? state);
	const mayBegin = findings.action === 'auto_update' && !options.autoUpdateBlocked && gate?.verdict === 'pass';
	if (!mayBegin) return await waits(gated.suggestion, 'awaiting_approval');
	try {
		const begun = await decideOn(database, tenantId, ref, actor, async (db, found) =>
			approveAndStart(db, found, actor),
		);
		return { ...stopped(begun.suggestion, begun.decided), rolloutId: begun.rollout?.rolloutId ?? null };
	} catch (error) {
		// What the database does not let begin by itself, a person may still begin.
		if (isFactoryError(error) && error.code === 'ROLLOUT_REFUSED')
			return await waits(gated.suggestion, error.item ?? 'refused');
		throw error;
	}
}
