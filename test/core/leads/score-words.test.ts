import { scorePointText } from '../../../core/leads';
import { INTENT_POINTS } from '../../../core/leads/defaults';
import { SCORER_RULE } from '../../../core/leads/learning/features';
import { PAGE_LANGUAGES } from '../../../core/pages';

const intent = Object.keys(INTENT_POINTS).map((rule) => rule.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`));
const fit = [
	...['positive_keyword', 'negative_keyword', 'niche', 'job_title', 'business_type', 'offer', 'outside_area'],
	...['followers', 'business_account', 'website', 'verified', 'follows_business'],
];

test.each(PAGE_LANGUAGES)('every rule that gives points has words of its own in %s', (language) => {
	const rules = [...intent, ...fit, 'ad_referral', SCORER_RULE];
	const texts = rules.map((rule) => scorePointText({ rule }, language));
	expect(new Set(texts).size).toBe(rules.length);
	// "need" in Portuguese, or a rule that nobody translated, would come back as it went in.
	const same = rules.filter((rule, at) => texts[at] === rule.replace(/_/g, ' '));
	expect(same.filter((rule) => rule.includes('_'))).toEqual(language === 'en' ? ['business_account'] : []);
	if (language === 'pt-BR') expect(same).toEqual([]);
});

test('a reason names its rule, what was found, and its points', () => {
	expect(scorePointText({ rule: 'buying', word: 'contratar', points: 50 }, 'pt-BR')).toBe(
		'quer comprar: contratar (+50)',
	);
	expect(scorePointText({ rule: 'later', points: -3 }, 'en')).toBe('puts it off (-3)');
	expect(scorePointText({ rule: 'website', word: 'website', points: 4 }, 'en')).toBe('has a website (+4)');
	expect(scorePointText({ rule: 'of_tomorrow', points: 1 }, 'en')).toBe('of tomorrow (+1)');
});
