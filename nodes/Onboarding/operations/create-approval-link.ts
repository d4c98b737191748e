import { createOnboardingLink, ONBOARDING_LINK_HOURS } from '../../../core/onboarding';
import { actorOf, pageLinkPorts, requiredText, showFor, type Operation } from '../../shared';
import { codeField, named, refFor } from '../fields';

export const description: Operation['description'] = showFor({ operation: ['createApprovalLink'] }, [
	codeField,
	{
		displayName: "Client's Person",
		name: 'clientPerson',
		type: 'string',
		required: true,
		default: '={{ $json.clientPerson }}',
		description: 'Name of the person of the client who approves',
	},
	{
		displayName: 'Page URL',
		name: 'pageUrl',
		type: 'string',
		required: true,
		default: '',
		placeholder: 'https://n8n.example.com/webhook/agent-factory/onboarding',
		description: 'Production URL of the webhook that opens approval links',
	},
	{
		displayName: 'Valid for (Hours)',
		name: 'hours',
		type: 'number',
		typeOptions: { minValue: 1, maxValue: 720, numberPrecision: 0 },
		default: ONBOARDING_LINK_HOURS,
		description: 'Hours after which the link no longer works',
	},
]);

export const execute: Operation['execute'] = async (call) => {
	const ref = refFor(call);
	const request = {
		person: requiredText(call, 'clientPerson'),
		baseUrl: requiredText(call, 'pageUrl'),
		hours: Number(call.context.getNodeParameter('hours', call.itemIndex)) || ONBOARDING_LINK_HOURS,
	};
	const ports = await pageLinkPorts(call);
	const link = await createOnboardingLink(call.database, ref, request, ports, actorOf(call.context));
	return { ...named(ref), clientPerson: request.person, ...link };
};
