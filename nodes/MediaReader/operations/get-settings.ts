import { mediaSettings } from '../../../core/media';
import { showFor, tenantField, tenantId, type Operation } from '../../shared';

export const description: Operation['description'] = showFor({ operation: ['getSettings'] }, [tenantField()]);

export const execute: Operation['execute'] = async ({ context, itemIndex, database }) =>
	await mediaSettings(database, await tenantId(context, database, itemIndex));
