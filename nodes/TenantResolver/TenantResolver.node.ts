import {
	NodeConnectionTypes,
	type IExecuteFunctions,
	type INodeExecutionData,
	type INodeType,
	type INodeTypeDescription,
} from 'n8n-workflow';
import { inWords, itemDatabase, optionsField, POSTGRES_CREDENTIAL, runForEachItem, TURNS_AT_ONCE } from '../shared';
import { lookupFields } from './fields';
import { resolveItem } from './resolve-item';

export class TenantResolver implements INodeType {
	description: INodeTypeDescription = {
		displayName: 'Tenant Resolver',
		name: 'tenantResolver',
		icon: { light: 'file:tenant-resolver.svg', dark: 'file:tenant-resolver.dark.svg' },
		group: ['transform'],
		version: [1],
		subtitle: `={{"by " + ${inWords('by')}}}`,
		description: 'Adds to each item whose it is: tenant, channel account, agent, active version, persona',
		defaults: { name: 'Tenant Resolver' },
		inputs: [NodeConnectionTypes.Main],
		outputs: [NodeConnectionTypes.Main],
		usableAsTool: true,
		credentials: [POSTGRES_CREDENTIAL],
		properties: [
			...lookupFields,
			optionsField([
				{
					displayName: 'Stop When Not Active',
					name: 'stopWhenNotActive',
					type: 'boolean',
					default: false,
					description:
						'Whether the item of a paused or cancelled tenant is an error; otherwise it passes and carries the status',
				},
			]),
		],
	};

	async execute(this: IExecuteFunctions): Promise<INodeExecutionData[][]> {
		const databaseFor = itemDatabase(this);
		return [
			await runForEachItem(
				this,
				async (itemIndex) => await resolveItem(this, await databaseFor(itemIndex), itemIndex),
				{ atOnce: TURNS_AT_ONCE },
			),
		];
	}
}
