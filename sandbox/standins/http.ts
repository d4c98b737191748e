import { createServer, type IncomingHttpHeaders, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo, Socket } from 'node:net';
import { setTimeout as wait } from 'node:timers/promises';

export interface HttpRequest {
	method: string;
	/** Path without the query string. */
	path: string;
	query: URLSearchParams;
	headers: IncomingHttpHeaders;
	/** Values of the `:name` segments of the route. */
	params: Record<string, string>;
	rawBody: Buffer;
	/** Parses the body; undefined where it is empty or not JSON. */
	json(): unknown;
	/** Aborts when the caller hangs up before the answer. */
	signal: AbortSignal;
}

export interface HttpReply {
	status: number;
	headers?: Record<string, string>;
	/** A string or Buffer goes out as it is, undefined as an empty body, anything else as JSON. */
	body?: unknown;
	/** Milliseconds over which the body's bytes go out one by one. */
	dripMs?: number;
}

/** `destroy` cuts the connection without an answer. */
export type HttpHandler = (request: HttpRequest) => HttpReply | 'destroy' | Promise<HttpReply | 'destroy'>;

/** Keys are `METHOD /path`; a segment `:name` matches one segment, a last `*` the rest, method `*` any method. First match wins. */
export type HttpRoutes = Record<string, HttpHandler>;

export interface HttpServer {
	/** Listens on 127.0.0.1; without a port (or with 0) the system gives a free one. */
	listen(port?: number): Promise<{ url: string; port: number }>;
	/** Ends keep-alive sockets too. */
	close(): Promise<void>;
}

interface CompiledRoute {
	method: string;
	segments: string[];
	handler: HttpHandler;
}

export function createHttpServer(routes: HttpRoutes): HttpServer {
	const table = Object.entries(routes).map(([key, handler]) => compileRoute(key, handler));
	const sockets = new Set<Socket>();
	const server = createServer((incoming, response) => {
		handle(table, incoming, response).catch((error: unknown) => {
			if (response.headersSent || response.destroyed) response.destroy();
			else send(response, { status: 500, body: { error: error instanceof Error ? error.message : String(error) } });
		});
	});
	server.on('connection', (socket) => {
		sockets.add(socket);
		socket.on('close', () => sockets.delete(socket));
	});
	return {
		async listen(port = 0) {
			await new Promise<void>((resolve, reject) => {
				server.once('error', reject);
				server.listen(port, '127.0.0.1', () => {
					server.off('error', reject);
					resolve();
				});
			});
			const bound = (server.address() as AddressInfo).port;
			return { url: `http://127.0.0.1:${bound}`, port: bound };
		},
		async close() {
			if (!server.listening) return;
			const closed = new Promise<void>((resolve) => server.close(() => resolve()));
			for (const socket of sockets) socket.destroy();
			await closed;
		},
	};
}

async function handle(table: CompiledRoute[], incoming: IncomingMessage, response: ServerResponse): Promise<void> {
	const aborted = new AbortController();
	response.on('close', () => {
		if (!response.writableFinished) aborted.abort();
	});
	const rawBody = await readBody(incoming);
	const url = new URL(incoming.url ?? '/', 'http://localhost');
	const method = incoming.method ?? 'GET';
	const found = matchRoute(table, method, url.pathname);
	if (!found) {
		send(response, { status: 404, body: { error: `No route for ${method} ${url.pathname}` } });
		return;
	}
	const reply = await found.handler({
		method,
		path: url.pathname,
		query: url.searchParams,
		headers: incoming.headers,
		params: found.params,
		rawBody,
		json: () => parseJson(rawBody),
		signal: aborted.signal,
	});
	if (reply === 'destroy') incoming.socket.destroy();
	else if (!response.destroyed) send(response, reply);
}

function compileRoute(key: string, handler: HttpHandler): CompiledRoute {
	const [method, path] = key.split(' ');
	if (!method || !path) throw new Error(`Route "${key}" must read "METHOD /path"`);
	return { method, segments: path.split('/').slice(1), handler };
}

function matchRoute(
	table: CompiledRoute[],
	method: string,
	path: string,
): { handler: HttpHandler; params: Record<string, string> } | undefined {
	const segments = path.split('/').slice(1);
	for (const route of table) {
		if (route.method !== '*' && route.method !== method) continue;
		const params = matchSegments(route.segments, segments);
		if (params) return { handler: route.handler, params };
	}
	return undefined;
}

function matchSegments(pattern: string[], segments: string[]): Record<string, string> | undefined {
	const params: Record<string, string> = {};
	for (const [index, part] of pattern.entries()) {
		if (part === '*') return params;
		const segment = segments[index];
		if (segment === undefined) return undefined;
		if (part.startsWith(':')) params[part.slice(1)] = decodeSegment(segment);
		else if (part !== segment) return undefined;
	}
	return pattern.length === segments.length ? params : undefined;
}

function decodeSegment(segment: string): string {
	try {
		return decodeURIComponent(segment);
	} catch {
		return segment;
	}
}

async function readBody(incoming: IncomingMessage): Promise<Buffer> {
	const chunks: Buffer[] = [];
	for await (const chunk of incoming) chunks.push(chunk as Buffer);
	return Buffer.concat(chunks);
}

function parseJson(rawBody: Buffer): unknown {
	try {
		return JSON.parse(rawBody.toString('utf8')) as unknown;
	} catch {
		return undefined;
	}
}

function send(response: ServerResponse, reply: HttpReply): void {
	const { status, headers, body } = reply;
	const raw = typeof body === 'string' || Buffer.isBuffer(body);
	const payload = body === undefined ? '' : raw ? body : JSON.stringify(body);
	const type: Record<string, string> =
		body === undefined ? {} : { 'content-type': raw ? 'text/plain; charset=utf-8' : 'application/json' };
	response.writeHead(status, { ...type, 'content-length': String(Buffer.byteLength(payload)), ...headers });
	if (reply.dripMs) void drip(response, Buffer.from(payload), reply.dripMs);
	else response.end(payload);
}

/** Byte by byte, until it is done or the caller hangs up. */
async function drip(response: ServerResponse, payload: Buffer, ms: number): Promise<void> {
	for (const byte of payload) {
		if (response.destroyed) return;
		response.write(Buffer.of(byte));
		await wait(ms / payload.length, null, { ref: false });
	}
	response.end();
}
