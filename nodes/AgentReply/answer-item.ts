import type { IExecuteFunctions } from 'n8n-workflow';
import { answerTurn, type HeldLeases } from '../../core/conversations';
import type { Database } from '../../core/database';
import { turnRouteOf } from '../../core/leads';
import { itemJson, leasedTurn, modelPort, type RoutedItem } from '../shared';
import { toolConnection } from './tool-connection';

export const OUTPUTS = { decided: 0, putBack: 1, count: 2 } as const;

/** Answers one leased turn and says where its item goes. */
export async function answerItem(
	context: IExecuteFunctions,
	database: Database,
	itemIndex: number,
	held: HeldLeases,
): Promise<RoutedItem> {
	const turn = leasedTurn(context, itemIndex);
	const ports = {
		llm: async (model: { provider: string; api: string; model: string }) => await modelPort(context, model, itemIndex),
		tools: async () => await toolConnection(context, itemIndex),
		now: () => new Date(),
		random: Math.random,
	};
	const answer = await answerTurn(database, turn, ports, { route: turnRouteOf(itemJson(context, itemIndex).lead) });
	const json = { ...itemJson(context, itemIndex), ...turn };
	switch (answer.result) {
		case 'decided':
			// Others of this execution may think longer.
			held.hold(database, turn);
			return { output: OUTPUTS.decided, json: { ...json, decision: answer.decision } };
		case 'put_back':
			return { output: OUTPUTS.putBack, json: { ...json, retryAt: answer.retryAt, reason: answer.reason } };
		case 'gone':
			return { output: OUTPUTS.putBack, json: { ...json, retryAt: null, reason: 'LEASE_LOST' } };
	}
}
