import type { INodePropertyOptions } from 'n8n-workflow';
import type { Operation } from '../../shared';
import type { SpecPlace } from '../spec';
import * as activate from './activate';
import * as compile from './compile';
import * as diff from './diff';
import * as getJsonSchema from './get-json-schema';
import * as getVersions from './get-versions';
import * as rollBack from './roll-back';
import * as validate from './validate';

/** An operation that only looks at the spec. */
interface LocalOperation {
	description: Operation['description'];
	execute(place: SpecPlace): Promise<object>;
}

/** Needs the database, and so the Postgres credential. */
export const STORED: Record<string, Operation> = { activate, compile, diff, getVersions, rollBack };

/** Runs without any credential. */
export const LOCAL: Record<string, LocalOperation> = { getJsonSchema, validate };

/** The Operation list, alphabetical. */
export const OPERATION_OPTIONS: INodePropertyOptions[] = [
	{
		name: 'Activate',
		value: 'activate',
		action: 'Activate a version',
		description: 'Make a stored version the one that answers',
	},
	{
		name: 'Compile',
		value: 'compile',
		action: 'Compile a new version',
		description: 'Check an AgentSpec and its documents, freeze them as a new version, and activate it if asked',
	},
	{
		name: 'Diff',
		value: 'diff',
		action: 'Compare two versions',
		description: 'Show what changed between two versions, or between a version and a spec',
	},
	{
		name: 'Get JSON Schema',
		value: 'getJsonSchema',
		action: 'Get the JSON schema of a spec',
		description: 'Get the JSON Schema of an AgentSpec, every field with its description and default',
	},
	{
		name: 'Get Versions',
		value: 'getVersions',
		action: 'Get the versions of an agent',
		description: 'List the frozen versions of an agent, newest first',
	},
	{
		name: 'Roll Back',
		value: 'rollBack',
		action: 'Roll back to the previous version',
		description: 'Make the version that was active before answer again, in one step',
	},
	{
		name: 'Validate',
		value: 'validate',
		action: 'Validate a spec',
		description: 'Check an AgentSpec and list every wrong field, without storing anything',
	},
];
