import type { INodeProperties } from 'n8n-workflow';

export const endpointField: INodeProperties = {
	displayName: 'Endpoint ID',
	name: 'endpointId',
	type: 'string',
	required: true,
	default: '',
	description: 'As Get Endpoints names it',
};
