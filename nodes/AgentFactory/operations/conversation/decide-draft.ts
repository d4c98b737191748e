import { discardDraft, sendDraft } from '../../../../core/conversations';
import { actorOf, locatorId, showFor, tenantField, tenantId, type Operation } from '../../../shared';
import { textOf } from '../../../shared/text';

export const description: Operation['description'] = showFor(
	{ resource: ['conversation'], operation: ['decideDraft'] },
	[
		tenantField(),
		{
			displayName: 'Draft ID',
			name: 'draftId',
			type: 'string',
			required: true,
			default: '={{ $json.id }}',
			description: 'ID of the draft, from Get Drafts',
		},
		{
			displayName: 'Decision',
			name: 'decision',
			type: 'options',
			default: 'send',
			options: [
				{ name: 'Discard', value: 'discard', description: 'Nothing is sent' },
				{ name: 'Send', value: 'send', description: 'It goes out in your name' },
			],
			description: 'What becomes of the draft',
		},
		{
			displayName: 'Text',
			name: 'draftText',
			type: 'string',
			typeOptions: { rows: 3 },
			default: '',
			displayOptions: { show: { decision: ['send'] } },
			description: 'What to send in place of the draft; empty to send it as it stands',
		},
	],
);

export const execute: Operation['execute'] = async (call) => {
	const { context, itemIndex, database } = call;
	const tenant = await tenantId(context, database, itemIndex);
	const draftId = locatorId(context, 'draftId', itemIndex);
	const person = actorOf(context);
	if (context.getNodeParameter('decision', itemIndex) === 'discard')
		return { draftId, status: 'discarded', done: await discardDraft(database, tenant, draftId, person) };
	const text = textOf(call, 'draftText');
	return { draftId, ...(await sendDraft(database, tenant, draftId, { texts: text ? [text] : [], person })) };
};
