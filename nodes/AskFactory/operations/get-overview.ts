import { answerOverview } from '../../../core/reports';
import { showFor, tenantField, tenantId, type Operation } from '../../shared';

export const description: Operation['description'] = showFor({ resource: ['question'], operation: ['getOverview'] }, [
	tenantField(),
]);

export const execute: Operation['execute'] = async ({ context, database, itemIndex }) =>
	await answerOverview(database, await tenantId(context, database, itemIndex));
