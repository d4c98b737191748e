import { z } from 'zod/v4';
import { createLlmPort, type LlmPortConfig } from '../../../core/llm';

/** Records the request and answers with a status, so that nothing leaves the process. */
function recordingFetch(): { fetch: typeof fetch; seen: Request[] } {
	const seen: Request[] = [];
	return {
		seen,
		fetch: async (input, init) => {
			seen.push(new Request(input, init));
			return new Response('{}', { status: 401 });
		},
	};
}

describe('createLlmPort', () => {
	it.each<[string, LlmPortConfig, string, Record<string, string | null>]>([
		[
			'Anthropic as it is',
			{ provider: 'anthropic', apiKey: 'k' },
			'https://api.anthropic.com/v1/messages',
			{ authorization: 'Bearer k', 'x-api-key': null },
		],
		[
			'a proxy for Anthropic, which may know the key by its older header',
			{ provider: 'anthropic', apiKey: 'k', baseUrl: 'https://proxy.example/anthropic/v1/' },
			'https://proxy.example/anthropic/v1/messages',
			{ authorization: 'Bearer k', 'x-api-key': 'k' },
		],
		[
			'OpenAI as it is',
			{ provider: 'openai', apiKey: 'k', api: 'responses', organization: 'org-1' },
			'https://api.openai.com/v1/responses',
			{ authorization: 'Bearer k', 'openai-organization': 'org-1' },
		],
		[
			'Ollama, with a header of the house',
			{
				provider: 'openai',
				apiKey: 'ollama',
				api: 'chat_completions',
				baseUrl: 'http://ollama.example:11434/v1',
				header: { name: 'X-House', value: 'yes' },
			},
			'http://ollama.example:11434/v1/chat/completions',
			{ 'x-house': 'yes' },
		],
	])('reaches %s', async (_case, config, url, headers) => {
		const { fetch, seen } = recordingFetch();
		const port = createLlmPort({ ...config, fetch });
		const call = port.generate({
			model: 'm',
			system: [],
			messages: [{ role: 'user', content: 'Oi' }],
			schema: z.object({ ok: z.boolean() }),
			schemaName: 'check',
			maxOutputTokens: 10,
			timeoutMs: 1_000,
			maxRetries: 0,
		});
		await expect(call).rejects.toMatchObject({ code: 'LLM_AUTH' });
		expect(seen.map((request) => request.url)).toEqual([url]);
		for (const [name, value] of Object.entries(headers)) expect(seen[0]?.headers.get(name)).toBe(value);
	});
});
