import type { SendAttempt } from './answer';
import { readChatAnswer } from './chat-model-answer';
import { providerErrorOf, refusesRequest } from './chat-model-errors';
import { LLM_DEFAULTS } from './defaults';
import { isFactoryError } from '../errors';
import { dataUrl } from './image';
import { toStrictJsonSchema, type JsonSchema } from './json-schema';
import { parseOutput } from './parse-output';
import { createCaller, type PortParts } from './port';
import type { LlmMessage, LlmPort, LlmRequest } from './types';

/** A message as every chat model of this shape takes it. */
export interface ChatModelMessage {
	role: 'system' | 'user' | 'assistant';
	content: string | Array<Record<string, unknown>>;
}

interface Invocable {
	invoke(messages: ChatModelMessage[], options: { signal: AbortSignal }): Promise<unknown>;
}

/**
 * The least that a chat model of somebody else must have: what n8n's Chat Model sub-nodes hand over has it. Nothing of
 * the library behind it is imported, so that it may be of any version.
 */
export interface ChatModel extends Invocable {
	/** Absent, or throwing, where the model knows no structured output. */
	withStructuredOutput?(schema: JsonSchema, settings: { name: string; includeRaw: true }): Invocable;
	model?: unknown;
	modelName?: unknown;
	modelId?: unknown;
	_llmType?(): string;
}

export const isChatModel = (value: unknown): value is ChatModel =>
	typeof value === 'object' && value !== null && typeof (value as { invoke?: unknown }).invoke === 'function';

/** Who answers, by the model's own account: it stands on the bill in place of the agent's setting. */
export function nameOfChatModel(model: ChatModel): { provider: string; model: string } {
	const names = [model.model, model.modelName, model.modelId];
	const name = names.find((one): one is string => typeof one === 'string' && one.trim() !== '');
	const provider = typeof model._llmType === 'function' ? model._llmType() : '';
	return {
		provider: String(provider || 'chat_model').slice(0, LLM_DEFAULTS.maxNameCharacters),
		// Google's begin with the collection they are in.
		model: (name ?? 'unnamed').replace(/^models\//, '').slice(0, LLM_DEFAULTS.maxNameCharacters),
	};
}

/** Models that refused a schema and then answered without: not asked that way again while this process runs. */
const plainText = new Set<string>();

/**
 * A connected chat model behind the port. Its own settings say how long an answer may be and how often a fault is tried
 * again; here an answer that fits no schema is asked for once more, with what was wrong about it.
 */
export function createChatModelPort(chatModel: ChatModel, parts: PortParts = {}): LlmPort {
	const where = nameOfChatModel(chatModel);
	const call = createCaller(where.provider, parts);
	return {
		provider: where.provider,
		generate: async <T>(request: LlmRequest<T>) => {
			const bounds = {
				...request,
				model: where.model,
				maxRetries: LLM_DEFAULTS.maxInvalidOutputRetries,
				retryOnly: 'LLM_INVALID_OUTPUT' as const,
			};
			let wrong: WrongAnswer | null = null;
			return await call(bounds, async (signal, meter) => {
				const answer = await sendTo(chatModel, where, wrong)(request, signal);
				meter.spent(answer.tokens, answer.requestId);
				try {
					return parseOutput(answer, request.schema, where);
				} catch (error) {
					wrong = { text: answer.text, why: isFactoryError(error) ? error.message : '' };
					throw error;
				}
			});
		},
	};
}

interface WrongAnswer {
	text: string;
	why: string;
}

/** The schema by the provider's own means where it has some, else in words; a second try always in words. */
const sendTo =
	(chatModel: ChatModel, where: { provider: string; model: string }, wrong: WrongAnswer | null): SendAttempt =>
	async (request, signal) => {
		const schema = toStrictJsonSchema(request.schema, { keepBounds: true });
		const messages = toMessages(request);
		const key = `${where.provider} ${where.model}`;
		const ask = async (of: Invocable, said: ChatModelMessage[]) => {
			try {
				return readChatAnswer(await untilAborted(of.invoke(said, { signal }), signal));
			} catch (error) {
				throw providerErrorOf(error);
			}
		};
		const structured = wrong || plainText.has(key) ? null : structuredOf(chatModel, schema, request.schemaName);
		if (!structured) return await ask(chatModel, inWords(messages, schema, wrong));
		try {
			return await ask(structured, messages);
		} catch (error) {
			if (signal.aborted || !refusesRequest(error, where)) throw error;
			const answer = await ask(chatModel, inWords(messages, schema, null));
			plainText.add(key);
			return answer;
		}
	};

/** Null where the model says that it cannot: some throw, some lack the method. */
function structuredOf(chatModel: ChatModel, schema: JsonSchema, name: string): Invocable | null {
	if (typeof chatModel.withStructuredOutput !== 'function') return null;
	try {
		return chatModel.withStructuredOutput({ title: name, ...schema }, { name, includeRaw: true });
	} catch {
		// It says so by throwing; no provider was asked anything yet.
		return null;
	}
}

function toMessages({ system, messages }: LlmRequest<unknown>): ChatModelMessage[] {
	const instructions = system
		.map((block) => block.text)
		.join('\n\n')
		.trim();
	return [
		...(instructions === '' ? [] : [{ role: 'system' as const, content: instructions }]),
		...messages.map(toMessage),
	];
}

function toMessage({ role, content, images }: LlmMessage): ChatModelMessage {
	if (role !== 'user' || !images?.length) return { role, content };
	return {
		role,
		content: [
			...images.map((image) => ({ type: 'image_url', image_url: { url: dataUrl(image) } })),
			{ type: 'text', text: content },
		],
	};
}

/** The schema as words at the end of the instructions, and an answer that was wrong with what was wrong about it. */
function inWords(messages: ChatModelMessage[], schema: JsonSchema, wrong: WrongAnswer | null): ChatModelMessage[] {
	const rule = `Answer with one JSON object and nothing else: no code fence, no words around it. It must fit this JSON Schema:\n${JSON.stringify(schema)}`;
	const [first, ...rest] = messages;
	const asked: ChatModelMessage[] =
		first?.role === 'system' && typeof first.content === 'string'
			? [{ role: 'system', content: `${first.content}\n\n${rule}` }, ...rest]
			: [{ role: 'system', content: rule }, ...messages];
	if (!wrong) return asked;
	return [
		...asked,
		{ role: 'assistant', content: wrong.text.slice(0, LLM_DEFAULTS.maxRepairCharacters) || '(nothing)' },
		{ role: 'user', content: `${wrong.why} Answer again, with the JSON object alone.` },
	];
}

/** Not every model listens to the signal: the caller goes on at the time-out all the same. */
async function untilAborted<T>(answer: Promise<T>, signal: AbortSignal): Promise<T> {
	let stop: (() => void) | undefined;
	const aborted = new Promise<never>((_, reject) => {
		stop = () => reject(signal.reason as Error);
		if (signal.aborted) stop();
		signal.addEventListener('abort', stop, { once: true });
	});
	try {
		return await Promise.race([answer, aborted]);
	} finally {
		if (stop) signal.removeEventListener('abort', stop);
		// Whoever was left behind may still fail; nobody listens any more.
		answer.catch(() => undefined);
	}
}
