/** Seconds a claimed message may take to be sent: the Graph call's time-out plus room to write the result down. */
export const SEND_LEASE_SECONDS = 60;
/** Seconds a send of unknown outcome waits for a status before a person is told. */
export const UNKNOWN_GRACE_SECONDS = 600;
/** Messages one claim hands out at most: they are sent side by side. */
export const MAX_SEND_CLAIM = 50;
/** Claims in one call: as many as a reply has parts, and two more. */
export const MAX_SEND_ROUNDS = 5;
/** Tries of one message before it fails; errors that say more in core/meta's table overrule it. */
export const MAX_SEND_ATTEMPTS = 8;
/** Rows a list returns at most. */
export const LIST_LIMIT = 100;
/** What Meta's reviewer reads in the places of a template where nobody gives an example: the variables of the seeded texts. */
export const EXAMPLE_VALUES: Readonly<Record<string, string>> = {
	lead_name: 'Ana',
	company: 'Clínica Sorriso',
	value: 'R$ 100',
	date: '25/11',
	time: '14:00',
};
/** Lines of one price list: Meta's card has some 250 countries and four categories. */
export const PRICE_ROWS = 2_000;
