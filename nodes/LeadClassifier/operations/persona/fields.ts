import type { INodeProperties } from 'n8n-workflow';
import type { OperationCall } from '../../../shared';
import { refuse } from '../../../shared/text';

export const versionField: INodeProperties = {
	displayName: 'Version',
	name: 'version',
	type: 'number',
	typeOptions: { minValue: 0 },
	default: 0,
	description: 'Number of the version; 0 for the active one',
};

/** Null for the active one. */
export function versionOf({ context, itemIndex }: OperationCall): number | null {
	const version = Number(context.getNodeParameter('version', itemIndex));
	if (!Number.isInteger(version) || version < 0) throw refuse('version', 'must be a whole number. Correct it.');
	return version === 0 ? null : version;
}
