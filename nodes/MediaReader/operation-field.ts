import type { INodeProperties } from 'n8n-workflow';

/** What the node can do, in the order of the list. */
export const operationField: INodeProperties = {
	displayName: 'Operation',
	name: 'operation',
	type: 'options',
	noDataExpression: true,
	options: [
		{
			name: 'Get Readings',
			value: 'getReadings',
			action: 'Get what was read',
			description: 'What became of the files that customers sent, newest first: read or not, why, model, cost',
		},
		{
			name: 'Get Settings',
			value: 'getSettings',
			action: 'Get the settings of a tenant',
			description: 'Which files a tenant has read, and by which models',
		},
		{
			name: 'Read Turn Media',
			value: 'readTurn',
			action: 'Read the media of a turn',
			description: 'Read the audio, images and documents of a leased turn, once each, before it is answered',
		},
		{
			name: 'Update Settings',
			value: 'updateSettings',
			action: 'Update the settings of a tenant',
			description: 'Switch a kind of file on or off, or choose the models',
		},
	],
	default: 'readTurn',
};
