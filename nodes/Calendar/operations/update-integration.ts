import { updateCalendar } from '../../../core/crm';
import { actorOf, jsonParameter, locatorId, showFor, tenantField, tenantId, type Operation } from '../../shared';
import { toItem } from '../../shared/rows';
import { calendarField, settingsField } from '../fields';

export const description: Operation['description'] = showFor({ operation: ['updateIntegration'] }, [
	tenantField(),
	{ ...calendarField, required: true, description: 'Which calendar' },
	settingsField,
]);

export const execute: Operation['execute'] = async ({ context, itemIndex, database }) => {
	const tenant = await tenantId(context, database, itemIndex);
	const calendar = locatorId(context, 'calendar', itemIndex);
	const settings = jsonParameter(context, 'settings', itemIndex);
	return toItem(await updateCalendar(database, tenant, calendar, settings, actorOf(context)));
};
