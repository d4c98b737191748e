import { listAssignmentRules } from '../../../../core/crm';
import { showFor, tenantField, tenantId, toItems, type Operation } from '../../../shared';

export const description: Operation['description'] = showFor({ resource: ['assignment'], operation: ['getRules'] }, [
	tenantField(),
]);

export const execute: Operation['execute'] = async ({ context, itemIndex, database }) =>
	toItems(await listAssignmentRules(database, await tenantId(context, database, itemIndex)));
