import type { INodeProperties } from 'n8n-workflow';
import { STAGE_TYPES, type LinkSettings } from '../../core/crm';
import { requiredText, type OperationCall } from '../shared';
import { filledIn, textOf } from '../shared/text';

/** What a connection is told besides its token, by hand and by link alike. */

export const createOnFields: INodeProperties[] = [
	{
		displayName: 'Create a Deal',
		name: 'createOn',
		type: 'options',
		options: [
			{ name: 'Only When Asked', value: 'manual', description: 'By an agent, or by Create Deal' },
			{ name: 'When a Lead Reaches a Stage', value: 'stage' },
			{ name: 'When a Lead Turns Hot', value: 'hot' },
		],
		default: 'hot',
		description: 'Which event makes a deal; each lead gets one, whatever happens twice',
	},
	{
		displayName: 'From Stage',
		name: 'createOnStage',
		type: 'options',
		options: STAGE_TYPES.map((value) => ({ name: `${value[0].toUpperCase()}${value.slice(1)}`, value })),
		default: 'proposal',
		displayOptions: { show: { createOn: ['stage'] } },
		description: 'A lead that reaches this kind of stage, or a later one, gets its deal',
	},
];

export const nameOption: INodeProperties = {
	displayName: 'Name',
	name: 'connectionName',
	type: 'string',
	default: '',
	description: 'Tells several CRMs of a tenant apart; the name of the system if left out',
};

export const ownerOption: INodeProperties = {
	displayName: 'Owner ID',
	name: 'ownerId',
	type: 'string',
	default: '',
	description: 'User of the CRM who owns the deals; the owner of the token if left out',
};

export const pipelineOption: INodeProperties = {
	displayName: 'Pipeline ID',
	name: 'pipelineId',
	type: 'string',
	default: '',
	description: 'Pipeline of the CRM for the deals; its first one if left out',
};

export const webhookUrlOption: INodeProperties = {
	displayName: 'Webhook URL',
	name: 'webhookUrl',
	type: 'string',
	default: '',
	placeholder: 'https://n8n.example.com/webhook/agent-factory/crm',
	description:
		'Production URL of CRM Webhook in workflow 72; the CRM is told to send its changes there. Left out, somebody pastes it into the CRM.',
};

export function settingsOf(call: OperationCall): LinkSettings {
	const createOn = textOf(call, 'createOn') as LinkSettings['createOn'];
	const more = filledIn(call, 'additionalFields');
	return {
		createOn,
		createOnStage: createOn === 'stage' ? requiredText(call, 'createOnStage') : null,
		name: more.connectionName as string | undefined,
		ownerId: more.ownerId as string | undefined,
		pipelineId: more.pipelineId as string | undefined,
		webhookUrl: more.webhookUrl as string | undefined,
	};
}
