import { sendFirstMessage } from '../../../core/onboarding';
import { actorOf, requiredText, showFor, type Operation } from '../../shared';
import { textOf } from '../../shared/text';
import { codeField, named, refFor } from '../fields';

export const description: Operation['description'] = showFor({ operation: ['sendFirstMessage'] }, [
	codeField,
	{
		displayName: 'Phone',
		name: 'phone',
		type: 'string',
		required: true,
		default: '',
		placeholder: '5511999990000',
		description: "The client's own phone, with country code",
	},
	{ displayName: 'Name', name: 'contactName', type: 'string', default: '', description: 'Name of the person' },
	{
		displayName: 'Text',
		name: 'text',
		type: 'string',
		required: true,
		default: 'Olá! Sou o agente virtual da sua empresa e já estou no ar. Pode me fazer uma pergunta de teste.',
		description: 'Sent when the person wrote within the last 24 hours',
	},
	{
		displayName: 'Template ID',
		name: 'templateId',
		type: 'string',
		default: '',
		description: "Sent otherwise; without one we wait for the person's own message",
	},
	{
		displayName: 'Has Consented',
		name: 'hasConsented',
		type: 'boolean',
		default: false,
		description:
			'Whether this person agreed to be written to. Needed for a template where the ledger holds no consent; it is written there.',
	},
	{
		displayName: 'Template Parameters',
		name: 'parameters',
		type: 'string',
		typeOptions: { rows: 3 },
		default: '',
		description: 'Values of the template, one a line',
	},
]);

export const execute: Operation['execute'] = async (call) => {
	const ref = refFor(call);
	const message = {
		phone: requiredText(call, 'phone'),
		name: textOf(call, 'contactName') ?? null,
		text: requiredText(call, 'text'),
		templateId: textOf(call, 'templateId') ?? null,
		parameters: textOf(call, 'parameters')?.split(/\r?\n/),
		hasConsented: call.context.getNodeParameter('hasConsented', call.itemIndex, false) as boolean,
	};
	return { ...named(ref), ...(await sendFirstMessage(call.database, ref, message, actorOf(call.context))) };
};
