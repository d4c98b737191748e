import type { PageLanguage } from '../pages';
import { SCORER_RULE } from './learning/features';

const INTENT: Record<PageLanguage, Record<string, string>> = {
	'pt-BR': {
		buying: 'quer comprar',
		booking: 'quer marcar',
		pressing_need: 'precisa logo',
		urgency: 'tem pressa',
		price: 'perguntou preço',
		price_of_something: 'perguntou o preço de algo',
		asks_offer: 'pediu uma proposta',
		interest: 'mostrou interesse',
		interest_named: 'mostrou interesse no produto',
		need: 'tem uma necessidade',
		own_situation: 'contou a sua situação',
		referred: 'foi indicado',
		later: 'deixa para depois',
		hesitation: 'hesita',
		just_looking: 'está só olhando',
		practical: 'perguntou algo prático',
		ad_referral: 'veio de um anúncio',
	},
	en: {
		buying: 'wants to buy',
		booking: 'wants to book',
		pressing_need: 'needs it soon',
		urgency: 'is in a hurry',
		price: 'asked the price',
		price_of_something: 'asked the price of something',
		asks_offer: 'asked for an offer',
		interest: 'showed interest',
		interest_named: 'showed interest in the product',
		need: 'has a need',
		own_situation: 'told of their situation',
		referred: 'was recommended',
		later: 'puts it off',
		hesitation: 'hesitates',
		just_looking: 'is just looking',
		practical: 'asked something practical',
		ad_referral: 'came by an ad',
	},
};

const FIT: Record<PageLanguage, Record<string, string>> = {
	'pt-BR': {
		positive_keyword: 'palavra do perfil ideal',
		negative_keyword: 'palavra fora do perfil',
		niche: 'nicho ideal',
		job_title: 'cargo ideal',
		business_type: 'tipo de negócio ideal',
		offer: 'falou do que vocês vendem',
		outside_area: 'fora da área atendida',
		followers: 'seguidores',
		business_account: 'conta comercial',
		website: 'tem site',
		verified: 'conta verificada',
		follows_business: 'segue a empresa',
		[SCORER_RULE]: 'correção aprendida com os resultados',
	},
	en: {
		positive_keyword: 'word of the ideal profile',
		negative_keyword: 'word outside the profile',
		niche: 'ideal niche',
		job_title: 'ideal job title',
		business_type: 'ideal kind of business',
		offer: 'spoke of what you sell',
		outside_area: 'outside the served area',
		followers: 'followers',
		business_account: 'business account',
		website: 'has a website',
		verified: 'verified account',
		follows_business: 'follows the business',
		[SCORER_RULE]: 'correction learned from outcomes',
	},
};

/** Names that say all there is: what was found beside them is their own word again, or a version. */
const SAYS_ALL = new Set(['ad_referral', 'business_account', 'website', 'verified', 'follows_business', SCORER_RULE]);

export interface ShownPoint {
	rule?: string;
	/** What was found. */
	word?: string;
	points?: number;
}

/** One reason of a score as people read it, e.g. "quer comprar: contratar (+50)". A rule without words keeps its name. */
export function scorePointText({ rule = '', word = '', points }: ShownPoint, language: PageLanguage): string {
	const name = INTENT[language][rule] ?? FIT[language][rule] ?? rule.replace(/_/g, ' ');
	const found = word === '' || SAYS_ALL.has(rule) ? '' : `: ${word}`;
	const worth = points === undefined ? '' : ` (${points > 0 ? '+' : ''}${points.toLocaleString(language)})`;
	return name + found + worth;
}
