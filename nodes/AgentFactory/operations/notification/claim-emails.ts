import { claimMails, MAX_MAIL_CLAIM } from '../../../../core/notifications';
import { limitField, limitOf, pageLinkPorts, showFor, VAULT_CREDENTIAL, type Operation } from '../../../shared';

export const description: Operation['description'] = showFor(
	{ resource: ['notification'], operation: ['claimEmails'] },
	[
		limitField({
			default: MAX_MAIL_CLAIM,
			description: `Max number of e-mails to take, at most ${MAX_MAIL_CLAIM}. Send each, then settle it.`,
		}),
	],
);

export const execute: Operation['execute'] = async (call) => {
	const hasVault = call.context.getNode().credentials?.[VAULT_CREDENTIAL] !== undefined;
	// Without a vault key e-mails name no page: a link is sealed by it.
	const links = hasVault ? await pageLinkPorts(call) : undefined;
	return await claimMails(call.database, { limit: limitOf(call), links });
};
