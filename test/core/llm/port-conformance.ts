import { z } from 'zod/v4';
import { FactoryError } from '../../../core/errors';
import type { LlmPort, LlmRequest, LlmUsage, PortParts } from '../../../core/llm';
import { startLlmStandIn, type LlmStandIn, type LoggedCall } from '../../../sandbox/standins/llm';

export const replySchema = z.object({
	action: z.enum(['reply', 'handoff', 'no_reply']),
	messages: z.array(z.string().min(1)).min(1).max(3),
	handoff_reason: z.string().nullable(),
	language: z.enum(['pt', 'en', 'es']),
	summary: z.string().nullable(),
});
type Reply = z.infer<typeof replySchema>;

const SECRET_QUESTION = 'Meu CPF é 123, quanto custa?';
/** Long enough for the stand-in's prompt cache. */
const SYSTEM = `# Empresa: Academia Exemplo\nPlano mensal: R$ 99\n${'Regra de atendimento. '.repeat(300)}`;

export interface PortUnderTest {
	name: string;
	model: string;
	create(url: string, apiKey: string, parts: PortParts): LlmPort;
	/** What must be true of each request on the wire. */
	expectRequest(body: Record<string, unknown>): void;
}

/** What every implementation of LlmPort must do, over HTTP against the stand-in. */
export function describePort(subject: PortUnderTest): void {
	describe(`${subject.name} port`, () => {
		let standIn: LlmStandIn;
		let waits: number[];

		beforeAll(async () => {
			standIn = await startLlmStandIn();
		});
		afterAll(() => standIn.close());
		beforeEach(async () => {
			waits = [];
			await fetch(`${standIn.url}/_sandbox/behaviour`, { method: 'DELETE' });
			await fetch(`${standIn.url}/_sandbox/calls`, { method: 'DELETE' });
		});

		const port = (apiKey = 'test-key', url = standIn.url): LlmPort =>
			subject.create(url, apiKey, {
				random: () => 0,
				sleep: async (ms) => {
					waits.push(ms);
				},
			});
		const request = (over: Partial<LlmRequest<Reply>> = {}): LlmRequest<Reply> => ({
			model: subject.model,
			system: [{ text: SYSTEM, cache: true }, { text: 'Responda em português.' }],
			messages: [{ role: 'user', content: SECRET_QUESTION }],
			schema: replySchema,
			schemaName: 'agent_reply',
			maxOutputTokens: 500,
			timeoutMs: 5_000,
			maxRetries: 2,
			...over,
		});
		const behave = async (...behaviours: Array<Record<string, unknown>>): Promise<void> => {
			for (const behaviour of behaviours) {
				await fetch(`${standIn.url}/_sandbox/behaviour`, { method: 'POST', body: JSON.stringify(behaviour) });
			}
		};
		const calls = async (): Promise<LoggedCall[]> => {
			const answer = await fetch(`${standIn.url}/_sandbox/calls`);
			return ((await answer.json()) as { calls: LoggedCall[] }).calls;
		};

		it('shows pictures to the model beside the text', async () => {
			const schema = z.object({ description: z.string(), text: z.string(), is_document: z.boolean() });
			const png = Buffer.concat([Buffer.from('89504e470d0a1a0a', 'hex'), Buffer.from('[[PROMO 50]]')]);
			const { output } = await port().generate({
				...request(),
				messages: [
					{ role: 'user', content: 'Veja.', images: [{ mimeType: 'image/png', base64: png.toString('base64') }] },
				],
				schema,
				schemaName: 'picture',
			});
			expect(output.text).toBe('PROMO 50');
			expect(JSON.stringify((await calls())[0].request)).toContain('Veja.');
		});

		it('returns a typed output with usage, cost and request id', async () => {
			const { output, usage } = await port().generate(request());
			expect(output).toMatchObject({ action: 'reply', language: 'pt', handoff_reason: null });
			expect(output.messages[0]).toContain('R$ 99');
			expect(usage).toMatchObject({ model: subject.model, attempts: 1, outcome: 'ok' });
			expect(usage.provider).toBe(port().provider);
			expect(usage.inputTokens).toBeGreaterThan(1_000);
			expect(usage.outputTokens).toBeGreaterThan(0);
			expect(usage.costUsd).toBeGreaterThan(0);
			expect(usage.requestId).toMatch(/^req_/);
		});

		it('sends no sampling parameters, the schema by name and what the provider needs', async () => {
			await port().generate(request());
			const [call] = await calls();
			const body = call?.request as Record<string, unknown>;
			for (const sampling of ['temperature', 'top_p', 'top_k', 'seed']) expect(body).not.toHaveProperty(sampling);
			expect(call?.schemaName).toBe('agent_reply');
			subject.expectRequest(body);
		});

		it('counts cached tokens as part of the input and charges them less', async () => {
			const model = port();
			const { system } = request();
			const fresh = [{ text: `${system[0]?.text} cached twice`, cache: true }];
			const first = await model.generate(request({ system: fresh }));
			const second = await model.generate(request({ system: fresh }));
			expect(first.usage.cachedInputTokens).toBe(0);
			expect(second.usage.cachedInputTokens).toBeGreaterThan(1_000);
			expect(second.usage.inputTokens).toBe(first.usage.inputTokens);
			expect(second.usage.costUsd).toBeLessThan(first.usage.costUsd as number);
		});

		it('has no cost for a model without a price', async () => {
			const { usage } = await port().generate(request({ model: 'llama-of-the-house' }));
			expect(usage.costUsd).toBeNull();
		});

		it('waits as long as a 429 says and then succeeds', async () => {
			await behave({ httpStatus: 429, retryAfterSeconds: 7 });
			const { usage } = await port().generate(request());
			expect(waits).toEqual([7_000]);
			expect(usage).toMatchObject({ attempts: 2, outcome: 'ok' });
		});

		it('does not wait where a 429 asks for longer than a turn can take', async () => {
			await behave({ httpStatus: 429, retryAfterSeconds: 120 });
			const error = await failure(port().generate(request()));
			expect(error).toMatchObject({ code: 'LLM_RATE_LIMITED', retryAfterMs: 120_000 });
			expect(waits).toEqual([]);
		});

		it.each([
			[429, 'LLM_RATE_LIMITED', true, 3],
			[529, 'LLM_OVERLOADED', true, 3],
			[500, 'LLM_UNAVAILABLE', true, 3],
			[503, 'LLM_OVERLOADED', true, 3],
			[408, 'LLM_TIMEOUT', true, 3],
			[409, 'LLM_UNAVAILABLE', true, 3],
			[401, 'LLM_AUTH', false, 1],
			[403, 'LLM_AUTH', false, 1],
			[400, 'LLM_REQUEST', false, 1],
			[404, 'LLM_REQUEST', false, 1],
		])('answers HTTP %i with %s (retryable: %s) after %i attempts', async (httpStatus, code, retryable, attempts) => {
			await behave({ httpStatus, times: 9 });
			const error = await failure(port().generate(request()));
			expect(error).toMatchObject({ code, retryable });
			expect(usageOf(error)).toMatchObject({ attempts, outcome: code, inputTokens: 0 });
			expect(usageOf(error).requestId).toMatch(/^req_/);
			expect(await calls()).toHaveLength(attempts);
		});

		it('backs off between attempts', async () => {
			await behave({ httpStatus: 500, times: 2 });
			await port().generate(request());
			expect(waits).toEqual([250, 500]);
		});

		it('gives up at the time-out', async () => {
			await behave({ delayMs: 60_000 });
			const error = await failure(port().generate(request({ timeoutMs: 50, maxRetries: 0 })));
			expect(error).toMatchObject({ code: 'LLM_TIMEOUT', retryable: true });
		});

		it('tries again after a time-out', async () => {
			await behave({ delayMs: 60_000 });
			const { usage } = await port().generate(request({ timeoutMs: 500, maxRetries: 1 }));
			expect(usage.attempts).toBe(2);
		});

		it('tries again when the connection is cut', async () => {
			await behave({ dropResponse: true });
			const { usage } = await port().generate(request());
			expect(usage.attempts).toBe(2);
		});

		it('says that nobody listens', async () => {
			const gone = await startLlmStandIn();
			await gone.close();
			const error = await failure(port('test-key', gone.url).generate(request({ maxRetries: 0 })));
			expect(error).toMatchObject({ code: 'LLM_UNAVAILABLE', retryable: true });
			expect(error.message).toContain('ECONNREFUSED');
		});

		it.each([
			['JSON that breaks off', { reply: '{"action":"reply","mess' }],
			['a wrong schema', { reply: '{"action":"dance"}' }],
			['an answer at the output limit', { truncated: true }],
		])('asks once more after %s', async (_name, behaviour) => {
			await behave(behaviour);
			const { usage } = await port().generate(request());
			expect(usage.attempts).toBe(2);
			await behave({ ...behaviour, times: 9 });
			const error = await failure(port().generate(request()));
			expect(error).toMatchObject({ code: 'LLM_INVALID_OUTPUT', retryable: true });
			expect(usageOf(error)).toMatchObject({ attempts: 2, outcome: 'LLM_INVALID_OUTPUT' });
			expect(usageOf(error).inputTokens).toBeGreaterThan(2_000);
		});

		it('takes JSON in a code fence', async () => {
			const reply = { action: 'no_reply', messages: ['ok'], handoff_reason: null, language: 'pt', summary: null };
			await behave({ reply: `\`\`\`json\n${JSON.stringify(reply)}\n\`\`\`` });
			const { output } = await port().generate(request());
			expect(output).toEqual(reply);
		});

		it('does not repeat what was refused', async () => {
			await behave({ refusal: true });
			const error = await failure(port().generate(request()));
			expect(error).toMatchObject({ code: 'LLM_REFUSED', retryable: false });
			expect(usageOf(error)).toMatchObject({ attempts: 1, outcome: 'LLM_REFUSED' });
		});

		it('stops when the caller aborts', async () => {
			await behave({ delayMs: 60_000 });
			const caller = new AbortController();
			const pending = failure(port().generate(request({ signal: caller.signal })));
			while ((await calls()).length === 0);
			caller.abort();
			expect(await pending).toMatchObject({ code: 'LLM_ABORTED' });
			expect(await calls()).toHaveLength(1);
		});

		it('does not start when the caller has aborted already', async () => {
			const error = await failure(port().generate(request({ signal: AbortSignal.abort() })));
			expect(error.code).toBe('LLM_ABORTED');
			expect(await calls()).toHaveLength(0);
		});

		it('puts neither prompt, answer nor key into an error', async () => {
			await behave({ reply: '{"action":"segredo da resposta"}', times: 9 }, { httpStatus: 400 });
			for (const key of ['sk-very-secret', '']) {
				const error = await failure(port(key || 'sk-very-secret').generate(request()));
				const told = JSON.stringify([error.message, error.details, error.item, String(error.cause ?? '')]);
				expect(told).not.toMatch(/123|Academia|segredo|very-secret/);
			}
		});
	});
}

async function failure(promise: Promise<unknown>): Promise<FactoryError> {
	const outcome = await promise.then(
		() => null,
		(error: unknown) => error,
	);
	expect(outcome).toBeInstanceOf(FactoryError);
	return outcome as FactoryError;
}

const usageOf = (error: FactoryError): LlmUsage => (error.details as { usage: LlmUsage }).usage;
