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
	'(?:(?:/|por|ao|al|a|per|cada)\\s?(?:mes|month|ano|year|semana|week|aula|sessao|pessoa)(?![\\p{L}])|mensais|mensal|mensuales|anuais|monthly|a\\s?vista|no pix|/mo(?![\\p{L}]))';

const AMOUNT_FORMS = [
	new RegExp(`${CURRENCY_BEFORE}\\s*(${NUMBER})${SCALE}`, 'gu'),
	new RegExp(`(?<![\\d.,])(${NUMBER})${SCALE}\\s*(?:de\\s)?${CURRENCY_AFTER}(?![\\p{L}\\p{N}])`, 'gu'),
	new RegExp(`(?<![\\d.,])(${NUMBER})${SCALE}\\s*${PER_MONTH}`, 'gu'),
	// 12x de 97, 3 x 150,00
	new RegExp(`(?<![\\p{L}\\d])\\d{1,2}\\s?x\\s(?:de\\s|of\\s)?(${NUMBER})${SCALE}(?!\\s?(?:%|por semana|semanas?|vezes|min|kg|cm|repet))`, 'gu'),
	// custa 97, o valor é 97, sai por 97, fica em 97
	new RegExp(
		`(?:cust[ao]m?|valor (?:e|fica|de)|preco (?:e|fica|de)|mensalidade (?:e|fica|de)|sai (?:por|a)|por apenas|por so|costs?|price is|cuestan?|precio es)\\s(?:so\\s|apenas\\s|de\\s|only\\s|solo\\s)?(${NUMBER})${SCALE}(?!\\s?(?:%|x(?![\\p{L}])))(?![\\d])`,
		'gu',
	),
];

const PERCENT = '(\\d{1,3}(?:[.,]\\d{1,2})?)\\s?(?:%|por cento|percent|por ciento)';
const DISCOUNT_WORD = '(?:desconto|descontos|descuento|descuentos|discounts?|off|abatimento|cashback|rebaja|mais barat[oa]|mas barat[oa]|cheaper|reducao|promocao|bonus)';
const DISCOUNT_FORMS = [
	new RegExp(`${PERCENT}[^.!?\\n]{0,25}?(?<![\\p{L}])${DISCOUNT_WORD}(?![\\p{L}])`, 'gu'),
	new RegExp(`(?<![\\p{L}])${DISCOUNT_WORD}(?![\\p{L}])[^.!?\\n\\d]{0,25}?${PERCENT}`, 'gu'),
];
const HALF_PRICE = /metade do (?:preco|valor)|half (?:the )?price|mitad de(?:l)? precio/u;
const HALF = 50;

const NOUN_DISCOUNT = /(?<!\p{L})(?:descontos?|descuentos?|discounts?|cupom|cupon|coupon|promocao|promocoes|promocion)(?!\p{L})/u;
/** A promise of a discount without a number; a refusal or a question is none. */
const DISCOUNT_PROMISE =
	/(?<!\p{L})(?:posso|consigo|podemos|conseguimos|vou|vamos|te|lhe|ganha|ganhe|tera|temos|damos|i can|we can|i will|puedo|podemos|tenemos)(?: \p{L}+){0,3} (?:um |una? |the |a )?(?:descontos?|descuentos?|discounts?|cupom|coupon)(?!\p{L})/u;

const FREE = /(?<![\p{L}-])(?:gratis|gratuit[oa]s?|gratuitamente|de graca|sem custo(?: nenhum| algum)?|sem nenhum custo|custo zero|cortesia|por nossa conta|sin costo|sin cargo|free of charge|for free|no charge|no cost|on the house|free)(?!\p{L})/gu;
/** "free" as a word of courtesy or time. */
const NOT_FREE_AFTER = /^(?:to|time|from|slot|slots|spot|spots|hour|hours|hand|schedule|at|on|in|tomorrow|today|now|next|this)(?!\p{L})/u;
const NEGATION_BEFORE = /(?<!\p{L})(?:nao|nem|sem|nunca|nenhum|nenhuma|no|not|isn t|isnt|never|ningun|ninguna|tampoco|ni)(?:\s[\p{L}']+){0,4}\s?$/u;

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
		.replace(/[^\S\n]+/gu, ' ');

const isNegated = (text: string, index: number): boolean => NEGATION_BEFORE.test(text.slice(0, index));

function amountsIn(text: string): number[] {
	const found = AMOUNT_FORMS.flatMap((form) => [...text.matchAll(form)].map((match) => cents(match[1], match[2])));
	return [...new Set(found)].filter((amount) => amount > 0);
}

function discountsIn(text: string): number[] {
	const found = DISCOUNT_FORMS.flatMap((form) => [...text.matchAll(form)].map((match) => Number(match[1].replace(',', '.'))));
	return [...new Set(HALF_PRICE.test(text) ? [...found, HALF] : found)];
}

function claimsFree(text: string): boolean {
	return sentences(text).some((sentence) =>
		[...sentence.matchAll(FREE)].some((match) => {
			const before = sentence.slice(0, match.index);
			if (match[0] === 'free' && (/(?:feel|be|i m|am|are|is|set) $/u.test(before) || NOT_FREE_AFTER.test(sentence.slice(match.index + 5)))) return false;
			return !isNegated(sentence.replace(/[,;:]/g, ' '), match.index);
		}),
	);
}

function promisesDiscount(text: string): boolean {
	return sentences(text).some((sentence) => {
		const match = DISCOUNT_PROMISE.exec(sentence);
		return match !== null && !isNegated(sentence, match.index) && !/(?<!\p{L})(?:nao|not|no)(?!\p{L})/u.test(match[0]);
	});
}

/** Prices, discounts and gifts that a text states. */
export function findPrices(text: string): PriceFacts & { promisesDiscount: boolean } {
	const folded = plain(text);
	return {
		amounts: amountsIn(folded),
		discounts: discountsIn(folded),
		mentionsDiscount: NOUN_DISCOUNT.test(folded),
		mentionsFree: claimsFree(folded),
		promisesDiscount: promisesDiscount(folded),
	};
}
