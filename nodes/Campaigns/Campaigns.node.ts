import {
	NodeConnectionTypes,
	type IExecuteFunctions,
	type INodeExecutionData,
	type INodeType,
	type INodeTypeDescription,
} from 'n8n-workflow';
import { inWords, listSearch, optionsField, POSTGRES_CREDENTIAL, runOperation, type Operation } from '../shared';
import { operationField } from './operation-field';
import * as get from './operations/get';
import * as getFollowUpSettings from './operations/get-follow-up-settings';
import * as getMany from './operations/get-many';
import { pause, resume, stop } from './operations/move';
import * as preview from './operations/preview';
import * as runDue from './operations/run-due';
import * as saveFollowUpSettings from './operations/save-follow-up-settings';
import * as start from './operations/start';

const OPERATIONS: Record<string, Operation> = {
	get,
	getFollowUpSettings,
	getMany,
	pause,
	preview,
	resume,
	runDue,
	saveFollowUpSettings,
	start,
	stop,
};

export class Campaigns implements INodeType {
	description: INodeTypeDescription = {
		displayName: 'Campaigns',
		name: 'campaigns',
		icon: { light: 'file:campaigns.svg', dark: 'file:campaigns.dark.svg' },
		group: ['output'],
		version: [1],
		subtitle: `={{${inWords('operation')}}}`,
		description: 'Writes to leads by itself: follow-ups of silent ones, templates to those who agreed to offers',
		defaults: { name: 'Campaigns' },
		inputs: [NodeConnectionTypes.Main],
		outputs: [NodeConnectionTypes.Main],
		usableAsTool: true,
		credentials: [POSTGRES_CREDENTIAL],
		properties: [
			operationField,
			...Object.values(OPERATIONS).flatMap(({ description }) => description),
			optionsField(),
		],
	};

	methods = { listSearch };

	async execute(this: IExecuteFunctions): Promise<INodeExecutionData[][]> {
		return await runOperation(this, OPERATIONS, this.getNodeParameter('operation', 0));
	}
}
