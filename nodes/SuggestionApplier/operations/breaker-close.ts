import { setBreaker } from '../../../core/rollouts';
import { type Operation, requiredText, showFor, tenantField, tenantId } from '../../shared';
import { actorFor, agentField, agentOf, personField, targetField, targetOf, whyField } from '../fields';

export const description: Operation['description'] = showFor({ operation: ['breakerClose'] }, [
	tenantField(),
	targetField,
	agentField,
	whyField,
	personField(),
	{
		displayName: 'To',
		name: 'closeTo',
		type: 'options',
		options: [
			{ name: 'Closed', value: 'closed' },
			{ name: 'Half Open', value: 'half_open' },
		],
		default: 'half_open',
		description: 'Half open: one change a week, for a tenth of the people',
	},
]);

export const execute: Operation['execute'] = async (call) => {
	const tenant = await tenantId(call.context, call.database, call.itemIndex);
	const to = call.context.getNodeParameter('closeTo', call.itemIndex) as 'closed' | 'half_open';
	const [target, agentId] = [targetOf(call), agentOf(call)];
	const change = { target, agentId, to, reason: requiredText(call, 'why') };
	return { tenantId: tenant, target, ...(await setBreaker(call.database, tenant, change, actorFor(call))) };
};
