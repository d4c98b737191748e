import { formatVersion, parseVersion, saveVersion, type VersionBump } from '../../../core/agents';
import { FactoryError, isFactoryError } from '../../../core/errors';
import { actorOf, locatorId, showFor, tenantField, tenantId, type Operation } from '../../shared';
import { toItem } from '../../shared/rows';
import { textOf } from '../../shared/text';
import { compileFields } from '../spec';
import { specFields } from '../spec-fields';
import { agentField } from '../version-fields';

export const description: Operation['description'] = showFor({ operation: ['compile'] }, [
	tenantField(),
	agentField(),
	...specFields,
	{
		displayName: 'Version Bump',
		name: 'bump',
		type: 'options',
		options: [
			{ name: 'Major', value: 'major', description: 'Another job, audience or offer' },
			{ name: 'Minor', value: 'minor', description: 'New knowledge, goals or rules' },
			{ name: 'Patch', value: 'patch', description: 'A correction' },
		],
		default: 'minor',
		description: 'Which part of the newest version to raise; the first version is v1.0.0',
	},
	{
		displayName: 'Version',
		name: 'version',
		type: 'string',
		default: '',
		placeholder: 'v2.0.0',
		description: 'Exact number instead of a bump; must not exist yet. Leave empty for the next number.',
	},
	{
		displayName: 'Change Summary',
		name: 'changeSummary',
		type: 'string',
		default: '',
		placeholder: 'New price list',
		description: 'What changed and why, for whoever looks at the versions later',
	},
	{
		displayName: 'Activate',
		name: 'activate',
		type: 'boolean',
		default: false,
		description: 'Whether this version answers from now on; else it is only stored',
	},
]);

export const execute: Operation['execute'] = async (call) => {
	const { context, itemIndex, database } = call;
	// All that can be refused is read before the one transaction that writes.
	const bundle = compileFields(call);
	const version = exactVersion(textOf(call, 'version'));
	const tenant = await tenantId(context, database, itemIndex);
	const stored = await saveVersion(database, tenant, locatorId(context, 'agent', itemIndex), bundle, {
		version,
		bump: context.getNodeParameter('bump', itemIndex, 'minor') as VersionBump,
		changeSummary: textOf(call, 'changeSummary'),
		activate: context.getNodeParameter('activate', itemIndex, false) === true,
		actor: actorOf(context),
	});
	const { id, ...facts } = toItem(stored);
	return {
		tenantId: tenant,
		versionId: id,
		...facts,
		estimatedTokens: bundle.estimatedTokens,
		documents: bundle.documents.map(({ title, characters }) => ({ title, characters })),
	};
};

/** "2.0.0" and "v2.0.0" are the same version. */
function exactVersion(text: string | undefined): string | undefined {
	if (text === undefined) return undefined;
	try {
		return formatVersion(parseVersion(text));
	} catch (error) {
		if (!isFactoryError(error)) throw error;
		throw new FactoryError(error.code, `Field "version": ${error.message}`, { item: error.item, cause: error });
	}
}
