import { BACKOFF, MAX_ATTEMPTS } from './defaults';

/** What the outbox does next. `template`: outside the 24-hour window, only an approved template may go. */
export type GraphAction =
	| 'retry_row'
	| 'retry_pair'
	| 'retry_number'
	| 'retry_account'
	| 'unknown'
	| 'template'
	| 'fail'
	| 'fail_opt_out'
	| 'pause_number'
	| 'pause_account'
	| 'pause_tenant'
	| 'hold_template';

export interface GraphErrorClass {
	action: GraphAction;
	/** Meta said that it did not take the message: sending again cannot duplicate it. */
	retryable: boolean;
	/** First wait; null where no clock but a person or an event decides. */
	delayMs: number | null;
	/** Null: no limit, the lane waits and the row with it. */
	maxAttempts: number | null;
	/** False where the fault is the lane's and not the row's. */
	consumesAttempt: boolean;
	/** Machine-readable, stable. */
	name: string;
	/** What an ops person does about it. */
	advice: string;
	/** What the other side asked to wait; no backoff goes below it. */
	retryAfterMs?: number;
}

/** How each action behaves, unless a row of the table says otherwise. */
const ACTIONS: Record<GraphAction, Omit<GraphErrorClass, 'action' | 'name' | 'advice'>> = {
	retry_row: { retryable: true, delayMs: BACKOFF.rowMs, maxAttempts: MAX_ATTEMPTS.row, consumesAttempt: true },
	retry_pair: { retryable: true, delayMs: BACKOFF.pairMs, maxAttempts: MAX_ATTEMPTS.pair, consumesAttempt: true },
	retry_number: { retryable: true, delayMs: BACKOFF.numberMs, maxAttempts: null, consumesAttempt: false },
	retry_account: { retryable: true, delayMs: BACKOFF.accountMs, maxAttempts: null, consumesAttempt: false },
	unknown: { retryable: false, delayMs: null, maxAttempts: null, consumesAttempt: true },
	template: { retryable: false, delayMs: null, maxAttempts: null, consumesAttempt: true },
	fail: { retryable: false, delayMs: null, maxAttempts: null, consumesAttempt: true },
	fail_opt_out: { retryable: false, delayMs: null, maxAttempts: null, consumesAttempt: true },
	pause_number: { retryable: false, delayMs: null, maxAttempts: null, consumesAttempt: false },
	pause_account: { retryable: false, delayMs: null, maxAttempts: null, consumesAttempt: false },
	pause_tenant: { retryable: false, delayMs: null, maxAttempts: null, consumesAttempt: false },
	hold_template: { retryable: true, delayMs: BACKOFF.templateHoldMs, maxAttempts: null, consumesAttempt: false },
};

const row = <N extends string>(name: N, action: GraphAction, advice: string, own: Partial<GraphErrorClass> = {}) => ({
	...ACTIONS[action],
	...own,
	name,
	action,
	advice,
});

const FIX_DATA = 'Correct the message and send it again; the same data fails again.';
const FIX_TEMPLATE = 'Compare name, language and parameters with the approved template and send again.';
const RECONCILE = 'Meta may have taken the message. Wait for a status with this row id, or settle the row by hand.';

/** The classes by name. */
export const ERROR_CLASSES = {
	connection_failed: row(
		'connection_failed',
		'retry_row',
		'Nothing was sent. Check DNS, proxy and outgoing HTTPS of this machine.',
	),
	outcome_unknown: row('outcome_unknown', 'unknown', RECONCILE),
	app_rate_limit: row(
		'app_rate_limit',
		'retry_account',
		'The Meta app reached its call limit. Spread the calls; X-App-Usage shows the use.',
	),
	account_rate_limit: row(
		'account_rate_limit',
		'retry_account',
		'The business account reached its call limit. It waits and goes on by itself.',
	),
	call_rate_limit: row('call_rate_limit', 'retry_account', 'Too many calls. They wait and go on by themselves.'),
	number_throughput: row(
		'number_throughput',
		'retry_number',
		'The number sends faster than Meta allows. Lower its pace in the channel account.',
	),
	pair_rate_limit: row(
		'pair_rate_limit',
		'retry_pair',
		'Too many messages to one person. The rest of the reply waits; other people are not affected.',
	),
	number_maintenance: row(
		'number_maintenance',
		'retry_number',
		'Meta is upgrading the number. It goes on within minutes.',
		{ delayMs: BACKOFF.maintenanceMs },
	),
	server_unavailable: row('server_unavailable', 'retry_number', 'Meta is temporarily away. It goes on by itself.', {
		delayMs: BACKOFF.maintenanceMs,
	}),
	number_just_deleted: row(
		'number_just_deleted',
		'retry_number',
		'The number was just deleted. Wait five minutes, then register it again.',
		{ delayMs: BACKOFF.deletedNumberMs },
	),
	template_syncing: row(
		'template_syncing',
		'retry_row',
		'Templates are still syncing to Marketing Messages. They are tried again in ten minutes.',
		{ delayMs: BACKOFF.templateSyncMs, maxAttempts: MAX_ATTEMPTS.templateSync },
	),
	outside_window: row(
		'outside_window',
		'template',
		'More than 24 hours since the last message of this person: send an approved template.',
	),
	undeliverable: row(
		'undeliverable',
		'fail',
		'The person cannot be reached on WhatsApp (no account, old app, or terms not accepted). Use another channel.',
	),
	spam_rate_limit: row(
		'spam_rate_limit',
		'pause_number',
		'People block or report this number. Stop marketing, check its quality, then resume.',
	),
	marketing_cap: row(
		'marketing_cap',
		'fail',
		'The person got enough marketing. Do not repeat within 24 hours; other categories still go.',
	),
	marketing_opt_out: row(
		'marketing_opt_out',
		'fail_opt_out',
		'The person stopped marketing messages. Never send marketing again unless they resume.',
	),
	user_in_experiment: row('user_in_experiment', 'fail', 'Meta holds this person out of marketing. Nothing to do.'),
	user_blocked_by_us: row('user_blocked_by_us', 'fail', 'The business blocked this person. Unblock them first.'),
	country_not_allowed: row('country_not_allowed', 'fail', 'This business may not message people of that country.'),
	sender_is_recipient: row('sender_is_recipient', 'fail', 'A number cannot message itself. Correct the contact.'),
	number_not_ready: row(
		'number_not_ready',
		'pause_number',
		'Register the number and get its display name approved in WhatsApp Manager, then resume.',
	),
	payment_problem: row(
		'payment_problem',
		'pause_account',
		'Fix the payment method of the WhatsApp account in Business settings, then resume.',
	),
	account_restricted: row(
		'account_restricted',
		'pause_account',
		'Meta locked or restricted the account. Open Account Quality, appeal, then resume.',
	),
	unsupported_type: row('unsupported_type', 'fail', 'WhatsApp does not know this message type. Change the message.'),
	media_failed: row('media_failed', 'fail', 'Meta could not load the media. Upload it again and send a new message.'),
	user_id_not_allowed: row(
		'user_id_not_allowed',
		'fail',
		'This type cannot go to a username contact. Ask for the phone number first.',
	),
	marketing_api_only: row('marketing_api_only', 'fail', 'Send this template through Marketing Messages.'),
	template_limit: row(
		'template_limit',
		'hold_template',
		'Meta limits templates of this category. It lifts the limit by itself.',
	),
	template_data: row('template_data', 'fail', FIX_TEMPLATE),
	template_paused: row(
		'template_paused',
		'hold_template',
		'Meta paused the template for low quality. It goes on when Meta reinstates it.',
	),
	template_disabled: row('template_disabled', 'fail', 'Meta disabled the template. Create a new one.'),
	registration_fault: row(
		'registration_fault',
		'fail',
		'Registration or PIN fault. An administrator registers the number in WhatsApp Manager.',
	),
	marketing_setup: row('marketing_setup', 'fail', 'Finish the setup of Marketing Messages for this account.'),
	bad_request: row('bad_request', 'fail', FIX_DATA),
	object_not_found: row(
		'object_not_found',
		'fail',
		'Unknown id, or the token has no access to it. Check the phone number id and the token.',
	),
	token_invalid: row(
		'token_invalid',
		'pause_tenant',
		'The access token is expired or invalid. Store a new one; waiting messages then go on.',
	),
	permission_missing: row(
		'permission_missing',
		'pause_tenant',
		'The token lacks a permission for this account. Grant it, then resume.',
	),
	identity_changed: row('identity_changed', 'fail', 'The identity of the person changed. Confirm it, then send again.'),
	group_fault: row('group_fault', 'fail', 'The group refused the message. See the group error codes of Meta.'),
	send_window_closed: row(
		'send_window_closed',
		'fail',
		'More than 24 hours since the last message of this person. Only a human agent may still write.',
	),
	profile_consent: row(
		'profile_consent',
		'fail',
		'The person did not consent to a profile lookup. Go on without the profile.',
	),
	person_unavailable: row(
		'person_unavailable',
		'fail',
		'The person cannot be messaged, or the one private reply was used.',
	),
	rejected: row('rejected', 'fail', 'Meta refused the request. Read the message and correct the data.'),
} as const satisfies Record<string, GraphErrorClass>;

export type GraphErrorName = keyof typeof ERROR_CLASSES;

const each = (name: GraphErrorName, ...codes: number[]): Record<number, GraphErrorName> =>
	Object.fromEntries(codes.map((code) => [code, name]));

/** Meta's codes. Subcodes of Instagram and Messenger stand here too: they occur as either. */
export const CODE_NAMES: Readonly<Record<number, GraphErrorName>> = {
	...each('app_rate_limit', 4),
	...each('account_rate_limit', 80007, 80002, 80006),
	...each('call_rate_limit', 17, 32, 613),
	...each('number_throughput', 130429),
	...each('pair_rate_limit', 131056),
	...each('number_maintenance', 131057),
	...each('server_unavailable', 133004),
	...each('number_just_deleted', 133015),
	...each('template_syncing', 134101),
	...each('outcome_unknown', 1, 2, 131000, 131016, 2494100),
	...each('outside_window', 131047),
	...each('undeliverable', 131026),
	...each('spam_rate_limit', 131048),
	...each('marketing_cap', 131049),
	...each('marketing_opt_out', 131050),
	...each('user_in_experiment', 130472),
	...each('user_blocked_by_us', 130403),
	...each('country_not_allowed', 130497),
	...each('sender_is_recipient', 131021),
	...each('number_not_ready', 131037, 131045, 133010),
	...each('payment_problem', 131042),
	...each('account_restricted', 131031, 368),
	...each('unsupported_type', 131051),
	...each('media_failed', 131052, 131053),
	...each('user_id_not_allowed', 131062),
	...each('marketing_api_only', 131055, 131063),
	...each('template_limit', 131064),
	...each('template_data', 132000, 132001, 132005, 132007, 132012, 132018, 132068, 132069),
	...each('template_paused', 132015),
	...each('template_disabled', 132016),
	...each('registration_fault', 133000, 133005, 133006, 133008, 133009, 133016),
	...each('marketing_setup', 134100, 134102),
	...each('bad_request', 100, 131008, 131009, 135000),
	...each('object_not_found', 33),
	...each('token_invalid', 0, 190),
	...each('permission_missing', 3, 10, 131005),
	...each('identity_changed', 137000),
	...each('send_window_closed', 2534022),
	...each('profile_consent', 230),
	...each('person_unavailable', 551, 2534014, 2534025),
};

/** Codes that Meta gives in families; a code of CODE_NAMES goes first. */
export const CODE_RANGES: readonly { from: number; to: number; name: GraphErrorName }[] = [
	{ from: 200, to: 299, name: 'permission_missing' },
	{ from: 131020, to: 131215, name: 'group_fault' },
	{ from: 2388000, to: 2388999, name: 'number_not_ready' },
];
