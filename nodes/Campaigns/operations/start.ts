import { DAILY_CAP, HOURLY_CAP, QUIET_FROM, QUIET_TO, startCampaign } from '../../../core/crm';
import {
	actorOf,
	locatorField,
	locatorId,
	requiredText,
	showFor,
	tenantField,
	tenantId,
	type Operation,
} from '../../shared';
import { toItem } from '../../shared/rows';
import { asText, filledIn } from '../../shared/text';
import { audienceField, audienceOf } from '../audience';
import { quietFields } from '../fields';

export const description: Operation['description'] = showFor({ operation: ['start'] }, [
	tenantField(),
	{
		displayName: 'Name',
		name: 'campaignName',
		type: 'string',
		required: true,
		default: '',
		placeholder: 'black-friday',
		description: 'Told apart by it: the same name again returns the campaign that is there',
	},
	locatorField({
		displayName: 'Template',
		name: 'template',
		description: 'A template that Meta has approved; it may use the names of person and company',
		searchMethod: 'searchTemplates',
	}),
	locatorField({
		displayName: 'WhatsApp Number',
		name: 'channelAccount',
		description: 'The number to write from',
		searchMethod: 'searchChannelAccounts',
	}),
	audienceField,
	{
		displayName: 'Additional Fields',
		name: 'additionalFields',
		type: 'collection',
		placeholder: 'Add Field',
		default: {},
		options: [
			{
				displayName: 'Daily Cap',
				name: 'dailyCap',
				type: 'number',
				typeOptions: { minValue: 1, maxValue: 100000 },
				default: DAILY_CAP,
				description: 'Messages of this campaign in a day of the tenant',
			},
			{
				displayName: 'Hourly Cap',
				name: 'hourlyCap',
				type: 'number',
				typeOptions: { minValue: 1, maxValue: 10000 },
				default: HOURLY_CAP,
				description: 'Messages of this campaign in 60 minutes',
			},
			...quietFields(QUIET_FROM, QUIET_TO),
		],
	},
]);

export const execute: Operation['execute'] = async (call) => {
	const { context, itemIndex, database } = call;
	const tenant = await tenantId(context, database, itemIndex);
	const more = filledIn(call, 'additionalFields');
	const number = (name: string): number | undefined => (name in more ? Number(more[name]) : undefined);
	const text = (name: string): string | undefined => (name in more ? asText(more[name]).trim() : undefined);
	const campaign = {
		name: requiredText(call, 'campaignName'),
		templateId: locatorId(context, 'template', itemIndex),
		channelAccountId: locatorId(context, 'channelAccount', itemIndex),
		audience: audienceOf(call),
		...{ hourlyCap: number('hourlyCap'), dailyCap: number('dailyCap') },
		...{ quietFrom: text('quietFrom'), quietTo: text('quietTo') },
	};
	return { tenantId: tenant, ...toItem(await startCampaign(database, tenant, campaign, actorOf(context))) };
};
