import type { LlmAnswer, LlmCall } from './llm-exchange';
import type { LlmBehaviour } from './llm-behaviour';
import { scriptedAnswer } from './llm-script';

/** Roughly what a token is in Portuguese; real tokenisers differ by a third. */
const CHARACTERS_PER_TOKEN = 4;
/** Shorter prefixes are silently not cached, as at the providers (512 to 4,096 by model). */
const MIN_CACHED_TOKENS = 1024;

export const countTokens = (text: string): number => Math.ceil(text.length / CHARACTERS_PER_TOKEN);

/** Answers calls by script and keeps the books of a prompt cache. */
export function createAnswerer(): (call: LlmCall, behaviour: LlmBehaviour | null) => LlmAnswer {
	const cached = new Set<string>();
	return (call, behaviour) => {
		const prefixTokens = countTokens(call.cachePrefix);
		const cacheable = prefixTokens >= MIN_CACHED_TOKENS;
		const key = `${call.provider}\n${call.model}\n${call.cachePrefix}`;
		const hit = cacheable && cached.has(key);
		if (cacheable) cached.add(key);
		const text = behaviour?.reply ?? scriptedAnswer(call, behaviour?.obedient);
		const answer = cut(text, call.maxOutputTokens, behaviour?.truncated ?? false);
		return {
			text: answer.text,
			end: behaviour?.refusal ? 'refused' : answer.truncated ? 'truncated' : 'complete',
			inputTokens: prefixTokens + countTokens(restOf(call)),
			cachedTokens: hit ? prefixTokens : 0,
			cacheWriteTokens: cacheable && !hit ? prefixTokens : 0,
			outputTokens: countTokens(answer.text),
		};
	};
}

/** What follows the cached prefix. */
function restOf(call: LlmCall): string {
	return call.system.slice(call.cachePrefix.length) + call.messages.map((message) => message.text).join('');
}

function cut(text: string, maxTokens: number | null, truncated: boolean): { text: string; truncated: boolean } {
	if (truncated) return { text: text.slice(0, Math.ceil(text.length / 2)), truncated: true };
	if (maxTokens === null || countTokens(text) <= maxTokens) return { text, truncated: false };
	return { text: text.slice(0, maxTokens * CHARACTERS_PER_TOKEN), truncated: true };
}
