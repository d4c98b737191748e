import { connect } from 'node:net';
import { startGateway, type Gateway, type GatewayOptions } from '../../../cli/gateway/gateway';
import type { GatewaySettings } from '../../../cli/gateway/settings';
import { signBody } from '../../../core/meta';

export const SECRET = 'current';
export const PATH = '/webhook/agent-factory/meta';

export interface TestGateway extends Gateway {
	url: string;
	log: Array<{ level: string; event: string; details?: Record<string, unknown> }>;
	metrics(): Promise<string>;
}

export async function gatewayOver(
	connectionString: string,
	changes: Partial<GatewaySettings> = {},
	options: Partial<GatewayOptions> = {},
): Promise<TestGateway> {
	const log: TestGateway['log'] = [];
	const gateway = await startGateway(
		{
			host: '127.0.0.1',
			port: 0,
			path: PATH,
			metricsHost: '127.0.0.1',
			metricsPort: 0,
			maxBodyBytes: 3 * 1024 * 1024,
			connectionString,
			schema: undefined,
			maxConnections: undefined,
			secrets: [SECRET, 'previous'],
			verifyToken: 'verify-me',
			...changes,
		},
		{ log: (level, event, details) => void log.push({ level, event, details }), ...options },
	);
	return {
		...gateway,
		url: `http://127.0.0.1:${gateway.port}`,
		log,
		metrics: async () => await (await fetch(`http://127.0.0.1:${gateway.metricsPort}/metrics`)).text(),
	};
}

export const signed = (body: unknown, secret = SECRET): { body: string; headers: Record<string, string> } => {
	const text = JSON.stringify(body);
	return { body: text, headers: { 'x-hub-signature-256': signBody(Buffer.from(text), secret) } };
};

export const post = async (
	gateway: TestGateway,
	{ body, headers }: { body: string | Buffer; headers: Record<string, string> },
): Promise<{ status: number; body: Record<string, unknown> }> => {
	const response = await fetch(`${gateway.url}${PATH}`, { method: 'POST', body, headers });
	return { status: response.status, body: (await response.json()) as Record<string, unknown> };
};

/** Bytes as they are, on one connection, until the other side ends it. */
export const raw = async (port: number, ...writes: Array<string | Buffer>): Promise<string> =>
	await new Promise((resolve) => {
		let received = '';
		const socket = connect(port, '127.0.0.1', () => writes.forEach((bytes) => socket.write(bytes)));
		socket.setEncoding('utf8');
		socket.on('data', (text: string) => (received += text));
		socket.on('error', () => undefined);
		socket.on('close', () => resolve(received));
	});
