import { saveRecipient } from '../../../core/handoff';
import { actorOf, locatorId, showFor, tenantField, tenantId, type Operation } from '../../shared';
import { textOf } from '../../shared/text';
import { userField } from '../fields';

export const description: Operation['description'] = showFor({ operation: ['saveRecipient'] }, [
	tenantField(),
	userField('The member who is told; Agent Factory > Member > Save adds people'),
	{
		displayName: 'Level',
		name: 'level',
		type: 'number',
		typeOptions: { minValue: 0, maxValue: 5, numberPrecision: 0 },
		default: 0,
		description: '0 is told at once, 1 when the first answer is overdue, 2 when it still is later, and so on',
	},
	{
		displayName: 'By Email',
		name: 'byEmail',
		type: 'boolean',
		default: true,
		description: 'Whether the member gets an e-mail with a link of their own; workflow 50 sends it',
	},
	{
		displayName: 'WhatsApp Number',
		name: 'whatsappNumber',
		type: 'string',
		default: '',
		placeholder: '+55 11 99999-0000',
		description: 'Number with country code that gets a message; empty for none. The bot does not answer it.',
	},
]);

export const execute: Operation['execute'] = async (call) => {
	const { context, itemIndex, database } = call;
	const tenant = await tenantId(context, database, itemIndex);
	const recipient = {
		userId: locatorId(call.context, 'userId', call.itemIndex),
		level: Number(context.getNodeParameter('level', itemIndex)),
		byEmail: context.getNodeParameter('byEmail', itemIndex) as boolean,
		whatsappNumber: textOf(call, 'whatsappNumber'),
	};
	return { tenantId: tenant, ...(await saveRecipient(database, tenant, recipient, actorOf(context))) };
};
