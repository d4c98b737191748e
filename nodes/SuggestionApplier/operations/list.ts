import { listSuggestions, STATES, type SuggestionState } from '../../../core/improvement';
import { limitField, limitOf, type Operation, showFor, SUGGESTION_STATES, tenantField, tenantId } from '../../shared';
import { textOf } from '../../shared/text';
import { targetField, targetOf } from '../fields';

export const description: Operation['description'] = showFor({ operation: ['list'] }, [
	tenantField(),
	targetField,
	{
		displayName: 'State',
		name: 'state',
		type: 'options',
		options: [{ name: 'Any', value: '' }, ...STATES.map((value) => ({ value, ...SUGGESTION_STATES[value] }))],
		default: '',
		description: 'Only suggestions in this state',
	},
	limitField(),
]);

export const execute: Operation['execute'] = async (call) => {
	const tenant = await tenantId(call.context, call.database, call.itemIndex);
	const state = textOf(call, 'state') as SuggestionState | undefined;
	const found = await listSuggestions(call.database, tenant, targetOf(call), { state, limit: limitOf(call) });
	return found.map((suggestion) => ({ tenantId: tenant, ...suggestion }));
};
