import { saveAssignmentRules } from '../../../../core/crm';
import { actorOf, jsonParameter, showFor, tenantField, tenantId, toItems, type Operation } from '../../../shared';

const EXAMPLE = `[
  {
    "name": "Hot leads",
    "triggers": ["import", "hot", "handoff"],
    "classifications": ["LEAD_HOT"],
    "sources": [],
    "channels": [],
    "userIds": []
  }
]`;

export const description: Operation['description'] = showFor({ resource: ['assignment'], operation: ['saveRules'] }, [
	tenantField(),
	{
		displayName: 'Rules',
		name: 'rules',
		type: 'json',
		typeOptions: { rows: 10 },
		required: true,
		default: EXAMPLE,
		description:
			'In the order in which they are asked. An empty list fits everything; userIds are of members (Member > Get Many), who take turns. triggers: when the rule is asked.',
	},
]);

export const execute: Operation['execute'] = async ({ context, itemIndex, database }) => {
	const tenant = await tenantId(context, database, itemIndex);
	const rules = jsonParameter(context, 'rules', itemIndex);
	return toItems(await saveAssignmentRules(database, tenant, rules, actorOf(context)));
};
