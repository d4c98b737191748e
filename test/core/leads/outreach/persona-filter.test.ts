import { isFilteredOut, type FilterPersona } from '../../../../core/leads/outreach/persona-filter';

const persona: FilterPersona = {
	minFollowers: 500,
	maxFollowers: 50_000,
	idealNiches: ['nutrição', 'personal trainer'],
	negativeKeywords: ['agência', 'sorteio', ''],
};
const lead = (changes: object = {}) => ({
	username: 'ana',
	full_name: 'Ana',
	bio: 'Nutricao esportiva em BH',
	followers_count: 1_000,
	...changes,
});

test.each([
	['fits', {}, false],
	['has too few followers', { followers_count: 499 }, true],
	['has just enough followers', { followers_count: 500 }, false],
	['has too many followers', { followers_count: 50_001 }, true],
	['has unknown followers', { followers_count: null }, false],
	['names a negative keyword without its accent', { bio: 'AGENCIA de marketing' }, true],
	['names one in the name', { full_name: 'Sorteio da Ana' }, true],
	['names a longer word that holds a negative one', { bio: 'Sorteios e nutrição' }, false],
	['has a bio of another niche', { bio: 'Advogada' }, true],
	['has no bio', { bio: null }, false],
	['has a bio of emoji only', { bio: '🔥✨' }, false],
	['names a niche of two words', { bio: 'Personal-Trainer | CREF' }, false],
])('a lead that %s is filtered out: %#', (_, changes, expected) => {
	expect(isFilteredOut(lead(changes), persona, { niches: true })).toBe(expected);
});

test('niches count only where the run asks for them, and only if the persona has any', () => {
	expect(isFilteredOut(lead({ bio: 'Advogada' }), persona, { niches: false })).toBe(false);
	expect(isFilteredOut(lead({ bio: 'Advogada' }), { ...persona, idealNiches: [] }, { niches: true })).toBe(false);
});
