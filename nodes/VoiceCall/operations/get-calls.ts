import { listCalls } from '../../../core/crm';
import { limitField, limitOf, showFor, tenantField, tenantId, type Operation } from '../../shared';

export const description: Operation['description'] = showFor({ operation: ['getCalls'] }, [
	tenantField(),
	limitField(),
]);

export const execute: Operation['execute'] = async ({ context, itemIndex, database }) =>
	await listCalls(database, await tenantId(context, database, itemIndex), limitOf({ context, itemIndex }));
