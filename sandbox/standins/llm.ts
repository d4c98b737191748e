import { setTimeout as delay } from 'node:timers/promises';
import { anthropicModels, anthropicWire } from './llm-anthropic';
import { createAnswerer } from './llm-answer';
import { createBehaviourQueue, readBehaviour, type BehaviourQueue, type LlmBehaviour } from './llm-behaviour';
import { isRecord, type ExchangeIds, type LlmAnswer, type LlmCall, type LlmWire } from './llm-exchange';
import { chatCompletionsWire, openAiModels, responsesWire } from './llm-openai';
import { audioFault, readUpload, transcription } from './llm-media';
import { createHttpServer, type HttpHandler, type HttpReply, type HttpRequest } from './http';

/** One line of `GET /_sandbox/calls`. */
export interface LoggedCall {
	provider: string;
	path: string;
	model: string;
	/** 0 where the connection was cut. */
	status: number;
	schemaName: string | null;
	inputTokens: number;
	cachedInputTokens: number;
	outputTokens: number;
	latencyMs: number;
	/** ISO 8601. */
	at: string;
	headers: Record<string, string | string[] | undefined>;
	request: unknown;
}

export interface LlmStandIn {
	url: string;
	close(): Promise<void>;
}

/** Says to everybody who looks at the wire that no model wrote this. */
const SCRIPTED = { 'x-agent-factory-stand-in': 'scripted' };
const MODELS = ['claude-haiku-4-5', 'claude-sonnet-4-5', 'gpt-4.1-mini', 'gpt-5-mini'];
/** Calls with their bodies that are kept; the oldest go first. */
const MAX_LOGGED_CALLS = 2_000;

/** Speaks the APIs of Anthropic and OpenAI on 127.0.0.1 and answers by script. */
export async function startLlmStandIn(options: { port?: number } = {}): Promise<LlmStandIn> {
	const behaviours = createBehaviourQueue();
	const calls: LoggedCall[] = [];
	const state: StandInState = { behaviours, calls, answer: createAnswerer(), ids: createIds() };
	const server = createHttpServer({
		'POST /v1/messages': exchange(anthropicWire, state),
		'POST /v1/responses': exchange(responsesWire, state),
		'POST /v1/chat/completions': exchange(chatCompletionsWire, state),
		'POST /v1/audio/transcriptions': transcribe(state),
		'GET /v1/models': ({ headers }) => ({
			status: 200,
			headers: SCRIPTED,
			body: headers['anthropic-version'] ? anthropicModels(MODELS) : openAiModels(MODELS),
		}),
		'POST /_sandbox/behaviour': (request) => {
			const behaviour = readBehaviour(request.json());
			if (!behaviour) return { status: 400, body: { error: 'The body must be a JSON object' } };
			behaviours.add(behaviour);
			return { status: 200, body: { ok: true } };
		},
		'DELETE /_sandbox/behaviour': () => {
			behaviours.clear();
			return { status: 200, body: { ok: true } };
		},
		'GET /_sandbox/calls': () => ({ status: 200, body: { count: calls.length, calls } }),
		'DELETE /_sandbox/calls': () => {
			calls.length = 0;
			return { status: 200, body: { ok: true } };
		},
	});
	const { url } = await server.listen(options.port);
	return { url, close: () => server.close() };
}

interface StandInState {
	behaviours: BehaviourQueue;
	calls: LoggedCall[];
	answer: (call: LlmCall, behaviour: LlmBehaviour | null) => LlmAnswer;
	ids: ExchangeIds;
}

function exchange(wire: LlmWire, state: StandInState): HttpHandler {
	return async (request) => {
		const startedAt = performance.now();
		const entry = newEntry(wire, request);
		state.calls.push(entry);
		if (state.calls.length > MAX_LOGGED_CALLS) state.calls.shift();
		const reply = await answerCall(wire, state, request, entry);
		entry.status = reply === 'destroy' ? 0 : reply.status;
		entry.latencyMs = Math.round(performance.now() - startedAt);
		return reply;
	};
}

async function answerCall(
	wire: LlmWire,
	state: StandInState,
	request: HttpRequest,
	entry: LoggedCall,
): Promise<HttpReply | 'destroy'> {
	const requestId = state.ids.next('req_');
	const headers = { ...SCRIPTED, [wire.requestIdHeader]: requestId };
	const body = request.json();
	const fault = isRecord(body)
		? wire.refuse(request.headers, body)
		: { status: 400, message: 'The request body is not valid JSON' };
	if (fault || !isRecord(body)) {
		const { status, message, param } = fault ?? { status: 400, message: undefined, param: undefined };
		return { status, headers, body: wire.error(status, requestId, message, param) };
	}
	const call = wire.read(body);
	entry.model = call.model;
	entry.schemaName = call.schemaName;
	const behaviour = state.behaviours.take();
	// A caller who hangs up is not waited for, so that closing is quick.
	if (behaviour?.delayMs) await delay(behaviour.delayMs, undefined, { signal: request.signal }).catch(() => undefined);
	if (behaviour?.dropResponse) return 'destroy';
	if (behaviour?.httpStatus && behaviour.httpStatus >= 400) {
		const { httpStatus: status } = behaviour;
		return { status, headers: { ...headers, ...retryAfter(behaviour) }, body: wire.error(status, requestId) };
	}
	const answer = state.answer(call, behaviour);
	entry.inputTokens = answer.inputTokens;
	entry.cachedInputTokens = answer.cachedTokens;
	entry.outputTokens = answer.outputTokens;
	return { status: 200, headers, body: wire.write(call, answer, state.ids) };
}

/** POST /v1/audio/transcriptions. Takes the same behaviours as a chat call. */
function transcribe(state: StandInState): HttpHandler {
	return async (request) => {
		const entry = newEntry(responsesWire, request);
		state.calls.push(entry);
		const upload = await readUpload(request);
		entry.model = upload?.model ?? '';
		entry.request = upload && { fileName: upload.fileName, bytes: upload.bytes.length };
		const headers = { ...SCRIPTED, [responsesWire.requestIdHeader]: state.ids.next('req_') };
		const refuse = (status: number, message?: string): HttpReply => {
			entry.status = status;
			return { status, headers, body: responsesWire.error(status, '', message) };
		};
		if (!/^Bearer \S+/.test(request.headers.authorization ?? '')) return refuse(401);
		const behaviour = state.behaviours.take();
		if (behaviour?.delayMs)
			await delay(behaviour.delayMs, undefined, { signal: request.signal }).catch(() => undefined);
		if (behaviour?.dropResponse) return 'destroy';
		if (behaviour?.httpStatus && behaviour.httpStatus >= 400) {
			const refused = refuse(behaviour.httpStatus);
			return { ...refused, headers: { ...headers, ...retryAfter(behaviour) } };
		}
		const fault = upload ? audioFault(upload) : 'The form has no file or no model.';
		if (!upload || fault) return refuse(400, fault ?? undefined);
		entry.status = 200;
		return { status: 200, headers, body: transcription(upload) };
	};
}

function newEntry(wire: LlmWire, request: HttpRequest): LoggedCall {
	const { authorization, 'x-api-key': key, ...headers } = request.headers;
	return {
		provider: wire.provider,
		path: request.path,
		model: '',
		status: 0,
		schemaName: null,
		inputTokens: 0,
		cachedInputTokens: 0,
		outputTokens: 0,
		latencyMs: 0,
		at: new Date().toISOString(),
		// A real key may be in use elsewhere on this machine: it is not shown.
		headers: { ...headers, ...(authorization || key ? { 'x-sandbox-key': 'given' } : {}) },
		request: request.json(),
	};
}

function retryAfter(behaviour: LlmBehaviour): Record<string, string> {
	const seconds = behaviour.retryAfterSeconds ?? (behaviour.httpStatus === 429 ? 1 : null);
	return seconds === null ? {} : { 'retry-after': String(seconds) };
}

function createIds(): ExchangeIds {
	let count = 0;
	return {
		next: (prefix) => {
			count += 1;
			return `${prefix}standin${String(count).padStart(8, '0')}`;
		},
		nowSeconds: () => Math.floor(Date.now() / 1000),
	};
}
