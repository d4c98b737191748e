import { createTranscriptionPort, type TranscriptionRequest } from '../../../core/llm';
import { startLlmStandIn, type LlmStandIn } from '../../../sandbox/standins/llm';

let standIn: LlmStandIn;
beforeAll(async () => {
	standIn = await startLlmStandIn();
});
afterAll(async () => await standIn.close());

const AUDIO = Buffer.concat([Buffer.from('OggS[[quero um plano]]'), Buffer.alloc(2_000)]);

const transcribe = async (over: Partial<TranscriptionRequest> = {}, apiKey = 'k') =>
	await createTranscriptionPort({
		apiKey,
		baseUrl: `${standIn.url}/v1`,
		sleep: async () => await Promise.resolve(),
	}).transcribe({
		model: 'gpt-4o-mini-transcribe',
		bytes: AUDIO,
		fileName: 'audio.ogg',
		timeoutMs: 5_000,
		maxRetries: 1,
		...over,
	});

const behave = async (behaviour: object): Promise<unknown> =>
	await fetch(`${standIn.url}/_sandbox/behaviour`, { method: 'POST', body: JSON.stringify(behaviour) });

test('audio is written down; tokens are priced, and whisper-1 by the minute', async () => {
	const { text, usage } = await transcribe();
	expect(text).toBe('quero um plano');
	expect(usage).toMatchObject({ provider: 'openai', inputTokens: 20, outputTokens: 4, outcome: 'ok', attempts: 1 });
	expect(usage.costUsd).toBeCloseTo((20 * 1.25 + 4 * 5) / 1_000_000, 9);
	expect((await transcribe({ model: 'whisper-1' })).usage.costUsd).toBeCloseTo((2 / 60) * 0.006, 9);
});

test('faults have the codes of the other model calls, and a passing one is tried again', async () => {
	await behave({ httpStatus: 503 });
	expect((await transcribe()).usage.attempts).toBe(2);
	await behave({ httpStatus: 401 });
	await expect(transcribe()).rejects.toMatchObject({ code: 'LLM_AUTH', details: { usage: { attempts: 1 } } });
	await expect(transcribe({ fileName: 'audio.amr' })).rejects.toMatchObject({ code: 'LLM_REQUEST' });
	await behave({ delayMs: 60_000 });
	await expect(transcribe({ timeoutMs: 50, maxRetries: 0 })).rejects.toMatchObject({ code: 'LLM_TIMEOUT' });
});
