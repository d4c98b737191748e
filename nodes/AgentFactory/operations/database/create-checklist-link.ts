import { createChecklistLink } from '../../../../core/setup';
import { pageLinkPorts, requiredText, showFor, type Operation } from '../../../shared';

export const description: Operation['description'] = showFor(
	{ resource: ['database'], operation: ['createChecklistLink'] },
	[
		{
			displayName: 'Page URL',
			name: 'pageUrl',
			type: 'string',
			required: true,
			default: "={{ $execution.resumeUrl.split('/webhook-waiting')[0] }}/webhook/agent-factory/dashboard",
			placeholder: 'https://n8n.example.com/webhook/agent-factory/dashboard',
			description: 'Production URL of the webhook of workflow 62, which opens it',
		},
	],
);

export const execute: Operation['execute'] = async (call) => {
	return createChecklistLink(requiredText(call, 'pageUrl'), await pageLinkPorts(call));
};
