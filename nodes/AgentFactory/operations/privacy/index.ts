import type { Resource } from '../../../shared/resource';
import * as eraseContact from './erase-contact';
import * as exportContact from './export-contact';
import * as getReceipts from './get-receipts';

export const privacy: Resource = {
	name: 'Privacy',
	value: 'privacy',
	default: 'exportContact',
	operations: [
		{
			name: 'Erase Contact',
			value: 'eraseContact',
			action: 'Erase a contact',
			description:
				'Remove a person from every table, with a receipt that says what went and in which other systems they stand; it cannot be undone',
			run: eraseContact,
		},
		{
			name: 'Export Contact',
			value: 'exportContact',
			action: 'Export a contact',
			description: 'Everything that is kept of a person, by table, with the reasons of each classification',
			run: exportContact,
		},
		{
			name: 'Get Receipts',
			value: 'getReceipts',
			action: 'Get the receipts of privacy requests',
			description: 'Which exports and erasures a tenant had, who asked for them and what they covered',
			run: getReceipts,
		},
	],
};
