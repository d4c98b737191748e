import { toFile } from 'openai';
import type OpenAI from 'openai';
import { openAiClient, type OpenAiPortConfig } from './openai';
import { llmError } from './errors';
import { createCaller } from './port';
import type { TranscriptionPort, TranscriptionRequest } from './types';

/** Audio written down over /audio/transcriptions, which OpenAI and most servers that speak like it offer. */
export function createTranscriptionPort(config: Omit<OpenAiPortConfig, 'api'>): TranscriptionPort {
	const client = openAiClient(config);
	const call = createCaller('openai', config);
	return {
		provider: 'openai',
		async transcribe(request) {
			const { output, usage } = await call(request, async (signal, meter) => {
				const answer = await send(client, request, signal);
				meter.spent(answer.tokens, answer.requestId, answer.minutes);
				return answer.text;
			});
			return { text: output, usage };
		},
	};
}

async function send(client: OpenAI, request: TranscriptionRequest, signal: AbortSignal) {
	const call = client.audio.transcriptions.create(
		{
			model: request.model,
			file: await toFile(request.bytes, request.fileName),
			response_format: 'json',
			...(request.language ? { language: request.language } : {}),
		},
		{ signal, timeout: request.timeoutMs },
	);
	const { data, request_id: requestId } = await call.withResponse();
	if (typeof data?.text !== 'string') {
		throw llmError('LLM_UNAVAILABLE', 'The answer is not a transcription of the OpenAI API. Check the base URL.', {
			reason: 'not_a_transcription',
		});
	}
	const { usage } = data;
	const byTokens = usage?.type === 'tokens' ? usage : null;
	return {
		text: data.text,
		requestId,
		tokens: {
			input: byTokens?.input_tokens ?? 0,
			cachedInput: 0,
			cacheWrite: 0,
			output: byTokens?.output_tokens ?? 0,
		},
		minutes: usage?.type === 'duration' ? usage.seconds / 60 : undefined,
	};
}
