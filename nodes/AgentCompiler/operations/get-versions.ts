import { listVersions } from '../../../core/agents';
import { limitField, locatorId, showFor, tenantField, tenantId, type Operation } from '../../shared';
import { toItems } from '../../shared/rows';
import { limitOf } from '../../shared/text';
import { agentField } from '../version-fields';

export const description: Operation['description'] = showFor({ operation: ['getVersions'] }, [
	tenantField(),
	agentField(),
	limitField(),
]);

export const execute: Operation['execute'] = async (call) => {
	const { context, itemIndex, database } = call;
	const tenant = await tenantId(context, database, itemIndex);
	const versions = toItems(await listVersions(database, tenant, locatorId(context, 'agent', itemIndex), limitOf(call)));
	return versions.map(({ id, ...version }) => ({ tenantId: tenant, versionId: id, ...version }));
};
