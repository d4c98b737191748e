import { removeKnownContact } from '../../../../core/leads';
import { actorOf, showFor, tenantField, tenantId, type Operation } from '../../../shared';
import { toItem } from '../../../shared/rows';
import { requiredText } from '../../../shared/text';
import { whoFields } from './fields';

export const description: Operation['description'] = showFor({ resource: ['knownContact'], operation: ['remove'] }, [
	tenantField(),
	...whoFields,
]);

export const execute: Operation['execute'] = async (call) => {
	const tenant = await tenantId(call.context, call.database, call.itemIndex);
	const who = { platform: requiredText(call, 'platform'), username: requiredText(call, 'username') };
	return toItem(await removeKnownContact(call.database, tenant, who, actorOf(call.context)));
};
