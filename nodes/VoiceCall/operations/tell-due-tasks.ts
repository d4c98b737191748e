import { tellDueCalls } from '../../../core/crm';
import { limitField, limitOf, showFor, type Operation } from '../../shared';

export const description: Operation['description'] = showFor({ operation: ['tellDueTasks'] }, [
	limitField({ default: 100, description: 'Max number of tasks to tell of; nothing comes out when nothing is due' }),
]);

export const execute: Operation['execute'] = async ({ context, itemIndex, database }) =>
	await tellDueCalls(database, limitOf({ context, itemIndex }));
