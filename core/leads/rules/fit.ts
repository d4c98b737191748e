import { FOLLOWERS_NEAR_FACTOR, SCORE_POINTS } from '../defaults';
import { normaliseText } from '../text/normalise';
import { stemKey } from '../text/stem';
import type { LeadProfile, Persona, ScorePoint } from '../types';
import { placeOutside } from './places';
import type { Reading } from './reading';

/** Words that say nothing of a business. */
const EMPTY = new Set(
	'com que por pra sem dos das nos nas uma uns umas mais menos muito seu sua seus suas meu minha para quem onde como todo toda todos todas mes dia hoje agora plano planos pessoa pessoas tudo completo completa pela pelo entre ate ainda nao sim querem quer cada outro outra the and for with your you our los las del una con cidade bairro casa perto lugar sobre fazer lente media pequenas medias donos moradores adultos familias'.split(
		' ',
	),
);
const LETTERS = 3;
let emptyStems: ReadonlySet<string> | undefined;
/** Whether a stem says nothing of a business, as those of "para", "hoje" and "com". */
export const isEmptyStem = (stem: string): boolean =>
	(emptyStems ??= new Set([...EMPTY].map((word) => stemKey(word)))).has(stem);

interface Terms {
	/** Each phrase as stems in a row, with the words it is shown by; `points` where it has its own. */
	phrases: Array<{ stems: string[]; shown: string; points?: number }>;
}
interface PersonaTerms {
	positive: Terms;
	negative: Terms;
	niches: Terms;
	jobTitles: Terms;
	businessTypes: Terms;
	offers: Terms;
	all: ReadonlySet<string>;
}

const wordsOf = (text: string): string[] => normaliseText(text).words.filter((word) => !word.startsWith('_'));
const phrase = (text: string): Terms['phrases'][number] => {
	const words = wordsOf(text);
	return { stems: words.map((word) => stemKey(word)), shown: words.join(' ') };
};
const terms = (texts: readonly string[], weights: Persona['keywordWeights'] = {}): Terms => ({
	phrases: texts
		.map(phrase)
		.filter(({ stems }) => stems.length > 0)
		.map((found) => ({ ...found, points: weights[found.stems.join(' ')] })),
});
/** One key for all spellings of a keyword: what `keywordWeights` goes by. */
export const keywordKey = (keyword: string): string => phrase(keyword).stems.join(' ');
const singleWords = (texts: ReadonlyArray<string | null>): Terms =>
	terms(texts.flatMap((text) => wordsOf(text ?? '')).filter((word) => word.length > LETTERS && !EMPTY.has(word)));

const CACHE = new WeakMap<Persona, PersonaTerms>();

function termsOf(persona: Persona): PersonaTerms {
	const cached = CACHE.get(persona);
	if (cached !== undefined) return cached;
	const offers = singleWords([
		persona.businessType,
		persona.productService,
		...persona.solutionsOffered,
		...persona.mainPainPoints,
	]);
	const made: PersonaTerms = {
		positive: terms(persona.positiveKeywords, persona.keywordWeights),
		negative: terms(persona.negativeKeywords, persona.keywordWeights),
		niches: terms(persona.idealNiches),
		jobTitles: terms(persona.idealJobTitles),
		businessTypes: terms(persona.idealBusinessTypes),
		offers,
		all: new Set([...offers.phrases, ...terms(persona.positiveKeywords).phrases].flatMap(({ stems }) => stems)),
	};
	CACHE.set(persona, made);
	return made;
}

/** Where a phrase stands among stems; -1 where it does not. */
function position(stems: readonly string[], wanted: readonly string[]): number {
	for (let at = 0; at + wanted.length <= stems.length; at += 1) {
		if (wanted.every((stem, index) => stems[at + index] === stem)) return at;
	}
	return -1;
}

const NEGATIONS = new Set(['nao', 'sem', 'nunca', 'jamais', 'not', 'dont', 'no', 'sin', 'never']);
const NEGATION_WINDOW = 3;

export interface Fit {
	points: ScorePoint[];
	/** Different words of the persona's own business that the message holds. */
	ownWords: number;
	/** A place the person says to be in and the tenant does not serve. */
	outside: { at: number; evidence: string } | null;
}

/** How well this person matches the persona. What is unknown adds nothing and takes nothing. */
export function fitOf(reading: Reading, profile: LeadProfile | null, persona: Persona): Fit {
	const own = termsOf(persona);
	const words = reading.words.filter((word) => !word.startsWith('_'));
	const stems = words.map((word) => stemKey(word));
	const bioStems = wordsOf([profile?.name, profile?.bio, profile?.category].filter(Boolean).join(' . ')).map((word) =>
		stemKey(word),
	);
	const points: ScorePoint[] = [];
	const messageId = (shown: string): string | null =>
		reading.messageAt(Math.max(0, reading.line.text.indexOf(` ${shown.split(' ')[0]}`)));
	const add = (rule: string, list: Terms, each: number, cap: number): void => {
		let sum = 0;
		for (const { stems: wanted, shown, points: own } of list.phrases) {
			const at = position(stems, wanted);
			const negated = at >= 0 && words.slice(Math.max(0, at - NEGATION_WINDOW), at).some((word) => NEGATIONS.has(word));
			const inMessage = at >= 0 && !negated;
			if (!inMessage && position(bioStems, wanted) < 0) continue;
			// A weight cannot turn a keyword against its list.
			const base = own === undefined || Math.sign(own) !== Math.sign(each) ? each : own;
			const worth = base * (inMessage && each > 0 ? SCORE_POINTS.inMessage : 1);
			const given = cap > 0 ? Math.min(worth, cap - sum) : Math.max(worth, cap - sum);
			if (given === 0) return;
			sum += given;
			points.push({
				axis: 'fit',
				rule,
				points: given,
				messageId: inMessage ? messageId(words[at]) : null,
				evidence: shown,
			});
		}
	};
	add('positive_keyword', own.positive, SCORE_POINTS.positiveKeyword, SCORE_POINTS.positiveKeywordCap);
	add('negative_keyword', own.negative, SCORE_POINTS.negativeKeyword, SCORE_POINTS.negativeKeywordCap);
	add('niche', own.niches, SCORE_POINTS.niche, SCORE_POINTS.niche);
	add('job_title', own.jobTitles, SCORE_POINTS.jobTitle, SCORE_POINTS.jobTitle);
	add('business_type', own.businessTypes, SCORE_POINTS.businessType, SCORE_POINTS.businessType);
	add('offer', own.offers, SCORE_POINTS.offer, SCORE_POINTS.offerCap);
	const outside = placeOutside(reading.line.text, persona.serviceAreas);
	if (outside !== null) {
		const { at, evidence } = outside;
		points.push({
			axis: 'fit',
			rule: 'outside_area',
			points: SCORE_POINTS.outsideArea,
			messageId: reading.messageAt(at),
			evidence,
		});
	}
	points.push(...profilePoints(profile, persona));
	return { points, ownWords: new Set(stems.filter((stem) => own.all.has(stem))).size, outside };
}

const countOf = (value: number | null | undefined): number | null =>
	typeof value === 'number' && Number.isFinite(value) && value >= 0 ? value : null;

function followersPoints(followers: number, persona: Persona): number {
	const least = countOf(persona.minFollowers);
	const most = countOf(persona.maxFollowers);
	if (least === null && most === null) return 0;
	const low = least ?? 0;
	const high = most ?? Number.POSITIVE_INFINITY;
	if (followers >= low && followers <= high) return SCORE_POINTS.followersInRange;
	const near = followers >= low / FOLLOWERS_NEAR_FACTOR && followers <= high * FOLLOWERS_NEAR_FACTOR;
	return near ? SCORE_POINTS.followersNear : SCORE_POINTS.followersBeyond;
}

function profilePoints(profile: LeadProfile | null, persona: Persona): ScorePoint[] {
	if (profile === null) return [];
	const followers = countOf(profile.followersCount);
	const signals: Array<[string, number, string]> = [
		['followers', followers === null ? 0 : followersPoints(followers, persona), String(followers)],
		['business_account', profile.isBusiness === true ? SCORE_POINTS.isBusiness : 0, 'business'],
		['website', profile.website ? SCORE_POINTS.website : 0, 'website'],
		['verified', profile.isVerified === true ? SCORE_POINTS.verified : 0, 'verified'],
		['follows_business', profile.followsBusiness === true ? SCORE_POINTS.followsBusiness : 0, 'follows'],
	];
	return signals
		.filter(([, points]) => points !== 0)
		.map(([rule, points, evidence]) => ({ axis: 'fit', rule, points, messageId: null, evidence }));
}
