import { settleMail } from '../../../../core/notifications';
import {
	fromItem,
	locatorId,
	refuse,
	requiredText,
	showFor,
	tenantField,
	tenantId,
	type Operation,
} from '../../../shared';
import { textOf } from '../../../shared/text';

export const description: Operation['description'] = showFor(
	{ resource: ['notification'], operation: ['settleEmail'] },
	[
		tenantField({ default: fromItem('tenantId') }),
		{
			displayName: 'Notice ID',
			name: 'noticeId',
			type: 'string',
			required: true,
			default: fromItem('noticeId'),
			description: 'As Claim E-Mails names it',
		},
		{
			displayName: 'Attempts',
			name: 'attempts',
			type: 'string',
			required: true,
			default: fromItem('attempts'),
			description: 'As Claim E-Mails names it: who holds an older claim settles nothing',
		},
		{
			displayName: 'Message ID',
			name: 'messageId',
			type: 'string',
			default: fromItem('messageId'),
			description: 'What the mail server answered; without one the e-mail counts as not sent',
		},
		{
			displayName: 'Error',
			name: 'sendError',
			type: 'string',
			default: fromItem('error'),
			description: 'Why it was not sent',
		},
	],
);

export const execute: Operation['execute'] = async (call) => {
	const { context, itemIndex, database } = call;
	const tenant = await tenantId(context, database, itemIndex);
	const noticeId = locatorId(context, 'noticeId', itemIndex);
	const attempts = Number(requiredText(call, 'attempts'));
	if (!Number.isInteger(attempts)) throw refuse('attempts', 'is no number. Take it from Claim E-Mails.');
	const result = { messageId: textOf(call, 'messageId'), error: textOf(call, 'sendError') };
	return {
		tenantId: tenant,
		noticeId,
		status: await settleMail(database, { tenantId: tenant, noticeId, attempts }, result, Math.random),
	};
};
