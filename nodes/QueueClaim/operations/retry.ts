import { retryTurn } from '../../../core/conversations';
import { leasedTurn, showFor, turnField, type OperationCall } from '../../shared';

const DELAY_SECONDS = 30;

export const description = showFor({ operation: ['retry'] }, [
	turnField,
	{
		displayName: 'Delay',
		name: 'delaySeconds',
		type: 'number',
		typeOptions: { minValue: 0 },
		default: DELAY_SECONDS,
		description: 'Seconds before the turn is due again',
	},
	{
		displayName: 'Reason',
		name: 'reason',
		type: 'string',
		default: 'put back by the workflow',
		description: 'Kept with the turn for whoever looks at it; no customer text, please',
	},
	{
		displayName: 'Counts as Attempt',
		name: 'countsAsAttempt',
		type: 'boolean',
		default: true,
		description: 'Whether this uses up one of the attempts after which the turn becomes a dead letter',
	},
]);

export async function execute({ context, database, itemIndex }: OperationCall): Promise<object> {
	const turn = leasedTurn(context, itemIndex);
	const reason = context.getNodeParameter('reason', itemIndex) as string;
	const { retryAt } = await retryTurn(database, turn, {
		delaySeconds: context.getNodeParameter('delaySeconds', itemIndex) as number,
		error: reason,
		countsAsAttempt: context.getNodeParameter('countsAsAttempt', itemIndex) as boolean,
	});
	return { ...turn, retryAt, reason };
}
