import { createAnthropicPort } from '../../../core/llm';
import { describePort } from './port-conformance';

describePort({
	name: 'Anthropic Messages',
	model: 'claude-haiku-4-5',
	create: (baseUrl, apiKey, parts) => createAnthropicPort({ baseUrl, apiKey, ...parts }),
	expectRequest: (body) => {
		const [cached, plain] = body.system as Array<Record<string, unknown>>;
		expect(cached?.cache_control).toEqual({ type: 'ephemeral' });
		expect(plain).not.toHaveProperty('cache_control');
		expect(body.output_config).toMatchObject({
			format: { type: 'json_schema', schema: { type: 'object', additionalProperties: false } },
		});
		expect(body).not.toHaveProperty('tools');
	},
});
