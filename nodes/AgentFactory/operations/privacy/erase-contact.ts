import { FactoryError } from '../../../../core/errors';
import { eraseContact } from '../../../../core/privacy';
import { actorOf, locatorId, requiredText, showFor, tenantField, tenantId, type Operation } from '../../../shared';
import { contactIdField, reasonField } from './fields';

export const description: Operation['description'] = showFor({ resource: ['privacy'], operation: ['eraseContact'] }, [
	tenantField(),
	contactIdField,
	reasonField,
	{
		displayName: 'I Know That This Cannot Be Undone',
		name: 'confirmed',
		type: 'boolean',
		default: false,
		description: 'Whether to erase. Export the contact first if the person wants a copy.',
	},
]);

export const execute: Operation['execute'] = async (call) => {
	const { context, itemIndex, database } = call;
	const tenant = await tenantId(context, database, itemIndex);
	if (context.getNodeParameter('confirmed', itemIndex) !== true) {
		throw new FactoryError(
			'VALUE_REFUSED',
			'Nothing was erased: switch on "I Know That This Cannot Be Undone" to erase the contact.',
			{ item: 'confirmed' },
		);
	}
	return await eraseContact(
		database,
		tenant,
		locatorId(call.context, 'contactId', call.itemIndex),
		requiredText(call, 'reason'),
		actorOf(context),
	);
};
