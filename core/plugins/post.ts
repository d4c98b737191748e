import { setTimeout as delay } from 'node:timers/promises';
import { isFactoryError } from '../errors';
import { TOOL_LIMITS } from './defaults';

/** unreachable: nobody was asked; lost: somebody may have been asked, and no answer came. */
export type PostAnswer =
	{ kind: 'answered'; status: number; body: unknown } | { kind: 'unreachable' | 'lost'; code: string };

export interface PostRequest {
	url: string;
	headers: Record<string, string>;
	body: Buffer;
	timeoutMs: number;
}
export type ToolPost = (request: PostRequest) => Promise<PostAnswer>;

/** Failures at which no byte of the request can have arrived. */
const NEVER_CONNECTED = new Set([
	...['ECONNREFUSED', 'ENOTFOUND', 'EAI_AGAIN', 'EHOSTUNREACH', 'ENETUNREACH', 'UND_ERR_CONNECT_TIMEOUT'],
]);

async function postOnce({ url, headers, body, timeoutMs }: PostRequest): Promise<PostAnswer> {
	try {
		const response = await fetch(url, {
			method: 'POST',
			headers: { ...headers, 'content-type': 'application/json' },
			body: new Uint8Array(body),
			redirect: 'manual',
			signal: AbortSignal.timeout(timeoutMs),
		});
		return { kind: 'answered', status: response.status, body: await readJson(response) };
	} catch (error) {
		if (isFactoryError(error)) throw error;
		const { name, cause } = error as { name?: string; cause?: { code?: string } };
		if (name === 'TimeoutError' || name === 'AbortError') return { kind: 'lost', code: 'TOOL_TIMEOUT' };
		const unreachable = NEVER_CONNECTED.has(cause?.code ?? '');
		return unreachable ? { kind: 'unreachable', code: 'TOOL_UNREACHABLE' } : { kind: 'lost', code: 'TOOL_LOST' };
	}
}

/** Undefined for what is no JSON or too long. */
async function readJson(response: Response): Promise<unknown> {
	const chunks: Uint8Array[] = [];
	let size = 0;
	for await (const chunk of response.body ?? []) {
		size += (chunk as Uint8Array).length;
		if (size > TOOL_LIMITS.answerBytes) return undefined;
		chunks.push(chunk as Uint8Array);
	}
	try {
		return JSON.parse(Buffer.concat(chunks).toString('utf8')) as unknown;
	} catch {
		return undefined;
	}
}

/** One call, and one more where the connection failed: the key is the same, so the tool does it once. Never after a time-out. */
export const postTool: ToolPost = async (request) => {
	const first = await postOnce(request);
	if (first.kind === 'answered' || first.code === 'TOOL_TIMEOUT') return first;
	await delay(TOOL_LIMITS.retryMs);
	const second = await postOnce(request);
	// The first try may have arrived even where the second did not.
	return second.kind === 'unreachable' && first.kind === 'lost' ? first : second;
};
