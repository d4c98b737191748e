import { activateVersion } from '../../../core/agents';
import { actorOf, locatorId, showFor, tenantField, tenantId, type Operation } from '../../shared';
import { agentField, versionField } from '../version-fields';

export const description: Operation['description'] = showFor({ operation: ['activate'] }, [
	tenantField(),
	agentField(),
	versionField({ displayName: 'Version', name: 'versionId', description: 'The version that answers from now on' }),
]);

export const execute: Operation['execute'] = async ({ context, itemIndex, database }) => {
	const tenant = await tenantId(context, database, itemIndex);
	const versionId = locatorId(context, 'versionId', itemIndex);
	return { tenantId: tenant, versionId, ...(await activateVersion(database, tenant, versionId, actorOf(context))) };
};
