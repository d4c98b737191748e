import type { INodeProperties } from 'n8n-workflow';

export const versionField: INodeProperties = {
	displayName: 'Agent Version ID',
	name: 'agentVersionId',
	type: 'string',
	default: '',
	placeholder: '6f1c2f0e-…',
	description: 'Leave empty for the tenant and its persona; an agent version without settings of its own goes by those',
};
