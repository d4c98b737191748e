export type {
	LlmImage,
	LlmMessage,
	LlmPort,
	LlmRequest,
	LlmResult,
	LlmUsage,
	TranscriptionPort,
	TranscriptionRequest,
} from './types';
export { createLlmPort, type LlmPortConfig } from './create';
export { createAnthropicPort, type AnthropicPortConfig } from './anthropic';
export { createOpenAiPort, type OpenAiPortConfig } from './openai';
export { createChatModelPort, isChatModel, nameOfChatModel, type ChatModel, type ChatModelMessage } from './chat-model';
export { createTranscriptionPort } from './transcription';
export type { PortParts } from './port';
export type { LlmErrorCode, LlmErrorFacts } from './errors';
export { costUsd, PRICES, type ModelPrice, type PricedUsage, type PriceTable } from './prices';
export { LLM_DEFAULTS } from './defaults';
