import { reorderStages } from '../../../../core/crm';
import { actorOf, jsonParameter, refuse, showFor, tenantField, tenantId, type Operation } from '../../../shared';
import { toItems } from '../../../shared/rows';

export const description: Operation['description'] = showFor({ resource: ['pipeline'], operation: ['reorderStages'] }, [
	tenantField(),
	{
		displayName: 'Stage IDs',
		name: 'stageIds',
		type: 'json',
		required: true,
		default: '[]',
		description: 'IDs of stages in the new order, as a JSON array; Get Many shows them',
	},
]);

const UUID = /^[0-9a-f]{8}-([0-9a-f]{4}-){3}[0-9a-f]{12}$/i;

export const execute: Operation['execute'] = async ({ context, database, itemIndex }) => {
	const tenant = await tenantId(context, database, itemIndex);
	const ids = jsonParameter(context, 'stageIds', itemIndex);
	if (!Array.isArray(ids) || ids.length === 0 || !ids.every((id) => typeof id === 'string' && UUID.test(id)))
		throw refuse('stageIds', 'is no list of stage IDs. Take them from Get Many.');
	return toItems(await reorderStages(database, tenant, ids as string[], actorOf(context)));
};
