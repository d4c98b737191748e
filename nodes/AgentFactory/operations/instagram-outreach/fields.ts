import type { INodeProperties } from 'n8n-workflow';
import type { OperationCall } from '../../../shared';
import { asText, refuse } from '../../../shared/text';

export const runIdField = (settings: Pick<INodeProperties, 'default' | 'description'>): INodeProperties => ({
	displayName: 'Run ID',
	name: 'runId',
	type: 'number',
	typeOptions: { minValue: 0 },
	...settings,
});

/** A run's number; 0 where none is meant. */
export function runIdOf({ context, itemIndex }: OperationCall): number {
	const runId = Number(context.getNodeParameter('runId', itemIndex));
	if (!Number.isSafeInteger(runId) || runId < 0)
		throw refuse('runId', 'is not the number of a run. Start Run tells it.');
	return runId;
}

export function requiredRunId(call: OperationCall): number {
	const runId = runIdOf(call);
	if (runId === 0) throw refuse('runId', 'is empty. Give the number that Start Run told.');
	return runId;
}

/** Words separated by commas, or a list. */
export const listOf = (value: unknown): string[] =>
	(Array.isArray(value) ? value.map(asText) : asText(value).split(/[,;\n]/))
		.map((word) => word.trim())
		.filter((word) => word !== '');

/** Tags as an import stores them. */
export const tagsOf = (value: unknown): string[] => listOf(value).map((tag) => tag.toLowerCase());
