import { moveRollout } from '../../../core/rollouts';
import { type Operation, requiredText, showFor, tenantField, tenantId } from '../../shared';
import { actorFor, personField, rolloutField, whyField } from '../fields';

export const description: Operation['description'] = showFor({ operation: ['rollBack'] }, [
	tenantField(),
	rolloutField,
	whyField,
	personField(false),
]);

export const execute: Operation['execute'] = async (call) => {
	const tenant = await tenantId(call.context, call.database, call.itemIndex);
	const rolloutId = requiredText(call, 'rolloutId');
	const move = { to: 'rolled_back' as const, reason: requiredText(call, 'why') };
	const moved = await moveRollout(call.database, tenant, rolloutId, move, actorFor(call));
	return { tenantId: tenant, rolloutId, ...moved };
};
