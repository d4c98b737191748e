import { rejectSuggestion } from '../../../core/improvement';
import { type Operation, showFor, tenantField, tenantId } from '../../shared';
import { textOf } from '../../shared/text';
import { actorFor, personField, reasonField, refOf, suggestionField, targetField } from '../fields';

export const description: Operation['description'] = showFor({ operation: ['reject'] }, [
	tenantField(),
	targetField,
	suggestionField,
	reasonField,
	personField(),
	{ displayName: 'Notes', name: 'notes', type: 'string', default: '', description: 'Anything else, for people' },
]);

export const execute: Operation['execute'] = async (call) => {
	const tenant = await tenantId(call.context, call.database, call.itemIndex);
	const reason: unknown = call.context.getNodeParameter('reason', call.itemIndex);
	const why = { reason, notes: textOf(call, 'notes') };
	const { result, suggestion } = await rejectSuggestion(call.database, tenant, refOf(call), actorFor(call), why);
	return { tenantId: tenant, result, ...suggestion };
};
