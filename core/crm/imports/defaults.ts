/** Bytes of a CSV file at most: about 20,000 leads; more is several files. */
export const CSV_MAX_BYTES = 5_000_000;
/** Rows of a CSV file, or items of a call, at most: a transaction each, some 2 minutes. */
export const IMPORT_MAX_ROWS = 5_000;
/** Broken rows that are reported one by one; the rest is counted. */
export const PROBLEMS_MAX = 200;
/** Leads that are filed side by side. */
export const IMPORTS_AT_ONCE = 4;
/** Answers that are kept of a form, and characters of a question and an answer. */
export const ANSWERS_MAX = 50;
export const QUESTION_MAX_CHARS = 200;
export const ANSWER_MAX_CHARS = 500;
/** Characters of a name; forms take anything. */
export const NAME_MAX_CHARS = 200;
/** Calling code for numbers that are written without one. */
export const DEFAULT_COUNTRY = '55';
/** Tenants whose waiting greetings one call looks at, and greetings of each. */
export const GREET_TENANTS = 200;
export const GREET_LIMIT = 50;
/** Rows a list operation returns at most. */
export const LIST_LIMIT = 200;
/** Characters of the key that Google sends with a lead: it takes up to 50. */
export const GOOGLE_KEY_MAX_CHARS = 50;
