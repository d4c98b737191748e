import type { INodePropertyOptions } from 'n8n-workflow';
import type { EventKind } from '../../core/meta';

/** What each kind of event is called in the editor; a new kind does not compile until it is named here. */
const NAMES: Record<EventKind, { name: string; description: string }> = {
	message: { name: 'Message', description: 'A contact wrote' },
	status: { name: 'Message Status', description: 'Sent, delivered, read, failed' },
	echo: { name: 'Echo', description: 'The business wrote from its phone or inbox' },
	reaction: { name: 'Reaction', description: 'An emoji on a message' },
	edit: { name: 'Edit', description: 'A message was changed' },
	revoke: { name: 'Revoke', description: 'A message was deleted' },
	system: { name: 'System', description: 'A contact changed number or identity' },
	postback: { name: 'Postback', description: 'A button or menu entry was tapped' },
	read: { name: 'Read', description: 'A contact read up to a point' },
	referral: { name: 'Referral', description: 'A contact came from an ad or link' },
	optin: { name: 'Opt-In', description: 'A contact asked to be written to' },
	preference: { name: 'Marketing Preference', description: 'A contact stopped or resumed marketing messages' },
	template: { name: 'Template', description: 'A template was approved, rejected, paused or re-rated' },
	account: { name: 'Account', description: 'Review, quality, limits or restrictions of an account' },
	leadgen: { name: 'Lead Ad', description: 'A lead form was sent' },
	comment: { name: 'Comment', description: 'A comment on a post, ad or live video' },
	mention: { name: 'Mention', description: 'The account was mentioned' },
	call: { name: 'Call', description: 'A call came in or changed' },
	history: { name: 'History', description: 'Earlier messages of a coexisting phone' },
	standby: { name: 'Standby', description: 'Another app has the conversation' },
	handover: { name: 'Handover', description: 'A conversation changed hands between apps' },
	group: { name: 'Group', description: 'A WhatsApp group was made or changed' },
	error: { name: 'Error', description: 'Meta reports a problem of the account' },
	unknown: { name: 'Unknown', description: 'Anything this version does not know' },
};

export const EVENT_KIND_OPTIONS: INodePropertyOptions[] = Object.entries(NAMES)
	.map(([value, words]) => ({ ...words, value }))
	.sort((left, right) => left.name.localeCompare(right.name, 'en'));
