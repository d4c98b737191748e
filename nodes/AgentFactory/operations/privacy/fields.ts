import type { INodeProperties } from 'n8n-workflow';

export const contactIdField: INodeProperties = {
	displayName: 'Contact ID',
	name: 'contactId',
	type: 'string',
	required: true,
	default: '',
	description: 'The ID that Contact: Get Many shows; search there by name, user name or phone number',
};

export const reasonField: INodeProperties = {
	displayName: 'Reason',
	name: 'reason',
	type: 'string',
	required: true,
	default: '',
	placeholder: 'Asked by e-mail on 2026-11-22',
	description: 'Why, for the receipt; write no personal data here',
};
