import { runCalendarJobs } from '../../../core/crm';
import { limitField, limitOf, showFor, WORKER_ID, type Operation } from '../../shared';
import { calendarPorts } from '../calls';

export const description: Operation['description'] = showFor({ operation: ['sendDueReminders'] }, [
	limitField({ description: 'Max number of reminders and look-ups in one go', default: 50 }),
]);

export const execute: Operation['execute'] = async (call) => {
	const options = { workerId: WORKER_ID, limit: limitOf(call), random: Math.random };
	return await runCalendarJobs(call.database, options, await calendarPorts(call.context));
};
