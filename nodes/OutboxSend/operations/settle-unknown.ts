import { settleUnknown } from '../../../core/outbox';
import { actorOf, fromItem, type OperationCall, requiredText, showFor, tenantField, tenantId } from '../../shared';

type Verdict = Parameters<typeof settleUnknown>[3];

export const description = showFor({ operation: ['settleUnknown'] }, [
	tenantField({ default: fromItem('tenantId') }),
	{
		displayName: 'Outbox ID',
		name: 'outboxId',
		type: 'string',
		required: true,
		default: fromItem('outboxId'),
		description: 'The send to settle; List Unknown shows it',
	},
	{
		displayName: 'Verdict',
		name: 'verdict',
		type: 'options',
		options: [
			{ name: 'Failed', value: 'failed', description: 'It did not arrive and shall not' },
			{ name: 'Send Again', value: 'send_again', description: 'Send it once more' },
			{ name: 'Sent', value: 'sent', description: 'It arrived: the conversation at Meta shows it' },
		],
		default: 'sent',
		description: 'What became of it, after a look at the conversation',
	},
	{
		displayName:
			'Nobody knows whether Meta took the first one: sending again may show the message twice to the contact.',
		name: 'sendAgainNotice',
		type: 'notice',
		default: '',
		displayOptions: { show: { verdict: ['send_again'] } },
	},
]);

export async function execute({ context, database, itemIndex }: OperationCall): Promise<object> {
	const tenant = await tenantId(context, database, itemIndex);
	const outboxId = requiredText({ context, itemIndex }, 'outboxId');
	const verdict = context.getNodeParameter('verdict', itemIndex) as Verdict;
	return {
		tenantId: tenant,
		outboxId,
		status: await settleUnknown(database, tenant, outboxId, verdict, actorOf(context)),
	};
}
