import { lookup as systemLookup } from 'node:dns';
import { request as httpRequest } from 'node:http';
import { request as httpsRequest } from 'node:https';
import { publicLookup, urlProblem, type Resolve } from './address';
import { MAX_ANSWER_BYTES, MAX_ANSWER_HEADER_BYTES } from './defaults';

export type HttpResult =
	| { status: number; headers: Record<string, string>; body: string }
	| { refused: string }
	/** `sent: false`: nobody heard us, so that nothing can have happened there. `began`: the status of an answer that did not end. */
	| { failed: string; sent: boolean; began?: number };
export interface HttpOptions {
	method: string;
	headers: Record<string, string>;
	body?: Buffer;
	/** For everything up to the last byte of the answer. */
	timeoutMs: number;
	/** Plain http and local addresses are fine: a service of one's own, or development. */
	allowLocal: boolean;
	/** Bytes of the answer that are read, counted while they come; 0: the status says it all. */
	maxAnswerBytes?: number;
}
/** Sends one request and reads the answer; never throws, follows no redirect: it would carry a token to another place. */
export type HttpCall = (url: string, options: HttpOptions) => Promise<HttpResult>;

/** What fails before a byte of the request is out. */
const NOT_SENT = ['ECONNREFUSED', 'ENOTFOUND', 'EAI_AGAIN', 'EHOSTUNREACH', 'ENETUNREACH', 'CERT_HAS_EXPIRED'];

/** The address is judged where the connection is made. */
export const createHttpCall =
	(resolveName: Resolve): HttpCall =>
	async (url, { method, headers, body, timeoutMs, allowLocal, maxAnswerBytes = MAX_ANSWER_BYTES }) => {
		const problem = urlProblem(url, allowLocal);
		if (problem) return { refused: problem };
		const send = new URL(url).protocol === 'https:' ? httpsRequest : httpRequest;
		return await new Promise<HttpResult>((resolve) => {
			const fail = (error: NodeJS.ErrnoException): void => {
				if (error.code === 'NOT_PUBLIC') resolve({ refused: 'its name leads to an address that is not public' });
				else if (['AbortError', 'TimeoutError'].includes(error.name)) resolve({ failed: 'timeout', sent: true });
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
				const status = response.statusCode ?? 0;
				const said = Object.entries(response.headers).map(([name, value]): [string, string] => [name, String(value)]);
				const answer = (bytes: Buffer[]): void =>
					resolve({ status, headers: Object.fromEntries(said), body: Buffer.concat(bytes).toString('utf8') });
				if (maxAnswerBytes === 0) {
					answer([]);
					response.destroy();
					return;
				}
				const chunks: Buffer[] = [];
				let size = 0;
				response.on('data', (chunk: Buffer) => {
					size += chunk.length;
					if (size > maxAnswerBytes) {
						resolve({ failed: 'answer too large', sent: true, began: status });
						response.destroy();
					} else chunks.push(chunk);
				});
				response.on('end', () => answer(chunks));
				response.on('aborted', () => resolve({ failed: 'cut off', sent: true, began: status }));
				response.on('error', fail);
			});
			request.on('error', fail);
			request.end(body);
		});
	};

export const httpCall = createHttpCall(systemLookup);
