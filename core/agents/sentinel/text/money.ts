import { SENTINEL } from '../../defaults';
import { fold, sentences } from './fold';

/** What a text says about prices. Amounts in cents, so that 1.234,56 and 1,234.56 and 1234.56 are one. */
export interface PriceFacts {
	amounts: number[];
	discounts: number[];
	/** Says that a discount exists, with or without a number. */
	mentionsDiscount: boolean;
	mentionsFree: boolean;
}

const NUMBER = '\\d{1,3}(?:[. ]\\d{3})+(?:,\\d{1,2})?|\\d{1,3}(?:,\\d{3})+(?:\\.\\d{1,2})?|\\d+(?:[.,]\\d{1,2})?';
const SCALE = '(?:\\s?(mil|k|thousand)(?![\\p{L}\\p{N}]))?';
const CURRENCY_BEFORE = '(?:r\\$|us\\$|u\\$s|\\$|€|£|brl|usd|eur)';
const CURRENCY_AFTER = '(?:reais|real|brl|dolares|dolar|dollars?|bucks|usd|euros?|eur|pesos?|€)';
/** Said like a price although no currency stands there. */
const PER_MONTH =
	'(?:(?:/|por|ao|al|a|per|cada)\\s?(?:mes|month|ano|year)(?![\\p{L}])|mensais|mensal|mensuales|anuais|monthly|a\\s?vista|no pix|/mo(?![\\p{L}]))';
/** "12x de 97" ends there or speaks of paying on; "3x de 12 repetições" counts something. */
const ENDS_LIKE_PRICE =
	'(?=\\s*(?:$|\\n|[!?;)]|[.,](?!\\d)|sem juros|com juros|no (?:cartao|credito|boleto|pix)|por mes|mensais|iguais|sin interes|interest))';
const PRICE_VERB =
	'(?:cust[ao]m?|valor (?:e|fica|de)|preco (?:e|fica|de)|mensalidade (?:e|fica|de)|sai (?:por|a)|por apenas|por so|costs?|price is|cuestan?|precio es)\\s(?:so\\s|apenas\\s|de\\s|only\\s|solo\\s)?';

/** Forms that name a currency or a price word: any number counts. */
const CERTAIN_FORMS = [
	new RegExp(`${CURRENCY_BEFORE}\\s*(${NUMBER})${SCALE}`, 'gu'),
	new RegExp(`(?<![\\d.,])(${NUMBER})${SCALE}\\s*(?:de\\s)?${CURRENCY_AFTER}(?![\\p{L}\\p{N}])`, 'gu'),
	new RegExp(`${PRICE_VERB}(${NUMBER})${SCALE}(?!\\s?(?:%|x(?![\\p{L}])))(?![\\d])`, 'gu'),
];
/** Forms that may also count things: 297 por mês, 12x de 97. */
const LIKELY_FORMS = [
	new RegExp(`(?<![\\d.,])(${NUMBER})${SCALE}\\s*${PER_MONTH}`, 'gu'),
	new RegExp(`(?<![\\p{L}\\d])\\d{1,2}\\s?x\\s(?:de\\s|of\\s)?(${NUMBER})${SCALE}${ENDS_LIKE_PRICE}`, 'gu'),
];

const PERCENT = '(\\d{1,3}(?:[.,]\\d{1,2})?)\\s?(?:%|por cento|percent|por ciento)';
const DISCOUNT_WORD =
	'(?:desconto|descontos|descuento|descuentos|discounts?|off|abatimento|cashback|rebaja|mais barat[oa]|mas barat[oa]|cheaper|reducao|promocao|bonus)';
const DISCOUNT_FORMS = [
	new RegExp(`${PERCENT}[^.!?\\n]{0,25}?(?<![\\p{L}])${DISCOUNT_WORD}(?![\\p{L}])`, 'gu'),
	new RegExp(`(?<![\\p{L}])${DISCOUNT_WORD}(?![\\p{L}])[^.!?\\n\\d]{0,25}?${PERCENT}`, 'gu'),
];
const HALF_PRICE = /metade do (?:preco|valor)|half (?:the )?price|mitad de(?:l)? precio/u;
const HALF = 50;

const NOUN_DISCOUNT =
	/(?<!\p{L})(?:descontos?|descuentos?|discounts?|cupom|cupon|coupon|promocao|promocoes|promocion)(?!\p{L})/u;
/** A promise of a discount without a number; a refusal or a question is none. */
const DISCOUNT_PROMISE =
	/(?<!\p{L})(?:posso|consigo|podemos|conseguimos|vou|vamos|te|lhe|ganha|ganhe|tera|temos|damos|i can|we can|i will|puedo|podemos|tenemos)(?: \p{L}+){0,3} (?:um |una? |the |a )?(?:descontos?|descuentos?|discounts?|cupom|coupon)(?!\p{L})/u;

const FREE =
	/(?<![\p{L}-])(?:gratis|gratuit[oa]s?|gratuitamente|de graca|sem custo(?: nenhum| algum)?|sem nenhum custo|sem taxas?|isent[oa]s?|isencao|custo zero|cortesia|por nossa conta|sin costo|sin cargo|free of charge|for free|no charge|no cost|on the house|free)(?!\p{L})/gu;
/** "free" as a word of courtesy or time. */
const NOT_FREE_AFTER =
	/^(?:to|time|from|slot|slots|spot|spots|hour|hours|hand|schedule|at|on|in|tomorrow|today|now|next|this)(?!\p{L})/u;
const NEGATION_BEFORE = new RegExp(
	// "no" denies in Spanish and English and means "in the" in Portuguese: only directly before, or before these verbs.
	"(?<!\\p{L})(?:(?:nao|nem|nunca|nenhum|nenhuma|not|isn'?t|don'?t|doesn'?t|never|ningun|ninguna|tampoco)(?:\\s[\\p{L}']+){0,4}" +
		'|(?:no|ni|without)(?:\\s(?:es|son|hay|tenemos|ofrecemos|damos|tiene|existe|is))?(?:\\s(?:un|una|a|the|any|plan)){0,2})\\s?$',
	'u',
);
/** Characters before a claim that are searched for a negation: five words. */
const NEGATION_REACH = 80;

function cents(number: string, scale: string | undefined): number {
	const compact = number.replace(/ /g, '');
	const decimals = /[.,](\d{1,2})$/.exec(compact);
	const whole = (decimals ? compact.slice(0, -decimals[0].length) : compact).replace(/[.,]/g, '');
	const value = Number(`${whole}.${decimals?.[1] ?? '0'}`);
	const factor = scale ? 1_000 : 1;
	return Math.round(value * factor * 100);
}

const plain = (text: string): string =>
	fold(text)
		.replace(/[*_~`]/g, '')
		.replace(/’/g, "'")
		.replace(/[^\S\n]+/gu, ' ');

const isNegated = (text: string, index: number): boolean =>
	NEGATION_BEFORE.test(text.slice(Math.max(0, index - NEGATION_REACH), index));

const amountsOf = (text: string, forms: readonly RegExp[]): number[] =>
	forms.flatMap((form) => [...text.matchAll(form)].map((match) => cents(match[1], match[2])));

function amountsIn(text: string): number[] {
	const likely = amountsOf(text, LIKELY_FORMS).filter((amount) => amount >= SENTINEL.likelyPriceMinimumCents);
	return [...new Set([...amountsOf(text, CERTAIN_FORMS), ...likely])];
}

function discountsIn(text: string): number[] {
	const found = DISCOUNT_FORMS.flatMap((form) =>
		[...text.matchAll(form)].map((match) => Number(match[1].replace(',', '.'))),
	);
	return [...new Set(HALF_PRICE.test(text) ? [...found, HALF] : found)];
}

/** "feel free", "I'm free at three": nothing is given away. */
const isOtherFree = (sentence: string, index: number): boolean =>
	/(?:feel|i'?m|am) $/u.test(sentence.slice(Math.max(0, index - NEGATION_REACH), index)) ||
	NOT_FREE_AFTER.test(sentence.slice(index + 'free '.length));

const claimsFree = (text: string): boolean =>
	sentences(text).some((sentence) =>
		[...sentence.matchAll(FREE)].some(
			({ 0: word, index }) => !(word === 'free' && isOtherFree(sentence, index)) && !isNegated(sentence, index),
		),
	);

function promisesDiscount(text: string): boolean {
	return sentences(text).some((sentence) => {
		const match = DISCOUNT_PROMISE.exec(sentence);
		return match !== null && !isNegated(sentence, match.index) && !/(?<!\p{L})(?:nao|not|no)(?!\p{L})/u.test(match[0]);
	});
}

/** Prices, discounts and gifts that a text states. */
export function findPrices(text: string): PriceFacts & { promisesDiscount: boolean } {
	const folded = plain(text);
	const amounts = amountsIn(folded);
	return {
		amounts: amounts.filter((amount) => amount > 0),
		discounts: discountsIn(folded),
		mentionsDiscount: NOUN_DISCOUNT.test(folded),
		mentionsFree: amounts.includes(0) || claimsFree(folded),
		promisesDiscount: promisesDiscount(folded),
	};
}
