import type { Resource } from '../../../shared/resource';
import * as classify from './classify';

export const turn: Resource = {
	name: 'Turn',
	value: 'turn',
	default: 'classify',
	operations: [
		{
			name: 'Classify',
			value: 'classify',
			action: 'Classify leased turns',
			description: 'Say who wrote and what becomes of it, store it, and pass the turn on to Agent Reply',
			run: classify,
		},
	],
};
