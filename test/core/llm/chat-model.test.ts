import type { z } from 'zod/v4';
import { FactoryError } from '../../../core/errors';
import {
	createChatModelPort,
	nameOfChatModel,
	type ChatModel,
	type LlmRequest,
	type LlmUsage,
} from '../../../core/llm';
import { readChatAnswer } from '../../../core/llm/chat-model-answer';
import { providerErrorOf } from '../../../core/llm/chat-model-errors';
import { fromProviderError } from '../../../core/llm/errors';
import { startLlmStandIn, type LlmStandIn, type LoggedCall } from '../../../sandbox/standins/llm';
import { replySchema } from './port-conformance';
import { chatModelOf, type ShapeOptions } from './chat-model-shape';

let standIn: LlmStandIn;

beforeAll(async () => {
	standIn = await startLlmStandIn();
});
afterAll(() => standIn.close());
beforeEach(async () => {
	await fetch(`${standIn.url}/_sandbox/behaviour`, { method: 'DELETE' });
	await fetch(`${standIn.url}/_sandbox/calls`, { method: 'DELETE' });
});

type Reply = z.infer<typeof replySchema>;
const REPLY = { action: 'no_reply', messages: ['ok'], handoff_reason: null, language: 'pt', summary: null };
const request = (over: Partial<LlmRequest<Reply>> = {}): LlmRequest<Reply> => ({
	model: 'the-agents-own-model',
	system: [{ text: '# Empresa: Academia\nPlano mensal: R$ 99' }, { text: 'Responda em português.' }],
	messages: [{ role: 'user', content: 'Quanto custa? Meu CPF é 123.' }],
	schema: replySchema,
	schemaName: 'agent_reply',
	maxOutputTokens: 500,
	timeoutMs: 5_000,
	maxRetries: 2,
	...over,
});
const modelOf = (options: Omit<ShapeOptions, 'url'> = {}) => chatModelOf({ url: standIn.url, ...options });
const portOf = (model: ChatModel) => createChatModelPort(model, { random: () => 0, sleep: async () => {} });
const behave = async (behaviour: Record<string, unknown>): Promise<void> =>
	void (await fetch(`${standIn.url}/_sandbox/behaviour`, { method: 'POST', body: JSON.stringify(behaviour) }));
const calls = async (): Promise<LoggedCall[]> =>
	((await (await fetch(`${standIn.url}/_sandbox/calls`)).json()) as { calls: LoggedCall[] }).calls;
const failure = async (promise: Promise<unknown>): Promise<FactoryError> => {
	const caught = await promise.then(
		() => null,
		(error: unknown) => error,
	);
	expect(caught).toBeInstanceOf(FactoryError);
	return caught as FactoryError;
};
const usageOf = (error: FactoryError): LlmUsage => (error.details as { usage: LlmUsage }).usage;

test('asks by schema and puts the connected model on the bill, not the one of the settings', async () => {
	const model = modelOf();
	const { output, usage } = await portOf(model).generate(request());
	expect(output).toMatchObject({ action: 'reply', language: 'pt' });
	expect(usage).toMatchObject({ provider: 'openai', model: 'gpt-4o-mini', attempts: 1, outcome: 'ok' });
	expect(usage.inputTokens).toBeGreaterThan(0);
	expect(usage.costUsd).toBeGreaterThan(0);
	expect(usage.requestId).toMatch(/^chatcmpl-/);
	expect(await calls()).toMatchObject([{ schemaName: 'agent_reply', model: 'gpt-4o-mini' }]);
	expect(model.asked[0].map(({ role }) => role)).toEqual(['system', 'user']);
});

test.each(['nothing', 'zeros'] as const)('stores no invented tokens where a provider tells %s', async (tells) => {
	const { usage } = await portOf(modelOf({ tells })).generate(request());
	expect(usage).toMatchObject({ inputTokens: null, cachedInputTokens: null, outputTokens: null, costUsd: null });
});

test.each([false, 'throws'] as const)('asks in words where structured output is "%s"', async (structured) => {
	await behave({ reply: `<think>hm</think> Claro!\n\`\`\`json\n${JSON.stringify(REPLY)}\n\`\`\` Pronto.` });
	const model = modelOf({ structured });
	expect((await portOf(model).generate(request())).output).toEqual(REPLY);
	expect(model.asked).toHaveLength(1);
	expect(JSON.stringify(model.asked[0][0])).toContain('JSON Schema');
});

test('a provider that refuses schemas is asked in words, and the next time at once', async () => {
	for (const times of [2, 1]) {
		await behave({ reply: JSON.stringify(REPLY) });
		const model = modelOf({ refusesSchemas: true, model: 'no-schemas' });
		expect((await portOf(model).generate(request())).output).toEqual(REPLY);
		expect(model.asked).toHaveLength(times);
	}
});

test('an answer that fits no schema is shown again once, with what was wrong about it', async () => {
	await behave({ reply: '{"action":"dance"}' });
	await behave({ reply: JSON.stringify(REPLY) });
	const model = modelOf();
	const { output, usage } = await portOf(model).generate(request({ maxRetries: 0 }));
	expect(output).toEqual(REPLY);
	expect(usage.attempts).toBe(2);
	expect(model.asked[1].slice(-2)).toEqual([
		{ role: 'assistant', content: '{"action":"dance"}' },
		{ role: 'user', content: expect.stringMatching(/action: invalid_value.*Answer again/) },
	]);
	await behave({ reply: '{"action":"dance"}', times: 9 });
	const error = await failure(portOf(modelOf()).generate(request()));
	expect(error).toMatchObject({ code: 'LLM_INVALID_OUTPUT', retryable: true });
	expect(usageOf(error)).toMatchObject({ attempts: 2 });
});

test.each([
	[429, 'LLM_RATE_LIMITED', true],
	[500, 'LLM_UNAVAILABLE', true],
	[503, 'LLM_OVERLOADED', true],
	[401, 'LLM_AUTH', false],
])('HTTP %i inside n8n’s wrapping is %s, and its sub-node alone tries again', async (httpStatus, code, retryable) => {
	await behave({ httpStatus, times: 9 });
	const error = await failure(portOf(modelOf()).generate(request()));
	expect(error).toMatchObject({ code, retryable });
	expect(usageOf(error)).toMatchObject({ attempts: 1, outcome: code });
	expect(JSON.stringify([error.message, error.details])).not.toMatch(/CPF|Academia/);
});

test('waits as long as told, from inside the wrapping', async () => {
	await behave({ httpStatus: 429, retryAfterSeconds: 7 });
	expect((await failure(portOf(modelOf()).generate(request()))).retryAfterMs).toBe(7_000);
});

test.each([true, false])('gives up at the time-out (the model listens to the signal: %s)', async (listens) => {
	await behave({ delayMs: 60_000 });
	const model = modelOf({ ignoresSignal: !listens });
	const error = await failure(portOf(model).generate(request({ timeoutMs: 100 })));
	expect(error).toMatchObject({ code: 'LLM_TIMEOUT', retryable: true });
});

test('stops when the caller aborts, and a cut line is a fault of the line', async () => {
	expect(await failure(portOf(modelOf()).generate(request({ signal: AbortSignal.abort() })))).toMatchObject({
		code: 'LLM_ABORTED',
	});
	await behave({ dropResponse: true });
	expect(await failure(portOf(modelOf()).generate(request()))).toMatchObject({ code: 'LLM_UNAVAILABLE' });
});

test('a refusal is a refusal, and what was cut off is no answer', async () => {
	await behave({ refusal: true });
	expect(await failure(portOf(modelOf()).generate(request()))).toMatchObject({ code: 'LLM_REFUSED', retryable: false });
	await behave({ truncated: true, times: 9 });
	expect(await failure(portOf(modelOf()).generate(request()))).toMatchObject({
		code: 'LLM_INVALID_OUTPUT',
		details: { reason: 'truncated' },
	});
});

test('reads answers in the shapes that providers give them', () => {
	const args = { a: 1 };
	expect(readChatAnswer({ raw: { content: '', tool_calls: [{ name: 'x', args }] } }).text).toBe('{"a":1}');
	expect(
		readChatAnswer({
			content: [
				{ type: 'thinking', thinking: '{' },
				{ type: 'text', text: '{"a":1}' },
			],
		}).text,
	).toBe('{"a":1}');
	const ends = [
		{ response_metadata: { finishReason: 'SAFETY' } },
		{ response_metadata: { finish_reason: 'MAX_TOKENS' } },
		{ response_metadata: { stop_reason: 'refusal' } },
		{ response_metadata: { done_reason: 'length' } },
		{ response_metadata: { incomplete_details: { reason: 'max_output_tokens' } } },
		{ content: [{ type: 'refusal', refusal: 'no' }] },
		{ response_metadata: { stop_reason: 'model_context_window_exceeded' } },
		{ response_metadata: { finish_reason: 'stop' } },
	].map((message) => readChatAnswer(message).end);
	expect(ends).toEqual([
		...['refused', 'truncated', 'refused', 'truncated', 'truncated', 'refused', 'prompt_too_long', 'complete'],
	]);
	const older = { response_metadata: { tokenUsage: { promptTokens: 7, completionTokens: 2 } } };
	expect(readChatAnswer(older).tokens).toEqual({ input: 7, cachedInput: 0, cacheWrite: 0, output: 2 });
	expect(readChatAnswer({ id: 'run-1' }).requestId).toBeNull();
});

test('finds a fault’s status wherever a library keeps it', () => {
	const codes = [
		{ statusCode: 401 },
		{ status_code: 404 },
		{ response: { status: 503 } },
		{ $metadata: { httpStatusCode: 429 } },
		{ name: 'NodeApiError', httpCode: '403' },
		{ lc_error_code: 'MODEL_RATE_LIMIT' },
		{ name: 'NodeApiError', cause: { name: 'Error', code: 'ECONNRESET' } },
	].map((error) => fromProviderError(providerErrorOf(error), { provider: 'x', model: 'y' }, 0).code);
	expect(codes).toEqual([
		...['LLM_AUTH', 'LLM_REQUEST', 'LLM_OVERLOADED', 'LLM_RATE_LIMITED', 'LLM_AUTH', 'LLM_RATE_LIMITED'],
		'LLM_UNAVAILABLE',
	]);
});

test('names itself by what the model says of itself', () => {
	const invoke = async () => ({});
	expect(nameOfChatModel({ invoke, model: 'models/gemini-3-pro', _llmType: () => 'googlegenerativeai' })).toEqual({
		provider: 'googlegenerativeai',
		model: 'gemini-3-pro',
	});
	expect(nameOfChatModel({ invoke })).toEqual({ provider: 'chat_model', model: 'unnamed' });
});
