import { createDealFor } from '../../../core/crm';
import { isFactoryError } from '../../../core/errors';
import {
	actorOf,
	fromItem,
	locatorId,
	refuse,
	requiredText,
	showFor,
	tenantField,
	tenantId,
	type Operation,
} from '../../shared';
import { isPicked, textOf } from '../../shared/text';
import { crmField } from '../fields';
import { crmPorts } from '../ports';

export const description: Operation['description'] = showFor({ operation: ['createDeal'] }, [
	tenantField({ default: fromItem('tenantId') }),
	{
		displayName: 'Contact ID',
		name: 'contactId',
		type: 'string',
		required: true,
		default: fromItem('contactId'),
		description: "The person, as the turn or an agent's call names it",
	},
	crmField({ required: false, description: 'Of several CRMs this one; the one connected first if left out' }),
	{
		displayName: 'Title',
		name: 'title',
		type: 'string',
		default: '',
		description: 'Title of the deal; the name of the person if left out',
	},
	{
		displayName: 'Value',
		name: 'value',
		type: 'string',
		default: '',
		description: 'Worth of the deal as a number, in the currency of the CRM',
	},
	{
		displayName: 'Notes',
		name: 'notes',
		type: 'string',
		typeOptions: { rows: 3 },
		default: '',
		description: 'A note for the seller; Pipedrive only',
	},
	{
		displayName: 'Answer an Agent',
		name: 'answerAgent',
		type: 'boolean',
		default: false,
		description:
			'Whether the item is the answer to a call of an agent: {ok, result} or {ok, error}, also when it fails',
	},
]);

const UUID = /^[0-9a-f]{8}-([0-9a-f]{4}-){3}[0-9a-f]{12}$/i;

export const execute: Operation['execute'] = async (call) => {
	const { context, database, itemIndex } = call;
	const work = async (): Promise<object> => {
		const tenant = await tenantId(context, database, itemIndex);
		const contactId = requiredText(call, 'contactId');
		if (!UUID.test(contactId)) throw refuse('contactId', 'is not an ID. Take it from the turn.');
		const given = textOf(call, 'value');
		const value = given === undefined ? undefined : Number(given);
		if (value !== undefined && !(Number.isFinite(value) && value >= 0))
			throw refuse('value', 'is not a number from 0 up. Write 1500 or 1500.50.');
		const wanted = {
			contactId,
			integrationId: isPicked(context.getNodeParameter('crm', itemIndex, ''))
				? locatorId(context, 'crm', itemIndex)
				: undefined,
			title: textOf(call, 'title'),
			value,
			notes: textOf(call, 'notes'),
		};
		return await createDealFor(database, tenant, wanted, await crmPorts(context), actorOf(context));
	};
	if (context.getNodeParameter('answerAgent', itemIndex, false) !== true) return await work();
	try {
		return { ok: true, result: await work() };
	} catch (error) {
		// A fault of the database is an error of the workflow: the agent's call is tried again.
		if (!isFactoryError(error) || error.code.startsWith('DATABASE_')) throw error;
		return { ok: false, error: { code: error.code, message: error.message } };
	}
};
