import type { Resource } from '../../../shared/resource';
import * as getMany from './get-many';
import * as save from './save';

export const apiKey: Resource = {
	name: 'API Key',
	value: 'apiKey',
	default: 'getMany',
	operations: [
		{
			name: 'Get Many',
			value: 'getMany',
			action: 'Get the API keys of a tenant',
			description: 'Which outside services a tenant has keys for, and what their last error was; never the keys',
			run: getMany,
		},
		{
			name: 'Save',
			value: 'save',
			action: 'Save an API key',
			description: "Store a tenant's key for an outside service, sealed; one of the same name is replaced",
			run: save,
		},
	],
};
