import { settleSignInMail, type SignInRequest } from '../../../core/dashboard';
import { fromItem, jsonParameter, refuse, showFor, type Operation } from '../../shared';
import { textOf } from '../../shared/text';

export const description: Operation['description'] = showFor({ operation: ['settleMail'] }, [
	{
		displayName: 'Requests',
		name: 'requests',
		type: 'json',
		required: true,
		default: "={{ $('Act').item.json.mail.requests }}",
		description: 'As Act puts them out with the mail: who asked, at which client',
	},
	{
		displayName: 'Message ID',
		name: 'messageId',
		type: 'string',
		default: fromItem('messageId'),
		description: 'What the mail server answered; without one the mail counts as not sent',
	},
	{
		displayName: 'Error',
		name: 'sendError',
		type: 'string',
		default: fromItem('error'),
		description: 'Why it was not sent',
	},
]);

const isRequest = (value: unknown): value is SignInRequest => {
	const { tenantId, requestId } = (value ?? {}) as Partial<SignInRequest>;
	return typeof tenantId === 'string' && typeof requestId === 'string';
};

export const execute: Operation['execute'] = async (call) => {
	const requests = jsonParameter<unknown>(call.context, 'requests', call.itemIndex);
	if (!Array.isArray(requests) || !requests.every(isRequest))
		throw refuse('requests', 'are not those of a mail. Take mail.requests from Act.');
	const result = { messageId: textOf(call, 'messageId'), error: textOf(call, 'sendError') };
	return { status: await settleSignInMail(call.database, requests, result) };
};
