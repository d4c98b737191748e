import { revokeAccessKey } from '../../../../core/tenancy';
import { actorOf, locatorField, locatorId, showFor, tenantField, tenantId, type Operation } from '../../../shared';

export const description: Operation['description'] = showFor({ resource: ['tenant'], operation: ['revokeAccessKey'] }, [
	tenantField(),
	locatorField({
		displayName: 'Access Key',
		name: 'accessKeyId',
		description: 'The key that is to open nothing any more, nor the pages it opened',
		searchMethod: 'searchAccessKeys',
	}),
]);

export const execute: Operation['execute'] = async ({ context, database, itemIndex }) => {
	const tenant = await tenantId(context, database, itemIndex);
	const accessKeyId = locatorId(context, 'accessKeyId', itemIndex);
	return { accessKeyId, revoked: await revokeAccessKey(database, tenant, accessKeyId, actorOf(context)) };
};
