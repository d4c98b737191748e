import { connectVoice, type VoiceProvider } from '../../../core/crm';
import { actorOf, requiredText, showFor, tenantField, tenantId, type Operation } from '../../shared';
import { textOf } from '../../shared/text';
import { voicePorts } from '../ports';

export const description: Operation['description'] = showFor({ operation: ['connect'] }, [
	tenantField(),
	{
		displayName: 'Provider',
		name: 'provider',
		type: 'options',
		options: [
			{ name: 'Telnyx', value: 'telnyx' },
			{ name: 'Twilio', value: 'twilio' },
		],
		default: 'twilio',
		description: 'Whose account makes and reports the calls',
	},
	{
		displayName: 'Phone Number',
		name: 'phoneNumber',
		type: 'string',
		required: true,
		default: '',
		placeholder: '+551131970042',
		description: "The tenant's number at the provider, which leads see",
	},
	{
		displayName: 'Account SID',
		name: 'accountSid',
		type: 'string',
		required: true,
		default: '',
		placeholder: 'AC…',
		displayOptions: { show: { provider: ['twilio'] } },
		description: 'From the dashboard of Twilio',
	},
	{
		displayName: 'Auth Token or API Key',
		name: 'secret',
		type: 'string',
		typeOptions: { password: true },
		required: true,
		default: '',
		description: 'Auth token of Twilio, or API key of Telnyx; kept sealed',
	},
	{
		displayName: 'Public Key',
		name: 'publicKey',
		type: 'string',
		required: true,
		default: '',
		displayOptions: { show: { provider: ['telnyx'] } },
		description: 'From Keys & Credentials > Public Key in the portal of Telnyx: by it webhooks are known',
	},
	{
		displayName: 'Connection ID',
		name: 'connectionId',
		type: 'string',
		default: '',
		displayOptions: { show: { provider: ['telnyx'] } },
		description:
			'ID of the Voice API application, under Voice > Programmable Voice in the portal of Telnyx. Start Call needs it; without it calls are only reported.',
	},
	{
		displayName: 'Webhook Base URL',
		name: 'webhookBase',
		type: 'string',
		required: true,
		default: '',
		placeholder: 'https://n8n.example.com/webhook',
		description: 'Where workflow 76 listens. The answer of this operation names the address for the provider.',
	},
	{
		displayName: 'Cost per Minute (USD)',
		name: 'costPerMinute',
		type: 'number',
		typeOptions: { minValue: 0, numberPrecision: 4 },
		default: 0,
		description: 'What the provider charges for a minute begun; 0 leaves what is there',
	},
	{
		displayName: 'API Base URL',
		name: 'baseUrl',
		type: 'string',
		default: '',
		description: 'Of a region of the provider; leave it empty for the usual one',
	},
	{
		displayName: 'Allow Local Addresses',
		name: 'allowLocal',
		type: 'boolean',
		default: false,
		description: 'Whether the API may be a stand-in on this machine: for development only',
	},
]);

export const execute: Operation['execute'] = async (call) => {
	const { context, itemIndex, database } = call;
	const provider = context.getNodeParameter('provider', itemIndex) as VoiceProvider;
	const cost = context.getNodeParameter('costPerMinute', itemIndex, 0) as number;
	return await connectVoice(
		database,
		await tenantId(context, database, itemIndex),
		{
			provider,
			phoneNumber: requiredText(call, 'phoneNumber'),
			secret: requiredText(call, 'secret'),
			accountSid: provider === 'twilio' ? requiredText(call, 'accountSid') : undefined,
			publicKey: provider === 'telnyx' ? requiredText(call, 'publicKey') : undefined,
			connectionId: provider === 'telnyx' ? textOf(call, 'connectionId') : undefined,
			webhookBase: requiredText(call, 'webhookBase'),
			costPerMinute: cost > 0 ? cost : undefined,
			baseUrl: textOf(call, 'baseUrl'),
			allowLocal: context.getNodeParameter('allowLocal', itemIndex, false) as boolean,
		},
		await voicePorts(context),
		actorOf(context),
	);
};
