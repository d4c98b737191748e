import type { INodeProperties } from 'n8n-workflow';
import { locatorField } from '../shared';

export const agentField = (): INodeProperties =>
	locatorField({
		displayName: 'Agent',
		name: 'agent',
		description: 'The agent of this tenant; the Agent Factory node makes new ones',
		searchMethod: 'searchAgents',
	});

export const versionField = (settings: {
	displayName: string;
	name: string;
	description: string;
	displayOptions?: INodeProperties['displayOptions'];
}): INodeProperties => locatorField({ ...settings, searchMethod: 'searchVersions' });
