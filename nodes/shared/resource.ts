import type { INodeProperties, INodePropertyOptions } from 'n8n-workflow';
import type { Operation } from './operations';

/** One entry of the Operation list, with the file that does it. */
export interface ListedOperation extends INodePropertyOptions {
	value: string;
	action: string;
	description: string;
	run: Operation;
}

/** One entry of the Resource list: a folder of `operations`. Operations stand in alphabetical order. */
export interface Resource {
	name: string;
	value: string;
	default: string;
	operations: readonly ListedOperation[];
}

/** The Operation list of a resource, and the fields of all its operations. */
export const resourceProperties = (resource: Resource): INodeProperties[] => [
	{
		displayName: 'Operation',
		name: 'operation',
		type: 'options',
		noDataExpression: true,
		displayOptions: { show: { resource: [resource.value] } },
		options: resource.operations.map(({ run: _, ...option }) => option),
		default: resource.default,
	},
	...resource.operations.flatMap(({ run }) => run.description),
];

/** The operations of a resource by name. */
export const operationsOf = (resource: Resource | undefined): Record<string, Operation> =>
	Object.fromEntries((resource?.operations ?? []).map(({ value, run }) => [value, run]));
