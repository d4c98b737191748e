import { NodeOperationError, type INode } from 'n8n-workflow';
import { FactoryError } from '../../../core/errors';
import { routeEachItem, splitMessage, toNodeError } from '../../../nodes/shared/errors';
import { actionNodes } from '../support/manifest';
import { executeContext } from '../support/contexts';

const node = { name: 'Node', type: 'x', id: '1', typeVersion: 1, position: [0, 0], parameters: {} } as INode;
const { description } = actionNodes[0].node;

test.each([
	['What happened. What to do.', 'What happened.', 'What to do.'],
	[
		'Field "version": v1.0.0 exists already. Name a newer one.',
		'Field "version": v1.0.0 exists already.',
		'Name a newer one.',
	],
	['Nothing to add.', 'Nothing to add.', undefined],
	['Use e.g. this one. Then go on.', 'Use e.g. this one.', 'Then go on.'],
])('"%s" is split into what happened and what to do', (text, message, advice) => {
	expect(splitMessage(text)).toEqual({ message, description: advice });
});

test('an error keeps its code, its item and its number, item 0 too', () => {
	const error = toNodeError(node, new FactoryError('AGENT_NOT_FOUND', 'No agent. Make one.', { item: 'bia' }), 0);
	expect(error).toBeInstanceOf(NodeOperationError);
	expect(error).toMatchObject({ message: 'No agent.', description: 'Make one.' });
	expect(error.context).toMatchObject({ itemIndex: 0, code: 'AGENT_NOT_FOUND', item: 'bia', retryable: false });
});

test('a database that is away is named as the database, not as "the service"', () => {
	const away = new FactoryError('DATABASE_AWAY', 'The database does not answer (ECONNREFUSED). Check that it runs.', {
		retryable: true,
	});
	expect(toNodeError(node, away, 2).message).toBe('The database does not answer (ECONNREFUSED).');
});

test('what the driver said about a row does not reach the execution', () => {
	const driver = Object.assign(new Error('duplicate key'), { detail: 'Key (phone)=(5511999990000) already exists.' });
	const failure = new FactoryError('ALREADY_EXISTS', 'It exists. Choose another.', {
		cause: driver,
		details: { row: '5511999990000' },
	});
	expect(JSON.stringify(toNodeError(node, failure, 1))).not.toContain('5511999990000');
});

test('the failing fields of a spec reach the execution', () => {
	const failure = new FactoryError('SPEC_INVALID', 'A field is wrong. Correct it.', {
		details: [{ field: 'identity.name' }],
	});
	expect(toNodeError(node, failure, 1).context.details).toEqual([{ field: 'identity.name' }]);
});

test('a slip of our own says so and asks for a report', () => {
	expect(toNodeError(node, new TypeError('x is not a function'), 0)).toMatchObject({
		message: 'The node failed: x is not a function.',
		description: 'Please report this with the version of the package.',
	});
});

test('an n8n error passes as it is and gets the number it lacks', () => {
	const own = new NodeOperationError(node, 'already one');
	expect(toNodeError(node, own, 3)).toBe(own);
	expect(own.context.itemIndex).toBe(3);
});

describe('three items, the first failing', () => {
	const work = async (itemIndex: number) => {
		if (itemIndex === 0) throw new FactoryError('VALUE_REFUSED', 'The first is wrong. Correct it.');
		return [{ output: itemIndex - 1, json: { at: new Date(0), n: itemIndex } }];
	};
	const context = (continueOnFail: boolean) => executeContext({ description, items: [{}, {}, {}], continueOnFail });

	test('ends at the first without "continue"', async () => {
		await expect(routeEachItem(context(false), { outputs: 2 }, work)).rejects.toMatchObject({
			context: { itemIndex: 0 },
		});
	});

	test('goes on with "continue": the error at the chosen output, the others at theirs, dates as text', async () => {
		const [first, second] = await routeEachItem(context(true), { outputs: 2, errorOutput: 1 }, work);
		expect(first).toEqual([{ json: { at: '1970-01-01T00:00:00.000Z', n: 1 }, pairedItem: { item: 1 } }]);
		expect(second).toMatchObject([
			{ json: { error: 'The first is wrong.' }, pairedItem: { item: 0 } },
			{ json: { n: 2 }, pairedItem: { item: 2 } },
		]);
	});
});
