import { randomUUID } from 'node:crypto';
import { createTenant } from '../../../../core/tenancy';
import { actorOf, showFor, type Operation } from '../../../shared';
import { toItem } from '../../../shared/rows';
import { filledIn, requiredText } from '../../../shared/text';
import { slugField } from '../../fields';
import { tenantChange, tenantSettings } from '../../tenant-fields';

export const description: Operation['description'] = showFor({ resource: ['tenant'], operation: ['create'] }, [
	{
		displayName: 'Name',
		name: 'name',
		type: 'string',
		required: true,
		default: '',
		placeholder: 'FitPro',
		description: 'Name of the client business',
	},
	slugField('fitpro'),
	{
		displayName: 'Additional Fields',
		name: 'additionalFields',
		type: 'collection',
		placeholder: 'Add Field',
		default: {},
		options: tenantSettings,
	},
]);

export const execute: Operation['execute'] = async (call) => {
	const settings = tenantChange(filledIn(call, 'additionalFields'));
	const named = { name: requiredText(call, 'name'), slug: requiredText(call, 'slug') };
	return toItem(await createTenant(call.database, { ...settings, ...named }, randomUUID(), actorOf(call.context)));
};
