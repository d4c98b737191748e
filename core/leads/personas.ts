import { z } from 'zod/v4';
import type { Database } from '../database';
import { FactoryError } from '../errors';
import { inTenant } from '../tenancy';
import { LEAD_LIST_LIMIT } from './defaults';

const text = (most: number) => z.string().trim().max(most).nullish();
const list = z.array(z.string().trim().min(1).max(200)).max(200);
const followers = z.int().min(0).nullish();

const persona = z
	.strictObject({
		businessType: text(200),
		targetAudience: text(2_000),
		productService: text(2_000),
		valueProposition: text(2_000),
		mainPainPoints: list,
		solutionsOffered: list,
		idealNiches: list,
		idealJobTitles: list,
		idealBusinessTypes: list,
		minFollowers: followers,
		maxFollowers: followers,
		positiveKeywords: list,
		negativeKeywords: list,
		serviceAreas: list,
		brandVoice: text(2_000),
		messageStyle: text(2_000),
		aiClassificationPrompt: text(8_000),
		aiResponsePrompt: text(8_000),
	})
	.partial();

export type NewPersona = z.input<typeof persona>;

/** What is wrong with a persona, by field; nothing when it can be stored. */
export const personaIssues = (given: unknown): Array<{ field: string; message: string }> =>
	(persona.safeParse(given).error?.issues ?? []).map(({ path, message }) => ({
		field: String(path[0] ?? 'persona'),
		message,
	}));

export interface PersonaVersion {
	id: string;
	version: number;
	isActive: boolean;
	leadsClassified: number;
	conversionRate: string | null;
	avgIcpScore: string | null;
	createdAt: Date;
	activatedAt: Date | null;
	deactivatedAt: Date | null;
}

const FACTS = `id, version, is_active as "isActive", leads_classified as "leadsClassified", conversion_rate as "conversionRate", avg_icp_score as "avgIcpScore",
	created_at as "createdAt", activated_at as "activatedAt", deactivated_at as "deactivatedAt"`;
const LIST = `select ${FACTS} from tenant_personas where tenant_id = $1::uuid order by version desc limit $2::integer`;
const ONE = `select ${FACTS}, business_type as "businessType", target_audience as "targetAudience", product_service as "productService",
		value_proposition as "valueProposition", main_pain_points as "mainPainPoints", solutions_offered as "solutionsOffered", ideal_niches as "idealNiches",
		ideal_job_titles as "idealJobTitles", ideal_business_types as "idealBusinessTypes", min_followers as "minFollowers", max_followers as "maxFollowers",
		positive_keywords as "positiveKeywords", negative_keywords as "negativeKeywords", service_areas as "serviceAreas", brand_voice as "brandVoice",
		message_style as "messageStyle", ai_classification_prompt as "aiClassificationPrompt", ai_response_prompt as "aiResponsePrompt"
	from tenant_personas where tenant_id = $1::uuid and case when $2::integer is null then is_active else version = $2::integer end`;
const LOCK = `select id from tenants where id = $1::uuid for update`;
// What is not given is taken from the version before: a change of one field is a new version with the others as they were.
const ADD = `insert into tenant_personas (tenant_id, version, business_type, target_audience, product_service, value_proposition, main_pain_points, solutions_offered,
		ideal_niches, ideal_job_titles, ideal_business_types, min_followers, max_followers, positive_keywords, negative_keywords, service_areas, brand_voice,
		message_style, ai_classification_prompt, ai_response_prompt, keyword_weights, threshold_shift, scoring_model_id, parent_id)
	select $1::uuid, coalesce((select max(version) from tenant_personas where tenant_id = $1::uuid), 0) + 1, r."businessType", r."targetAudience", r."productService",
		r."valueProposition", coalesce(r."mainPainPoints", '{}'), coalesce(r."solutionsOffered", '{}'), coalesce(r."idealNiches", '{}'),
		coalesce(r."idealJobTitles", '{}'), coalesce(r."idealBusinessTypes", '{}'), r."minFollowers", r."maxFollowers", coalesce(r."positiveKeywords", '{}'),
		coalesce(r."negativeKeywords", '{}'), coalesce(r."serviceAreas", '{}'), r."brandVoice", r."messageStyle", r."aiClassificationPrompt", r."aiResponsePrompt",
		coalesce(b.keyword_weights, '{}'), coalesce(b.threshold_shift, 0), b.scoring_model_id, b.id
	from jsonb_to_record($2::jsonb) r("businessType" text, "targetAudience" text, "productService" text, "valueProposition" text, "mainPainPoints" text[],
		"solutionsOffered" text[], "idealNiches" text[], "idealJobTitles" text[], "idealBusinessTypes" text[], "minFollowers" integer, "maxFollowers" integer,
		"positiveKeywords" text[], "negativeKeywords" text[], "serviceAreas" text[], "brandVoice" text, "messageStyle" text, "aiClassificationPrompt" text,
		"aiResponsePrompt" text, id uuid)
	left join tenant_personas b on b.tenant_id = $1::uuid and b.id = r.id
	returning tenant_personas.version`;
const ACTIVATE = `update tenant_personas set is_active = true where tenant_id = $1::uuid and version = $2::integer and not is_active`;

type Row = Record<string, unknown>;

export const listPersonas = async (
	database: Database,
	tenantId: string,
	limit = LEAD_LIST_LIMIT,
): Promise<PersonaVersion[]> =>
	await inTenant(database, tenantId, async (db) => await db.all<PersonaVersion & Row>(LIST, [tenantId, limit]));

const noPersona = (version: number | null): FactoryError =>
	new FactoryError(
		'PERSONA_NOT_FOUND',
		version === null
			? 'The tenant has no active persona. Create a version and activate it.'
			: `The tenant has no persona version ${version}. List the versions to see which there are.`,
		{ item: version === null ? 'persona' : String(version) },
	);

/** One version with all it says; without a number the active one. */
export async function readPersona(
	database: Database,
	tenantId: string,
	version: number | null = null,
): Promise<PersonaVersion & NewPersona> {
	const row = await inTenant(
		database,
		tenantId,
		async (db) => await db.one<PersonaVersion & NewPersona & Row>(ONE, [tenantId, version]),
	);
	if (!row) throw noPersona(version);
	return row;
}

/** A new version; `basedOn` fills in what is not given. It is not active until somebody activates it, unless asked for. */
export async function createPersonaVersion(
	database: Database,
	tenantId: string,
	given: NewPersona,
	options: { basedOn?: number; activate?: boolean; actor?: string } = {},
): Promise<PersonaVersion & NewPersona> {
	const parsed = persona.safeParse(given);
	if (!parsed.success) {
		const { path, message } = parsed.error.issues[0];
		const field = path.join('.') || 'persona';
		throw new FactoryError('VALUE_REFUSED', `Field "${field}": ${message}. Correct it.`, { item: field });
	}
	return await inTenant(
		database,
		tenantId,
		async (db) => {
			// Numbers follow each other, whoever else makes a version now.
			await db.one(LOCK, [tenantId]);
			const base =
				options.basedOn === undefined ? {} : await db.one<NewPersona & Row>(ONE, [tenantId, options.basedOn]);
			if (!base) throw noPersona(options.basedOn ?? null);
			const row = await db.one<{ version: number }>(ADD, [tenantId, JSON.stringify({ ...base, ...parsed.data })]);
			const { version } = row!;
			await db.one(`select record_audit($1::uuid, 'persona.version_created', 'persona', $2::text, '{}')`, [
				tenantId,
				String(version),
			]);
			if (options.activate) await activate(db, tenantId, version);
			return (await db.one<PersonaVersion & NewPersona & Row>(ONE, [tenantId, version]))!;
		},
		{ actor: options.actor },
	);
}

/** Makes a version the one that leads are measured by; rolling back is activating the older one. */
export const activatePersona = async (
	database: Database,
	tenantId: string,
	version: number,
	actor?: string,
): Promise<{ from: number | null; to: number }> =>
	await inTenant(database, tenantId, async (db) => await activate(db, tenantId, version), { actor });

async function activate(
	db: Parameters<Parameters<typeof inTenant>[2]>[0],
	tenantId: string,
	version: number,
): Promise<{ from: number | null; to: number }> {
	await db.one(LOCK, [tenantId]);
	const found = await db.one<PersonaVersion & Row>(ONE, [tenantId, version]);
	if (!found) throw noPersona(version);
	const from = (await db.one<PersonaVersion & Row>(ONE, [tenantId, null]))?.version ?? null;
	if (from === version) return { from, to: version };
	await db.one(ACTIVATE, [tenantId, version]);
	await db.one(`select record_audit($1::uuid, 'persona.version_activated', 'persona', $2::text, $3::jsonb)`, [
		tenantId,
		String(version),
		JSON.stringify({ from, to: version }),
	]);
	return { from, to: version };
}
