import { listUnknown } from '../../../core/outbox';
import {
	fromItem,
	limitField,
	limitOf,
	type OperationCall,
	showFor,
	tenantField,
	tenantId,
	toItems,
} from '../../shared';

export const description = showFor({ operation: ['listUnknown'] }, [
	tenantField({ default: fromItem('tenantId') }),
	limitField(),
]);

export async function execute({ context, database, itemIndex }: OperationCall): Promise<object[]> {
	const tenant = await tenantId(context, database, itemIndex);
	const limit = limitOf({ context, itemIndex });
	return toItems(await listUnknown(database, tenant, limit)).map(({ id, ...send }) => ({
		tenantId: tenant,
		outboxId: id,
		...send,
	}));
}
