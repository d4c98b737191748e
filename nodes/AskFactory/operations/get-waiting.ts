import { answerWaiting } from '../../../core/reports';
import { showFor, tenantField, tenantId, type Operation } from '../../shared';

export const description: Operation['description'] = showFor({ resource: ['question'], operation: ['getWaiting'] }, [
	tenantField(),
]);

export const execute: Operation['execute'] = async ({ context, database, itemIndex }) =>
	await answerWaiting(database, await tenantId(context, database, itemIndex));
