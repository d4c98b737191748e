import type { INodeProperties } from 'n8n-workflow';
import { LINK_HOURS, type PagePorts } from '../../core/dashboard';
import { languageFieldFor, pageLinkPorts, type OperationCall } from '../shared';
import { textOf } from '../shared/text';

export { languageOf, pageLinkPorts as portsOf } from '../shared';

const PAGE = 'https://n8n.example.com/webhook/agent-factory/dashboard';

export const pageUrlField: INodeProperties = {
	displayName: 'Page URL',
	name: 'pageUrl',
	type: 'string',
	required: true,
	default: '={{ $json.webhookUrl }}',
	placeholder: PAGE,
	description: 'Production URL of the webhook of workflow 62',
};

/** Where no webhook of the page stands before the node: this n8n gives the start of its own addresses. */
export const linkPageUrlField: INodeProperties = {
	...pageUrlField,
	default: "={{ $execution.resumeUrl.split('/webhook-waiting')[0] }}/webhook/agent-factory/dashboard",
	description: 'Production URL of the webhook of workflow 62; by default its address as shipped',
};

export const approvalUrlField: INodeProperties = {
	displayName: 'Approval Page URL',
	name: 'approvalUrl',
	type: 'string',
	default: "={{ $json.webhookUrl.replace('/dashboard', '/approval') }}",
	placeholder: PAGE.replace('dashboard', 'approval'),
	description:
		'Production URL of the webhook of workflow 41: where a suggestion that waits is decided on. Without it the page shows suggestions and opens none.',
};

export const mailNodeField: INodeProperties = {
	displayName: 'Mail Node',
	name: 'mailNode',
	type: 'string',
	default: 'Send Email',
	description:
		'Name of the node of this workflow that mails the links to sign in with. While there is none, or it is switched off, the page says that no links are mailed.',
};

export const hoursField: INodeProperties = {
	displayName: 'Valid for (Hours)',
	name: 'hours',
	type: 'number',
	typeOptions: { minValue: 1, maxValue: 720, numberPrecision: 0 },
	default: LINK_HOURS,
	description: 'Hours after which the link opens nothing',
};

export const languageField = languageFieldFor(
	'Language of the pages before somebody is known; the others speak the client’s',
);

export const hoursOf = ({ context, itemIndex }: OperationCall): number =>
	Number(context.getNodeParameter('hours', itemIndex)) || LINK_HOURS;

/** A node that is missing, stands alone, or is switched off sends nothing. */
function sendsMail({ context, itemIndex }: OperationCall): boolean {
	const name = String(context.getNodeParameter('mailNode', itemIndex, '')).trim();
	if (name === '') return false;
	const [before] = context.getParentNodes(name, { depth: 1 });
	return before ? context.getChildNodes(before.name).some((node) => node.name === name && !node.disabled) : false;
}

/** Ports of a page on which members sign in and from which suggestions are opened. */
export const pagePortsOf = async (call: OperationCall): Promise<PagePorts> => ({
	...(await pageLinkPorts(call)),
	approvalUrl: textOf(call, 'approvalUrl') ?? undefined,
	sendsMail: sendsMail(call),
});
