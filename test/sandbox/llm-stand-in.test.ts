import { startLlmStandIn, type LlmStandIn, type LoggedCall } from '../../sandbox/standins/llm';
import { smallestValue } from '../../sandbox/standins/llm-smallest-value';

const PROMPT = `# Identidade
Empresa: Socialfy
Você é a Bia.

## Documentos
- Plano Starter: R$ 497 por mês
- Plano Agência: R$ 1.997 por mês, para agências com até 20 clientes
- Nunca ofereça desconto acima de R$ 50

## Perguntas de qualificação
1. Quantos clientes você atende hoje?
2. Qual é o seu principal canal?

## Tom
Você gosta de perguntas?`;

const REPLY_SCHEMA = {
	type: 'object',
	properties: {
		action: { type: 'string', enum: ['reply', 'handoff', 'no_reply'] },
		messages: { type: 'array', items: { type: 'string' } },
		handoff_reason: { anyOf: [{ type: 'string' }, { type: 'null' }] },
		language: { type: 'string', enum: ['pt', 'en', 'es'] },
		summary: { anyOf: [{ type: 'string' }, { type: 'null' }] },
	},
	required: ['action', 'messages', 'handoff_reason', 'language', 'summary'],
	additionalProperties: false,
};

interface Said {
	action: string;
	messages: string[];
	handoff_reason: string | null;
	language: string;
}

describe('LLM stand-in', () => {
	let standIn: LlmStandIn;

	beforeAll(async () => {
		standIn = await startLlmStandIn();
	});
	afterAll(() => standIn.close());
	beforeEach(async () => {
		await fetch(`${standIn.url}/_sandbox/behaviour`, { method: 'DELETE' });
		await fetch(`${standIn.url}/_sandbox/calls`, { method: 'DELETE' });
	});

	const post = (path: string, body: unknown, headers: Record<string, string> = {}): Promise<Response> =>
		fetch(`${standIn.url}${path}`, {
			method: 'POST',
			headers: { 'content-type': 'application/json', ...headers },
			body: typeof body === 'string' ? body : JSON.stringify(body),
		});
	const openAiKey = { authorization: 'Bearer test' };
	const anthropicKey = { 'x-api-key': 'test', 'anthropic-version': '2026-10-21' };

	test('n8n’s Text Classifier gets one of its categories, the same for the same text', async () => {
		const system =
			'Please classify the text provided by the user into one of the following categories: LEAD_HOT, SPAM, and use the provided formatting instructions below.';
		const ask = async (content: string): Promise<Record<string, boolean>> => {
			const messages = [
				{ role: 'system', content: system },
				{ role: 'user', content },
			];
			const response = await post('/v1/chat/completions', { model: 'gpt-4.1-mini', messages }, openAiKey);
			const { choices } = (await response.json()) as { choices: Array<{ message: { content: string } }> };
			return JSON.parse(choices[0].message.content) as Record<string, boolean>;
		};
		const answer = await ask('quanto custa?');
		expect(Object.keys(answer)).toEqual(['LEAD_HOT', 'SPAM']);
		expect(Object.values(answer).filter(Boolean)).toHaveLength(1);
		expect(await ask('quanto custa?')).toEqual(answer);
	});

	const chatBody = (...messages: Array<[string, string]>): Record<string, unknown> => ({
		model: 'gpt-4.1-mini',
		messages: [{ role: 'system', content: PROMPT }, ...messages.map(([role, content]) => ({ role, content }))],
		response_format: { type: 'json_schema', json_schema: { name: 'agent_reply', strict: true, schema: REPLY_SCHEMA } },
	});
	const ask = async (...messages: Array<[string, string]>): Promise<Said> => {
		const response = await post('/v1/chat/completions', chatBody(...messages), openAiKey);
		const body = (await response.json()) as { choices: Array<{ message: { content: string } }> };
		return JSON.parse(body.choices[0]?.message.content ?? '') as Said;
	};

	describe('scripted reply', () => {
		it('greets, names the business and asks the first qualification question', async () => {
			const said = await ask(['user', 'Oi, tudo bem?']);
			expect(said).toMatchObject({ action: 'reply', language: 'pt', handoff_reason: null });
			expect(said.messages).toEqual(['Oi! Aqui é da Socialfy, tudo bem? Quantos clientes você atende hoje?']);
		});

		it.each([
			['Oi, quero saber o preço do plano para minha agência', ['R$ 1.997'], ['R$ 497', 'R$ 50']],
			['Quanto custa o Starter?', ['Plano Starter: R$ 497 por mês'], ['R$ 1.997', 'R$ 50']],
			['qual o valor', ['R$ 497', 'R$ 1.997'], ['R$ 50']],
		])('answers "%s" with the price lines that fit', async (question, has, lacks) => {
			const [message] = (await ask(['user', question])).messages;
			for (const text of has) expect(message).toContain(text);
			for (const text of lacks) expect(message).not.toContain(text);
		});

		it('repeats every marker of the burst and none of earlier turns', async () => {
			const said = await ask(['user', 'pedido #1'], ['assistant', 'ok #1'], ['user', 'pedido #12'], ['user', 'e #13']);
			expect(said.messages[0]).toContain('#12 #13');
			expect(said.messages[0]).not.toMatch(/#1\b/);
		});

		it('hands over when the manager is asked for', async () => {
			const said = await ask(['user', 'Quero falar com o gerente, pedido #7']);
			expect(said.action).toBe('handoff');
			expect(said.handoff_reason).toBeTruthy();
			expect(said.messages[0]).toContain('#7');
		});

		it('gives the same answer to the same call', async () => {
			expect(await ask(['user', 'Oi'])).toEqual(await ask(['user', 'Oi']));
		});
	});

	describe('wire formats', () => {
		it('speaks Anthropic Messages', async () => {
			const response = await post(
				'/v1/messages',
				{
					model: 'claude-haiku-4-5',
					max_tokens: 300,
					system: [{ type: 'text', text: PROMPT, cache_control: { type: 'ephemeral' } }],
					messages: [{ role: 'user', content: [{ type: 'text', text: 'Oi' }] }],
					output_config: { format: { type: 'json_schema', schema: { title: 'agent_reply', ...REPLY_SCHEMA } } },
				},
				anthropicKey,
			);
			expect(response.headers.get('x-agent-factory-stand-in')).toBe('scripted');
			expect(response.headers.get('request-id')).toMatch(/^req_/);
			expect(await response.json()).toMatchObject({
				type: 'message',
				role: 'assistant',
				model: 'claude-haiku-4-5',
				content: [{ type: 'text', text: expect.stringContaining('Socialfy') as string }],
				stop_reason: 'end_turn',
				usage: { cache_read_input_tokens: 0 },
			});
		});

		it('speaks OpenAI Responses', async () => {
			const response = await post(
				'/v1/responses',
				{
					model: 'gpt-5-mini',
					instructions: PROMPT,
					input: 'Oi',
					text: { format: { type: 'json_schema', name: 'agent_reply', strict: true, schema: REPLY_SCHEMA } },
				},
				openAiKey,
			);
			expect(response.headers.get('x-request-id')).toMatch(/^req_/);
			expect(await response.json()).toMatchObject({
				object: 'response',
				status: 'completed',
				model: 'gpt-5-mini',
				output: [{ type: 'message', content: [{ type: 'output_text' }] }],
			});
		});

		it.each([
			['/v1/messages', anthropicKey, 'data.0.type', 'model'],
			['/v1/responses', openAiKey, 'object', 'list'],
		])('lists models as the API of %s does', async (_path, headers: Record<string, string>, property, value) => {
			const response = await fetch(`${standIn.url}/v1/models`, { headers });
			expect(await response.json()).toHaveProperty(property, value);
		});

		it.each([
			['a call without a key', '/v1/messages', {}, {}, 401, 'authentication_error'],
			[
				'sampling parameters',
				'/v1/messages',
				{ model: 'm', temperature: 0 },
				anthropicKey,
				400,
				'invalid_request_error',
			],
			['a body that is not JSON', '/v1/messages', '{', anthropicKey, 400, 'invalid_request_error'],
			['a call without a key', '/v1/responses', {}, {}, 401, 'invalid_api_key'],
			['a missing model', '/v1/chat/completions', {}, openAiKey, 400, "'model'"],
		])('refuses %s on %s in the words of the provider', async (_case, path, body, headers, status, words) => {
			const response = await post(path, body, headers);
			expect(response.status).toBe(status);
			expect(await response.text()).toContain(words);
		});
	});

	describe('controls', () => {
		const behave = (body: unknown): Promise<Response> => post('/_sandbox/behaviour', body);
		const chat = (): Promise<Response> => post('/v1/chat/completions', chatBody(['user', 'Oi']), openAiKey);

		it('applies a behaviour to the next calls, one if nothing is said', async () => {
			await behave({ httpStatus: 500 });
			await behave({ httpStatus: 429, times: 2 });
			const statuses = [await chat(), await chat(), await chat(), await chat()].map((response) => response.status);
			expect(statuses).toEqual([500, 429, 429, 200]);
		});

		it('says how long to wait with a 429', async () => {
			await behave({ httpStatus: 429, retryAfterSeconds: 3 });
			const response = await chat();
			expect(response.headers.get('retry-after')).toBe('3');
			expect(await response.json()).toMatchObject({ error: { code: 'rate_limit_exceeded' } });
		});

		it.each([
			['a raw reply', { reply: '{"broken' }, '"content":"{\\"broken"'],
			['a refusal', { refusal: true }, '"refusal":"I'],
			['an answer that is cut', { truncated: true }, '"finish_reason":"length"'],
		])('answers with %s', async (_case, behaviour, expected) => {
			await behave(behaviour);
			expect(await (await chat()).text()).toContain(expected);
		});

		it('cuts the connection', async () => {
			await behave({ dropResponse: true });
			await expect(chat()).rejects.toThrow();
		});

		it('forgets behaviours on DELETE', async () => {
			await behave({ httpStatus: 500, times: 9 });
			await fetch(`${standIn.url}/_sandbox/behaviour`, { method: 'DELETE' });
			expect((await chat()).status).toBe(200);
		});

		it('refuses a behaviour that is not an object', async () => {
			expect((await behave('[1]')).status).toBe(400);
		});

		it('lists calls with their bodies and without their keys', async () => {
			await behave({ httpStatus: 500 });
			await chat();
			await chat();
			const response = await fetch(`${standIn.url}/_sandbox/calls`);
			const { count, calls } = (await response.json()) as { count: number; calls: LoggedCall[] };
			expect(count).toBe(2);
			expect(calls.map((call) => call.status)).toEqual([500, 200]);
			expect(calls[1]).toMatchObject({ provider: 'openai', model: 'gpt-4.1-mini', schemaName: 'agent_reply' });
			expect(calls[1]?.request).toEqual(chatBody(['user', 'Oi']));
			expect(calls[1]?.outputTokens).toBeGreaterThan(0);
			expect(JSON.stringify(calls)).not.toContain('Bearer test');
		});
	});
});

describe('smallestValue', () => {
	it.each([
		['an enum', { type: 'string', enum: ['a', 'b'] }, 'a'],
		['null where it is allowed', { anyOf: [{ type: 'string' }, { type: 'null' }] }, null],
		['a list with a lower bound', { type: 'array', items: { type: 'boolean' }, minItems: 2 }, [false, false]],
		['a bound said in the description', { type: 'integer', description: 'Grade (minimum: 1, maximum: 5)' }, 1],
		['a text with a lower bound', { type: 'string', minLength: 3 }, 'xxx'],
		[
			'a reference',
			{
				type: 'object',
				properties: { a: { $ref: '#/$defs/n' } },
				required: ['a'],
				$defs: { n: { type: 'number', minimum: 4 } },
			},
			{ a: 4 },
		],
		['the first of several shapes', { anyOf: [{ const: 'x' }, { type: 'object' }] }, 'x'],
	])('gives %s', (_case, schema, expected) => {
		expect(smallestValue(schema)).toEqual(expected);
	});
});
