import { refreshInstagramTokens, TOKEN_REFRESH_DAYS } from '../../../core/onboarding';
import { actorOf, nodeVault, showFor, type Operation } from '../../shared';
import { graphSetup } from '../fields';

export const description: Operation['description'] = showFor({ operation: ['refreshInstagramTokens'] }, [
	{
		displayName: 'Days Left',
		name: 'daysLeft',
		type: 'number',
		typeOptions: { minValue: 1, maxValue: 59, numberPrecision: 0 },
		default: TOKEN_REFRESH_DAYS,
		description: 'Tokens that end within so many days are renewed',
	},
]);

export const execute: Operation['execute'] = async (call) => {
	const ports = { graph: await graphSetup(call), vault: await nodeVault(call.context), now: new Date() };
	const daysLeft = Number(call.context.getNodeParameter('daysLeft', call.itemIndex)) || TOKEN_REFRESH_DAYS;
	return await refreshInstagramTokens(call.database, ports, { daysLeft, actor: actorOf(call.context) });
};
