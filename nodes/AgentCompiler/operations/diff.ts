import { diffBundles, loadBundle, type CompiledAgentBundle } from '../../../core/agents';
import { locatorId, showFor, tenantField, tenantId, type Operation, type OperationCall } from '../../shared';
import { compileFields } from '../spec';
import { specFields } from '../spec-fields';
import { agentField, versionField } from '../version-fields';

const SPEC = 'spec';
const VERSION = 'version';

export const description: Operation['description'] = showFor({ operation: ['diff'] }, [
	tenantField(),
	agentField(),
	versionField({ displayName: 'From Version', name: 'fromVersion', description: 'The version to start from' }),
	{
		displayName: 'Compare With',
		name: 'compareWith',
		type: 'options',
		options: [
			{ name: 'Another Version', value: VERSION },
			{ name: 'Spec', value: SPEC, description: 'One that has not been compiled yet' },
		],
		default: VERSION,
		description: 'What the version is compared with',
	},
	versionField({
		displayName: 'To Version',
		name: 'toVersion',
		description: 'The version to compare with',
		displayOptions: { show: { compareWith: [VERSION] } },
	}),
	...showFor({ compareWith: [SPEC] }, specFields),
]);

export const execute: Operation['execute'] = async (call) => {
	const { context, itemIndex, database } = call;
	const tenant = await tenantId(context, database, itemIndex);
	const from = await loadBundle(database, tenant, locatorId(context, 'fromVersion', itemIndex));
	const changes = diffBundles(from, await otherSide(call, tenant));
	return { same: changes.length === 0, changeCount: changes.length, changes };
};

async function otherSide(call: OperationCall, tenant: string): Promise<CompiledAgentBundle> {
	const { context, itemIndex, database } = call;
	if (context.getNodeParameter('compareWith', itemIndex, VERSION) === SPEC) return compileFields(call);
	return await loadBundle(database, tenant, locatorId(context, 'toVersion', itemIndex));
}
