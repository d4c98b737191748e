import { createHttpCall, httpCall, type HttpCall, type Resolve } from '../http';

export type PostResult = { status: number } | { refused: string } | { failed: string };
export interface PostOptions {
	headers: Record<string, string>;
	body: Buffer;
	timeoutMs: number;
	/** Plain http and local addresses are fine: development only. */
	allowLocal: boolean;
}
/** Sends one POST; answers what came of it and never throws. */
export type GuardedPost = (url: string, options: PostOptions) => Promise<PostResult>;

/** The answer's body is not read: the status says it all. */
const postBy =
	(call: HttpCall): GuardedPost =>
	async (url, options) => {
		const result = await call(url, { method: 'POST', ...options, maxAnswerBytes: 0 });
		if ('refused' in result) return result;
		return 'failed' in result ? { failed: result.failed } : { status: result.status };
	};

export const createGuardedPost = (resolveName: Resolve): GuardedPost => postBy(createHttpCall(resolveName));

export const guardedPost = postBy(httpCall);
