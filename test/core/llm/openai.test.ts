import { createLlmPort } from '../../../core/llm';
import { describePort } from './port-conformance';

const strict = { strict: true, name: 'agent_reply', schema: { additionalProperties: false } };

describePort({
	name: 'OpenAI Responses',
	model: 'gpt-4.1-mini-2025-04-14',
	create: (url, apiKey, parts) =>
		createLlmPort({ provider: 'openai', api: 'responses', baseUrl: `${url}/v1`, apiKey, ...parts }),
	expectRequest: (body) => {
		expect(body.store).toBe(false);
		expect(body.text).toMatchObject({ format: { type: 'json_schema', ...strict } });
		expect(body.prompt_cache_key).toMatch(/^[0-9a-f]{32}$/);
		expect(body.instructions).toContain('Responda em português.');
	},
});

describePort({
	name: 'OpenAI Chat Completions',
	model: 'gpt-4o-mini',
	create: (url, apiKey, parts) =>
		createLlmPort({ provider: 'openai', api: 'chat_completions', baseUrl: `${url}/v1/`, apiKey, ...parts }),
	expectRequest: (body) => {
		expect(body.store).toBe(false);
		expect(body.response_format).toMatchObject({ type: 'json_schema', json_schema: strict });
		expect(body.messages).toMatchObject([{ role: 'system' }, { role: 'user' }]);
	},
});
