import { FRESH_MINUTES, ROLL_UP_SECONDS, rollUpDays } from '../../../../core/reports';
import { showFor, type Operation } from '../../../shared';
import { refuse } from '../../../shared/text';

export const description: Operation['description'] = showFor({ resource: ['analytics'], operation: ['rollUpDays'] }, [
	{
		displayName: 'Minutes Between Counts',
		name: 'freshMinutes',
		type: 'number',
		typeOptions: { minValue: 1, maxValue: 1440 },
		default: FRESH_MINUTES,
		description: 'Today and yesterday are counted again when their figures are older than this',
	},
	{
		displayName: 'Max Seconds',
		name: 'maxSeconds',
		type: 'number',
		typeOptions: { minValue: 1 },
		default: ROLL_UP_SECONDS,
		description: 'When to stop; what is left is counted by the next run',
	},
]);

export const execute: Operation['execute'] = async ({ context, itemIndex, database }) => {
	const whole = (name: string): number => {
		const value = Number(context.getNodeParameter(name, itemIndex));
		if (!Number.isInteger(value) || value < 1) throw refuse(name, 'must be a whole number from 1 up. Correct it.');
		return value;
	};
	const [freshMinutes, seconds] = [whole('freshMinutes'), whole('maxSeconds')];
	return { ...(await rollUpDays(database, { freshMinutes, signal: AbortSignal.timeout(seconds * 1_000) })) };
};
