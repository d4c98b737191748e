import type { SuggestionState } from '../../core/improvement';

/** What each state means to whoever picks it from a list. */
export const SUGGESTION_STATES: Record<SuggestionState, { name: string; description: string }> = {
	proposed: { name: 'Proposed', description: 'Just made; nothing has looked at it yet' },
	linted: { name: 'Checked', description: 'Holds nothing that may not enter a version' },
	gated: { name: 'Tested', description: 'Did well on leads whose outcome is known' },
	needs_data: { name: 'Waits for Data', description: 'Too few known outcomes to say whether it helps' },
	awaiting_approval: { name: 'Waits for a Person', description: 'Somebody has to say yes or no' },
	approved: { name: 'Approved', description: 'Said yes to; not rolled out yet' },
	canary10: { name: 'With a Tenth of the People', description: 'Rolled out to 10 percent' },
	canary50: { name: 'With Half of the People', description: 'Rolled out to 50 percent' },
	active: { name: 'With Everybody', description: 'In service' },
	rejected: { name: 'Rejected', description: 'A person or a check said no' },
	rolled_back: { name: 'Rolled Back', description: 'Was in service and was taken back' },
	superseded: { name: 'Replaced', description: 'Edited, or made on a version that is no longer in service' },
	expired: { name: 'Expired', description: 'Nobody decided in time' },
};
