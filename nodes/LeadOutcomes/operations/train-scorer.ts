import { HORIZON_DAYS, trainTenantScorer } from '../../../core/leads';
import { actorOf, showFor, tenantField, tenantId, type Operation } from '../../shared';
import { horizonField } from '../fields';
import { horizonOf } from '../horizon';

export const description: Operation['description'] = showFor({ operation: ['trainScorer'] }, [
	tenantField(),
	horizonField(HORIZON_DAYS),
]);

export const execute: Operation['execute'] = async (call) => {
	const { context, itemIndex, database } = call;
	const tenant = await tenantId(context, database, itemIndex);
	const { training, id, version, active } = await trainTenantScorer(database, tenant, {
		horizonDays: horizonOf(call),
		actor: actorOf(context),
	});
	const facts = { tenantId: tenant, active, id, version, labels: training.n, won: training.won };
	return training.trained
		? { ...facts, beatsRules: training.beatsRules, heldBack: training.held }
		: { ...facts, beatsRules: false, reason: training.reason };
};
