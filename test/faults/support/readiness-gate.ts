import { createHttpServer, type HttpReply, type HttpRequest } from '../../../sandbox/standins/http';

export interface ReadinessGate {
	url: string;
	/** Where n8n answers. */
	target: string | undefined;
	close(): Promise<void>;
}

const READY_MS = 2_000;
const ANSWER_MS = 20_000;

/**
 * The reverse proxy that n8n needs in front of its webhooks: it lets nothing through until /healthz/readiness is green, because
 * before that n8n says 200 "n8n is starting up" to everything, and Meta would take it for an acknowledgement.
 */
export async function startReadinessGate(): Promise<ReadinessGate> {
	const gate: ReadinessGate = { url: '', target: undefined, close: () => server.close() };
	const pass = async (request: HttpRequest): Promise<HttpReply> => {
		try {
			const ready = await fetch(`${gate.target}/healthz/readiness`, { signal: AbortSignal.timeout(READY_MS) });
			await ready.arrayBuffer();
			if (ready.status !== 200) return { status: 503, body: 'not ready' };
			const answer = await fetch(`${gate.target}${request.path}`, {
				method: request.method,
				headers: {
					'content-type': request.headers['content-type'] ?? 'application/json',
					'x-hub-signature-256': String(request.headers['x-hub-signature-256']),
				},
				body: new Uint8Array(request.rawBody),
				signal: AbortSignal.any([request.signal, AbortSignal.timeout(ANSWER_MS)]),
			});
			return { status: answer.status, body: Buffer.from(await answer.arrayBuffer()) };
		} catch {
			return { status: 502, body: 'n8n is away' };
		}
	};
	const server = createHttpServer({ 'POST /*': pass });
	gate.url = (await server.listen()).url;
	return gate;
}
