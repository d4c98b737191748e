import { listUnknown } from '../../../core/outbox';
import { fromItem, limitField, showFor, tenantField, tenantId, type OperationCall } from '../../shared';
import { toItems } from '../../shared/rows';

export const description = showFor({ operation: ['listUnknown'] }, [
	tenantField({ default: fromItem('tenantId') }),
	limitField(),
]);

export async function execute({ context, database, itemIndex }: OperationCall): Promise<object[]> {
	const tenant = await tenantId(context, database, itemIndex);
	const limit = context.getNodeParameter('limit', itemIndex) as number;
	return toItems(await listUnknown(database, tenant, limit)).map(({ id, ...send }) => ({
		tenantId: tenant,
		outboxId: id,
		...send,
	}));
}
