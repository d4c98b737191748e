import { runDueImports } from '../../../core/crm';
import { limitField, limitOf, nodeVault, showFor, WORKER_ID, type Operation } from '../../shared';
import { graphOf } from '../fields';

export const description: Operation['description'] = showFor({ operation: ['runDueImports'] }, [
	limitField({ description: 'Max number of leads to fetch from Meta' }),
]);

export const execute: Operation['execute'] = async (call) => {
	const ports = { vault: await nodeVault(call.context), graph: await graphOf(call.context), random: Math.random };
	return await runDueImports(call.database, ports, { workerId: WORKER_ID, limit: limitOf(call) });
};
