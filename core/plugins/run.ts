import { createHash } from 'node:crypto';
import type { Database } from '../database';
import { signWebhook } from '../notifications';
import { inTenant } from '../tenancy';
import { TOOL_LIMITS, TOOL_PATH } from './defaults';
import { postTool, type PostAnswer, type ToolPost } from './post';
import { misfit } from './schema';
import type { ToolCall } from './secret';
import { toolId, type AgentTool, type ToolRunner, type ToolStep } from './types';

/** Where tools listen, and what signs the calls. */
export interface ToolConnection {
	/** The webhook address of n8n, e.g. http://127.0.0.1:5678/webhook. */
	baseUrl: string;
	secrets: string[];
}

/** The turn that calls. */
export interface CallingTurn {
	tenantId: string;
	turnId: number;
	leaseToken: number;
	conversationId: string;
	contactId: string;
	agentId: string | null;
	agentVersionId: string | null;
}

export interface RunnerInput {
	turn: CallingTurn;
	tools: readonly AgentTool[];
	/** Settings of the plugins, which go with a call. */
	configs: Record<string, Record<string, unknown>>;
	/** Calls that an earlier attempt of this turn made. */
	done: readonly ToolStep[];
	/** Asked before the first call. */
	connection(): Promise<ToolConnection>;
	now(): Date;
	/** Sorted keys: the same arguments give the same key. */
	canonical(value: unknown): string;
	post?: ToolPost;
}

interface Begun {
	id: string;
	status: 'requested' | ToolStep['status'];
	result?: unknown;
	errorCode?: string | null;
}

type Outcome = Pick<ToolStep, 'status' | 'result' | 'error'>;

const BEGIN = `select begin_tool_call($1::uuid, $2::bigint, $3::bigint, $4::uuid, $5::text, $6::text, $7::text, $8::jsonb) as begun`;
const SETTLE = `select settle_tool_call($1::uuid, $2::uuid, $3::text, $4::jsonb, $5::text, $6::integer)`;

/** The tools of one turn: every call is checked, written down, made once, and told as it ended. */
export function createToolRunner(database: Database, input: RunnerInput): ToolRunner {
	const { turn, tools, now } = input;
	const startedAt = now().getTime();
	let calls = input.done.length;
	return {
		done: input.done,
		mayCall: () => calls < TOOL_LIMITS.callsPerTurn && now().getTime() - startedAt < TOOL_LIMITS.turnMs,
		async call(id, argumentsJson) {
			calls++;
			const tool = tools.find((known) => toolId(known) === id);
			if (!tool) return refused(id, {}, 'TOOL_UNKNOWN', 'There is no such tool.');
			const connection = await input.connection();
			const given = readArguments(argumentsJson);
			const wrong = given === null ? 'arguments_json is not a JSON object' : misfit(tool.parameters, given);
			const key = keyOf(turn.turnId, tool, given ?? argumentsJson ?? '', input.canonical);
			const begun = await begin(database, turn, tool, key, wrong === null ? given! : {});
			const step = { tool: id, arguments: given ?? {} };
			if (begun.status !== 'requested') return { ...step, ...stored(begun) };
			const at = now().getTime();
			const outcome =
				wrong === null
					? await makeCall(input, connection, tool, key, given!)
					: refusal('TOOL_ARGUMENTS_INVALID', wrong);
			await settle(database, turn.tenantId, begun.id, outcome, now().getTime() - at);
			return { ...step, ...outcome };
		},
	};
}

const refusal = (code: string, message: string): Outcome => ({
	status: 'refused',
	result: null,
	error: { code, message: message.slice(0, TOOL_LIMITS.messageCharacters) },
});
const refused = (tool: string, given: Record<string, unknown>, code: string, message: string): ToolStep => ({
	...{ tool, arguments: given },
	...refusal(code, message),
});

function readArguments(text: string | null): Record<string, unknown> | null {
	if (text === null || text.trim() === '') return {};
	if (text.length > TOOL_LIMITS.argumentCharacters) return null;
	try {
		const value = JSON.parse(text) as unknown;
		return typeof value === 'object' && value !== null && !Array.isArray(value)
			? (value as Record<string, unknown>)
			: null;
	} catch {
		return null;
	}
}

const keyOf = (turnId: number, tool: AgentTool, given: unknown, canonical: (value: unknown) => string): string =>
	`turn:${turnId}:${toolId(tool)}:${createHash('sha256').update(canonical(given)).digest('hex').slice(0, 32)}`;

const begin = async (
	database: Database,
	turn: CallingTurn,
	tool: AgentTool,
	key: string,
	given: Record<string, unknown>,
): Promise<Begun> =>
	await inTenant(
		database,
		turn.tenantId,
		async (db) =>
			(await db.one<{ begun: Begun }>(BEGIN, [
				...[turn.tenantId, turn.turnId, turn.leaseToken, turn.agentVersionId, tool.plugin, tool.name, key],
				JSON.stringify(given),
			]))!.begun,
	);

const settle = async (
	database: Database,
	tenantId: string,
	id: string,
	outcome: Outcome,
	latencyMs: number,
): Promise<void> =>
	await inTenant(
		database,
		tenantId,
		async (db) =>
			void (await db.one(SETTLE, [
				...[tenantId, id, outcome.status],
				JSON.stringify(outcome.status === 'ok' ? outcome.result : { message: outcome.error?.message }),
				...[outcome.error?.code ?? null, Math.round(latencyMs)],
			])),
	);

/** What the ledger knows of a call that ended. */
export function stored({ status, result, errorCode }: Omit<Begun, 'id'>): Outcome {
	if (status === 'ok') return { status, result: result ?? null, error: null };
	const { message } = (result ?? {}) as { message?: string };
	const open = status === 'requested' || status === 'unknown';
	return {
		status: open ? 'unknown' : status,
		result: null,
		error: { code: errorCode ?? 'TOOL_LOST', message: message ?? MESSAGES.TOOL_LOST },
	};
}

const MESSAGES: Record<string, string> = {
	TOOL_TIMEOUT: 'The tool did not answer in time: nobody knows whether it was done.',
	TOOL_LOST: 'The connection to the tool was lost: nobody knows whether it was done.',
	TOOL_UNREACHABLE: 'The tool cannot be reached at the moment: it was not done.',
	TOOL_NOT_FOUND: 'The tool is not connected: it was not done.',
	TOOL_HTTP_ERROR: 'The tool had an error of its own: nobody knows whether it was done.',
	TOOL_REFUSED: 'The tool refused the call: it was not done.',
	TOOL_RESULT_INVALID: 'The tool answered in a form that is not understood: nobody knows whether it was done.',
};
const failure = (status: 'failed' | 'unknown', code: string): Outcome => ({
	...{ status, result: null },
	error: { code, message: MESSAGES[code] },
});

async function makeCall(
	{ turn, configs, now, post = postTool }: RunnerInput,
	{ baseUrl, secrets }: ToolConnection,
	tool: AgentTool,
	key: string,
	given: Record<string, unknown>,
): Promise<Outcome> {
	const { tenantId, agentId, conversationId, contactId, turnId } = turn;
	const call: ToolCall = {
		...{ tool: tool.name, plugin: tool.plugin, idempotencyKey: key },
		...{ tenantId, agentId, conversationId, contactId, turnId },
		...{ arguments: given, config: configs[tool.plugin] ?? {} },
	};
	const body = Buffer.from(JSON.stringify(call));
	const answer = await post({
		url: `${baseUrl.replace(/\/+$/, '')}/${TOOL_PATH}/${tool.plugin}`,
		headers: { ...signWebhook(secrets, key, now().getTime(), body) },
		body,
		timeoutMs: Math.min(tool.timeoutSeconds, TOOL_LIMITS.timeoutSeconds.maximum) * 1_000,
	});
	return judge(answer, tool);
}

/** What an answer means: only `{ ok: true }` with a result that fits is success. */
export function judge(answer: PostAnswer, tool: AgentTool): Outcome {
	if (answer.kind !== 'answered') return failure(answer.kind === 'lost' ? 'unknown' : 'failed', answer.code);
	if (answer.status === 404) return failure('failed', 'TOOL_NOT_FOUND');
	if (answer.status >= 500) return failure('unknown', 'TOOL_HTTP_ERROR');
	if (answer.status < 200 || answer.status >= 300) return failure('failed', 'TOOL_REFUSED');
	const body = answer.body as
		{ ok?: unknown; result?: unknown; error?: { code?: unknown; message?: unknown } } | undefined;
	if (body?.ok === true) {
		const result = body.result ?? {};
		const tooLong = JSON.stringify(result).length > TOOL_LIMITS.resultCharacters;
		const wrong = tooLong || (tool.result !== undefined && misfit(tool.result, result) !== null);
		return wrong ? failure('failed', 'TOOL_RESULT_INVALID') : { status: 'ok', result, error: null };
	}
	if (body?.ok !== false) return failure('failed', 'TOOL_RESULT_INVALID');
	const { code, message } = body.error ?? {};
	return {
		status: 'failed',
		result: null,
		error: {
			code: typeof code === 'string' && /^[A-Za-z0-9_.-]{1,60}$/.test(code) ? code : 'TOOL_FAILED',
			message: typeof message === 'string' ? message.slice(0, TOOL_LIMITS.messageCharacters) : MESSAGES.TOOL_REFUSED,
		},
	};
}
