import { createChannelAccount, type NewChannelAccount } from '../../../../core/tenancy';
import { actorOf, locatorId, nodeVault, showFor, tenantField, tenantId, type Operation } from '../../../shared';
import { toItem } from '../../../shared/rows';
import { asText, filledIn, isPicked, requiredText, textOf, timeOf } from '../../../shared/text';
import { accessTokenField, agentField, tokenExpiryField } from '../../fields';

export const description: Operation['description'] = showFor({ resource: ['channelAccount'], operation: ['create'] }, [
	tenantField(),
	{
		displayName: 'Kind',
		name: 'kind',
		type: 'options',
		options: [
			{ name: 'Instagram', value: 'instagram' },
			{ name: 'Messenger', value: 'messenger' },
			{ name: 'WhatsApp', value: 'whatsapp' },
		],
		default: 'whatsapp',
		description: 'Which of Meta’s channels the account is on',
	},
	{
		displayName: 'External ID',
		name: 'externalId',
		type: 'string',
		required: true,
		default: '',
		placeholder: '106540352242922',
		description:
			'What Meta calls it: the phone number ID of WhatsApp (not the number itself), the Instagram account ID, or the page ID',
	},
	agentField({ required: false, description: 'The agent that answers here; may be assigned later' }),
	accessTokenField({
		description:
			'Token of a system user that may send for this account; stored encrypted with the Vault credential. May be set later.',
	}),
	{
		displayName: 'Additional Fields',
		name: 'additionalFields',
		type: 'collection',
		placeholder: 'Add Field',
		default: {},
		options: [
			{
				displayName: 'Display Name',
				name: 'displayName',
				type: 'string',
				default: '',
				description: 'How lists show the account',
			},
			{
				displayName: 'Max Messages per Second',
				name: 'maxMessagesPerSecond',
				type: 'number',
				typeOptions: { minValue: 1, maxValue: 1000 },
				default: 80,
				description: 'How fast this account may send; Meta starts WhatsApp numbers at 80',
			},
			{
				displayName: 'Phone Number',
				name: 'phoneNumber',
				type: 'string',
				default: '',
				placeholder: '+55 11 4000-0000',
				description: 'The number as people dial it',
			},
			tokenExpiryField,
			{
				displayName: 'WhatsApp Business Account ID',
				name: 'wabaId',
				type: 'string',
				default: '',
				description: 'The WABA that the number belongs to; account events and the doctor need it',
			},
		],
	},
]);

export const execute: Operation['execute'] = async (call) => {
	const { context, itemIndex, database } = call;
	const tenant = await tenantId(context, database, itemIndex);
	const more = filledIn(call, 'additionalFields');
	const text = (value: unknown): string | null => asText(value).trim() || null;
	const accessToken = textOf(call, 'accessToken');
	const account: NewChannelAccount = {
		kind: requiredText(call, 'kind') as NewChannelAccount['kind'],
		externalId: requiredText(call, 'externalId'),
		agentId: isPicked(context.getNodeParameter('agent', itemIndex, '')) ? locatorId(context, 'agent', itemIndex) : null,
		accessToken,
		displayName: text(more.displayName),
		phoneNumber: text(more.phoneNumber),
		parentId: text(more.wabaId),
		maxMessagesPerSecond: more.maxMessagesPerSecond === undefined ? null : Number(more.maxMessagesPerSecond),
		tokenExpiresAt: timeOf('tokenExpiresAt', more.tokenExpiresAt) ?? null,
	};
	const vault = accessToken === undefined ? null : await nodeVault(context);
	return toItem(await createChannelAccount(database, tenant, account, vault, actorOf(context)));
};
