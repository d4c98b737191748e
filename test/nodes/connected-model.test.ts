import { NodeConnectionTypes, NodeHelpers, Workflow, type IExecuteFunctions } from 'n8n-workflow';
import { AgentReply } from '../../nodes/AgentReply/AgentReply.node';
import { connectedModel, connectedName } from '../../nodes/shared/connected-model';
import { modelPort } from '../../nodes/shared/model-port';

interface Given {
	modelSource?: string;
	parents?: Array<{ disabled: boolean }>;
	supplied?: () => unknown;
}

const contextOf = ({ modelSource, parents = [{ disabled: false }], supplied = () => undefined }: Given) =>
	({
		getNode: () => ({ name: 'Agent Reply', credentials: {} }),
		getNodeParameter: (_name: string, _item: number, fallback: unknown) => modelSource ?? fallback,
		getParentNodes: (_name: string, { connectionType }: { connectionType: string }) =>
			connectionType === NodeConnectionTypes.AiLanguageModel ? parents : [],
		getInputConnectionData: async () => supplied(),
	}) as unknown as IExecuteFunctions;

const MODEL = { invoke: async () => ({}), modelName: 'llama3', _llmType: () => 'ollama' };
const SETTINGS = { provider: 'anthropic', api: 'messages', model: 'claude' };

test('the model below the node is taken where it is chosen, alone or as n8n lists several', async () => {
	for (const supplied of [() => MODEL, () => [MODEL]]) {
		const context = contextOf({ modelSource: 'connected', supplied });
		expect(await connectedModel(context, 0)).toBe(MODEL);
		expect(await connectedName(context, 0)).toEqual({ provider: 'ollama', model: 'llama3', api: 'chat_model' });
		expect((await modelPort(context, SETTINGS)).provider).toBe('ollama');
	}
});

test('without the choice the settings name the model, though one is connected', async () => {
	expect(await connectedName(contextOf({ supplied: () => MODEL }), 0)).toBeUndefined();
	await expect(modelPort(contextOf({ supplied: () => MODEL }), SETTINGS)).rejects.toMatchObject({
		code: 'CREDENTIAL_MISSING',
	});
});

test.each([
	['none is connected', { parents: [] }],
	['it is switched off', { parents: [{ disabled: true }], supplied: () => MODEL }],
	['it is no chat model', { supplied: () => ({ embedQuery: 1 }) }],
])('says what to connect where %s', async (_, given) => {
	const context = contextOf({ modelSource: 'connected', ...given });
	await expect(connectedModel(context, 0)).rejects.toMatchObject({ code: 'CHAT_MODEL_MISSING' });
});

test('says why a sub-node does not start', async () => {
	const broken = Object.assign(new Error('Error in sub-node Chat'), { description: 'Credential with ID 7 is gone' });
	const supplied = () => {
		throw broken;
	};
	await expect(connectedModel(contextOf({ modelSource: 'connected', supplied }), 0)).rejects.toMatchObject({
		code: 'CHAT_MODEL_UNUSABLE',
		message: expect.stringContaining('Error in sub-node Chat: Credential with ID 7 is gone'),
	});
});

test.each([
	[{}, ['main']],
	[{ modelSource: 'settings' }, ['main']],
	[{ modelSource: 'connected' }, ['main', 'ai_languageModel']],
])('n8n draws the inputs of %j', (parameters, types) => {
	const type = new AgentReply();
	const nodeTypes = { getByName: () => type, getByNameAndVersion: () => type, getKnownTypes: () => ({}) };
	const node = {
		...{ id: '1', name: 'Agent Reply', type: 'agentReply', typeVersion: 1 },
		...{ position: [0, 0] as [number, number], parameters },
	};
	const workflow = new Workflow({
		...{ nodes: [node], connections: {}, active: false },
		nodeTypes: nodeTypes,
	});
	const inputs = NodeHelpers.getNodeInputs(workflow, node, type.description);
	expect(inputs.map((input) => (typeof input === 'string' ? input : input.type))).toEqual(types);
});
