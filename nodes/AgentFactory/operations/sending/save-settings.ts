import { saveSendingSettings, type SendingSettings } from '../../../../core/outbox';
import { actorOf, showFor, tenantField, tenantId, type Operation } from '../../../shared';
import { toItem } from '../../../shared/rows';
import { filledIn, refuse } from '../../../shared/text';

export const description: Operation['description'] = showFor({ resource: ['sending'], operation: ['saveSettings'] }, [
	tenantField(),
	{
		displayName: 'Update Fields',
		name: 'updateFields',
		type: 'collection',
		placeholder: 'Add Field',
		default: {},
		options: [
			{
				displayName: 'Breaker Floor',
				name: 'proactiveFloor',
				type: 'number',
				typeOptions: { minValue: 1 },
				default: 50,
				description: 'Messages a day that may always be started, however quiet the last 30 days were',
			},
			{
				displayName: 'Breaker Times Peak',
				name: 'proactiveTimesPeak',
				type: 'number',
				typeOptions: { minValue: 1, numberPrecision: 2 },
				default: 3,
				description: 'The breaker opens when a day has this many times the messages of the busiest of the last 30 days',
			},
			{
				displayName: 'Marketing Days',
				name: 'marketingDays',
				type: 'number',
				typeOptions: { minValue: 1, maxValue: 90 },
				default: 7,
				description: 'Days over which the marketing messages of a person are counted',
			},
			{
				displayName: 'Marketing Needs Opt-In',
				name: 'marketingNeedsOptIn',
				type: 'boolean',
				default: false,
				description: 'Whether a person must have allowed marketing before an automation may send it',
			},
			{
				displayName: 'Marketing per Person',
				name: 'marketingPerPerson',
				type: 'number',
				typeOptions: { minValue: 0, maxValue: 100 },
				default: 2,
				description: 'Marketing messages that automations may send one person in those days',
			},
			{
				displayName: 'Max Message Spend (USD)',
				name: 'maxMessageSpendUsd',
				type: 'number',
				typeOptions: { minValue: -1, numberPrecision: 2 },
				default: 100,
				description:
					'US dollars of messages a month after which automations start nothing more; answers go on. -1 takes the cap away.',
			},
		],
	},
]);

export const execute: Operation['execute'] = async (call) => {
	const { context, itemIndex, database } = call;
	const { maxMessageSpendUsd, ...limits } = filledIn(call, 'updateFields') as Omit<
		SendingSettings,
		'maxMessageSpendUsd'
	> & {
		maxMessageSpendUsd?: number;
	};
	const cap =
		maxMessageSpendUsd === undefined ? {} : { maxMessageSpendUsd: maxMessageSpendUsd < 0 ? null : maxMessageSpendUsd };
	const settings = { ...limits, ...cap };
	if (Object.keys(settings).length === 0) throw refuse('updateFields', 'is empty. Add what should change.');
	const tenant = await tenantId(context, database, itemIndex);
	return { tenantId: tenant, ...toItem(await saveSendingSettings(database, tenant, settings, actorOf(context))) };
};
