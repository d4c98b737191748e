import { syncTemplates } from '../../../../core/outbox';
import { actorOf, locatorId, showFor, tenantField, tenantId, type Operation } from '../../../shared';
import { channelAccountField } from '../../fields';
import { askMetaField, templatePorts } from './ports';

export const description: Operation['description'] = showFor({ resource: ['template'], operation: ['sync'] }, [
	tenantField(),
	channelAccountField(),
	askMetaField,
]);

export const execute: Operation['execute'] = async ({ context, itemIndex, database }) => {
	const tenant = await tenantId(context, database, itemIndex);
	const account = locatorId(context, 'channelAccount', itemIndex);
	const counts = await syncTemplates(database, await templatePorts(context), tenant, account, actorOf(context));
	return { tenantId: tenant, channelAccountId: account, ...counts };
};
