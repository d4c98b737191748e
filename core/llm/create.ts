import { createAnthropicPort, type AnthropicPortConfig } from './anthropic';
import { createOpenAiPort, type OpenAiPortConfig } from './openai';
import type { LlmPort } from './types';

export type LlmPortConfig =
	({ provider: 'anthropic' } & AnthropicPortConfig) | ({ provider: 'openai' } & OpenAiPortConfig);

/** The port of a credential: n8n's `anthropicApi` or `openAiApi`. */
export function createLlmPort(config: LlmPortConfig): LlmPort {
	return config.provider === 'anthropic' ? createAnthropicPort(config) : createOpenAiPort(config);
}
