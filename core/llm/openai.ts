import OpenAI from 'openai';
import type { SendAttempt } from './answer';
import { OPENAI_BASE_URL } from './defaults';
import { sendChatCompletion } from './openai-chat-completions';
import { sendResponse } from './openai-responses';
import { createPort, type PortParts } from './port';
import type { LlmPort } from './types';

export interface OpenAiPortConfig extends PortParts {
	/** Servers without keys (Ollama) take any non-empty text. */
	apiKey: string;
	/** With /v1, as in n8n's credential. */
	baseUrl?: string;
	organization?: string;
	/** `chat_completions` is what Ollama, vLLM and most proxies speak. */
	api: 'responses' | 'chat_completions';
	/** One more header on each request, as n8n's credential offers. */
	header?: { name: string; value: string };
	fetch?: typeof fetch;
}

export const openAiClient = (config: Omit<OpenAiPortConfig, 'api'>): OpenAI =>
	new OpenAI({
		apiKey: config.apiKey,
		// Given in full, so that no environment variable of the host sends tenants' texts elsewhere.
		baseURL: (config.baseUrl || OPENAI_BASE_URL).replace(/\/+$/, ''),
		organization: config.organization || null,
		project: null,
		maxRetries: 0,
		logLevel: 'off',
		fetch: config.fetch,
		defaultHeaders: config.header ? { [config.header.name]: config.header.value } : undefined,
	});

export function createOpenAiPort(config: OpenAiPortConfig): LlmPort {
	const client = openAiClient(config);
	const sendWith = config.api === 'responses' ? sendResponse : sendChatCompletion;
	const send: SendAttempt = (request, signal) => sendWith(client, request, signal);
	return createPort('openai', send, config);
}
