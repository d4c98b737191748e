import { PERSONAS_KEPT } from './defaults';
import type { LeadThresholds, Persona } from './types';

/** A persona with the column names of tenant_personas, as get_active_persona gives it. */
export interface PersonaRow {
	id: string;
	version: number;
	business_type: string | null;
	target_audience: string | null;
	product_service: string | null;
	value_proposition: string | null;
	main_pain_points: string[];
	solutions_offered: string[];
	ideal_niches: string[];
	ideal_job_titles: string[];
	ideal_business_types: string[];
	min_followers: number | null;
	max_followers: number | null;
	positive_keywords: string[];
	negative_keywords: string[];
	service_areas: string[];
	brand_voice: string | null;
	message_style: string | null;
	ai_classification_prompt: string | null;
	ai_response_prompt: string | null;
	keyword_weights: Record<string, number>;
	threshold_shift: number;
	scoring_model_id: string | null;
}

const made = (row: PersonaRow): Persona => ({
	id: row.id,
	version: row.version,
	businessType: row.business_type,
	targetAudience: row.target_audience,
	productService: row.product_service,
	valueProposition: row.value_proposition,
	mainPainPoints: row.main_pain_points,
	solutionsOffered: row.solutions_offered,
	idealNiches: row.ideal_niches,
	idealJobTitles: row.ideal_job_titles,
	idealBusinessTypes: row.ideal_business_types,
	minFollowers: row.min_followers,
	maxFollowers: row.max_followers,
	positiveKeywords: row.positive_keywords,
	negativeKeywords: row.negative_keywords,
	serviceAreas: row.service_areas,
	aiClassificationPrompt: row.ai_classification_prompt,
	aiResponsePrompt: row.ai_response_prompt,
	keywordWeights: row.keyword_weights,
	thresholdShift: row.threshold_shift,
	scoringModelId: row.scoring_model_id,
});

/** By content, because every turn brings its tenant's persona along: what the rules made of one is kept with the object. */
const recent = new Map<string, Persona>();

export function personaOf(row: PersonaRow): Persona {
	const key = JSON.stringify(row);
	const kept = recent.get(key);
	if (kept !== undefined) return kept;
	const persona = made(row);
	if (recent.size >= PERSONAS_KEPT) recent.clear();
	recent.set(key, persona);
	return persona;
}

/** The thresholds under which a persona version decides: the tenant's, moved by the version's shift and still in their order. */
export function thresholdsUnder<T extends LeadThresholds>(settings: T, persona: Persona | null): T {
	const shift = persona?.thresholdShift ?? 0;
	if (shift === 0) return settings;
	const hot = Math.max(settings.cold + 2, Math.min(100, settings.hot + shift));
	return { ...settings, hot, warm: Math.max(settings.cold + 1, Math.min(hot - 1, settings.warm + shift)) };
}
