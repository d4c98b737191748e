/** Every bound and default of the onboarding capability: once, with its unit and its reason. */

/** Hours for which a client's approval link works: a week with its weekends, since clients answer slowly. */
export const ONBOARDING_LINK_HOURS = 168;

/** Hours for which a link to the setup report works: a month, the time in which a setup is handed over. */
export const REPORT_LINK_HOURS = 720;

/** Bytes of a file of documents: a price list or a manual; a scan of this size has no text anyway. */
export const DOCUMENT_MAX_BYTES = 10_000_000;
/** Pages of a document that are read. */
export const DOCUMENT_MAX_PAGES = 200;
/** Characters kept of a document: more would not fit the prompt beside anything else (24,000 tokens in all). */
export const DOCUMENT_MAX_CHARACTERS = 80_000;

/** Characters of one answer that are kept: the longest field of a spec is 4,000, a pasted document more. */
export const ANSWER_MAX_CHARACTERS = 80_000;

/** Days back in which events of an unknown account are looked for: Meta repeats for seven, and then they are removed. */
export const REROUTE_DAYS = 7;
/** Hours within which a message is still answered: the window in which anything but a template may be sent. */
export const REROUTE_ANSWER_HOURS = 24;
/** Events filed in one transaction. */
export const REROUTE_BATCH = 100;
/** Events looked at in one call. */
export const REROUTE_LIMIT = 1_000;

/** Days before its end from which an Instagram token is renewed: tried daily, a week of failures still leaves a week. */
export const TOKEN_REFRESH_DAYS = 14;
/** Tokens renewed in one call. */
export const TOKEN_REFRESH_LIMIT = 200;

/** Random bytes of the token that stands in the prompt only. */
export const CANARY_BYTES = 12;

/** Turns that the test customer answers questions for at most: the bound of a spec's questions and a greeting. */
export const TEST_MAX_TURNS = 12;
/** Share of a question's subject words that a message must hold to count as asking it. */
export const QUESTION_STEM_SHARE = 0.5;

/** Scopes that a token needs, by channel; Meta names them in Business settings and at the app's login. */
export const SCOPES_NEEDED = {
	whatsapp: ['whatsapp_business_management', 'whatsapp_business_messaging'],
	instagram: ['instagram_business_basic', 'instagram_business_manage_messages'],
	messenger: ['pages_messaging', 'pages_manage_metadata'],
} as const;

/** The same permission under the name of the older login. */
export const SCOPE_SYNONYMS: Record<string, string> = {
	instagram_business_basic: 'instagram_basic',
	instagram_business_manage_messages: 'instagram_manage_messages',
};

/** Approved templates that the page of the first message offers. */
export const TEMPLATES_OFFERED = 50;
/** Characters of a template's text beside its name. */
export const TEMPLATE_TEXT_SHOWN = 120;

export const FIRST_AGENT_SLUG = 'main';
/** Characters of a person's name on a page, and of what a client asks to be changed. */
export const PERSON_MAX_CHARACTERS = 120;
export const NOTE_MAX_CHARACTERS = 2_000;
/** Characters of why somebody goes on although items of the test failed, as the table takes them. */
export const OVERRIDE_MAX_CHARACTERS = 1_000;
