import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { NodeHelpers, type INodeProperties, type INodePropertyOptions, type INodeTypeDescription } from 'n8n-workflow';
import { AgentCompiler } from '../../nodes/AgentCompiler/AgentCompiler.node';
import { AgentFactory } from '../../nodes/AgentFactory/AgentFactory.node';
import { n8nVersion } from '../../nodes/AgentFactory/n8n-version';
import { RESOURCES } from '../../nodes/AgentFactory/operations';
import { operationsOf } from '../../nodes/shared/resource';
import { tenantChange } from '../../nodes/AgentFactory/tenant-fields';
import { timeOf } from '../../nodes/shared/text';
import { runNode } from './agent-factory-runs';

const factory = new AgentFactory();
const { description } = factory;
const operationPairs = RESOURCES.flatMap(({ value, operations }) =>
	operations.map((operation) => [value, operation.value] as const),
);
const operationOf = (resource: string, operation: string) =>
	operationsOf(RESOURCES.find(({ value }) => value === resource))[operation];

const isSorted = (names: string[]): boolean =>
	names.every((name, index) => index === 0 || names[index - 1].localeCompare(name, 'en') <= 0);

const operationLists = ({ properties }: INodeTypeDescription): INodeProperties[] =>
	properties.filter(({ name }) => name === 'operation');

describe.each([
	['AgentFactory', description],
	['AgentCompiler', new AgentCompiler().description],
])('the description of %s', (folder, node) => {
	const at = (file: string): string => path.join(__dirname, '../../nodes', folder, file);

	it('has an icon for light and for dark, and a codex file', () => {
		const { light, dark } = node.icon as { light: string; dark: string };
		expect(light).not.toBe(dark);
		for (const icon of [light, dark]) expect(existsSync(at(icon.replace('file:', '')))).toBe(true);
		const codex = JSON.parse(readFileSync(at(`${folder}.node.json`), 'utf8')) as { node: string };
		expect(codex.node).toBe(`n8n-nodes-agent-factory.${node.name}`);
	});

	it('lists operations in alphabetical order, each with action, description and a default that exists', () => {
		for (const list of operationLists(node)) {
			const options = list.options as INodePropertyOptions[];
			expect(isSorted(options.map(({ name }) => name))).toBe(true);
			for (const { action, description: words } of options) expect([action, words]).not.toContain(undefined);
			expect(options.map(({ value }) => value)).toContain(list.default);
		}
	});

	it('describes every field', () => {
		const speaking = ['operation', 'resource', 'options'];
		const silent = node.properties.filter(
			(field) => !field.description && !['collection', 'notice'].includes(field.type) && !speaking.includes(field.name),
		);
		expect(silent.map(({ name }) => name)).toEqual([]);
	});
});

describe('Agent Factory', () => {
	it('lists its resources in alphabetical order', () => {
		expect(isSorted(RESOURCES.map(({ name }) => name))).toBe(true);
	});

	it.each(operationPairs)('routes %s: %s to a file of its own', (resource, operation) => {
		const { execute } = operationOf(resource, operation);
		const routedHere = operationPairs.filter((pair) => operationOf(...pair).execute === execute);
		expect(routedHere).toEqual([[resource, operation]]);
	});

	it.each(operationPairs)('shows for %s: %s its own fields and no other', (resource, operation) => {
		const fields = operationOf(resource, operation).description;
		// A field may wait for another one of its operation: those are shown that fit the defaults.
		const values = {
			...Object.fromEntries(fields.map(({ name, default: value }) => [name, value])),
			resource,
			operation,
		};
		const shownOf = (all: typeof fields): string[] =>
			all
				.filter((field) => NodeHelpers.displayParameter(values, field, { typeVersion: 1 }, description))
				.map(({ name }) => name);
		expect(shownOf(description.properties)).toEqual(['resource', 'operation', ...shownOf(fields), 'options']);
	});

	it('refuses an operation that it does not have', async () => {
		const run = runNode(factory, {
			parameters: { resource: 'tenant', operation: 'erase' },
			credentials: { postgres: { host: 'unused' } },
		});
		await expect(run).rejects.toMatchObject({
			message: 'This node has no operation "erase".',
			context: { itemIndex: 0 },
		});
	});

	it.each([
		['tenant', 'create', false, ['postgres']],
		['channelAccount', 'create', false, ['postgres', 'agentFactoryVaultApi']],
		['channelAccount', 'setAccessToken', false, ['postgres', 'agentFactoryVaultApi']],
		['channelAccount', 'getMany', false, ['postgres']],
		['database', 'doctor', false, ['postgres', 'agentFactoryVaultApi']],
		['database', 'doctor', true, ['postgres', 'agentFactoryVaultApi', 'metaAppApi']],
	])('asks for %s: %s (ask Meta: %s) only the credentials %j', (resource, operation, askMeta, expected) => {
		const values = { resource, operation, askMeta };
		const shown = description.credentials!.filter((credential) =>
			NodeHelpers.displayParameter(values, credential, { typeVersion: 1 }, description),
		);
		expect(shown.map(({ name }) => name)).toEqual(expected);
	});

	it('keeps of a tenant change only known fields, as text and number', () => {
		expect(tenantChange({ status: ' paused ', maxLeadsPerMonth: '10', is_admin: true })).toEqual({
			status: 'paused',
			maxLeadsPerMonth: 10,
		});
	});

	it.each([
		['2027-01-31T00:00:00-03:00', '2027-01-31T03:00:00.000Z'],
		[new Date(0), '1970-01-01T00:00:00.000Z'],
		['', undefined],
		[undefined, undefined],
	])('reads the time %j as %j', (given, expected) => {
		expect(timeOf('expiresAt', given)).toBe(expected);
	});

	it('names the field that holds no time', () => {
		expect(() => timeOf('expiresAt', 'soon')).toThrow('Field "expiresAt" is not a time');
	});

	it.each([
		['n8n itself', { name: 'n8n', version: '2.41.1' }, '2.41.1'],
		['something else', { name: 'other', version: '1.0.0' }, undefined],
	])('reads the version of %s', (_, manifest, expected) => {
		expect(n8nVersion({ require: (() => manifest) as unknown as NodeJS.Require })).toBe(expected);
	});
});
