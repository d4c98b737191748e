import { completeTurn, type SettledDecision } from '../../../core/conversations';
import { leasedTurn, showFor, turnField, type OperationCall } from '../../shared';

export const description = showFor({ operation: ['complete'] }, [turnField]);

const SILENCE: SettledDecision = {
	action: 'silence',
	messages: [],
	handoffReason: null,
	deferUntil: null,
	optOut: false,
	checks: [],
	usage: [],
	agentVersionId: null,
	systemPromptId: null,
	personaId: null,
};

export async function execute({ context, database, itemIndex }: OperationCall): Promise<object> {
	const turn = leasedTurn(context, itemIndex);
	return { ...turn, ...(await completeTurn(database, turn, SILENCE)) };
}
