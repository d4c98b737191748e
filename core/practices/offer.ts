import type { Database } from '../database';
import {
	addSuggestion,
	candidateByHand,
	gateSuggestion,
	lintSuggestion,
	lintSuggestionStored,
	parseOperations,
	readBase,
	type CardLanguage,
	type StoredSuggestion,
	type SuggestionOperation,
	type Target,
} from '../improvement';
import { inTenant, type TenantConnection } from '../tenancy';
import { OFFER_AGAIN_DAYS, OFFERS_A_RUN, PRACTICES_ACTOR } from './defaults';

/** A practice as a suggestion of the tenant's own. */
export interface Offer {
	tenantId: string;
	target: Target;
	suggestionId: string;
	state: string;
	/** Why the lint or the gate refused it; null otherwise. */
	refused: string | null;
	needsPerson: boolean;
}

interface Offered extends Record<string, unknown> {
	best_practice_id: string;
	operation: SuggestionOperation;
	agent_id: string | null;
	source_tenants: number;
	source_leads: number;
	effect_low: string;
	effect_high: string;
}

const DUE = `select * from practices_to_offer($1::uuid, $2::integer)`;
const MEASURE = `select measure_practices($1::uuid) as measured`;
const NOTE = `insert into best_practice_applications (tenant_id, best_practice_id, agent_id, persona_suggestion_id, prompt_suggestion_id)
	values ($1::uuid, $2::uuid, $3::uuid, $4::uuid, $5::uuid)`;
/** Of two runs at once the second sees what the first has offered. */
const ALONE = `select pg_advisory_xact_lock(hashtextextended('practice-offer|' || $1::uuid, 0))`;

const ACTOR = { name: PRACTICES_ACTOR, isPerson: false };

/** Why it is offered: rounded figures, and nobody's name. */
function rationaleOf(
	{ source_tenants, source_leads, effect_low, effect_high }: Offered,
	language: CardLanguage,
): string {
	const [low, high] = [Number(effect_low), Number(effect_high)];
	return language === 'pt-BR'
		? `Prática compartilhada: em mais de ${source_tenants} negócios e mais de ${source_leads} leads, a conversão subiu de ${low} a ${high} pontos percentuais.`
		: `Shared practice: at more than ${source_tenants} businesses, with more than ${source_leads} leads, conversion rose by ${low} to ${high} percentage points.`;
}

async function store(db: TenantConnection, offered: Offered, language: CardLanguage): Promise<StoredSuggestion | null> {
	const target: Target = offered.operation.op === 'set_threshold' ? 'persona' : 'prompt';
	const base = await readBase(db, target, null, offered.agent_id);
	if (!base) return null;
	const operations = parseOperations(target, [offered.operation]);
	const lint = lintSuggestion({ target, baseVersionId: base.versionId, operations }, base);
	// Who does it already is asked nothing.
	if (lint.issues.some(({ code }) => code === 'no_effect')) return null;
	const why = { rationale: rationaleOf(offered, language), focusAreas: ['shared_practice'] };
	const made = await addSuggestion(db, candidateByHand(base, operations, language, why), base, PRACTICES_ACTOR);
	const ids = target === 'persona' ? [made.id, null] : [null, made.id];
	await db.one(NOTE, [db.tenantId, offered.best_practice_id, offered.agent_id, ...ids]);
	return made;
}

/** Stores what may be offered now, one for the persona and one for each agent. */
const storeDue = async (database: Database, tenantId: string, language: CardLanguage): Promise<StoredSuggestion[]> =>
	await inTenant(
		database,
		tenantId,
		async (db) => {
			await db.one(ALONE, [tenantId]);
			await db.one(MEASURE, [tenantId]);
			const stored: StoredSuggestion[] = [];
			const asked = new Set<string>();
			for (const offered of await db.all<Offered>(DUE, [tenantId, OFFER_AGAIN_DAYS])) {
				const whom = `${offered.operation.op === 'set_threshold' ? 'persona' : 'prompt'}:${offered.agent_id ?? ''}`;
				if (asked.has(whom) || stored.length === OFFERS_A_RUN) continue;
				const made = await store(db, offered, language);
				if (!made) continue;
				asked.add(whom);
				stored.push(made);
			}
			return stored;
		},
		{ actor: PRACTICES_ACTOR },
	);

/**
 * Offers a tenant that receives what it does not do yet, as suggestions that take the road of any other: lint, gate, a person's yes, a
 * roll-out. Nothing is offered to who did not agree.
 */
export async function offerPractices(database: Database, tenantId: string, language: CardLanguage): Promise<Offer[]> {
	const offers: Offer[] = [];
	for (const { id, target } of await storeDue(database, tenantId, language)) {
		const ref = { target, id };
		let { suggestion } = await lintSuggestionStored(database, tenantId, ref, ACTOR);
		if (suggestion.state === 'linted') ({ suggestion } = await gateSuggestion(database, tenantId, ref, ACTOR));
		const { state } = suggestion;
		const refused =
			state === 'rejected' ? (suggestion.lint?.issues[0]?.code ?? suggestion.gate?.reasons[0] ?? state) : null;
		const needsPerson = state === 'awaiting_approval' || state === 'needs_data';
		offers.push({ tenantId, target, suggestionId: id, state, refused, needsPerson });
	}
	return offers;
}
