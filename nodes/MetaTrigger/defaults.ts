/** Milliseconds for which the trigger goes on with a credential it has read: so long may a withdrawn app secret still open the door. */
export const CREDENTIAL_KEPT_MS = 5_000;
/** Milliseconds between two looks for a new secret while signatures do not fit: strangers must not make n8n decrypt at will. */
export const CREDENTIAL_REREAD_MS = 1_000;
