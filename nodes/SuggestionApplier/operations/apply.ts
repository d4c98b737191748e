import { applySuggestion } from '../../../core/improvement';
import { type Operation, showFor, tenantField, tenantId } from '../../shared';
import { actorFor, personField, refOf, suggestionField, targetField } from '../fields';

export const description: Operation['description'] = showFor({ operation: ['apply'] }, [
	tenantField(),
	targetField,
	suggestionField,
	personField(false),
]);

export const execute: Operation['execute'] = async (call) => {
	const tenant = await tenantId(call.context, call.database, call.itemIndex);
	const { result, suggestion } = await applySuggestion(call.database, tenant, refOf(call), actorFor(call));
	return { tenantId: tenant, result, ...suggestion };
};
