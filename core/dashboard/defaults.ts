/** Which links open the dashboard, and which sign in. */
export const DASHBOARD_PURPOSE = 'dashboard';
export const SIGN_IN_PURPOSE = 'sign-in';
/** Which links open the page across all tenants. */
export const OPERATOR_PURPOSE = 'operator-dashboard';
/** An access key with this scope opens the dashboard. */
export const DASHBOARD_SCOPE = 'dashboard';
/** Hours that a mailed link lives: long enough for a slow mail, too short to lie in an inbox. */
export const SIGN_IN_HOURS = 0.25;
/** Hours after which who signed in signs in again: one working day. */
export const SESSION_HOURS = 12;
/** Hours of a link that is made in n8n, unless asked otherwise. */
export const LINK_HOURS = 24 * 7;
/** Characters of why somebody put a version back or closed a breaker: a few sentences. */
export const REASON_CHARACTERS = 500;
/** Random bytes of a form's key: two forms never share one. */
export const FORM_KEY_BYTES = 12;
