import type { z } from 'zod/v4';
import type { ProviderAnswer } from './answer';
import { llmError } from './errors';

/** More fields than this in an error help nobody. */
const MAX_REPORTED_FIELDS = 5;

/** The typed value of an answer, or the LLM_* error that says why there is none. */
export function parseOutput<T>(
	answer: ProviderAnswer,
	schema: z.ZodType<T>,
	where: { provider: string; model: string },
): T {
	const options = { item: where.model };
	const facts = answer.requestId === null ? {} : { requestId: answer.requestId };
	if (answer.end === 'refused') {
		const message = `${where.model} refused to answer for safety reasons. A person should take this conversation.`;
		throw llmError('LLM_REFUSED', message, facts, options);
	}
	if (answer.end === 'prompt_too_long') {
		const message = `The prompt does not fit into the context of ${where.model}. Shorten the documents of the agent.`;
		throw llmError('LLM_REQUEST', message, { ...facts, reason: 'prompt_too_long' }, options);
	}
	if (answer.end === 'truncated') {
		const message = `${where.model} ran out of output tokens before its answer was complete. Raise the output limit of the agent.`;
		throw llmError('LLM_INVALID_OUTPUT', message, { ...facts, reason: 'truncated' }, options);
	}
	const value = readJson(answer.text);
	if (value === undefined) {
		throw llmError(
			'LLM_INVALID_OUTPUT',
			`${where.model} answered with something that is not JSON.`,
			{ ...facts, reason: 'not_json' },
			options,
		);
	}
	const parsed = schema.safeParse(value);
	if (parsed.success) return parsed.data;
	// Path and kind only: zod's sentences are safe, the values that they are about are not.
	const fields = parsed.error.issues
		.slice(0, MAX_REPORTED_FIELDS)
		.map((issue) => `${issue.path.join('.') || '(all)'}: ${issue.code}`);
	const message = `The answer of ${where.model} does not fit its schema (${fields.join('; ')}).`;
	throw llmError('LLM_INVALID_OUTPUT', message, { ...facts, reason: 'schema', fields }, options);
}

/** Smaller models behind compatible servers like to wrap JSON into a code fence. */
const CODE_FENCE = /^```(?:json)?\s*([\s\S]*?)\s*```$/;

function readJson(text: string): unknown {
	const trimmed = text.trim();
	try {
		return JSON.parse(CODE_FENCE.exec(trimmed)?.[1] ?? trimmed) as unknown;
	} catch {
		return undefined;
	}
}
