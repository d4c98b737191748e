import { REROUTE_ANSWER_HOURS, REROUTE_DAYS, rerouteEvents } from '../../../core/onboarding';
import { fromItem, locatorField, locatorId, showFor, tenantField, tenantId, type Operation } from '../../shared';

const number = (
	displayName: string,
	name: string,
	value: number,
	maxValue: number,
	description: string,
): Operation['description'][number] => ({
	displayName,
	name,
	type: 'number',
	typeOptions: { minValue: 0, maxValue, numberPrecision: 0 },
	default: value,
	description,
});

export const description: Operation['description'] = showFor({ operation: ['rerouteEvents'] }, [
	tenantField({ default: fromItem('tenantId') }),
	locatorField({
		displayName: 'Channel Account',
		name: 'channelAccount',
		description: 'The account whose earlier events are filed',
		searchMethod: 'searchChannelAccounts',
		default: fromItem('channelAccountId'),
	}),
	number('Days Back', 'days', REROUTE_DAYS, REROUTE_DAYS, 'How far back is looked'),
	number(
		'Answer Within (Hours)',
		'answerWithinHours',
		REROUTE_ANSWER_HOURS,
		REROUTE_DAYS * 24,
		'Older messages are stored and shown to people, not answered',
	),
]);

export const execute: Operation['execute'] = async ({ context, database, itemIndex }) => {
	const account = {
		tenantId: await tenantId(context, database, itemIndex),
		channelAccountId: locatorId(context, 'channelAccount', itemIndex),
	};
	const options = {
		days: Number(context.getNodeParameter('days', itemIndex)),
		answerWithinHours: Number(context.getNodeParameter('answerWithinHours', itemIndex)),
	};
	return { ...account, ...(await rerouteEvents(database, account, options)) };
};
