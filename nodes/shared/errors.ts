import {
	NodeOperationError,
	type IExecuteFunctions,
	type INode,
	type INodeExecutionData,
	type IDataObject,
} from 'n8n-workflow';
import { FactoryError, isFactoryError } from '../../core/errors';

const FIRST_SENTENCE = /^(.+?[.!?])\s+(?=["'(A-ZÀ-Ý])(.+)$/s;

/** What happened is the message; what to do about it is the description. */
export function splitMessage(text: string): { message: string; description: string | undefined } {
	const match = FIRST_SENTENCE.exec(text);
	return match ? { message: match[1], description: match[2] } : { message: text, description: undefined };
}

/**
 * Any error as one that n8n shows with its item. The cause is left behind on purpose: a database driver's error quotes
 * the values of the row, and n8n stores errors in the execution.
 */
export function toNodeError(node: INode, error: unknown, itemIndex?: number): NodeOperationError {
	if (error instanceof NodeOperationError) {
		error.context.itemIndex ??= itemIndex;
		return error;
	}
	const failure = isFactoryError(error) ? error : new FactoryError('INTERNAL', unexpected(error), { cause: error });
	const { message, description } = splitMessage(failure.message);
	const nodeError = new NodeOperationError(node, message, { description, itemIndex });
	// n8n swaps messages that contain ECONNREFUSED and the like for its own, which do not say which service is meant.
	nodeError.message = message;
	nodeError.context.code = failure.code;
	nodeError.context.retryable = failure.retryable;
	if (failure.item !== undefined) nodeError.context.item = failure.item;
	if (isFieldList(failure.details)) nodeError.context.details = failure.details;
	return nodeError;
}

/** Field lists name what is wrong; other details may hold the driver's facts and stay out. */
const isFieldList = (details: unknown): details is IDataObject[] => Array.isArray(details);

const unexpected = (error: unknown): string =>
	`The node failed: ${error instanceof Error ? error.message : String(error)}. Please report this with the version of the package.`;

/** One output item: which output it goes to and what it says. */
export interface RoutedItem {
	output: number;
	json: object;
}

/** Dates as text, nothing shared with the input item. */
const plain = (json: object): IDataObject => JSON.parse(JSON.stringify(json)) as IDataObject;

/**
 * Runs `work` for each input item on its own. A failed item goes on with its error when the node says "continue",
 * else it ends the node and is named. Errors leave by `errorOutput`, from where n8n moves them to the error branch.
 */
export async function routeEachItem(
	context: IExecuteFunctions,
	routing: { outputs: number; errorOutput?: number; atOnce?: number },
	work: (itemIndex: number) => Promise<RoutedItem[]>,
): Promise<INodeExecutionData[][]> {
	const outputs: INodeExecutionData[][] = Array.from({ length: routing.outputs }, () => []);
	const stopAtFirst = (routing.atOnce ?? 1) === 1 && !context.continueOnFail();
	const ended = await settleAll(context.getInputData().length, routing.atOnce ?? 1, stopAtFirst, work);
	ended.forEach((result, itemIndex) => {
		const pairedItem = { item: itemIndex };
		if (result.status === 'fulfilled') {
			for (const { output, json } of result.value) outputs[output].push({ json: plain(json), pairedItem });
			return;
		}
		const nodeError = toNodeError(context.getNode(), result.reason, itemIndex);
		if (!context.continueOnFail()) throw nodeError;
		outputs[routing.errorOutput ?? 0].push({ json: { error: nodeError.message }, error: nodeError, pairedItem });
	});
	return outputs;
}

/** Works on the items in their order, `atOnce` side by side; those side by side all come to their end, whatever one of them does. */
async function settleAll<T>(
	count: number,
	atOnce: number,
	stopAtFirst: boolean,
	work: (itemIndex: number) => Promise<T>,
): Promise<Array<PromiseSettledResult<T>>> {
	const ended: Array<PromiseSettledResult<T>> = [];
	let next = 0;
	const lane = async (): Promise<void> => {
		while (next < count) {
			const itemIndex = next++;
			[ended[itemIndex]] = await Promise.allSettled([work(itemIndex)]);
			if (stopAtFirst && ended[itemIndex].status === 'rejected') return;
		}
	};
	await Promise.all(Array.from({ length: Math.min(atOnce, count) }, lane));
	return ended;
}

/** For nodes with one output: `work` answers the item's json, or several. */
export async function runForEachItem(
	context: IExecuteFunctions,
	work: (itemIndex: number) => Promise<object | object[]>,
	{ atOnce }: { atOnce?: number } = {},
): Promise<INodeExecutionData[]> {
	const [items] = await routeEachItem(context, { outputs: 1, atOnce }, async (itemIndex) => {
		const result = await work(itemIndex);
		return (Array.isArray(result) ? result : [result]).map((json: object) => ({ output: 0, json }));
	});
	return items;
}
