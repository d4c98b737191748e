import { updateTenant } from '../../../../core/tenancy';
import { actorOf, showFor, tenantField, tenantId, type Operation } from '../../../shared';
import { toItem } from '../../../shared/rows';
import { filledIn, refuse } from '../../../shared/text';
import { tenantChange, tenantSettings } from '../../tenant-fields';

const nameField: Operation['description'][number] = {
	displayName: 'Name',
	name: 'name',
	type: 'string',
	default: '',
	description: 'Name of the client business',
};

export const description: Operation['description'] = showFor({ resource: ['tenant'], operation: ['update'] }, [
	tenantField(),
	{
		displayName: 'Update Fields',
		name: 'updateFields',
		type: 'collection',
		placeholder: 'Add Field',
		default: {},
		options: [...tenantSettings, nameField].sort((a, b) => a.displayName.localeCompare(b.displayName, 'en')),
	},
]);

export const execute: Operation['execute'] = async (call) => {
	const { context, itemIndex, database } = call;
	const change = tenantChange(filledIn(call, 'updateFields'));
	if (Object.keys(change).length === 0) throw refuse('updateFields', 'is empty. Add what should change.');
	return toItem(await updateTenant(database, await tenantId(context, database, itemIndex), change, actorOf(context)));
};
