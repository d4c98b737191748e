import { findPrices } from './text/money';
import { pricesTold } from './tool-prices';
import { pass, type CheckFactory } from './types';

/**
 * A price, discount or gift that neither the business nor a tool of this turn stated. What the customer proposed does not count: "fecha por R$ 10?" is no
 * price list.
 */
export const createUnlistedPriceCheck: CheckFactory =
	({ prices }) =>
	({ text, tools }) => {
		const said = findPrices(text);
		const told = pricesTold(tools?.steps ?? []);
		const amounts = said.amounts
			.filter((amount) => !prices.amounts.includes(amount) && !told.amounts.includes(amount))
			.map((amount) => amount / 100);
		const discounts = said.discounts.filter(
			(discount) => !prices.discounts.includes(discount) && !told.discounts.includes(discount),
		);
		const free = said.mentionsFree && !prices.mentionsFree && !told.mentionsFree;
		const promise = said.promisesDiscount && !prices.mentionsDiscount && !told.mentionsDiscount;
		if (amounts.length === 0 && discounts.length === 0 && !free && !promise)
			return pass('Every price stands in the documents or in what a tool answered.');
		return {
			fired: true,
			action: 'block',
			reason:
				'The reply states a price, discount or gift that is neither in the documents nor in what a tool answered.',
			details: { amounts, discounts, free, promise },
		};
	};
