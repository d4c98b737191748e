import type { IDisplayOptions, IExecuteFunctions, INodeExecutionData, INodeProperties } from 'n8n-workflow';
import type { Database } from '../../core/database';
import { FactoryError } from '../../core/errors';
import { itemDatabase } from './database';
import { runForEachItem } from './errors';

/** What an operation gets for one item. */
export interface OperationCall {
	context: IExecuteFunctions;
	itemIndex: number;
	database: Database;
}

/** A file of an `operations` folder: its fields, and what it does with one item. */
export interface Operation {
	description: INodeProperties[];
	execute(call: OperationCall): Promise<object | object[]>;
}

/** Says once where an operation's fields show: `showFor({ operation: ['claim'] }, [...])`. */
export const showFor = (show: NonNullable<IDisplayOptions['show']>, fields: INodeProperties[]): INodeProperties[] =>
	fields.map((field) => ({
		...field,
		displayOptions: { ...field.displayOptions, show: { ...field.displayOptions?.show, ...show } },
	}));

/** Runs the operation named `key` for each input item. `checkSchema: false` is for operations that make the schema. */
export async function runOperation(
	context: IExecuteFunctions,
	operations: Readonly<Record<string, Operation>>,
	key: string,
	settings: { checkSchema?: boolean } = {},
): Promise<INodeExecutionData[][]> {
	const databaseFor = itemDatabase(context, settings);
	const items = await runForEachItem(context, async (itemIndex) => {
		const operation = Object.hasOwn(operations, key) ? operations[key] : undefined;
		if (!operation)
			throw new FactoryError('VALUE_REFUSED', `This node has no operation "${key}". Pick one from the list.`, {
				item: key,
			});
		return await operation.execute({ context, itemIndex, database: await databaseFor(itemIndex) });
	});
	return [items];
}
