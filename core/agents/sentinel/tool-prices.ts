import type { ToolStep } from '../../plugins';
import { findPrices, type PriceFacts } from './text/money';

/** Numbers of a tool's answer that are no money. */
const NOT_MONEY =
	/(?:id|ids|minutes?|minutos?|seconds?|segundos?|hours?|horas?|days?|dias?|count|quantity|quantidade|qtd|estoque|stock|page|limit|version|duration|duracao|lat|lng|year|ano)$/i;
const BARE_NUMBER = /^\s*\d{1,9}(?:[.,]\d{3})*(?:[.,]\d{1,2})?\s*$/;
const PERCENT_KEY = /(?:percent|porcento|desconto|discount)/i;

const NONE: PriceFacts = { amounts: [], discounts: [], mentionsDiscount: false, mentionsFree: false };

function factsOf(key: string, value: unknown): PriceFacts {
	if (typeof value === 'number' && Number.isFinite(value)) {
		if (NOT_MONEY.test(key)) return NONE;
		const isDiscount = PERCENT_KEY.test(key);
		return {
			amounts: [Math.round(value * 100)],
			discounts: isDiscount ? [value] : [],
			mentionsDiscount: isDiscount && value > 0,
			mentionsFree: value === 0 && /(?:price|preco|preço|valor|cost|custo)/i.test(key),
		};
	}
	if (typeof value === 'string')
		return findPrices(BARE_NUMBER.test(value) && !NOT_MONEY.test(key) ? `R$ ${value.trim()}` : value);
	if (typeof value !== 'object' || value === null) return NONE;
	const entries = Array.isArray(value) ? value.map((item): [string, unknown] => [key, item]) : Object.entries(value);
	return joined(entries.map(([name, item]) => factsOf(name, item)));
}

const joined = (facts: PriceFacts[]): PriceFacts => ({
	amounts: facts.flatMap(({ amounts }) => amounts),
	discounts: facts.flatMap(({ discounts }) => discounts),
	mentionsDiscount: facts.some(({ mentionsDiscount }) => mentionsDiscount),
	mentionsFree: facts.some(({ mentionsFree }) => mentionsFree),
});

/** Without what the call itself said: a tool that repeats its arguments would vouch for the customer's own price. */
function toldBy({ arguments: given, result }: ToolStep): PriceFacts {
	const own = factsOf('', given);
	const told = factsOf('', result);
	return {
		amounts: told.amounts.filter((amount) => !own.amounts.includes(amount)),
		discounts: told.discounts.filter((discount) => !own.discounts.includes(discount)),
		mentionsDiscount: told.mentionsDiscount && !own.mentionsDiscount,
		mentionsFree: told.mentionsFree && !own.mentionsFree,
	};
}

/** Prices that tools told in this turn. */
export const pricesTold = (steps: readonly ToolStep[]): PriceFacts =>
	joined(steps.filter(({ status }) => status === 'ok').map(toldBy));
