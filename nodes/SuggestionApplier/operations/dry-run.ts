import { dryRun } from '../../../core/improvement';
import { type Operation, showFor, tenantField, tenantId } from '../../shared';
import { agentField, agentOf, changesOf, operationsField, targetField, targetOf } from '../fields';

export const description: Operation['description'] = showFor({ operation: ['dryRun'] }, [
	tenantField(),
	targetField,
	agentField,
	operationsField,
]);

export const execute: Operation['execute'] = async (call) => {
	const tenant = await tenantId(call.context, call.database, call.itemIndex);
	const given = { target: targetOf(call), agentId: agentOf(call), operations: changesOf(call) };
	return { tenantId: tenant, ...(await dryRun(call.database, tenant, given)) };
};
