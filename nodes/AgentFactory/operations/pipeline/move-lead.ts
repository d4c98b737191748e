import { randomUUID } from 'node:crypto';
import { moveLead } from '../../../../core/crm';
import { actorOf, locatorId, showFor, tenantField, tenantId, type Operation } from '../../../shared';
import { textOf } from '../../../shared/text';
import { leadField, stageField } from '../../fields';

export const description: Operation['description'] = showFor({ resource: ['pipeline'], operation: ['moveLead'] }, [
	tenantField(),
	leadField(),
	stageField({ description: 'Where to' }),
	{
		displayName: 'Who Moves It',
		name: 'person',
		type: 'string',
		default: '',
		description: "Name of the person, for the board's log; this workflow if left out",
	},
	{
		displayName: 'Idempotency Key',
		name: 'idempotencyKey',
		type: 'string',
		default: '',
		description: 'The same key again moves nobody; a new one each time if left out',
	},
]);

export const execute: Operation['execute'] = async (call) => {
	const { context, database, itemIndex } = call;
	const tenant = await tenantId(context, database, itemIndex);
	return await moveLead(database, tenant, {
		leadId: locatorId(context, 'lead', itemIndex),
		stageId: locatorId(context, 'stage', itemIndex),
		person: textOf(call, 'person') ?? actorOf(context),
		key: textOf(call, 'idempotencyKey') ?? randomUUID(),
	});
};
