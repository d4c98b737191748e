import { proposeByHand } from '../../../core/improvement';
import { type Operation, showFor, tenantField, tenantId } from '../../shared';
import {
	actorFor,
	agentField,
	agentOf,
	changesOf,
	languageField,
	languageOf,
	operationsField,
	personField,
	targetField,
	targetOf,
} from '../fields';

export const description: Operation['description'] = showFor({ operation: ['suggestChange'] }, [
	tenantField(),
	targetField,
	agentField,
	operationsField,
	personField(),
	languageField,
]);

export const execute: Operation['execute'] = async (call) => {
	const tenant = await tenantId(call.context, call.database, call.itemIndex);
	const given = { target: targetOf(call), agentId: agentOf(call), operations: changesOf(call) };
	const suggestion = await proposeByHand(
		call.database,
		tenant,
		{ ...given, language: languageOf(call) },
		actorFor(call),
	);
	return { tenantId: tenant, ...suggestion };
};
