import { personaOf, type PersonaRow } from '../../../core/leads/persona';

const row = (changes: Partial<PersonaRow> = {}): PersonaRow => ({
	id: 'p',
	version: 1,
	business_type: 'academia',
	target_audience: null,
	product_service: null,
	value_proposition: null,
	main_pain_points: [],
	solutions_offered: [],
	ideal_niches: [],
	ideal_job_titles: [],
	ideal_business_types: [],
	min_followers: null,
	max_followers: null,
	positive_keywords: ['treinar'],
	negative_keywords: [],
	service_areas: [],
	brand_voice: null,
	message_style: null,
	ai_classification_prompt: null,
	ai_response_prompt: null,
	keyword_weights: {},
	threshold_shift: 0,
	scoring_model_id: null,
	...changes,
});

test('a persona that comes again is the same object, so that what the rules made of it holds', () => {
	expect(personaOf(row())).toBe(personaOf(row()));
});

test('a persona whose words changed under the same version is another one', () => {
	const before = personaOf(row());
	const after = personaOf(row({ positive_keywords: ['nadar'] }));
	expect(after).not.toBe(before);
	expect(after.positiveKeywords).toEqual(['nadar']);
});
