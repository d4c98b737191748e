import { readSuggestion } from '../../../core/improvement';
import { FactoryError } from '../../../core/errors';
import { startRollout } from '../../../core/rollouts';
import { type Operation, showFor, tenantField, tenantId } from '../../shared';
import { actorFor, personField, refOf, suggestionField, targetField } from '../fields';

export const description: Operation['description'] = showFor({ operation: ['startRollout'] }, [
	tenantField(),
	targetField,
	suggestionField,
	personField(false),
]);

export const execute: Operation['execute'] = async (call) => {
	const tenant = await tenantId(call.context, call.database, call.itemIndex);
	const { target, id: suggestionId } = refOf(call);
	const suggestion = await readSuggestion(call.database, tenant, target, suggestionId);
	const { agentId, appliedVersionId: candidateId, status, reviewer } = suggestion;
	if (candidateId === null)
		throw new FactoryError('WRONG_STATE', 'The suggestion has no version yet. Approve and apply it first.', {
			item: suggestionId,
		});
	const approvedBy = status === 'approved' ? reviewer : null;
	const started = await startRollout(
		call.database,
		tenant,
		{ target, agentId, candidateId, suggestionId, approvedBy },
		actorFor(call),
	);
	return { tenantId: tenant, target, suggestionId, ...started };
};
