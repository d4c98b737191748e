import { listTenants } from '../../../../core/tenancy';
import { limitField, showFor, type Operation } from '../../../shared';
import { toItems } from '../../../shared/rows';
import { limitOf, textOf } from '../../../shared/text';
import { searchField } from '../../fields';

export const description: Operation['description'] = showFor({ resource: ['tenant'], operation: ['getMany'] }, [
	searchField('Part of the name or slug; empty for all'),
	limitField(),
]);

export const whenEmpty = 'There is no tenant yet. Make one with Tenant > Create, or with the Onboarding node.';

export const execute: Operation['execute'] = async (call) =>
	toItems(await listTenants(call.database, { search: textOf(call, 'search'), limit: limitOf(call) }));
