import type { Resource } from '../../../shared/resource';
import * as classify from './classify';

export const text: Resource = {
	name: 'Text',
	value: 'text',
	default: 'classify',
	operations: [
		{
			name: 'Classify Text',
			value: 'classify',
			action: 'Classify a text',
			description: 'Try the classifier on a message, with every point; stores nothing',
			run: classify,
		},
	],
};
