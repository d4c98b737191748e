import { campaignRoi } from '../../../core/crm';
import { showFor, tenantField, tenantId, toItems, type Operation } from '../../shared';
import { timeOf } from '../../shared/text';

export const description: Operation['description'] = showFor({ operation: ['getCampaignRoi'] }, [
	tenantField(),
	{
		displayName: 'From Day',
		name: 'from',
		type: 'dateTime',
		default: '',
		description: 'First day of leads and costs; from the beginning if left out',
	},
	{
		displayName: 'To Day',
		name: 'to',
		type: 'dateTime',
		default: '',
		description: 'Last day of leads and costs; until today if left out',
	},
]);

export const execute: Operation['execute'] = async ({ context, itemIndex, database }) => {
	const tenant = await tenantId(context, database, itemIndex);
	const day = (name: string): string | undefined =>
		timeOf(name, context.getNodeParameter(name, itemIndex, ''))?.slice(0, 10);
	return toItems(await campaignRoi(database, tenant, { from: day('from'), to: day('to') }));
};
