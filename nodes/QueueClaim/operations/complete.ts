import { completeTurns, leaseLost, type ClaimedTurn, SILENCE } from '../../../core/conversations';
import { leasedTurn, showFor, turnField, type OperationCall } from '../../shared';

export const description = showFor({ operation: ['complete'] }, [turnField]);

export async function execute(call: OperationCall): Promise<object> {
	const [answer] = await executeAll([call]);
	if (answer instanceof Error) throw answer;
	return answer;
}

/** The turns of all items at once: those of a tenant share one transaction. */
export async function executeAll(calls: OperationCall[]): Promise<Array<object | Error>> {
	const answers: Array<object | Error> = [];
	for (const database of new Set(calls.map((call) => call.database))) {
		const turns: Array<{ index: number; lease: ClaimedTurn }> = [];
		for (const [index, call] of calls.entries()) {
			if (call.database !== database) continue;
			try {
				turns.push({ index, lease: leasedTurn(call.context, call.itemIndex) });
			} catch (error) {
				answers[index] = error as Error;
			}
		}
		const settled = await completeTurns(
			database,
			turns.map(({ lease }) => ({ lease, decision: SILENCE })),
		);
		for (const [n, { index, lease }] of turns.entries()) {
			const done = settled[n];
			answers[index] = done ? { ...lease, ...done } : leaseLost(lease);
		}
	}
	return answers;
}
