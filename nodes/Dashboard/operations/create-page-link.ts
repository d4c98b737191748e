import { createDashboardLink } from '../../../core/dashboard';
import { locatorId, memberField, requiredText, showFor, tenantField, tenantId, type Operation } from '../../shared';
import { hoursField, hoursOf, linkPageUrlField, portsOf } from '../fields';

export const description: Operation['description'] = showFor({ operation: ['createPageLink'] }, [
	tenantField(),
	memberField({
		name: 'userId',
		description: 'Who the link is for; whoever opens it acts in their name. Agent Factory > Member > Save adds people.',
	}),
	linkPageUrlField,
	hoursField,
]);

export const execute: Operation['execute'] = async (call) => {
	const tenant = await tenantId(call.context, call.database, call.itemIndex);
	const request = {
		userId: locatorId(call.context, 'userId', call.itemIndex),
		pageUrl: requiredText(call, 'pageUrl'),
		hours: hoursOf(call),
	};
	return { tenantId: tenant, ...(await createDashboardLink(call.database, tenant, request, await portsOf(call))) };
};
