import { completeTurn, type SettledDecision } from '../../../core/conversations';
import { FactoryError } from '../../../core/errors';
import {
	jsonParameter,
	leasedTurn,
	placeNotice,
	showFor,
	turnField,
	TURNS_AT_ONCE,
	type OperationCall,
} from '../../shared';

export const description = showFor({ operation: ['enqueueReply'] }, [
	placeNotice('Stands behind Agent Reply, as in workflow 20. To write to somebody yourself choose Send Message.'),
	turnField,
	{
		displayName: 'Decision',
		name: 'decision',
		type: 'json',
		required: true,
		default: '={{ $json.decision }}',
		description: 'What Agent Reply decided: replies to send, silence, or a handover',
	},
	{
		displayName: 'Wake the Sender',
		name: 'wakeSender',
		type: 'boolean',
		default: true,
		description:
			'Whether to start the outbox workflow for these messages at once. Switch off where Deliver Due follows in this workflow: it sends them, and the outbox workflow finds within a second what is left.',
	},
]);

export const atOnce = TURNS_AT_ONCE;

export async function execute({ context, database, itemIndex }: OperationCall): Promise<object> {
	const turn = leasedTurn(context, itemIndex);
	const decision = jsonParameter<Partial<SettledDecision> | null>(context, 'decision', itemIndex);
	if (!decision?.action || !Array.isArray(decision.messages)) {
		throw new FactoryError(
			'VALUE_REFUSED',
			'Field "decision" is not a decision. Connect the output "Decided" of Agent Reply.',
			{ item: 'decision' },
		);
	}
	const wakeSender = context.getNodeParameter('wakeSender', itemIndex, true) as boolean;
	const done = await completeTurn(database, turn, decision as SettledDecision, { wakeSender });
	return { tenantId: turn.tenantId, conversationId: turn.conversationId, ...done };
}
