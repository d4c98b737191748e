import type { INodeProperties } from 'n8n-workflow';
import { locatorField } from '../../../shared';

export const contactIdField: INodeProperties = locatorField({
	displayName: 'Contact',
	name: 'contactId',
	description: 'Whose data; found by name, user name or phone number',
	searchMethod: 'searchContacts',
});

export const reasonField: INodeProperties = {
	displayName: 'Reason',
	name: 'reason',
	type: 'string',
	required: true,
	default: '',
	placeholder: 'Asked by e-mail on 2026-11-22',
	description: 'Why, for the receipt; write no personal data here',
};
