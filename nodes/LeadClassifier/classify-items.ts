import { randomBytes } from 'node:crypto';
import type { IExecuteFunctions, INodeExecutionData } from 'n8n-workflow';
import { holdLeases, type ClaimedTurn } from '../../core/conversations';
import type { Database } from '../../core/database';
import { classifyTurns, type ClassifyPorts, type TurnClassification } from '../../core/leads';
import {
	itemDatabase,
	itemJson,
	leasedTurn,
	modelPort,
	routeEachItem,
	TURNS_AT_ONCE,
	type RoutedItem,
} from '../shared';

const OUTPUTS = { classified: 0, putBack: 1, count: 2 } as const;
/** Random bytes in the mark around customers' texts. */
const FENCE_BYTES = 12;

export const classifyPorts = (context: IExecuteFunctions): ClassifyPorts => ({
	llm: async (model) => await modelPort(context, model),
	fence: () => randomBytes(FENCE_BYTES).toString('base64url'),
});

interface LeasedItem {
	itemIndex: number;
	database: Database;
	turn: ClaimedTurn;
}

/** Classifies the leased turns of all items together, so that they share model calls; their leases hold meanwhile. */
export async function classifyItems(context: IExecuteFunctions): Promise<INodeExecutionData[][]> {
	const databaseFor = itemDatabase(context);
	const held = holdLeases();
	let all: Promise<Array<TurnClassification | Error>> | undefined;
	const classifyAll = async (): Promise<Array<TurnClassification | Error>> => {
		const answers: Array<TurnClassification | Error> = [];
		const items: LeasedItem[] = [];
		for (const itemIndex of context.getInputData().keys()) {
			try {
				const database = await databaseFor(itemIndex);
				const turn = leasedTurn(context, itemIndex);
				items.push({ itemIndex, database, turn });
				held.hold(database, turn);
			} catch (error) {
				answers[itemIndex] = error as Error;
			}
		}
		await Promise.all(
			[...new Set(items.map(({ database }) => database))].map(async (database) => {
				const own = items.filter((item) => item.database === database);
				const turns = own.map(({ turn }) => turn);
				const results = await classifyTurns(database, turns, classifyPorts(context));
				own.forEach(({ itemIndex }, n) => (answers[itemIndex] = results[n]));
			}),
		);
		return answers;
	};
	// A turn that failed keeps its lease until it runs out, then it is taken again: it belongs to "Put Back".
	const routing = { outputs: OUTPUTS.count, errorOutput: OUTPUTS.putBack, atOnce: TURNS_AT_ONCE };
	try {
		const outputs = await routeEachItem(context, routing, async (itemIndex) => {
			const answer = (await (all ??= classifyAll()))[itemIndex];
			if (answer instanceof Error) throw answer;
			return [routed(itemJson(context, itemIndex), answer)];
		});
		tellWhereRulesStoodIn(context, (await all) ?? []);
		return outputs;
	} finally {
		held.release();
	}
}

/** Nothing fails where a model is away: without this nobody would see that the rules answered in its place. */
function tellWhereRulesStoodIn(context: IExecuteFunctions, answers: ReadonlyArray<TurnClassification | Error>): void {
	const codes = answers.flatMap((answer) =>
		answer instanceof Error || answer.result !== 'classified' ? [] : (answer.lead.modelError ?? []),
	);
	if (codes.length === 0) return;
	const which = [...new Set(codes)].sort().join(', ');
	const message = `The rules stood in for the model in ${codes.length} of ${answers.length} turns (${which}). Look at the model's credential, or at the connected Chat Model.`;
	context.addExecutionHints({ type: 'warning', message, location: 'outputPane' });
}

const routed = (json: object, answer: TurnClassification): RoutedItem =>
	answer.result === 'classified'
		? { output: OUTPUTS.classified, json: { ...json, lead: answer.lead } }
		: { output: OUTPUTS.putBack, json: { ...json, retryAt: null, reason: 'LEASE_LOST' } };
