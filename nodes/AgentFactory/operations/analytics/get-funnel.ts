import { getFunnel } from '../../../../core/crm';
import { requiredText, showFor, tenantField, tenantId, type Operation } from '../../../shared';
import { timeOf } from '../../../shared/text';

export const description: Operation['description'] = showFor({ resource: ['analytics'], operation: ['getFunnel'] }, [
	tenantField(),
	{
		displayName: 'From Day',
		name: 'from',
		type: 'dateTime',
		required: true,
		default: '={{ $today.minus(30, "days").toISODate() }}',
		description: "First day, in the tenant's time zone",
	},
	{
		displayName: 'To Day',
		name: 'to',
		type: 'dateTime',
		required: true,
		default: '={{ $today.toISODate() }}',
		description: "Last day, in the tenant's time zone",
	},
]);

export const execute: Operation['execute'] = async (call) => {
	const tenant = await tenantId(call.context, call.database, call.itemIndex);
	const day = (name: string): string => timeOf(name, requiredText(call, name))!.slice(0, 10);
	return await getFunnel(call.database, tenant, { from: day('from'), to: day('to') });
};
