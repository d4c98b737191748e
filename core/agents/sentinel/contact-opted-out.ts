import { pass, type CheckFactory } from './types';

/** A contact who opted out before stays without automatic replies. */
export const createContactOptedOutCheck: CheckFactory =
	() =>
	({ context }) =>
		context.contact.optedOut
			? { fired: true, action: 'silence', reason: 'The contact opted out earlier; a person may answer.' }
			: pass('The contact has not opted out.');
