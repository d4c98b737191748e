import { mapStages } from '../../../core/crm';
import {
	actorOf,
	jsonParameter,
	locatorId,
	refuse,
	showFor,
	tenantField,
	tenantId,
	type Operation,
} from '../../shared';
import { toItem } from '../../shared/rows';
import { crmField } from '../fields';
import { crmPorts } from '../ports';

export const description: Operation['description'] = showFor({ operation: ['mapStages'] }, [
	tenantField(),
	crmField(),
	{
		displayName: 'Stages',
		name: 'stages',
		type: 'json',
		required: true,
		default: '[{ "stage": "Proposta", "externalId": "3" }]',
		description:
			'Which stage of the board (name, or stageId) is which of the CRM (externalId of Get Remote Stages). Several of theirs may be one of ours: deals are moved to the first.',
	},
]);

type Pair = Parameters<typeof mapStages>[3][number];
const isPair = (value: unknown): value is Pair => {
	const { stage, stageId, externalId } = (value ?? {}) as Record<string, unknown>;
	return [stage, stageId].some((one) => typeof one === 'string') && ['string', 'number'].includes(typeof externalId);
};

export const execute: Operation['execute'] = async ({ context, database, itemIndex }) => {
	const tenant = await tenantId(context, database, itemIndex);
	const pairs = jsonParameter(context, 'stages', itemIndex);
	if (!Array.isArray(pairs) || !pairs.every(isPair))
		throw refuse('stages', 'is no list of pairs. Write [{ "stage": "Proposta", "externalId": "3" }].');
	const id = locatorId(context, 'crm', itemIndex);
	return toItem(await mapStages(database, tenant, id, pairs, await crmPorts(context), actorOf(context)));
};
