/** Which links open the hand-off page. */
export const HANDOFF_PURPOSE = 'handoff';
/** Hand-overs the queue shows at most: more is a matter of more people. */
export const QUEUE_LIMIT = 100;
/** Messages of a conversation that the page shows: what a person reads before they answer. */
export const MESSAGES_SHOWN = 60;
/** Approved templates the page offers. */
export const TEMPLATES_SHOWN = 12;
/** Drafts of one conversation the page shows. */
export const DRAFTS_SHOWN = 5;
/** Characters of one answer: WhatsApp's limit is 4,096 a message; longer ones are sent as several. */
export const REPLY_CHARACTERS = 8_000;
/** Characters of one variable of a template, as Meta takes them. */
export const VARIABLE_CHARACTERS = 1_024;
/** Seconds after which the queue reads itself again. A conversation does not: what somebody types must not be lost. */
export const REFRESH_SECONDS = 30;
/** Hand-overs that one run gives back or escalates; the next run takes the rest. */
export const WORK_LIMIT = 200;
/** Rows a list operation returns at most. */
export const LIST_LIMIT = 200;
/** Share of words up to which a changed draft counts as touched up; above it was written anew. */
export const TOUCHED_SHARE = 0.3;
/** Words of each side that the comparison looks at: its cost grows with their product. */
export const COMPARED_WORDS = 400;
/** Days of figures unless asked otherwise. */
export const FIGURE_DAYS = 30;
/** Random bytes of a form's key: two forms never share one. */
export const FORM_KEY_BYTES = 12;

/** Milliseconds for one call of Chatwoot. */
export const CHATWOOT_TIMEOUT_MS = 10_000;
/** Seconds one worker has a conversation of Chatwoot: a few calls with their time-outs. */
export const CHATWOOT_HOLD_SECONDS = 90;
/** Messages copied into Chatwoot when a conversation goes there: what was said before. */
export const CHATWOOT_CONTEXT_MESSAGES = 20;
/** Characters of one message in the private note. */
export const CHATWOOT_NOTE_CHARACTERS = 500;
/** Random bytes of the secret in the webhook's address. */
export const CHATWOOT_SECRET_BYTES = 24;
