import type { INodeProperties } from 'n8n-workflow';
import {
	MIN_EVENT_KEY_DAYS,
	RETENTION,
	runMaintenance,
	RUN_SECONDS,
	STEP_ROWS,
	type Retention,
} from '../../../../core/maintenance';
import { showFor, type Operation } from '../../../shared';
import { filledIn, refuse } from '../../../shared/text';

const days = (displayName: string, name: keyof Retention, description: string, minValue = 1): INodeProperties => ({
	displayName,
	name,
	type: 'number',
	typeOptions: { minValue },
	default: RETENTION[name],
	description,
});

export const description: Operation['description'] = showFor({ resource: ['maintenance'], operation: ['run'] }, [
	{
		displayName: 'Max Seconds',
		name: 'maxSeconds',
		type: 'number',
		typeOptions: { minValue: 1 },
		default: RUN_SECONDS,
		description: 'When to stop; what is left is done by the next run',
	},
	{
		displayName: 'Rows per Step',
		name: 'stepRows',
		type: 'number',
		typeOptions: { minValue: 1, maxValue: 20000 },
		default: STEP_ROWS,
		description: 'Rows one short transaction removes; fewer on a slow disk',
	},
	{
		displayName: 'Retention',
		name: 'retention',
		type: 'collection',
		placeholder: 'Add Field',
		default: {},
		description: 'Days that finished things are kept, where it should differ from the default',
		options: [
			days(
				'Answered Queue Rows',
				'finishedQueueDays',
				'Days a queue row stays after its turn; turns and messages stay',
			),
			days('Dead Letters', 'deadLetterDays', 'Days a turn that failed for good can be requeued'),
			days(
				'Event Keys',
				'eventKeyDays',
				'Days a webhook event is known, so that a redelivery is a duplicate',
				MIN_EVENT_KEY_DAYS,
			),
			days('Event Payloads', 'eventPayloadDays', 'Days the raw body of a webhook event stays'),
			days('Finished Jobs', 'finishedJobDays', 'Days a background job stays once it is done; as long its key is known'),
			days('Ledger', 'ledgerDays', 'Days that turns, model calls and the audit log stay'),
			days('Lost Statuses', 'lostStatusDays', 'Days a status waits for a message that nobody here has sent'),
			days('Personal Texts', 'personalTextDays', 'Days that words of family, friends and staff stay'),
			days('Settled Sends', 'settledSendDays', 'Days a send job stays once it is settled; the message stays'),
			days('Spam Texts', 'spamTextDays', 'Days that words of people who are spam stay'),
		],
	},
]);

export const execute: Operation['execute'] = async (call) => {
	const { context, itemIndex, database } = call;
	const whole = (name: string): number => {
		const value = Number(context.getNodeParameter(name, itemIndex));
		if (!Number.isInteger(value) || value < 1) throw refuse(name, 'must be a whole number from 1 up. Correct it.');
		return value;
	};
	const retention = filledIn(call, 'retention') as Partial<Retention>;
	return await runMaintenance(database, {
		retention,
		stepRows: whole('stepRows'),
		signal: AbortSignal.timeout(whole('maxSeconds') * 1_000),
	});
};
