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
	/** In place of `execute`, for what is cheaper done at once: each call's answer or error, in their order. */
	executeAll?(calls: OperationCall[]): Promise<Array<object | object[] | Error>>;
	/** Items that may be worked on side by side; one by one unless said. */
	atOnce?: number;
	/** Shown at the output where nothing came out: why that may be, and what to do. */
	whenEmpty?: string;
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
	const operation = Object.hasOwn(operations, key) ? operations[key] : undefined;
	const callFor = async (itemIndex: number): Promise<OperationCall> => ({
		context,
		itemIndex,
		database: await databaseFor(itemIndex),
	});
	let all: Promise<Array<object | object[] | Error>> | undefined;
	const work = async (itemIndex: number): Promise<object | object[]> => {
		if (!operation)
			throw new FactoryError('VALUE_REFUSED', `This node has no operation "${key}". Pick one from the list.`, {
				item: key,
			});
		if (!operation.executeAll) return await operation.execute(await callFor(itemIndex));
		const answer = (await (all ??= answersAtOnce(context, operation.executeAll, callFor)))[itemIndex];
		if (answer instanceof Error) throw answer;
		return answer;
	};
	const items = await runForEachItem(context, work, { atOnce: operation?.atOnce });
	if (items.length === 0 && operation?.whenEmpty)
		context.addExecutionHints({ message: operation.whenEmpty, location: 'outputPane' });
	return [items];
}

/** One answer or error an item: an item whose database cannot be opened keeps nobody else from theirs. */
async function answersAtOnce(
	context: IExecuteFunctions,
	executeAll: NonNullable<Operation['executeAll']>,
	callFor: (itemIndex: number) => Promise<OperationCall>,
): Promise<Array<object | object[] | Error>> {
	const opened = await Promise.allSettled(context.getInputData().map((_, itemIndex) => callFor(itemIndex)));
	const calls = opened.flatMap((call) => (call.status === 'fulfilled' ? [call.value] : []));
	const answers = (await executeAll(calls)).values();
	return opened.map((call) => (call.status === 'fulfilled' ? answers.next().value! : (call.reason as Error)));
}
