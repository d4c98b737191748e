import { createServer } from 'node:net';
import { FactoryError } from '../core/errors';

/** Ports this process has given away but whose server may not listen yet. */
const promised = new Set<number>();

/** A free TCP port: `preferred` if nothing listens on it, else one the system picks. */
export async function freePort(preferred?: number): Promise<number> {
	if (preferred !== undefined && !promised.has(preferred) && (await isFree(preferred))) {
		promised.add(preferred);
		return preferred;
	}
	for (let attempt = 0; attempt < 20; attempt++) {
		const port = await listenOnce(0, '127.0.0.1');
		if (port !== undefined && !promised.has(port) && (await isFree(port))) {
			promised.add(port);
			return port;
		}
	}
	throw new FactoryError(
		'SANDBOX_NO_PORT',
		'No free TCP port was found on 127.0.0.1. Close some programs and try again.',
	);
}

/** A port number from the environment; a value that is no port is refused by name. */
export function portFromEnvironment(name: string, environment: NodeJS.ProcessEnv = process.env): number | undefined {
	const value = environment[name]?.trim();
	if (!value) return undefined;
	const port = Number(value);
	if (!Number.isInteger(port) || port < 1 || port > 65535) {
		throw new FactoryError('SANDBOX_BAD_PORT', `${name} must be a port from 1 to 65535.`, { item: name });
	}
	return port;
}

/** Some servers listen on every address and some on the loopback only: a port is free when both are. */
async function isFree(port: number): Promise<boolean> {
	return (await listenOnce(port, '127.0.0.1')) === port && (await listenOnce(port, '0.0.0.0')) === port;
}

function listenOnce(port: number, host: string): Promise<number | undefined> {
	return new Promise((resolve) => {
		const server = createServer();
		server.unref();
		server.once('error', () => resolve(undefined));
		server.listen({ port, host, exclusive: true }, () => {
			const address = server.address();
			server.close(() => resolve(address !== null && typeof address === 'object' ? address.port : undefined));
		});
	});
}
