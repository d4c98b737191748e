import type { Resource } from '../../../shared/resource';
import * as classify from './classify';
import * as evaluate from './evaluate';

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
		{
			name: 'Evaluate',
			value: 'evaluate',
			action: 'Evaluate the classifier',
			description: 'Measure it on labelled messages of your own; stores nothing',
			run: evaluate,
		},
	],
};
