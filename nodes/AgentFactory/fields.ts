import type { INodeProperties } from 'n8n-workflow';
import { locatorField } from '../shared';

/** Fields that several operations of the node ask for. */

export const agentField = (settings: { required?: boolean; description?: string } = {}): INodeProperties =>
	locatorField({
		displayName: 'Agent',
		name: 'agent',
		description: 'The agent of this tenant',
		searchMethod: 'searchAgents',
		...settings,
	});

export const channelAccountField = (): INodeProperties =>
	locatorField({
		displayName: 'Channel Account',
		name: 'channelAccount',
		description: 'The WhatsApp number, Instagram account or Messenger page',
		searchMethod: 'searchChannelAccounts',
	});

export const conversationField = (settings: { required?: boolean; description?: string } = {}): INodeProperties =>
	locatorField({
		displayName: 'Conversation',
		name: 'conversation',
		description: 'The conversation with one contact',
		searchMethod: 'searchConversations',
		...settings,
	});

export const leadField = (settings: { required?: boolean; description?: string } = {}): INodeProperties =>
	locatorField({
		displayName: 'Lead',
		name: 'lead',
		description: 'The person behind the classifications',
		searchMethod: 'searchLeads',
		...settings,
	});

export const stageField = (settings: { required?: boolean; description: string }): INodeProperties =>
	locatorField({ displayName: 'Stage', name: 'stage', searchMethod: 'searchStages', ...settings });

export const memberField = (description: string): INodeProperties =>
	locatorField({ displayName: 'Member', name: 'member', required: false, description, searchMethod: 'searchMembers' });

export const searchField = (description: string): INodeProperties => ({
	displayName: 'Search',
	name: 'search',
	type: 'string',
	default: '',
	description,
});

export const accessTokenField = (settings: Pick<INodeProperties, 'required' | 'description'>): INodeProperties => ({
	displayName: 'Access Token',
	name: 'accessToken',
	type: 'string',
	typeOptions: { password: true },
	default: '',
	...settings,
});

export const tokenExpiryField: INodeProperties = {
	displayName: 'Token Expires At',
	name: 'tokenExpiresAt',
	type: 'dateTime',
	default: '',
	description: 'When the token ends, so that the doctor can warn before; empty for a token that does not end',
};

export const slugField = (placeholder: string): INodeProperties => ({
	displayName: 'Slug',
	name: 'slug',
	type: 'string',
	required: true,
	default: '',
	placeholder,
	description: 'Short name of lower-case letters, digits and hyphens, to tell it by; it does not change later',
});
