import type { Resource } from '../../../shared/resource';
import * as getMany from './get-many';
import * as save from './save';

export const template: Resource = {
	name: 'Template',
	value: 'template',
	default: 'getMany',
	operations: [
		{
			name: 'Get Many',
			value: 'getMany',
			action: 'Get many templates',
			description: 'List the ready texts of a tenant and what Meta says about them',
			run: getMany,
		},
		{
			name: 'Save',
			value: 'save',
			action: 'Save a template',
			description: 'Create a template, or change the one of that name and language',
			run: save,
		},
	],
};
