import { setTransfers } from '../../../../core/agents';
import { actorOf, locatorId, showFor, tenantField, tenantId, type Operation } from '../../../shared';
import { toItem } from '../../../shared/rows';
import { refuse, textOf } from '../../../shared/text';
import { agentField } from '../../fields';

export const description: Operation['description'] = showFor({ resource: ['agent'], operation: ['setTransfers'] }, [
	tenantField(),
	agentField(),
	{
		displayName: 'Accept Transfers',
		name: 'acceptTransfers',
		type: 'boolean',
		default: true,
		description: 'Whether other agents of the tenant may hand conversations over to this one',
	},
	{
		displayName: 'Purpose',
		name: 'purpose',
		type: 'string',
		default: '',
		placeholder: 'Sells plans and takes orders',
		description: 'What this agent is for, in a line; the other agents read it before they hand over',
	},
]);

export const execute: Operation['execute'] = async (call) => {
	const { context, itemIndex, database } = call;
	const tenant = await tenantId(context, database, itemIndex);
	const agent = locatorId(context, 'agent', itemIndex);
	const accepts = context.getNodeParameter('acceptTransfers', itemIndex) === true;
	const row = await setTransfers(
		database,
		tenant,
		agent,
		{ accepts, purpose: textOf(call, 'purpose') },
		actorOf(context),
	);
	if (!row) throw refuse('agent', 'names no agent of this tenant. Pick one from the list.');
	return toItem(row);
};
