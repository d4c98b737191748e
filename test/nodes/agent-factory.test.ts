import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { NodeHelpers, type INodeProperties, type INodePropertyOptions, type INodeTypeDescription } from 'n8n-workflow';
import { AgentCompiler } from '../../nodes/AgentCompiler/AgentCompiler.node';
import { LOCAL, STORED } from '../../nodes/AgentCompiler/operations';
import { AgentFactory } from '../../nodes/AgentFactory/AgentFactory.node';
import { n8nVersion } from '../../nodes/AgentFactory/n8n-version';
import { RESOURCES } from '../../nodes/AgentFactory/operations';
import { tenantChange } from '../../nodes/AgentFactory/tenant-fields';
import { operationsOf } from '../../nodes/AgentFactory/resource';
import { timeOf } from '../../nodes/shared/text';
import { runNode } from './agent-factory-context';

const factory = new AgentFactory();
const compiler = new AgentCompiler();

const isSorted = (names: string[]): boolean =>
	names.every((name, index) => index === 0 || names[index - 1].localeCompare(name, 'en') <= 0);

/** Names of the fields that the editor shows for these values. */
const shownFields = (description: INodeTypeDescription, values: Record<string, string>): string[] =>
	Object.keys(
		NodeHelpers.getNodeParameters(description.properties, values, true, false, { typeVersion: 1 }, description) ?? {},
	);

const shownCredentials = (description: INodeTypeDescription, values: Record<string, string | boolean>): string[] =>
	(description.credentials ?? [])
		.filter((credential) => NodeHelpers.displayParameter(values, credential, { typeVersion: 1 }, description))
		.map(({ name }) => name);

const operationLists = (description: INodeTypeDescription): INodeProperties[] =>
	description.properties.filter(({ name }) => name === 'operation');

describe.each([
	['AgentFactory', factory.description],
	['AgentCompiler', compiler.description],
])('the description of %s', (folder, description) => {
	const at = (file: string): string => path.join(__dirname, '../../nodes', folder, file);

	it('has an icon for light and for dark, and a codex file', () => {
		const { light, dark } = description.icon as { light: string; dark: string };
		expect(light).not.toBe(dark);
		for (const icon of [light, dark]) expect(existsSync(at(icon.replace('file:', '')))).toBe(true);
		const codex = JSON.parse(readFileSync(at(`${folder}.node.json`), 'utf8')) as { node: string };
		expect(codex.node).toBe(`n8n-nodes-agent-factory.${description.name}`);
	});

	it('lists operations in alphabetical order, each with action, description and a default that exists', () => {
		for (const list of operationLists(description)) {
			const options = list.options as INodePropertyOptions[];
			expect(isSorted(options.map(({ name }) => name))).toBe(true);
			for (const option of options) expect(option).toMatchObject({ action: /./, description: /./ });
			expect(options.map(({ value }) => value)).toContain(list.default);
		}
	});

	it('describes every field', () => {
		const silent = description.properties.filter(
			({ type, description: words, name }) =>
				type !== 'notice' && !['operation', 'resource', 'options'].includes(name) && !words,
		);
		expect(silent.map(({ name }) => name)).toEqual([]);
	});
});

describe('Agent Factory', () => {
	it('lists its resources in alphabetical order', () => {
		expect(isSorted(RESOURCES.map(({ name }) => name))).toBe(true);
	});

	it.each(
		RESOURCES.flatMap((resource) =>
			resource.operations.map((operation) => [resource.value, operation.value, resource] as const),
		),
	)('routes %s: %s to its file and shows its fields only', (resource, operation, entry) => {
		const { description, execute } = operationsOf(entry)[operation];
		expect(execute).toBeInstanceOf(Function);
		const own = description.filter(({ displayOptions }) => !displayOptions?.show?.kind).map(({ name }) => name);
		const shown = shownFields(factory.description, { resource, operation });
		expect(shown.sort()).toEqual(
			[...new Set(['resource', 'operation', 'options', ...own])]
				.filter((name) => name !== 'keyNotice' || shown.includes(name))
				.sort(),
		);
	});

	it.each([
		['tenant', 'create', ['postgres']],
		['channelAccount', 'create', ['postgres', 'agentFactoryVaultApi']],
		['channelAccount', 'setAccessToken', ['postgres', 'agentFactoryVaultApi']],
		['channelAccount', 'getMany', ['postgres']],
		['database', 'doctor', ['postgres', 'agentFactoryVaultApi']],
	])('asks for %s: %s only the credentials %j', (resource, operation, credentials) => {
		expect(shownCredentials(factory.description, { resource, operation, askMeta: false })).toEqual(credentials);
	});

	it('asks for the Meta app when the doctor is to ask Meta', () => {
		const values = { resource: 'database', operation: 'doctor', askMeta: true };
		expect(shownCredentials(factory.description, values)).toContain('metaAppApi');
	});

	it('keeps of a tenant change only known fields, as text and number', () => {
		expect(tenantChange({ status: ' paused ', maxLeadsPerMonth: '10', is_admin: true })).toEqual({
			status: 'paused',
			maxLeadsPerMonth: 10,
		});
	});

	it.each([
		['2027-01-31T00:00:00-03:00', '2027-01-31T03:00:00.000Z'],
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

const spec = {
	identity: { name: 'Bia' },
	business: { name: 'Padaria', type: 'padaria', description: 'Pães e bolos.' },
};

describe('Agent Compiler', () => {
	const listed = (operationLists(compiler.description)[0].options as INodePropertyOptions[]).map(({ value }) => value);

	it('routes every operation, with or without the database', () => {
		expect(listed.sort()).toEqual([...Object.keys(STORED), ...Object.keys(LOCAL)].sort());
	});

	it.each(['validate', 'getJsonSchema'])('needs no credential for %s', (operation) => {
		expect(shownCredentials(compiler.description, { operation })).toEqual([]);
	});

	it('answers the JSON schema of a spec', async () => {
		const [{ json }] = await runNode(compiler, { parameters: { operation: 'getJsonSchema' } });
		expect(json.schema).toMatchObject({ type: 'object', required: ['identity', 'business'] });
	});

	it('accepts the spec that the node offers as an example', async () => {
		const [{ json }] = await runNode(compiler, { parameters: { operation: 'validate' } });
		expect(json).toMatchObject({ valid: true, issues: [] });
	});

	it('lists what is wrong, an item of its own for each input item', async () => {
		const items = await runNode(compiler, {
			parameters: { operation: 'validate', specSource: 'item' },
			items: [{ spec: { ...spec, limits: { maxMessages: 9 } } }, { spec: JSON.stringify(spec) }],
		});
		expect(items[0]).toMatchObject({
			json: { valid: false, issues: [{ path: 'limits.maxMessages' }] },
			pairedItem: { item: 0 },
		});
		expect(items[1]).toMatchObject({ json: { valid: true }, pairedItem: { item: 1 } });
	});

	it('lists documents that are too large as an issue of the documents', async () => {
		const documents = [{ title: 'Tudo', content: 'palavra '.repeat(20_000) }];
		const [{ json }] = await runNode(compiler, {
			parameters: { operation: 'validate', specSource: 'item' },
			items: [{ spec, documents }],
		});
		expect(json).toMatchObject({ valid: false, issues: [{ path: 'documents' }] });
	});

	it.each([
		['a spec that is not JSON', { spec: '{' }, 'Field "spec"'],
		['no spec at all', {}, 'Field "spec" is missing'],
		['documents that are no list', { spec, documents: 'x' }, 'Field "documents"'],
	])('refuses %s and names field and item', async (_, item, message) => {
		const items = await runNode(compiler, {
			parameters: { operation: 'validate', specSource: 'item' },
			items: [{ spec }, item],
			continueOnFail: true,
		});
		expect(items[1].pairedItem).toEqual({ item: 1 });
		expect(items[1].json.error).toContain(message);
	});

	it('fails on an invalid spec when told to, naming the first field, the others and the item', async () => {
		const run = runNode(compiler, {
			parameters: { operation: 'validate', specSource: 'item', failWhenInvalid: true },
			items: [{ spec }, { spec: { ...spec, goals: [], colour: 'blue' } }],
		});
		await expect(run).rejects.toMatchObject({
			name: 'NodeOperationError',
			message: expect.stringContaining('goals: must hold at least one goal'),
			description: expect.stringContaining('Also wrong: colour'),
			context: { itemIndex: 1, code: 'SPEC_INVALID' },
		});
	});
});
