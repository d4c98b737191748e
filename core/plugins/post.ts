import { setTimeout as delay } from 'node:timers/promises';
import { httpCall } from '../http';
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

async function postOnce({ url, headers, body, timeoutMs }: PostRequest): Promise<PostAnswer> {
	const result = await httpCall(url, {
		...{ method: 'POST', headers: { ...headers, 'content-type': 'application/json' }, body, timeoutMs },
		// Tools are workflows of the own n8n.
		...{ allowLocal: true, maxAnswerBytes: TOOL_LIMITS.answerBytes },
	});
	if ('refused' in result) return { kind: 'unreachable', code: 'TOOL_UNREACHABLE' };
	if (!('failed' in result)) return { kind: 'answered', status: result.status, body: jsonOf(result.body) };
	const { failed, sent, began } = result;
	if (failed === 'answer too large' && began) return { kind: 'answered', status: began, body: undefined };
	if (failed === 'timeout') return { kind: 'lost', code: 'TOOL_TIMEOUT' };
	return sent ? { kind: 'lost', code: 'TOOL_LOST' } : { kind: 'unreachable', code: 'TOOL_UNREACHABLE' };
}

/** Undefined for what is no JSON. */
function jsonOf(text: string): unknown {
	try {
		return JSON.parse(text) as unknown;
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
