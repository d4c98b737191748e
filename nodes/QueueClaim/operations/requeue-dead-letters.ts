import { requeueDeadLetters } from '../../../core/conversations';
import { FactoryError } from '../../../core/errors';
import { actorOf, asText, fromItem, showFor, tenantField, tenantId, type OperationCall } from '../../shared';

export const description = showFor({ operation: ['requeueDeadLetters'] }, [
	tenantField({ default: fromItem('tenantId') }),
	{
		displayName: 'Turn IDs',
		name: 'turnIds',
		type: 'string',
		required: true,
		default: fromItem('turnId'),
		placeholder: '1041, 1042',
		description: 'Numbers of the dead turns, separated by commas, or an expression that gives a list',
	},
]);

export async function execute({ context, database, itemIndex }: OperationCall): Promise<object> {
	const tenant = await tenantId(context, database, itemIndex);
	const turnIds = readIds(context.getNodeParameter('turnIds', itemIndex));
	const requeued = await requeueDeadLetters(database, tenant, turnIds, actorOf(context));
	return { tenantId: tenant, turnIds, requeued };
}

function readIds(given: unknown): number[] {
	const parts = Array.isArray(given) ? given.map(asText) : asText(given).split(/[\s,]+/);
	const ids = parts.filter((part) => part !== '').map(Number);
	if (ids.length === 0 || ids.some((id) => !Number.isSafeInteger(id) || id <= 0)) {
		throw new FactoryError(
			'VALUE_REFUSED',
			'Field "turnIds" must hold the numbers of turns. List Dead Letters shows them.',
			{ item: 'turnIds' },
		);
	}
	return ids;
}
