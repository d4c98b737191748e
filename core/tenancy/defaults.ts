/** Milliseconds for one statement of a tenant transaction: all of them are short by design. */
export const STATEMENT_TIMEOUT_MS = 10_000;
/** Milliseconds the server lets a transaction stand idle: a worker that vanished in it would hold its locks until TCP gives up, for hours. */
export const IDLE_TRANSACTION_MS = 15_000;
/** Rows a list operation returns at most. */
export const LIST_LIMIT = 100;
/** Bytes of an AES-256 key, of GCM's nonce and of its tag. */
export const VAULT_KEY_BYTES = 32;
export const VAULT_NONCE_BYTES = 12;
export const VAULT_TAG_BYTES = 16;
/** Random bytes of an access key: 192 bits, 32 characters of base64url. */
export const ACCESS_KEY_BYTES = 24;
/** A token that ends sooner than this many days is reported: time for a person to make a new one. */
export const TOKEN_WARNING_DAYS = 7;
/** Random bytes that make each link another one: 128 bits. */
export const PAGE_LINK_NONCE_BYTES = 16;
/** Characters of a name that a link carries. */
export const PERSON_CHARACTERS = 120;
/** Stands where a page link names its tenant, in links that are of none. */
export const NO_TENANT = '00000000-0000-0000-0000-000000000000';
