import { randomBytes } from 'node:crypto';

import type { HttpReply } from './http';

interface KnownError {
	/** HTTP status that Meta answers with. */
	status: number;
	title: string;
	details: string;
}

/** The codes an outbox must tell apart, with the HTTP status and the words Meta sends. */
const KNOWN_ERRORS: Record<number, KnownError> = {
	0: { status: 401, title: 'AuthException', details: 'We were unable to authenticate the app user.' },
	1: { status: 500, title: 'API Unknown', details: 'Invalid request or possible server error.' },
	2: { status: 503, title: 'API Service', details: 'Temporary due to downtime or due to being overloaded.' },
	4: {
		status: 400,
		title: 'Application request limit reached',
		details: 'The app has reached its API call rate limit.',
	},
	10: { status: 403, title: 'Permission Denied', details: 'Permission is either not granted or has been removed.' },
	100: {
		status: 400,
		title: 'Invalid parameter',
		details: 'The request included one or more unsupported or misspelled parameters.',
	},
	190: { status: 401, title: 'Access token has expired', details: 'Your access token has expired.' },
	368: {
		status: 403,
		title: 'Temporarily blocked for policies violations',
		details: 'The account has been restricted or disabled.',
	},
	551: {
		status: 400,
		title: 'This person is not available right now.',
		details: 'The person cannot receive messages now.',
	},
	613: { status: 429, title: 'Calls to this api have exceeded the rate limit.', details: 'Slow down.' },
	80007: {
		status: 400,
		title: 'Rate limit issues',
		details: 'The WhatsApp Business Account has reached its rate limit.',
	},
	130403: { status: 400, title: 'User blocked', details: 'The business blocked this user.' },
	130429: {
		status: 400,
		title: 'Rate limit hit',
		details:
			'Message failed to send because there were too many messages sent from this phone number in a short period of time.',
	},
	130472: {
		status: 400,
		title: "User's number is part of an experiment",
		details: "Failed to send message because this user's phone number is part of an experiment.",
	},
	131000: { status: 500, title: 'Something went wrong', details: 'Message failed to send due to an unknown error.' },
	131005: { status: 403, title: 'Access denied', details: 'Permission is either not granted or has been removed.' },
	131008: {
		status: 400,
		title: 'Required parameter is missing',
		details: 'The request is missing a required parameter.',
	},
	131009: { status: 400, title: 'Parameter value is not valid', details: 'One or more parameter values are invalid.' },
	131016: { status: 500, title: 'Service unavailable', details: 'A service is temporarily unavailable.' },
	131021: {
		status: 400,
		title: 'Recipient cannot be sender',
		details: 'Sender and recipient phone number is the same.',
	},
	131026: { status: 400, title: 'Message undeliverable', details: 'Unable to deliver message.' },
	131031: { status: 403, title: 'Account has been locked', details: 'The account has been restricted or disabled.' },
	131042: {
		status: 400,
		title: 'Business eligibility payment issue',
		details: 'There was an error related to your payment method.',
	},
	131045: {
		status: 500,
		title: 'Incorrect certificate',
		details: 'Message failed to send due to a phone number registration error.',
	},
	131047: {
		status: 400,
		title: 'Re-engagement message',
		details: 'More than 24 hours have passed since the recipient last replied to the sender number.',
	},
	131048: {
		status: 400,
		title: 'Spam rate limit hit',
		details:
			'Message failed to send because there are restrictions on how many messages can be sent from this phone number.',
	},
	131049: {
		status: 400,
		title: 'This message was not delivered to maintain healthy ecosystem engagement.',
		details: 'In order to maintain a healthy ecosystem engagement, the message failed to be delivered.',
	},
	131050: {
		status: 400,
		title: 'User has stopped marketing messages',
		details: 'The recipient chose to stop receiving marketing messages from the business.',
	},
	131051: { status: 400, title: 'Unsupported message type', details: 'Unsupported message type.' },
	131056: {
		status: 400,
		title: '(Business Account, Consumer Account) pair rate limit hit',
		details:
			'Message failed to send because there were too many messages sent from this phone number to the same phone number in a short period of time.',
	},
	131057: { status: 500, title: 'Account in maintenance mode', details: 'Business Account is in maintenance mode.' },
	131062: {
		status: 400,
		title: 'Business-scoped user id not allowed',
		details: 'This message type cannot be sent to a business-scoped user id.',
	},
	132000: {
		status: 400,
		title: 'Number of parameters does not match the expected number of params',
		details:
			'The number of variable parameter values included in the request did not match the number defined in the template.',
	},
	132001: {
		status: 404,
		title: 'Template name does not exist in the translation',
		details: 'The template does not exist in the specified language or the template has not been approved.',
	},
	132012: {
		status: 400,
		title: 'Parameter format does not match format in the created template',
		details: 'Variable parameter values formatted incorrectly.',
	},
	132015: {
		status: 400,
		title: 'Template is paused',
		details: 'Template is paused due to low quality so it cannot be sent in a template message.',
	},
	132016: {
		status: 400,
		title: 'Template is disabled',
		details: 'Template has been paused too many times due to low quality and is now permanently disabled.',
	},
	133004: { status: 503, title: 'Server Temporarily Unavailable', details: 'Server is temporarily unavailable.' },
	133010: {
		status: 400,
		title: 'Phone number not registered',
		details: 'Phone number not registered on the Whatsapp Business Platform.',
	},
};

/** What an HTTP status without a chosen code answers with. */
const CODE_OF_STATUS: Record<number, number> = { 401: 190, 403: 10, 429: 130429, 500: 131000, 503: 131016 };

const UNKNOWN_ERROR: KnownError = {
	status: 400,
	title: 'Unknown error',
	details: 'The stand-in was told to answer with this code.',
};

export interface GraphErrorOptions {
	code: number;
	/** Wins over the status that belongs to the code. */
	status?: number;
	message?: string;
	details?: string;
	subcode?: number;
	/** Instagram and Messenger errors carry no error_data. */
	product?: 'whatsapp' | 'page';
}

/** Meta's error body with the HTTP status that goes with the code. */
export function graphError(options: GraphErrorOptions): HttpReply {
	const known = KNOWN_ERRORS[options.code] ?? UNKNOWN_ERROR;
	const whatsapp = options.product !== 'page';
	return {
		status: options.status ?? known.status,
		body: {
			error: {
				message: options.message ?? `(#${options.code}) ${known.title}`,
				type: 'OAuthException',
				code: options.code,
				...(options.subcode === undefined ? {} : { error_subcode: options.subcode }),
				...(whatsapp
					? { error_data: { messaging_product: 'whatsapp', details: options.details ?? known.details } }
					: {}),
				fbtrace_id: `A${randomBytes(16).toString('base64url')}`,
			},
		},
	};
}

/** The code that stands for a bare HTTP status. */
export const codeOfStatus = (status: number): number => CODE_OF_STATUS[status] ?? (status >= 500 ? 131000 : 100);

/** An entry of `errors[]` in a failed status. */
export function statusError(code: number): Record<string, unknown> {
	const known = KNOWN_ERRORS[code] ?? UNKNOWN_ERROR;
	return {
		code,
		title: known.title,
		message: known.title,
		error_data: { details: known.details },
		href: '/documentation/business-messaging/whatsapp/support/error-codes',
	};
}
