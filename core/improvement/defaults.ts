/** Operations of one candidate: small edits are bundled, and whoever approves still reads them all. */
export const MAX_OPERATIONS = 6;
/** Learned rules of a prompt, and characters of one: more of them and a model reads none. */
export const MAX_LEARNED_RULES = 12;
export const RULE_CHARACTERS = 160;
/** Learned rules that one candidate may add: what helped must be told apart. */
export const RULES_PER_CANDIDATE = 3;

/** Points of the HOT and WARM thresholds: by how much one candidate may move them, and how far they may be moved in all. */
export const THRESHOLD_STEP = 5;
export const THRESHOLD_SHIFT = 15;
/** Points of the thresholds by which a proposal moves them. */
export const THRESHOLD_PROPOSAL = 3;
/** Points of one keyword, either way: two of them never make a HOT. */
export const KEYWORD_POINTS = 30;
/** Points of a keyword that doubles, or halves, the odds of being won. */
export const POINTS_PER_DOUBLING = 8;

/** Letters of a stem, and letters and words of an alias: four words are no sentence of a customer. */
export const STEM_LETTERS = { least: 3, most: 24 } as const;
export const ALIAS = { letters: 60, words: 4 } as const;
/** Followers that a range may name. */
export const FOLLOWERS_MOST = 1_000_000_000;
/** Output tokens that a configuration may ask for. */
export const OUTPUT_TOKENS = { least: 64, most: 16_000 } as const;
/** Characters of a model's name. */
export const MODEL_NAME_CHARACTERS = 120;

/** Distinct people and days behind a stem before it may become a keyword. */
export const STEM_SUPPORT = { leads: 20, days: 5 } as const;
/** Share of conversations that fail a check, by the lower bound, from which a rule is proposed; below, it is noise. */
export const FAILURE_FROM = 0.15;
/** Times the team's capacity for HOT leads from which the threshold is raised. */
export const OVER_CAPACITY = 1.2;

/** Days for which what a person rejected is not proposed again. */
export const REJECTED_DAYS = 30;
/** Days after which nobody wants a suggestion any more: the figures behind it are old. */
export const SUGGESTION_DAYS = 14;

/** Operations that a model may choose among: the strongest; milliseconds, tries and tokens of that call. */
export const OFFERED_MOST = 20;
export const CHOICE_CALL = { timeoutMs: 30_000, maxRetries: 1, maxOutputTokens: 400 } as const;

/** Leads of one replay: the gate needs hundreds, and both versions read a thousand in well under a second. */
export const REPLAY_LEADS = 5_000;
/** Days of leads that tell who is affected by a change, and how many of them are shown. */
export const AFFECTED_DAYS = 30;
export const AFFECTED_SHOWN = 5;

/** Hours for which an approval link works, and the random bytes that make it its own. */
export const APPROVAL_LINK_HOURS = 72;
export const APPROVAL_NONCE_BYTES = 16;
/** Characters of a person's name, and of the note that goes with a decision. */
export const PERSON_CHARACTERS = 200;
export const NOTE_CHARACTERS = 500;
/** Rows a list returns at most, and suggestions that one run lets expire. */
export const LIST_LIMIT = 100;
export const EXPIRE_BATCH = 500;

/** HOT precision at which working a lead pays for itself, where nobody says otherwise: a seller's hour against a client in three. */
export const BREAK_EVEN_PRECISION = 0.3;
