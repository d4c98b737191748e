import { exportContact } from '../../../../core/privacy';
import { actorOf, locatorId, requiredText, showFor, tenantField, tenantId, type Operation } from '../../../shared';
import { contactIdField, reasonField } from './fields';

export const description: Operation['description'] = showFor({ resource: ['privacy'], operation: ['exportContact'] }, [
	tenantField(),
	contactIdField,
	reasonField,
]);

export const execute: Operation['execute'] = async (call) => {
	const { context, itemIndex, database } = call;
	const tenant = await tenantId(context, database, itemIndex);
	const reason = requiredText(call, 'reason');
	return await exportContact(database, tenant, locatorId(context, 'contactId', itemIndex), reason, actorOf(context));
};
