import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { FactoryError } from '../../core/errors';
import {
	DRAIN_LOOK_MS,
	HEADERS_TIMEOUT_MS,
	KEEP_ALIVE_MS,
	MAX_SOCKETS,
	REQUEST_TIMEOUT_MS,
	TIMEOUT_CHECK_MS,
} from './defaults';

export type Handler = (request: IncomingMessage, response: ServerResponse) => void;

const PATIENCE = {
	headersTimeoutMs: HEADERS_TIMEOUT_MS,
	requestTimeoutMs: REQUEST_TIMEOUT_MS,
	checkMs: TIMEOUT_CHECK_MS,
};

/** An HTTP server that cuts off whoever is slow. */
export function createGuardedServer(handler: Handler, patience: typeof PATIENCE = PATIENCE): Server {
	const server = createServer(
		{
			headersTimeout: patience.headersTimeoutMs,
			requestTimeout: patience.requestTimeoutMs,
			connectionsCheckingInterval: patience.checkMs,
			keepAliveTimeout: KEEP_ALIVE_MS,
		},
		(request, response) => {
			if (!server.listening) response.setHeader('connection', 'close');
			handler(request, response);
		},
	);
	server.maxConnections = MAX_SOCKETS;
	// The handler says "continue" itself, after a look at the header.
	server.on('checkContinue', handler);
	return server;
}

/** Listens and answers the port; a port that cannot be had is an error a person can read. */
export async function listenOn(server: Server, port: number, host: string | undefined, flag: string): Promise<number> {
	await new Promise<void>((resolve, reject) => {
		server.once('error', (error: NodeJS.ErrnoException) =>
			reject(
				new FactoryError(
					'PORT_UNAVAILABLE',
					`Cannot listen on ${host ?? 'all interfaces'}, port ${port} (${error.code ?? 'no code'}). Give another one with ${flag}.`,
				),
			),
		);
		server.listen(port, host, resolve);
	});
	return (server.address() as AddressInfo).port;
}

/** Takes no new connection, ends the idle ones, and waits for the rest, `graceMs` at most. */
export async function closeServer(server: Server, graceMs: number): Promise<boolean> {
	if (!server.listening) return true;
	let timer: NodeJS.Timeout | undefined;
	const closed = new Promise<boolean>((resolve) => server.close(() => resolve(true)));
	// A kept connection is idle only after its answer.
	const look = setInterval(() => server.closeIdleConnections(), DRAIN_LOOK_MS);
	const late = new Promise<boolean>((resolve) => (timer = setTimeout(() => resolve(false), graceMs)));
	const clean = await Promise.race([closed, late]);
	clearTimeout(timer);
	clearInterval(look);
	if (!clean) server.closeAllConnections();
	return clean;
}
