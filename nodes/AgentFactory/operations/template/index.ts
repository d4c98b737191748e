import type { Resource } from '../../../shared/resource';
import * as getMany from './get-many';
import * as save from './save';
import * as submit from './submit';
import * as sync from './sync';

export const template: Resource = {
	name: 'Template',
	value: 'template',
	default: 'getMany',
	operations: [
		{
			name: 'Get Many',
			value: 'getMany',
			action: 'Get many templates',
			description: 'List the ready texts of a tenant, what Meta says about them and how often they were answered',
			run: getMany,
		},
		{
			name: 'Save',
			value: 'save',
			action: 'Save a template',
			description: 'Create a template, or change the one of that name and language',
			run: save,
		},
		{
			name: 'Submit to Meta',
			value: 'submit',
			action: 'Submit a template to Meta',
			description: 'Hand a ready text to Meta for review; once approved it may leave the 24-hour window',
			run: submit,
		},
		{
			name: 'Sync With Meta',
			value: 'sync',
			action: 'Sync templates with Meta',
			description: 'Read status, quality and text of all templates of a WhatsApp account; new ones are added',
			run: sync,
		},
	],
};
