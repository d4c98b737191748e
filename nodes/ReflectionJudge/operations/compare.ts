import { compareReplies, type ReplyPair } from '../../../core/reflection';
import { jsonParameter, showFor, tenantId, type Operation } from '../../shared';
import { refuse } from '../../shared/text';
import { judgePorts, targetFields, targetOf } from '../fields';

export const description: Operation['description'] = showFor({ operation: ['compare'] }, [
	...targetFields(),
	{
		displayName: 'Pairs',
		name: 'pairs',
		type: 'json',
		required: true,
		default: '[]',
		description: 'List of {"conversationId", "incumbent", "candidate"}: two replies to the same conversation',
	},
]);

const UUID = /^[0-9a-f]{8}-([0-9a-f]{4}-){3}[0-9a-f]{12}$/i;
const isPair = (value: unknown): value is ReplyPair => {
	if (typeof value !== 'object' || value === null) return false;
	const { conversationId, incumbent, candidate } = value as Record<string, unknown>;
	return (
		typeof conversationId === 'string' &&
		UUID.test(conversationId) &&
		typeof incumbent === 'string' &&
		typeof candidate === 'string'
	);
};

export const execute: Operation['execute'] = async ({ context, itemIndex, database }) => {
	const tenant = await tenantId(context, database, itemIndex);
	const pairs = jsonParameter(context, 'pairs', itemIndex);
	if (!Array.isArray(pairs) || !pairs.every(isPair))
		throw refuse('pairs', 'is not a list of {"conversationId", "incumbent", "candidate"}.');
	return await compareReplies(
		database,
		tenant,
		{ target: targetOf(context, itemIndex), pairs },
		await judgePorts(context, itemIndex),
	);
};
