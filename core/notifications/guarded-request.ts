import { lookup as systemLookup } from 'node:dns';
import { request as httpRequest } from 'node:http';
import { request as httpsRequest } from 'node:https';
import { MAX_ANSWER_BYTES, MAX_ANSWER_HEADER_BYTES } from './defaults';
import { publicLookup, urlProblem, type Resolve } from './guarded-post';

export type RequestResult =
	| { status: number; headers: Record<string, string>; body: string }
	| { refused: string }
	/** `sent: false`: nobody heard us, so that nothing can have happened there. */
	| { failed: string; sent: boolean };
export interface RequestOptions {
	method: string;
	headers: Record<string, string>;
	body?: Buffer;
	timeoutMs: number;
	/** Plain http and local addresses are fine: development only. */
	allowLocal: boolean;
}
/** Sends one request and reads the answer; never throws, follows no redirect. */
export type GuardedRequest = (url: string, options: RequestOptions) => Promise<RequestResult>;

/** What fails before a byte of the request is out. */
const NOT_SENT = ['ECONNREFUSED', 'ENOTFOUND', 'EAI_AGAIN', 'EHOSTUNREACH', 'ENETUNREACH', 'CERT_HAS_EXPIRED'];

export const createGuardedRequest =
	(resolveName: Resolve): GuardedRequest =>
	async (url, { method, headers, body, timeoutMs, allowLocal }) => {
		const problem = urlProblem(url, allowLocal);
		if (problem) return { refused: problem };
		const send = new URL(url).protocol === 'https:' ? httpsRequest : httpRequest;
		return await new Promise<RequestResult>((resolve) => {
			const fail = (error: NodeJS.ErrnoException): void => {
				if (error.code === 'NOT_PUBLIC') resolve({ refused: 'its name leads to an address that is not public' });
				else if (error.name === 'AbortError') resolve({ failed: 'timeout', sent: true });
				else resolve({ failed: error.code ?? 'network', sent: !NOT_SENT.includes(error.code ?? '') });
			};
			const request = send(url, {
				method,
				headers: { ...headers, ...(body ? { 'content-length': String(body.length) } : {}) },
				agent: false,
				signal: AbortSignal.timeout(timeoutMs),
				maxHeaderSize: MAX_ANSWER_HEADER_BYTES,
				...(allowLocal ? {} : { lookup: publicLookup(resolveName) }),
			});
			request.on('response', (response) => {
				const chunks: Buffer[] = [];
				let size = 0;
				response.on('data', (chunk: Buffer) => {
					size += chunk.length;
					if (size > MAX_ANSWER_BYTES) {
						resolve({ failed: 'answer too large', sent: true });
						response.destroy();
					} else chunks.push(chunk);
				});
				response.on('end', () =>
					resolve({
						status: response.statusCode ?? 0,
						headers: Object.fromEntries(Object.entries(response.headers).map(([name, value]) => [name, String(value)])),
						body: Buffer.concat(chunks).toString('utf8'),
					}),
				);
				response.on('error', fail);
				response.on('aborted', () => resolve({ failed: 'cut off', sent: true }));
			});
			request.on('error', fail);
			request.end(body);
		});
	};

export const guardedRequest = createGuardedRequest(systemLookup);
