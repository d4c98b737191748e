import { claimMails, MAX_MAIL_CLAIM } from '../../../../core/notifications';
import { limitField, limitOf, showFor, type Operation } from '../../../shared';

export const description: Operation['description'] = showFor(
	{ resource: ['notification'], operation: ['claimEmails'] },
	[
		limitField({
			default: MAX_MAIL_CLAIM,
			description: `Max number of e-mails to take, at most ${MAX_MAIL_CLAIM}. Send each, then settle it.`,
		}),
	],
);

export const execute: Operation['execute'] = async (call) => await claimMails(call.database, { limit: limitOf(call) });
