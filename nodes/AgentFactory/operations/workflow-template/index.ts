import type { Resource } from '../../../shared/resource';
import * as check from './check';
import * as compare from './compare';
import * as upgrade from './upgrade';

export const workflowTemplate: Resource = {
	name: 'Workflow Template',
	value: 'workflowTemplate',
	default: 'check',
	operations: [
		{
			name: 'Check',
			value: 'check',
			action: 'Check workflow templates',
			description: 'Say which imported workflows of this package are current, edited or behind, and what is new',
			run: check,
		},
		{
			name: 'Compare',
			value: 'compare',
			action: 'Compare a workflow with its template',
			description: 'Show what the newest version changes, and what you changed, in words',
			run: compare,
		},
		{
			name: 'Upgrade',
			value: 'upgrade',
			action: 'Upgrade a workflow to the newest version',
			description:
				'Make the newest version with your credentials, ids, places and changes in it; writes nothing into n8n by itself',
			run: upgrade,
		},
	],
};
