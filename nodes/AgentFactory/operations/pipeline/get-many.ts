import { listStages } from '../../../../core/crm';
import { showFor, tenantField, tenantId, type Operation } from '../../../shared';
import { toItems } from '../../../shared/rows';

export const description: Operation['description'] = showFor({ resource: ['pipeline'], operation: ['getMany'] }, [
	tenantField(),
]);

export const execute: Operation['execute'] = async ({ context, database, itemIndex }) =>
	toItems(await listStages(database, await tenantId(context, database, itemIndex)));
