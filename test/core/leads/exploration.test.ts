import { chooseTreatment, explorationDraw, LEAD_CLASSES, type TreatmentInput } from '../../../core/leads';

const near: TreatmentInput = {
	classification: 'LEAD_WARM',
	score: 62,
	hot: 70,
	hysteresis: 5,
	explorationShare: 0.05,
	hotPlacesLeft: 3,
	injection: false,
	optedOut: false,
	random: 0.01,
};
const treat = (changes: Partial<TreatmentInput>) => chooseTreatment({ ...near, ...changes });

test('a share of the leads just below HOT is treated as HOT, with the chance it had', () => {
	expect(treat({})).toEqual({ treatment: 'hot', treatPropensity: 0.05, explorationArm: 'explore' });
	expect(treat({ random: 0.05 })).toEqual({ treatment: 'standard', treatPropensity: 0.95, explorationArm: 'exploit' });
});

test.each<[string, Partial<TreatmentInput>]>([
	['far below the threshold', { score: 59 }],
	['without a place left', { hotPlacesLeft: 0 }],
	['switched off', { explorationShare: 0 }],
	['speaking to the machine', { injection: true }],
	['at the threshold, kept WARM by a rule', { score: 70 }],
])('a lead %s is treated as what it is', (_, changes) => {
	expect(treat(changes)).toEqual({ treatment: 'standard', treatPropensity: 1, explorationArm: null });
});

test('HOT is HOT with certainty, whatever is left of the day', () => {
	expect(treat({ classification: 'LEAD_HOT', score: 80, hotPlacesLeft: 0 })).toEqual({
		treatment: 'hot',
		treatPropensity: 1,
		explorationArm: null,
	});
});

test.each(LEAD_CLASSES.filter((name) => !name.startsWith('LEAD_')))('%s is never explored', (classification) => {
	expect(treat({ classification })).toEqual({ treatment: 'none', treatPropensity: 1, explorationArm: null });
});

test.each(LEAD_CLASSES)('%s who opted out gets no treatment', (classification) => {
	expect(treat({ classification, optedOut: true }).treatment).toBe('none');
});

test('a person draws the same number each time, and the numbers of many are spread evenly', () => {
	expect(explorationDraw('t', 'whatsapp:55119')).toBe(explorationDraw('t', 'whatsapp:55119'));
	const draws = Array.from({ length: 4_000 }, (_, i) => explorationDraw('t', `whatsapp:${i}`));
	expect(draws.every((draw) => draw >= 0 && draw < 1)).toBe(true);
	const explored = draws.filter((random) => treat({ random }).treatment === 'hot').length / draws.length;
	expect(explored).toBeGreaterThan(0.04);
	expect(explored).toBeLessThan(0.06);
});
