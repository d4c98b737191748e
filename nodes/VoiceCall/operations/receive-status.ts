import { isFactoryError } from '../../../core/errors';
import { receiveCallStatus, type VoiceProvider } from '../../../core/crm';
import { jsonParameter, refuse, requiredText, showFor, tenantField, tenantId, type Operation } from '../../shared';
import { textOf } from '../../shared/text';
import { voicePorts } from '../ports';

export const description: Operation['description'] = showFor({ operation: ['receiveStatus'] }, [
	tenantField({ default: '={{ $json.query.tenant }}' }),
	{
		displayName: 'Provider',
		name: 'provider',
		type: 'options',
		options: [
			{ name: 'Telnyx', value: 'telnyx' },
			{ name: 'Twilio', value: 'twilio' },
		],
		default: 'twilio',
		description: 'Whose webhook this is',
	},
	{
		displayName: 'Headers',
		name: 'headers',
		type: 'json',
		required: true,
		default: '={{ $json.headers }}',
		description: 'Headers of the webhook: the signature stands there',
	},
	{
		displayName: 'Call',
		name: 'callId',
		type: 'string',
		default: '={{ $json.query.call }}',
		description: 'The call in the address of the webhook, where Start Call made it',
	},
	{
		displayName: 'Raw Body Field',
		name: 'rawBodyField',
		type: 'string',
		required: true,
		default: 'data',
		description:
			'Binary field that holds the body as it came in: switch on Raw Body in the options of the Webhook node',
	},
]);

/** A tenant that does not exist or is not connected answers as a forged signature does. */
const UNKNOWN = ['VALUE_REFUSED', 'TENANT_NOT_FOUND', 'TENANT_REQUIRED', 'VOICE_NOT_CONNECTED', 'NOT_FOUND'];

export const execute: Operation['execute'] = async (call) => {
	const { context, itemIndex, database } = call;
	const field = requiredText(call, 'rawBodyField');
	if (!context.getInputData()[itemIndex].binary?.[field])
		throw refuse(
			'rawBodyField',
			'names no binary data of this item. Switch on Raw Body in the options of the Webhook node.',
		);
	const rawBody = await context.helpers.getBinaryDataBuffer(itemIndex, field);
	const headers = jsonParameter<Record<string, unknown> | undefined>(context, 'headers', itemIndex) ?? {};
	const ports = await voicePorts(context);
	try {
		const tenant = await tenantId(context, database, itemIndex);
		const provider = context.getNodeParameter('provider', itemIndex) as VoiceProvider;
		const report = { provider, rawBody, headers, callId: textOf(call, 'callId') };
		return await receiveCallStatus(database, tenant, report, ports);
	} catch (error) {
		if (!isFactoryError(error) || !UNKNOWN.includes(error.code)) throw error;
		return { accepted: false, httpStatus: 401 };
	}
};
