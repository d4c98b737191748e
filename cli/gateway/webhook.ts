import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Database } from '../../core/database';
import { ingest, type IngestResult, type StoreEvents } from '../../core/ingest';
import { answerChallenge, verifySignature } from '../../core/meta';
import { announcedLength, readBody, type Held } from './body';
import { answer, answerAndClose } from './answer';
import type { Instruments } from './instruments';
import type { Readiness } from './readiness';
import type { GatewaySettings } from './settings';

export interface WebhookParts {
	settings: Pick<GatewaySettings, 'secrets' | 'verifyToken' | 'maxBodyBytes'>;
	database: Database;
	store: StoreEvents;
	instruments: Instruments;
	readiness: Pick<Readiness, 'saw'>;
	held: Held;
}

/** Meta's GET handshake. */
export function handshake({ settings }: WebhookParts, query: string, response: ServerResponse): void {
	const { status, text } = answerChallenge(Object.fromEntries(new URLSearchParams(query)), settings.verifyToken);
	answer(response, status, text);
}

/** One webhook: read, checked, stored, and only then answered. */
export async function receive(parts: WebhookParts, request: IncomingMessage, response: ServerResponse): Promise<void> {
	const started = performance.now();
	const status = await takeIn(parts, request, response);
	parts.instruments.request(status, performance.now() - started);
}

async function takeIn(
	parts: WebhookParts,
	request: IncomingMessage,
	response: ServerResponse,
): Promise<number | 'aborted'> {
	const { settings, held } = parts;
	const refuse = (status: number, reason: string): number => {
		answerAndClose(request, response, status, { ok: false, reason });
		return status;
	};
	if ((request.headers['content-encoding'] ?? 'identity') !== 'identity') return refuse(415, 'content encoding');
	if ((announcedLength(request) ?? 0) > settings.maxBodyBytes) return refuse(413, 'too_large');
	const signature = request.headers['x-hub-signature-256'] as string | undefined;
	if (!looksSigned(signature)) {
		// Of a stranger's body not a byte is read. ingest() counts the refusal.
		const { httpStatus, body } = await ingest(parts.database, { rawBody: Buffer.alloc(0), signature, secrets: [] });
		answerAndClose(request, response, httpStatus, body);
		return httpStatus;
	}
	if (request.headers.expect === '100-continue') response.writeContinue();
	const read = await readBody(request, settings.maxBodyBytes, held);
	if (!read.ok) {
		if (read.reason === 'aborted') return 'aborted';
		return read.reason === 'too_large' ? refuse(413, read.reason) : refuse(503, 'try again');
	}
	try {
		const result = await ingest(
			parts.database,
			{ rawBody: read.body, signature, secrets: settings.secrets },
			{ store: parts.store },
		);
		note(parts, result);
		answer(response, result.httpStatus, result.body);
		return result.httpStatus;
	} finally {
		held.bytes -= read.body.length;
	}
}

/** Has the header the shape of a signature? Whether it fits the body is asked when the body is there. */
function looksSigned(signature: string | undefined): boolean {
	const verdict = verifySignature(Buffer.alloc(0), signature, []);
	return verdict.ok || verdict.reason === 'mismatch';
}

function note({ instruments, readiness }: WebhookParts, result: IngestResult): void {
	instruments.stored(result);
	if (result.httpStatus === 200) readiness.saw(false);
	else if (result.error) readiness.saw(true, result.error.code);
}
