import { NodeOperationError } from 'n8n-workflow';
import { executeContext } from './support/contexts';
import { actionNodes } from './support/manifest';
import { operationsOf } from './support/parameters';

/** Operations that look at the item alone. */
const WITHOUT_DATABASE = ['AgentCompiler getJsonSchema', 'AgentCompiler validate'];

const cases = actionNodes
	.flatMap(({ className, node }) =>
		operationsOf(node.description.properties).map(
			(choice) => [`${className} ${Object.values(choice).join(' ')}`.trim(), node, choice] as const,
		),
	)
	.filter(([name]) => !WITHOUT_DATABASE.includes(name));

const items = [{ tenantId: 'a' }, { tenantId: 'b' }, { tenantId: 'c' }];
// A database that can never be used, so that each item fails for itself and nothing is needed to run this.
const credentials = { postgres: { host: 'localhost', sshTunnel: true } };

describe.each(cases)('%s with three items that fail', (_, node, parameters) => {
	const run = async (continueOnFail: boolean) =>
		await node.execute!.call(
			executeContext({ description: node.description, items, parameters, credentials, continueOnFail }),
		);

	test('ends with an error that names item 0 and what to do', async () => {
		const error = await run(false).then(
			() => null,
			(caught: unknown) => caught,
		);
		expect(error).toBeInstanceOf(NodeOperationError);
		const { context, description, message } = error as NodeOperationError;
		expect(context.itemIndex).toBe(0);
		expect(message).toMatch(/SSH tunnel/);
		expect(description).toMatch(/Switch the tunnel off/);
	});

	test('goes on with one error an item where the node says "continue"', async () => {
		const outputs = (await run(true)) as Array<Array<{ json: object; error?: unknown; pairedItem?: unknown }>>;
		expect(outputs.flat().map(({ pairedItem }) => pairedItem)).toEqual([{ item: 0 }, { item: 1 }, { item: 2 }]);
		for (const { json, error } of outputs.flat()) {
			expect(error).toBeInstanceOf(NodeOperationError);
			expect(json).toEqual({ error: expect.stringMatching(/SSH tunnel/) });
		}
	});
});
