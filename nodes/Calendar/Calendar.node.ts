import {
	NodeConnectionTypes,
	type IExecuteFunctions,
	type INodeExecutionData,
	type INodeType,
	type INodeTypeDescription,
} from 'n8n-workflow';
import {
	inWords,
	listSearch,
	optionsField,
	POSTGRES_CREDENTIAL,
	runOperation,
	VAULT_CREDENTIAL,
	vaultTest,
} from '../shared';
import { searchAppointments, searchCalendars } from './list-search';
import { operationField } from './operation-field';
import { OPERATIONS } from './operations';

/** These only read the database. */
const WITHOUT_VAULT = ['getEvents', 'getIntegrations', 'updateIntegration'];

export class Calendar implements INodeType {
	description: INodeTypeDescription = {
		displayName: 'Calendar',
		name: 'calendar',
		icon: { light: 'file:calendar.svg', dark: 'file:calendar.dark.svg' },
		group: ['transform'],
		version: [1],
		subtitle: `={{${inWords('operation')}}}`,
		description:
			'Connects calendars of clients, finds free times, books, moves and cancels appointments, and reminds of them',
		defaults: { name: 'Calendar' },
		inputs: [NodeConnectionTypes.Main],
		outputs: [NodeConnectionTypes.Main],
		usableAsTool: true,
		credentials: [
			POSTGRES_CREDENTIAL,
			{
				name: VAULT_CREDENTIAL,
				displayName: 'Vault Key',
				required: true,
				displayOptions: { hide: { operation: WITHOUT_VAULT } },
				testedBy: 'vaultTest',
			},
		],
		properties: [
			operationField,
			...Object.values(OPERATIONS).flatMap(({ description }) => description),
			optionsField(),
		],
	};

	methods = { listSearch: { ...listSearch, searchAppointments, searchCalendars }, credentialTest: { vaultTest } };

	async execute(this: IExecuteFunctions): Promise<INodeExecutionData[][]> {
		return await runOperation(this, OPERATIONS, this.getNodeParameter('operation', 0));
	}
}
