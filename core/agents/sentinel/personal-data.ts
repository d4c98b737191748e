import { findPersonalData, isKnownDatum } from './text/personal-data';
import { pass, type CheckFactory } from './types';

/** Personal data of somebody else: neither the business' own nor typed by this customer in this conversation. */
export const createPersonalDataCheck: CheckFactory =
	(policy) =>
	({ text, context }) => {
		const typed = [...context.history, ...context.incoming]
			.filter(({ role }) => role === 'contact')
			.map((entry) => entry.text)
			.join('\n');
		const foreign = findPersonalData(text).filter((datum) => !isKnownDatum(datum, policy.ownData, typed));
		return foreign.length === 0
			? pass("No other person's data.")
			: {
					fired: true,
					action: 'block',
					reason: "The reply holds personal data that is neither the business' own nor the customer's.",
					details: { kinds: [...new Set(foreign.map(({ kind }) => kind))] },
				};
	};
