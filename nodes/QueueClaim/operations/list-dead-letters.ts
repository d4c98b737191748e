import { listDeadLetters } from '../../../core/conversations';
import { fromItem, limitField, limitOf, type OperationCall, showFor, tenantField, tenantId } from '../../shared';

export const description = showFor({ operation: ['listDeadLetters'] }, [
	tenantField({ default: fromItem('tenantId') }),
	limitField(),
]);

export async function execute({ context, database, itemIndex }: OperationCall): Promise<object[]> {
	const tenant = await tenantId(context, database, itemIndex);
	const limit = limitOf({ context, itemIndex });
	return (await listDeadLetters(database, tenant, limit)).map((letter) => ({ tenantId: tenant, ...letter }));
}
