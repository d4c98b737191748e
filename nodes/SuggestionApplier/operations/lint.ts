import { lintSuggestionStored } from '../../../core/improvement';
import { type Operation, showFor, tenantField, tenantId } from '../../shared';
import { actorFor, refOf, suggestionField, targetField } from '../fields';

export const description: Operation['description'] = showFor({ operation: ['lint'] }, [
	tenantField(),
	targetField,
	suggestionField,
]);

export const execute: Operation['execute'] = async (call) => {
	const tenant = await tenantId(call.context, call.database, call.itemIndex);
	const { result, suggestion } = await lintSuggestionStored(call.database, tenant, refOf(call), actorFor(call));
	return { tenantId: tenant, result, ...suggestion };
};
