import { createDashboardLink } from '../../../core/dashboard';
import { requiredText, showFor, tenantField, tenantId, type Operation } from '../../shared';
import { hoursField, hoursOf, pageUrlField, portsOf } from '../fields';

export const description: Operation['description'] = showFor({ operation: ['createPageLink'] }, [
	tenantField(),
	{
		displayName: 'User ID',
		name: 'userId',
		type: 'string',
		required: true,
		default: '',
		description:
			'The member the link is for, as Agent Factory > Member > Get Many shows; whoever opens it acts in their name',
	},
	pageUrlField,
	hoursField,
]);

export const execute: Operation['execute'] = async (call) => {
	const tenant = await tenantId(call.context, call.database, call.itemIndex);
	const request = {
		userId: requiredText(call, 'userId'),
		pageUrl: requiredText(call, 'pageUrl'),
		hours: hoursOf(call),
	};
	return { tenantId: tenant, ...(await createDashboardLink(call.database, tenant, request, await portsOf(call))) };
};
