import { NodeHelpers, type INodePropertyOptions } from 'n8n-workflow';
import { AgentCompiler } from '../../nodes/AgentCompiler/AgentCompiler.node';
import { LOCAL, STORED } from '../../nodes/AgentCompiler/operations';
import { runNode } from './agent-factory-runs';

const compiler = new AgentCompiler();

const spec = {
	identity: { name: 'Bia' },
	business: { name: 'Padaria', type: 'padaria', description: 'Pães e bolos.' },
};

describe('Agent Compiler', () => {
	const listed = (
		compiler.description.properties.find(({ name }) => name === 'operation')!.options as INodePropertyOptions[]
	).map(({ value }) => value);

	it('routes every operation, with or without the database', () => {
		expect(listed.sort()).toEqual([...Object.keys(STORED), ...Object.keys(LOCAL)].sort());
	});

	it.each(['validate', 'getJsonSchema'])('needs no credential for %s', (operation) => {
		const [postgres] = compiler.description.credentials!;
		expect(NodeHelpers.displayParameter({ operation }, postgres, { typeVersion: 1 }, compiler.description)).toBe(false);
		expect(
			NodeHelpers.displayParameter({ operation: 'compile' }, postgres, { typeVersion: 1 }, compiler.description),
		).toBe(true);
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
