import { findPrices } from './text/money';
import { pass, type CheckFactory } from './types';

/**
 * A price, discount or gift that the business did not state. What the customer proposed does not count: "fecha por R$ 10?" is no
 * price list.
 */
export const createUnlistedPriceCheck: CheckFactory =
	({ prices }) =>
	({ text }) => {
		const said = findPrices(text);
		const amounts = said.amounts.filter((amount) => !prices.amounts.includes(amount)).map((amount) => amount / 100);
		const discounts = said.discounts.filter((discount) => !prices.discounts.includes(discount));
		const free = said.mentionsFree && !prices.mentionsFree;
		const promise = said.promisesDiscount && !prices.mentionsDiscount;
		if (amounts.length === 0 && discounts.length === 0 && !free && !promise)
			return pass('Every price stands in the documents.');
		return {
			fired: true,
			action: 'block',
			reason: 'The reply states a price, discount or gift that is not in the documents.',
			details: { amounts, discounts, free, promise },
		};
	};
