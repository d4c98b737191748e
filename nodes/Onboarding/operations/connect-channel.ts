import { connectChannel } from '../../../core/onboarding';
import { actorOf, nodeVault, requiredText, showFor, type Operation } from '../../shared';
import { textOf } from '../../shared/text';
import { codeField, graphSetup, named, refFor } from '../fields';

const text = (
	displayName: string,
	name: string,
	description: string,
	more: object = {},
): Operation['description'][number] => ({
	displayName,
	name,
	type: 'string',
	default: '',
	description,
	...more,
});

export const description: Operation['description'] = showFor({ operation: ['connectChannel'] }, [
	codeField,
	{
		displayName: 'Channel',
		name: 'kind',
		type: 'options',
		options: [
			{ name: 'Instagram', value: 'instagram' },
			{ name: 'Messenger', value: 'messenger' },
			{ name: 'WhatsApp', value: 'whatsapp' },
		],
		default: 'whatsapp',
		description: 'Where the customers write',
	},
	text('Account ID', 'externalId', 'Phone number ID, Instagram account ID or page ID', { required: true }),
	text('WhatsApp Business Account ID', 'wabaId', 'The WABA of the number', {
		displayOptions: { show: { kind: ['whatsapp'] } },
	}),
	text('Access Token', 'accessToken', 'Stored encrypted, never shown again', {
		required: true,
		typeOptions: { password: true },
	}),
	text('PIN', 'pin', 'Six digits; only for a number that is not registered yet', {
		typeOptions: { password: true },
		displayOptions: { show: { kind: ['whatsapp'] } },
	}),
	text('Display Name', 'displayName', 'How people of the agency recognise it'),
]);

export const execute: Operation['execute'] = async (call) => {
	const ref = refFor(call);
	const channel = {
		kind: call.context.getNodeParameter('kind', call.itemIndex) as 'whatsapp' | 'instagram' | 'messenger',
		externalId: requiredText(call, 'externalId'),
		wabaId: textOf(call, 'wabaId') ?? null,
		displayName: textOf(call, 'displayName') ?? null,
		token: requiredText(call, 'accessToken'),
		pin: textOf(call, 'pin') ?? null,
	};
	const ports = { graph: await graphSetup(call), vault: await nodeVault(call.context), now: new Date() };
	return { ...named(ref), ...(await connectChannel(call.database, ref, channel, ports, actorOf(call.context))) };
};
