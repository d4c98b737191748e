import { setBreaker } from '../../../core/rollouts';
import { type Operation, requiredText, showFor, tenantField, tenantId } from '../../shared';
import { actorFor, agentField, agentOf, personField, targetField, targetOf, whyField } from '../fields';

export const description: Operation['description'] = showFor({ operation: ['breakerOpen'] }, [
	tenantField(),
	targetField,
	agentField,
	whyField,
	personField(false),
]);

export const execute: Operation['execute'] = async (call) => {
	const tenant = await tenantId(call.context, call.database, call.itemIndex);
	const to = 'open' as const;
	const [target, agentId] = [targetOf(call), agentOf(call)];
	const change = { target, agentId, to, reason: requiredText(call, 'why') };
	return { tenantId: tenant, target, ...(await setBreaker(call.database, tenant, change, actorFor(call))) };
};
