import { updateVoiceSettings } from '../../../core/crm';
import { actorOf, showFor, tenantField, tenantId, type Operation } from '../../shared';
import { filledIn } from '../../shared/text';

export const description: Operation['description'] = showFor({ operation: ['updateSettings'] }, [
	tenantField(),
	{
		displayName: 'Settings',
		name: 'settings',
		type: 'collection',
		placeholder: 'Add setting',
		default: {},
		options: [
			{
				displayName: 'Due After (Minutes)',
				name: 'dueMinutes',
				type: 'number',
				typeOptions: { minValue: 0, maxValue: 1440 },
				default: 15,
				description: 'Minutes after which a new task is due',
			},
			{
				displayName: 'Expire After (Hours)',
				name: 'expireHours',
				type: 'number',
				typeOptions: { minValue: 1, maxValue: 720 },
				default: 72,
				description: 'Hours after which a task that nobody did ends',
			},
			{
				displayName: 'Task for Hot Leads',
				name: 'hotLeadTasks',
				type: 'boolean',
				default: false,
				description: 'Whether a lead that is hot becomes a call task, at most one a day',
			},
			{
				displayName: 'Task for Missed Calls',
				name: 'missedCallTasks',
				type: 'boolean',
				default: true,
				description: 'Whether a missed call becomes a call task',
			},
		],
	},
]);

export const execute: Operation['execute'] = async ({ context, itemIndex, database }) =>
	await updateVoiceSettings(
		database,
		await tenantId(context, database, itemIndex),
		filledIn({ context, itemIndex }, 'settings'),
		actorOf(context),
	);
