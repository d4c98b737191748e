import { z } from 'zod/v4';
import { AgentReply } from '../../../nodes/AgentReply/AgentReply.node';
import { modelPort } from '../../../nodes/shared/model-port';
import { startLlmStandIn } from '../../../sandbox/standins/llm';
import { executeContext } from '../support/contexts';

const { description } = new AgentReply();
const portFor = async (credentials: Record<string, object>, model: { provider: string; api: string; model: string }) =>
	await modelPort(executeContext({ description, items: [{}], credentials }), model);

test.each([
	['anthropic', 'Anthropic'],
	['openai', 'OpenAI'],
])('a missing credential of %s is named', async (provider, name) => {
	await expect(portFor({}, { provider, api: 'responses', model: 'm' })).rejects.toMatchObject({
		code: 'CREDENTIAL_MISSING',
		message: expect.stringContaining(`has no ${name} credential. Add one`),
	});
});

test('an unknown provider is refused', async () => {
	await expect(portFor({}, { provider: 'acme', api: 'responses', model: 'm' })).rejects.toMatchObject({
		code: 'MODEL_UNKNOWN',
	});
});

test.each([
	['anthropic', 'responses', 'anthropicApi', ''],
	['openai', 'responses', 'openAiApi', '/v1'],
	['openai', 'chat_completions', 'openAiApi', '/v1'],
])('%s by %s answers at the base URL of the credential, with its own header', async (provider, api, type, path) => {
	const standIn = await startLlmStandIn();
	const credential = {
		apiKey: 'k',
		url: `${standIn.url}${path}`,
		header: true,
		headerName: 'x-team',
		headerValue: 'blue',
	};
	const port = await portFor({ [type]: credential }, { provider, api, model: 'some-model' });
	const { usage } = await port.generate({
		model: 'some-model',
		system: [{ text: 'Say something.' }],
		messages: [{ role: 'user', content: 'Oi' }],
		schema: z.object({ text: z.string() }),
		schemaName: 'anything',
		maxOutputTokens: 100,
		timeoutMs: 5_000,
		maxRetries: 0,
	});
	expect(usage).toMatchObject({ provider, model: 'some-model', outcome: 'ok' });
	await standIn.close();
});
